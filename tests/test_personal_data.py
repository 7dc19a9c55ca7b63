"""One full life of a meeting with everything that is told about it: no name and no word of the minutes gets out.

The address on a mail and the account in the trail are personal and needed; everything around them is neutral.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMessage
from django.test import Client, TestCase

from kok import documents, outbox, reminders, text_checks
from kok.models import AuditEvent, OutboxMessage, User
from meetings.convening.actions import agenda, answers, invitations, planning
from meetings.models import Meeting, Minutes
from meetings.record.actions import approval, circulation, decisions, holding, minutes, remarks, tasks
from meetings.record.queries.distribution import readers_of_approved
from members import actions as members
from members.models import Person
from tests.builders import HOLDERS, a_seat, a_user, an_agreement, the_body, the_partner
from tests.meetings.held import give_account, signed_in
from tests.roles import by_worker
from tests.worlds import built_once
from transitions.documents.mails import KINDS as CASE_MAILS

pytestmark = pytest.mark.django_db
# A word that is in every text of the minutes and nowhere else.
SECRET = "Zitronenfalter"
RESULTS = {"Wohnen": ""}  # where a resolution says it
GUEST = ("Mareike", "Sommerfeld")
NEWCOMER = ("Ottilie", "Vogelsang")
PEOPLE = [*HOLDERS, GUEST, NEWCOMER]
FORBIDDEN = re.compile(rf"\b({'|'.join([SECRET, *(name for names in PEOPLE for name in names)])})", re.IGNORECASE)

LINK = re.compile(r"/konto/\S+")  # its letters are random


@dataclass
class Broker:
    """Keeps what the worker is told, and makes the documents that are asked for."""

    told: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)
    now: datetime = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)

    def send_task(self, name: str, *, args: tuple[Any, ...] = (), **options: Any) -> None:
        self.told.append((name, args))

    def work(self) -> None:
        """What the worker does with what waits."""
        for name, args in self.told:
            if name == "kok.render":
                documents.render(*args, now=self.now)
        by_worker(outbox.deliver, now=self.now)


def work_with(broker: Broker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker is told through this broker, and makes papers of a few words."""
    monkeypatch.setattr(outbox, "current_app", broker)
    monkeypatch.setattr(documents, "_renderers", {"agenda": _paper, "minutes": _paper})


def _paper(object_id: int, version: int) -> bytes:
    return b"%PDF-1.7 a paper"


@dataclass
class Life:
    """The people, the clock, and the acts of one meeting."""

    broker: Broker = field(default_factory=Broker)
    users: dict[str, User] = field(default_factory=dict)
    sent: list[EmailMessage] = field(default_factory=list)

    def on(self, day: date, hour: int = 9) -> datetime:
        """The clock of everybody."""
        self.broker.now = datetime.combine(day, time(hour), UTC)
        settings.KOK_NOW = self.broker.now.isoformat()
        return self.broker.now

    def commit(self) -> AbstractContextManager[Any]:
        """What waits for the end of the transaction is done at the end of the block."""
        return TestCase.captureOnCommitCallbacks(execute=True)

    def begin(self) -> None:
        """Everybody holds a seat; the first four have accounts under other names."""
        an_agreement()
        self.users = {
            role: a_user(role=role) for role in ("secretariat", "member", "approver", "reporter", "registrar")
        }
        self.users["lwv"] = a_user(role="approver", partner="lwv-hessen")
        self.users["admin"] = a_user(role="admin", partner=None)
        self.users["auditor"] = a_user(role="auditor", partner=None)
        seated = [self.users[role] for role in ("secretariat", "member", "approver", "registrar")]
        for person, user in zip(Person.objects.order_by("pk"), seated, strict=False):
            user.first_name, user.last_name = person.given_name, person.family_name
            user.save()
            give_account(person, user)

    def remind(self, day: date) -> None:
        """What the application does every morning."""
        now = self.on(day)
        with self.commit():
            reminders.queue(today=day, now=now)
        self.broker.work()

    def open_an_account(self) -> None:
        """The registrar invites somebody new to a seat."""
        now = self.on(date(2026, 10, 2))
        by = self.users["registrar"]
        details = members.PersonDetails(given_name=NEWCOMER[0], family_name=NEWCOMER[1], email="vogelsang@example.org")
        with self.commit():
            county = the_partner()
            person = members.add_person(partner=county, details=details, by=by, now=now)
            a_seat(person=person)
            members.invite_account(
                person=person, username="neu", role="member", place=county, by=by, now=now
            )  # fmt: skip
        self.broker.work()

    def give_power(self) -> None:
        """One registrar asks, another confirms."""
        now, other = self.on(date(2026, 10, 3)), a_user(role="registrar")
        values = {"role": "approver", "place": the_partner(), "from_on": now.date()}
        with self.commit():
            request = members.ask_role(user=self.users["member"], **values, by=self.users["registrar"], now=now)
        self.broker.work()
        with self.commit():
            members.confirm(request=request, by=other, now=now)
        self.broker.work()

    def plan_and_invite(self, day: date, invited_on: date) -> Meeting:
        now, by = self.on(invited_on), self.users["secretariat"]
        with self.commit():
            meeting = planning.plan_meeting(
                body=the_body(), meets_on=day, starts_at=time(10), ends_at=time(12), place="Kreishaus", link="",
                by=by, now=now,
            )  # fmt: skip
            agenda.add_item(meeting=meeting, title="Wohnen", note="", by=by, now=now)
            meeting.refresh_from_db()
            invitations.invite(meeting=meeting, revision=meeting.revision, by=by, now=now)
        self.broker.work()
        meeting.refresh_from_db()
        return meeting

    def cancel(self, meeting: Meeting) -> None:
        now = self.on(date(2026, 10, 22))
        with self.commit():
            invitations.cancel(
                meeting=meeting, reason="Zu wenige Themen.", revision=meeting.revision, by=self.users["secretariat"],
                now=now,
            )  # fmt: skip
        self.broker.work()

    def hold(self, meeting: Meeting) -> Minutes:
        answers.answer(
            meeting=meeting, answer="ACCEPTED", shown=answers.mark_of_time(meeting.rounds.last()),
            by=self.users["member"], now=self.on(date(2026, 10, 23)),
        )  # fmt: skip
        now, by = self.on(meeting.meets_on, 11), self.users["secretariat"]
        written = holding.begin(meeting=meeting, by=by, now=now)
        common = {"minutes": written, "by": by}
        marks = {row.pk: holding.AttendanceMark("PRESENT") for row in meeting.attendances.all()}
        holding.save_attendance(**common, marks=marks, now=now)
        holding.add_guest(**common, name=" ".join(GUEST), organisation="EUTB", item=None)
        chair = " ".join(HOLDERS[0])
        header = {"chair_name": chair, "taker_name": chair, "began_at": time(10), "ended_at": time(12)}
        minutes.save_header(**common, values=header, now=now)
        for section in written.sections.all():
            minutes.save_section(
                section=section,
                text=f"{SECRET} eins.",
                result=RESULTS.get(section.item.title, "NOTED"),
                revision=0,
                by=by,
                now=now,
            )
        self._decide(written, now)
        written.refresh_from_db()
        return written

    def _decide(self, written: Minutes, now: datetime) -> None:
        item = written.meeting.items.get(title="Wohnen")
        common = {"minutes": written, "item": item, "by": self.users["secretariat"], "now": now}
        both = frozenset(item.meeting.body.agreement.partners.values_list("pk", flat=True))
        decisions.record_resolution(**common, text=f"{SECRET} zwei.", consenting=both)
        shown = decisions.mark_of_positions({})
        decisions.record_positions(**common, positions=dict.fromkeys(both, f"{SECRET} drei."), shown=shown)
        task = tasks.record_task(**common, what=f"{SECRET} vier", who=HOLDERS[1][1], partner=None, due_on=None)
        tasks.close_task(task=task, state="DONE", note=f"{SECRET} fünf", by=common["by"], now=now)

    def _circulate(self, written: Minutes, version: int, by: User, now: datetime) -> None:
        check = circulation.check_names(minutes=written, version=version, by=by, now=now)
        text_checks.run(str(check.pk), now)
        circulation.circulate(minutes=written, version=version, seen="CLEAR", by=by, now=now)

    def _ask_for_a_change(self, written: Minutes, by: User, now: datetime) -> None:
        lwv = the_partner("lwv-hessen").pk
        with self.commit():
            asked = remarks.ask_change(
                minutes=written, partner=lwv, version=2, text=f"{SECRET} sechs.", by=self.users["lwv"], now=now
            )
        self.broker.work()
        with self.commit():
            remarks.answer_remark(remark=asked, answer=f"{SECRET} sieben.", by=by, now=now)
        self.broker.work()

    def approve(self, written: Minutes) -> None:
        now, by = self.on(date(2026, 11, 20)), self.users["secretariat"]
        with self.commit():
            self._circulate(written, 1, by, now)
            approval.approve(minutes=written, partner=the_partner().pk, version=1, by=self.users["approver"], now=now)
            circulation.take_back(minutes=written, version=written.version, reason="Ein Tippfehler.", by=by, now=now)
            self._circulate(written, 2, by, now)
        self.broker.work()
        self._ask_for_a_change(written, by, now)
        for user, partner in ((self.users["approver"], the_partner()), (self.users["lwv"], the_partner("lwv-hessen"))):
            with self.commit():
                approval.approve(minutes=written, partner=partner.pk, version=2, by=user, now=now)
        written.refresh_from_db()
        with self.commit():
            keys = frozenset(row.key for row in readers_of_approved(written, now.date()) if row.by_file)
            approval.send_file(minutes=written, keys=keys, by=by, now=now)
        self.broker.work()


@built_once(KOK_PUBLIC_URL="https://kok.example.org", KOK_NOW="2026-09-30T09:00:00+00:00")
def lived() -> Life:
    """Everything that happens to one meeting, and to one that is cancelled."""
    lived, before = Life(), len(mail.outbox)
    with pytest.MonkeyPatch.context() as patch:
        work_with(lived.broker, patch)
        lived.on(date(2026, 9, 30))
        lived.begin()
        lived.remind(date(2026, 10, 1))
        lived.open_an_account()
        lived.give_power()
        held = lived.plan_and_invite(date(2026, 11, 17), date(2026, 10, 20))
        lived.cancel(lived.plan_and_invite(date(2026, 12, 8), date(2026, 10, 21)))
        lived.approve(lived.hold(held))
        lived.remind(date(2027, 4, 16))
    lived.sent = mail.outbox[before:]
    return lived


@pytest.fixture
def life(lived: Life, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Life:
    """A life that may go on where it ended."""
    settings.KOK_NOW = lived.broker.now.isoformat()
    work_with(lived.broker, monkeypatch)
    return lived


def told(texts: Iterator[str]) -> list[str]:
    return [text for text in texts if FORBIDDEN.search(text)]


def test_given_a_full_life_when_mails_went_out_then_every_kind_did_and_none_says_a_name_or_what_was_minuted(life):
    sent = OutboxMessage.objects.filter(state=OutboxMessage.State.SENT)
    elsewhere = {
        *CASE_MAILS,
        "cases.name-limit",
        "account.address",
        "account.address-asked",
        "account.address-changed",
        "account.changed",
        "account.code",
        "account.reset",
        "reminder.subject-request",
        "reminder.outcomes",
        "inspection.failed",
        "invitation.ended",  # meetings/test_dispatches
        "minutes.withheld",  # meetings/test_letters
        "barrier.office",
        "barrier.reported",
        "reminder.barrier",
        "reminder.request",
        "pulse.silent",
    }  # read by tests of their own: addresses, sealed names, sign-in, second factor, inspections, barriers, pulses
    assert set(sent.values_list("kind", flat=True)) == set(outbox._builders) - elsewhere
    assert sent.count() == len(life.sent)
    assert told(f"{message.subject}\n{LINK.sub('', message.body)}" for message in life.sent) == []
    assert told(str(name) for message in life.sent for name, _, _ in message.attachments) == []


def test_given_a_full_life_when_the_worker_was_told_then_by_numbers_only(life):
    assert {name for name, _ in life.broker.told} == {"kok.deliver", "kok.render", "kok.check_text"}
    assert all(SHAPE.fullmatch(str(value)) for _, args in life.broker.told for value in args)
    assert told(f"{row.key} {row.context}" for row in OutboxMessage.objects.all()) == []


def test_given_a_full_life_when_the_trail_is_read_then_its_notes_say_no_name(life):
    notes = AuditEvent.objects.values_list("action", "object_kind", "object_id", "note")
    assert len(notes) > 20
    assert told(" ".join(row) for row in notes) == []


def links(page: str) -> Iterator[str]:
    for address in re.findall(r'(?:href|action|src|hx-get|hx-post)="(/[^"]*)"', page):
        yield address.replace("&amp;", "&")


SHAPE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+")


def crawl(client: Client) -> dict[str, int]:
    """Every address that a person comes across, and what it answers; of addresses that differ by a number one."""
    return {address: response.status_code for address, response in walk(client)}


def crawl_pages(client: Client, *, alike: int = 1) -> dict[str, str]:
    """Every page that a person comes across, by its address; of addresses that differ by a number so many."""
    return {address: answer.content.decode() for address, answer in walk(client, alike) if _is_page(answer)}


def _is_page(response: Any) -> bool:
    return bool(response.get("Content-Type", "").startswith("text/html"))


def walk(client: Client, alike: int = 1) -> Iterator[tuple[str, Any]]:
    """Every address with its answer, once."""
    waiting, known, seen = ["/"], Counter[str](), set[str]()
    while waiting:
        address = waiting.pop()
        shape = SHAPE.sub("N", address.split("#")[0])
        if address in seen or known[shape] >= alike or address.startswith(("/static/", "//")):
            continue
        seen.add(address)
        known[shape] += 1
        response = client.get(address)
        yield address, response
        waiting += [response["Location"]] if response.has_header("Location") else []
        if _is_page(response):
            waiting += links(response.content.decode())


@pytest.mark.parametrize("role", ["secretariat", "approver", "registrar", "reporter", "auditor", "admin"])
def test_given_a_full_life_when_somebody_looks_around_then_no_address_holds_a_name_and_every_link_leads_somewhere(
    life, role
):
    found = crawl(signed_in(life.users[role]))
    assert len(found) > 5
    assert told(iter(found)) == []
    assert {address: status for address, status in found.items() if status not in (200, 302, 405)} == {}


class Refusing:
    """A mail server that refuses, and says whom."""

    def open(self) -> None: ...

    def close(self) -> None: ...

    def send_messages(self, messages: Any) -> int:
        raise SMTPRecipientsRefused({f"{HOLDERS[0][1]}@example.org": (550, b"unknown")})


def _broken(object_id: int, version: int) -> bytes:
    raise ValueError(f"Cannot typeset {SECRET}")


def test_given_a_bad_day_when_pdf_and_mail_fail_then_log_and_rows_say_so_without_names(life, monkeypatch, caplog):
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(outbox, "get_connection", lambda **_: Refusing())
    lived = life.plan_and_invite(date(2027, 6, 8), date(2027, 5, 3))
    monkeypatch.setitem(documents._renderers, "agenda", _broken)
    life.plan_and_invite(date(2027, 6, 9), date(2027, 5, 4))
    signed_in(life.users["member"]).get(f"/wetteraukreis/gremien/kok/sitzungen/{lived.pk}/einladen")
    lines = [record.getMessage() for record in caplog.records]
    assert any("SMTPRecipientsRefused" in line for line in lines)
    assert any("ValueError" in line for line in lines)
    assert told(iter(lines)) == []
    assert told(OutboxMessage.objects.exclude(error="").values_list("error", flat=True)) == []


def test_given_the_words_that_must_not_get_out_when_one_does_then_these_tests_would_see_it():
    assert told(iter(["An Abel.", f"Im Text: {SECRET}.", "ein Kabel"])) == ["An Abel.", f"Im Text: {SECRET}."]
