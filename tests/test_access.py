"""Every cell of tests/access_table.py, asked of the application; no address without a line, none too many."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from hashlib import sha256
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from kok import barriers, clock, dispatch, documents, vault
from kok.dispatch import Addressee, Sending, SentSubject
from kok.models import Dispatch, Document, User
from meetings.convening.actions.late import LateFacts, enter_later
from meetings.models import InvitationRound, Meeting
from meetings.record.actions.approval import approve
from meetings.record.actions.circulation import take_back
from meetings.record.actions.decisions import record_resolution
from meetings.record.actions.remarks import ask_change
from meetings.record.actions.tasks import record_task
from meetings.record.queries.versions import APPROVED_FILE
from members.actions import ask_role, enter_departure, name_barrier_office
from members.models import Agreement, Authority, AuthorityChange, Person, RoleAssignment, Seat
from members.queries.agreement import ORIGINAL
from reporting.models import Dataset, DatasetRevision, ImportJob, Submission
from reporting.yearly.actions import make_report
from tests.access_table import ROLES, SIGNS, TABLE
from tests.builders import (
    a_meeting,
    a_person,
    a_second_agreement,
    a_user,
    an_agreement,
    an_outbox_row,
    give_role,
    publish_pages,
    the_body,
    the_partner,
)
from tests.meetings.held import ITEMS, NOW, Stage, circulated, complete, signed_in
from tests.meetings.held import begin as begin_meeting
from tests.transitions.inside import enter
from tests.transitions.world import a_draft, acknowledged, an_access, case_data, released
from transitions.actions import questions
from transitions.actions.checking import ask_for_check
from transitions.actions.subject_requests import register_request
from transitions.rules.codes import QuestionKind, RequestKind

pytestmark = pytest.mark.django_db  # the world is made once, inside a transaction around all tests

Keys = dict[str, Any]
ANYWHERE = {
    "body": "kok", "name": "hilfe", "uidb36": "1", "key": "abc-def", "kind": "csv", "year": 2027, "kennzahl": "8d",
    "format_id": "KOK-8D", "format_version": "1.0.0", "pk": 1,
}  # fmt: skip
CASE_ROLES = ("case-officer", "case-releaser", "case-receiver")


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    thing: str
    name: str
    signs: dict[str, str]

    def __str__(self) -> str:
        return f"{self.name} [{self.thing}]" if self.thing else self.name


def lines() -> Iterator[Line]:
    thing = ""
    for row in filter(str.strip, TABLE.splitlines()):
        if row.startswith("["):
            thing = row[1 : row.index("]")]
        elif not row.startswith(" "):
            name, *signs = row.split()
            yield Line(thing, name, dict(zip(ROLES, signs, strict=True)))


LINES = list(lines())


def addresses(
    patterns: Any = None, prefix: str = "", given: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """The name of every address and what it must be given."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        needed = given | frozenset(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from addresses(pattern.url_patterns, space, needed)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}", needed


NEEDS = dict(addresses())


# The world: one agreement with everything, and one beside it that is none of their business.


def a_meeting_begun(agreement: Agreement, day: date, users: dict[str, User]) -> Stage:
    number = f"{agreement.slug}-{day}"
    meeting = a_meeting(
        body=the_body(agreement=agreement), on=day, items=ITEMS, state=Meeting.State.INVITED, number=number
    )
    minutes = begin_meeting(meeting=meeting, by=users["secretariat"], now=NOW)
    meeting.refresh_from_db()
    return Stage(meeting, minutes, users["secretariat"], users["secretariat"], users["member"], users)


def keys_of(stage: Stage) -> Keys:
    """A resolution, a task, a document, and where they stand."""
    item = stage.meeting.items.first()
    common = {"minutes": stage.minutes, "item": item, "by": stage.writer}
    both = frozenset(stage.meeting.body.agreement.partners.values_list("pk", flat=True))
    section = stage.sections[0]
    return {
        "body": "kok",
        "pk": stage.meeting.pk,
        "item": item.pk,
        "section": section.pk,
        "revision": section.revision,
        "resolution": record_resolution(**common, text="So.", consenting=both, now=NOW).pk,
        "task": record_task(**common, what="Etwas tun", who="", partner=None, due_on=None, now=NOW).pk,
    }


def a_file(kind: str, pk: int, version: int) -> Document:
    file = documents.request(kind=kind, object_id=pk, version=version, filename="datei.pdf", now=NOW)
    content = b"%PDF"
    Document.objects.filter(pk=file.pk).update(
        state="DONE", content=content, sha256=sha256(content).hexdigest(), finished_at=NOW
    )
    return file


def invited(agreement: Agreement) -> Keys:
    body = the_body(agreement=agreement)
    county = the_partner(agreement.slug, agreement)
    meeting = a_meeting(body=body, items=ITEMS, state=Meeting.State.INVITED, number=f"{agreement.slug}-1")
    sent = InvitationRound.objects.create(
        meeting=meeting, round_no=1, convened_by=county, chaired_by=county, meets_on=meeting.meets_on,
        starts_at=meeting.starts_at, calendar_sequence=1, dispatched_at=NOW,
    )  # fmt: skip
    file = a_file("agenda", sent.pk, 1)
    sending = Sending(SentSubject("meeting", meeting.pk, version="1"), Addressee("Jemand"))
    dispatch.promised(key=f"invitation:{sent.pk}", kind="invitation", sending=sending, now=NOW)
    keys = {"item": meeting.items.first().pk, "dispatch": Dispatch.objects.latest("pk").pk}  # type: ignore[union-attr]
    return {"body": "kok", "pk": meeting.pk, "document": file.pk, "number": 1} | keys


def entered_later(agreement: Agreement, by: User) -> Keys:
    county = the_partner(agreement.slug, agreement)
    meeting = enter_later(
        body=the_body(agreement=agreement),
        occasion={
            "meets_on": date(2026, 3, 10),
            "starts_at": time(10),
            "ends_at": time(12),
            "place": "Hier",
            "link": "",
        },
        known=LateFacts(reason="Vorher gab es das nicht.", office=county, all_present=True),
        by=by,
        now=NOW,
    )
    return {"body": "kok", "pk": meeting.pk}


def draft(agreement: Agreement, users: dict[str, User]) -> Keys:
    stage = a_meeting_begun(agreement, date(2026, 11, 16), users)
    complete(stage)
    return keys_of(stage) | {"number": 1}


def sent_for_approval(agreement: Agreement, users: dict[str, User]) -> Keys:
    stage = a_meeting_begun(agreement, date(2026, 11, 13), users)
    keys = keys_of(stage) | {"pk": circulated(stage).meeting.pk, "number": 1}
    asker = a_user(role="approver", partner="lwv-hessen", agreement=agreement)
    partner = the_partner("lwv-hessen", agreement)
    asked = ask_change(minutes=stage.minutes, partner=partner.pk, version=1, text="Bitte kürzer.", by=asker, now=NOW)
    return keys | {"remark": asked.pk}


def approved(agreement: Agreement, users: dict[str, User]) -> Keys:
    stage = a_meeting_begun(agreement, date(2026, 11, 12), users)
    keys = keys_of(stage)
    circulated(stage)
    take_back(minutes=stage.minutes, version=stage.minutes.version, reason="Ein Fehler.", by=stage.writer, now=NOW)
    circulated(stage)
    for slug in (agreement.slug, "lwv-hessen"):
        partner = the_partner(slug, agreement)
        user = a_user(role="approver", partner=slug, agreement=agreement)
        approve(minutes=stage.minutes, partner=partner.pk, version=stage.minutes.version, by=user, now=NOW)
    stage.minutes.refresh_from_db()
    a_file("minutes", stage.minutes.versions.get(number=2).pk, APPROVED_FILE)
    return keys | {"number": 2}


def master_data(agreement: Agreement) -> dict[str, Keys]:
    """The county with a planned change, a seat of it, who holds it, and an account of somebody else there."""
    seat = Seat.objects.filter(body__agreement=agreement, partner__authority__slug=agreement.slug)[0]
    assignment = seat.assignments.get()
    user = a_user(role="member", partner=agreement.slug, agreement=agreement)
    planned = AuthorityChange.objects.create(
        authority=seat.partner.authority, from_on=date(2028, 1, 1), values={"city": "Butzbach"}
    )
    return {
        "seat": {"pk": seat.pk},
        "assignment": {"pk": assignment.pk},
        "person": {"pk": assignment.person_id},
        "unused": {"pk": a_person("Umsonst", employer=agreement.slug).pk},
        "leaver": {"pk": somebody_who_leaves(agreement).pk},
        "account": {"pk": user.pk, "partner": agreement.slug},
        "authority": {"authority": agreement.slug, "pk": planned.pk},
        "role": {"pk": RoleAssignment.objects.get(user=user).pk},
    }


def somebody_who_leaves(agreement: Agreement) -> Person:
    """A person of the county without account, whose last day is today."""
    found = a_person("Scheidend", employer=agreement.slug)
    registrar = a_user(role="registrar", partner=agreement.slug, agreement=agreement)
    enter_departure(person=found, last_on=clock.today(), by=registrar, agreement=agreement, now=clock.now())
    return found


def account_requests(agreement: Agreement, account: User) -> dict[str, Keys]:
    """What another registrar and another Technik ask for, so that those who look may confirm it."""
    registrar = a_user(role="registrar", partner=agreement.slug, agreement=agreement)
    technik = a_user(role="admin")
    common = {"user": account, "from_on": clock.today(), "now": clock.now()}
    place = the_partner(agreement.slug, agreement)
    asked = ask_role(**common, role="approver", place=place, by=registrar)
    return {
        "account-request": {"pk": asked.pk},
        "technik-request": {"pk": ask_role(**common, role="admin", place=None, by=technik).pk},
        "technik-role": {"pk": technik.role_assignments.get().pk},
    }


def a_duty(agreement: Agreement, by: User) -> Keys:
    row = Submission.objects.create(
        agreement=agreement, code="O-05", due_year=2026, debtor=the_partner(agreement.slug, agreement),
        submitted_on=date(2026, 4, 2), channel="STATEWIDE", recorded_at=NOW, recorded_by=by,
    )  # fmt: skip
    return {"code": "O-05", "year": 2026, "partner": agreement.slug, "pk": row.pk}


def a_report(agreement: Agreement, by: User) -> Keys:
    """A version here, two in the other agreement: its second one must not be found here."""
    for latest in range(1 if agreement.slug == "wetteraukreis" else 2):
        report = make_report(agreement=agreement, year=2026, latest=latest, by=by, now=NOW)
    a_file("yearly-report", report.pk, report.version)
    return {"year": 2026, "version": report.version}


def the_deliveries(agreement: Agreement, users: dict[str, User]) -> dict[str, Keys]:
    """8c with a correction that is only checked, 8d of the LWV that is submitted, and a file of the reporter."""
    by = users["reporter"]
    submitted = {"state": "SUBMITTED", "submitted_at": NOW, "submitted_by": by}

    def revision(format_id: str, number: int, **values: Any) -> DatasetRevision:
        dataset, _ = Dataset.objects.get_or_create(
            format_id=format_id,
            region_kgs=the_partner(agreement.slug, agreement).authority.kgs,
            reference_date=date(2025, 12, 31),
        )
        return DatasetRevision.objects.create(
            dataset=dataset, agreement=agreement, number=number, format_version="1.0.0", row_count=0,
            correction_reason="Zahlendreher" if number else "", file_sha256="0" * 64, imported_at=NOW, **values,
        )  # fmt: skip

    first, second = revision("KOK-8C", 0, **submitted), revision("KOK-8C", 1)
    job = ImportJob.objects.create(agreement=agreement, uploaded_at=NOW, uploaded_by=by, filename="8c.csv")
    return {
        "dataset": {"pk": first.dataset_id},
        "checked": {"pk": second.pk},
        "submitted": {"pk": revision("KOK-8D", 0, **submitted).pk},
        "import-job": {"pk": job.pk},
    }


def the_lists(agreement: Agreement, users: dict[str, User]) -> dict[str, Keys]:
    """A released list with a case, a draft, and a request of a person."""
    officer, releaser, receiver = (
        an_access(role, user=users[role], agreement=agreement)
        for role in ("case-officer", "case-releaser", "case-receiver")
    )
    informed = {"informed_on": date(2026, 1, 20)}
    person = case_data(**informed, expected_end_on=date(2027, 7, 1))
    receipt = released(a_draft([person], by=officer, year=2026, now=NOW), by=releaser, now=NOW)
    acknowledged(receipt, by=receiver, now=NOW)
    case = receipt.version.entries.get().case
    draft = a_draft([case_data(**informed)], by=officer, year=2027, now=NOW)
    asked = register_request(
        partner=the_partner(agreement.slug, agreement), kind=RequestKind.ACCESS, case_ref=case.case_ref,
        received_on=NOW.date(), identity_checked_on=None, by=officer, now=NOW,
    )  # fmt: skip
    question = questions.ask(case=case, kind=QuestionKind.FACILITY, by=receiver, now=NOW)
    return {
        "list-released": {"version": receipt.version.pk, "case": case.pk},
        "list-draft": {"version": draft.pk, "entry": draft.entries.get().pk},
        "subject-request": {"pk": asked.pk},
        "question": {"pk": question.pk},
    }


def things_of(agreement: Agreement, users: dict[str, User]) -> dict[str, Keys]:
    return (
        master_data(agreement)
        | account_requests(agreement, users["member"])
        | the_lists(agreement, users)
        | the_deliveries(agreement, users)
        | {
            "": ANYWHERE,
            "invited": invited(agreement),
            "entered-later": entered_later(agreement, users["secretariat"]),
            "draft": draft(agreement, users),
            "circulated": sent_for_approval(agreement, users),
            "approved": approved(agreement, users),
            "duty": a_duty(agreement, users["reporter"]),
            "yearly-report": a_report(agreement, users["secretariat"]),
        }
    )


def users_of(agreement: Agreement) -> dict[str, User]:
    where = {"admin": None, "case-receiver": "lwv-hessen", "auditor-lwv": "lwv-hessen"}
    return {
        column: a_user(
            role="auditor" if column == "auditor-lwv" else column, partner=where.get(column, agreement.slug),
            agreement=agreement, everywhere=column == "auditor-lwv",
        )
        for column in ROLES[2:]
    }  # fmt: skip


def all_roles_in(agreement: Agreement) -> User:
    """Somebody who may do everything for both partners of an agreement, one of which is a partner here as well."""
    user = a_user()
    for partner in agreement.partners.all():
        for role in ROLES[2:-2]:
            give_role(user, role=role, partner=partner.slug, agreement=agreement)
    return user


@dataclass
class World:
    """Who asks, and what there is to ask for."""

    users: dict[str, User]
    clients: dict[str, Client]
    before_the_door: dict[str, Client]
    own: dict[str, Keys]
    foreign: dict[str, Keys]

    def url(self, line: Line, **instead: Any) -> str:
        keys = {"agreement": "wetteraukreis"} | self.own[line.thing] | instead
        return reverse(line.name, kwargs={name: keys[name] for name in NEEDS[line.name]})


def a_world() -> World:
    home, other = an_agreement(), a_second_agreement()
    users = users_of(home)
    own = things_of(home, users)
    foreign = things_of(other, users_of(other))
    failed = an_outbox_row(
        kind="x", key="x", to="x@example.org", next_try_at=datetime(2026, 1, 1, tzinfo=UTC), state="FAILED"
    )
    a_file(ORIGINAL, home.pk, 1)
    own["message"] = {"pk": failed.pk}
    own["seal-check"] = {"pk": ask_for_check(seals_of_mail=[], by=users["auditor"], now=NOW).pk}
    publish_pages(by=users["admin"])
    own["statutory-page"] = {"name": "impressum", "number": 1}
    county = the_partner("wetteraukreis", home).authority
    Authority.objects.filter(pk=county.pk).update(office_email="kreis@example.org")
    name_barrier_office(authority=county, by=users["admin"], now=NOW)
    own["barrier"] = {"pk": barriers.report(text="Kein Ring.", place="", contact="", now=NOW).pk}
    users["outsider"] = all_roles_in(other)
    clients = {role: _client_of(role, user, home) for role, user in users.items()}
    before = {role: signed_in(users[role]) for role in CASE_ROLES}
    return World(users, clients | {"anonymous": Client()}, before, own, foreign)


def _client_of(role: str, user: User, agreement: Agreement) -> Client:
    return enter(user, agreement=agreement) if role in CASE_ROLES else signed_in(user)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with override_settings(KOK_NOW="2026-11-17T10:30"), django_db_blocker.unblock(), rolled_back():
        yield a_world()


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Hundreds of refusals are what is asked for."""
    caplog.set_level("ERROR", "django.request")


_fernets = vault._fernets


def _only_for_factors(setting: str) -> Any:
    return _lost(setting) if setting == "CASE_KEYS" else _fernets(setting)


def _lost(setting: str = "CASE_NAME_KEY") -> Any:
    raise vault.KeyLost(setting)


def sign_of(response: HttpResponse) -> str:
    if response.status_code in (403, 404):
        return str(response.status_code)
    if response.status_code == 302 and response["Location"].startswith(reverse("account_login")):
        return "login"
    return "ok" if response.status_code in (200, 302, 405) else f"({response.status_code})"


def compare(line: Line, found: dict[str, str]) -> None:
    wrong = [f"{role} finds {sign}, not {line.signs[role]}" for role, sign in found.items() if sign != line.signs[role]]
    if wrong:
        pytest.fail(f"{line}: {'; '.join(wrong)}", pytrace=False)


def test_given_the_addresses_when_compared_with_the_table_then_each_has_a_line_and_no_line_is_left_over():
    named = {line.name for line in LINES}
    assert sorted(NEEDS.keys() - named) == [], "without a line"
    assert sorted(named - NEEDS.keys()) == [], "without an address"
    assert len({(line.thing, line.name) for line in LINES}) == len(LINES), "twice"
    assert {sign for line in LINES for sign in line.signs.values()} == SIGNS


@pytest.mark.logs_errors
def test_given_a_process_without_the_keys_of_cases_when_every_other_page_is_opened_then_nobody_notices(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What opens a case lies below the path of the area, so that a process of its own could serve it (decision 25)."""
    monkeypatch.setattr(vault, "_fernets", _only_for_factors)
    monkeypatch.setattr(vault, "_name_key", _lost)
    area = reverse("transitions:counts", args=["wetteraukreis"])
    needed = set()
    for line in LINES:
        url = world.url(line)
        asking = [role for role, sign in line.signs.items() if sign == "ok"]
        with rolled_back():
            found = {role: sign_of(world.clients[role].get(url)) for role in asking}
        if url.startswith(area):
            needed |= {line.name for sign in found.values() if sign == "(503)"}
        else:
            compare(line, line.signs | found)
    assert {"transitions:version", "transitions:case", "transitions:print"} <= needed


def senders(line: Line) -> list[str]:
    """The stranger, the first role here that may see but not act, and the first to which nothing is shown."""
    here = [(role, line.signs[role]) for role in ROLES if role not in ("anonymous", "outsider")]
    lacking = [next((role for role, found in here if found == sign), "") for sign in ("403", "404")]
    strangers = ["outsider"] if ":" in line.name and line.signs["outsider"] == "404" else []
    return strangers + [role for role in lacking if role]


def ask(world: World, line: Line) -> dict[str, str]:
    """What they find; what is written about it goes with the test."""
    return {role: sign_of(client.get(world.url(line))) for role, client in world.clients.items()}


def send_forms(world: World, line: Line) -> dict[str, str]:
    answers = {role: world.clients[role].post(world.url(line)) for role in senders(line)}
    takes_forms = {role: answer for role, answer in answers.items() if answer.status_code != 405}
    return {role: sign_of(answer) for role, answer in takes_forms.items()}


@pytest.mark.parametrize("line", LINES, ids=str)
def test_given_a_role_when_it_opens_an_address_or_sends_a_form_then_the_table_says_what_it_finds(world, line):
    compare(line, ask(world, line))
    compare(line, send_forms(world, line))


OBJECTS = {"pk", "item", "section", "document", "resolution", "task", "version", "entry", "case"}


def objects_in(line: Line) -> list[str]:
    return sorted(NEEDS[line.name] & OBJECTS)


WITH_OBJECTS = [
    line for line in LINES if "agreement" in NEEDS[line.name] and "ok" in line.signs.values() and objects_in(line)
]


@pytest.mark.parametrize("line", WITH_OBJECTS, ids=str)
def test_given_the_number_of_an_object_of_another_agreement_when_asked_for_here_then_it_does_not_exist(world, line):
    client = next(world.clients[role] for role in ROLES if line.signs[role] == "ok")
    for key in objects_in(line):
        url = world.url(line, **{key: world.foreign[line.thing][key]})
        with rolled_back():
            response = client.get(url)
            if response.status_code == 405:
                response = client.post(url)
        assert sign_of(response) == "404", f"{line}: {key} of another agreement"


SEALED = [line for line in LINES if line.name.startswith("transitions:") and "ok" in map(line.signs.get, CASE_ROLES)]
OUTSIDE_THE_DOOR = {"counts", "age-limit", "responsibility", "enter", "leave", "import-template"}
BEHIND_THE_DOOR = [line for line in SEALED if line.name.partition(":")[2] not in OUTSIDE_THE_DOOR]


@pytest.mark.parametrize("line", BEHIND_THE_DOOR, ids=str)
def test_given_a_case_role_without_a_proven_second_factor_when_it_asks_then_it_stands_before_the_door(world, line):
    door = reverse("transitions:enter", args=["wetteraukreis"])
    for role in CASE_ROLES:
        if line.signs[role] == "ok":
            answer = world.before_the_door[role].get(world.url(line))
            assert answer.status_code == 302, f"{line}: {role} finds {answer.status_code}"
            assert answer["Location"].startswith(door)
