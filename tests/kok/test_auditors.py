"""The pages of auditors: of people each reads those of his own house; filters, files, old and new values."""

import re
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from kok import audit, clock, erasure, trail
from kok.models import AuditEvent, SignInEvent, User
from meetings.convening.actions.planning import change_meeting
from members import actions
from members.actions import PersonDetails, change_person, close_account, open_account
from members.models import Agreement
from tests.builders import a_meeting, a_person, a_second_agreement, a_user, an_agreement, the_partner
from tests.meetings.held import signed_in
from tests.roles import by_worker, on_the_database
from transitions.actions.log import record_access
from transitions.queries.access import Access
from transitions.queries.log import LogFilter
from transitions.rules.codes import EntryReason, LogAction

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 17, 11, 0, tzinfo=UTC)
LOG = "transitions-log:entries"
LOADED = ("", "agreement.loaded")


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def here(agreement):
    """The auditor of the county."""
    return a_user(role="auditor", username="pruefung-kreis")


@pytest.fixture
def there(agreement):
    """The auditor of the LWV, in all its agreements."""
    return a_user(role="auditor", partner="lwv-hessen", everywhere=True, username="pruefung-lwv")


def named(username: str, given: str, family: str, *, partner: str = "wetteraukreis", role: str = "member") -> User:
    user = a_user(username=username, role=role, partner=partner)
    User.objects.filter(pk=user.pk).update(first_name=given, last_name=family)
    return User.objects.get(pk=user.pk)


def event(user: User | None, kind: str = "SIGNED_IN", at: datetime = NOON) -> SignInEvent:
    return SignInEvent.objects.create(at=at, kind=kind, user=user, network="192.0.2.0/24")


def page(user: User, name: str, query: str = "", **keys: Any) -> str:
    answer = signed_in(user).get(reverse(name, kwargs=keys) + query)
    assert answer.status_code == 200
    return answer.content.decode().split("<main")[-1]


def lines_of(user: User, name: str, query: str = "") -> int:
    return signed_in(user).get(reverse(name) + query).context["page"].paginator.count


# Sign-ins


def test_given_sign_ins_of_two_houses_when_auditors_look_then_each_sees_his_own_people_only(here, there):
    event(named("kreis", "Karla", "Kreis"))
    event(named("lwv", "Lutz", "Lwv", partner="lwv-hessen"), "WRONG_PASSWORD")
    assert lines_of(here, "kok:sign-ins") == lines_of(there, "kok:sign-ins") == 1
    mine, theirs = page(here, "kok:sign-ins"), page(there, "kok:sign-ins")
    assert "Karla Kreis<small>kreis</small>" in mine
    assert "Lutz Lwv<small>lwv</small>" in theirs
    assert "falsches Passwort" in theirs
    assert not re.search("Lutz|lwv</", mine)
    assert not re.search("Karla|kreis</small>", theirs)


def test_given_a_person_employed_without_a_role_and_the_technik_when_the_whole_house_is_audited_then_both_belong_to_it(
    agreement, here
):
    whole = a_user(role="auditor", everywhere=True)
    employed, technik = a_user(username="ohne"), a_user(role="admin", partner=None, username="technik")
    person = a_person("Ohne")
    person.user = employed
    person.save()
    event(employed)
    event(technik)
    assert lines_of(whole, "kok:sign-ins") == 2
    assert lines_of(here, "kok:sign-ins") == 0


def test_given_an_auditor_of_one_agreement_of_the_lwv_when_he_looks_then_its_people_elsewhere_are_not_there(agreement):
    other = a_second_agreement()
    auditor = a_user(role="auditor", partner="lwv-hessen", agreement=agreement)
    elsewhere = a_user(role="member", partner="lwv-hessen", agreement=other)
    event(elsewhere)
    event(a_user(role="member", partner="lwv-hessen", agreement=agreement))
    assert lines_of(auditor, "kok:sign-ins") == 1


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?art=WRONG_FACTOR", 1),
        ("?von=2026-11-17&bis=17.11.2026", 2),
        ("?von=2026-11-18", 1),
        ("?art=unsinn&von=gestern", 3),
    ],
)
def test_given_filters_when_the_sign_ins_open_then_only_these_stand_there(here, query, expected):
    person = named("kreis", "Karla", "Kreis")
    event(person)
    event(person, "WRONG_FACTOR", NOON + timedelta(hours=11, minutes=30))  # half past eleven in the evening
    event(person, at=NOON + timedelta(days=1))
    assert lines_of(here, "kok:sign-ins", query) == expected
    assert lines_of(here, "kok:sign-ins", f"{query}&konto={person.pk}") == expected


def test_given_the_number_of_a_stranger_when_it_is_put_into_the_address_then_it_filters_nothing_and_shows_nothing(
    here,
):
    stranger = named("lwv", "Lutz", "Lwv", partner="lwv-hessen")
    event(stranger)
    event(named("kreis", "Karla", "Kreis"))
    told = page(here, "kok:sign-ins", f"?konto={stranger.pk}")
    assert "1 Eintrag" in told
    assert "Lutz" not in told


def test_given_names_that_nobody_has_when_tried_then_only_how_often_is_told(here):
    event(None, "WRONG_PASSWORD")
    event(None, "WRONG_PASSWORD")
    assert "2-mal hat in dieser Zeit jemand einen Benutzernamen versucht" in page(here, "kok:sign-ins")


def test_given_somebody_who_reads_or_takes_the_sign_ins_when_the_trail_is_read_then_it_says_so(here):
    event(named("kreis", "Karla", "Kreis"))
    page(here, "kok:sign-ins", "?von=2026-11-01")
    signed_in(here).get(reverse("kok:sign-ins-download", args=["csv"]))
    told = list(
        AuditEvent.objects.exclude(action="agreement.loaded").order_by("pk").values_list("actor", "action", "note")
    )
    assert told == [
        ("pruefung-kreis", "sign-ins.read", "ab 01.11.2026; 1 Eintrag"),
        ("pruefung-kreis", "sign-ins.exported", "alles; 1 Eintrag"),
    ]


def test_given_six_months_when_they_are_over_then_the_sign_ins_are_erased(agreement):
    person = a_user()
    event(person, at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    kept = event(person, at=datetime(2026, 3, 2, 12, tzinfo=UTC))
    on_the_database(date(2026, 9, 1))
    by_worker(erasure.run, now=datetime(2026, 9, 1, 12, tzinfo=UTC))
    assert list(SignInEvent.objects.all()) == [kept]


# The trail


def act(by: User | None, action: str = "meeting.planned", *, at: datetime = NOON, **more: Any) -> None:
    audit.record(by=by, action=action, now=at, **{"agreement": "wetteraukreis", **more})


def test_given_acts_of_both_houses_when_the_countys_auditor_reads_then_acts_of_the_agreement_and_own_accounts_only(
    here, there
):
    own, strange = named("kreis", "Karla", "Kreis"), named("lwv", "Lutz", "Lwv", partner="lwv-hessen")
    act(strange)  # a meeting of both
    act(strange, "account.password-changed", agreement="", obj=strange)
    act(strange, "account.invited", obj=strange)
    act(own, "account.password-changed", agreement="", obj=own)
    act(strange, "sign-ins.read", agreement="")
    act(None, "erasure.run", agreement="")
    act(strange, agreement="nachbarkreis")
    seen, theirs = (
        {(row.actor, row.action) for row in signed_in(each).get(reverse("kok:audit")).context["page"]}
        for each in (here, there)
    )
    assert seen - {LOADED} == {("lwv", "meeting.planned"), ("kreis", "account.password-changed")}
    assert theirs - {LOADED} == {
        ("lwv", "meeting.planned"), ("lwv", "account.password-changed"), ("lwv", "account.invited"),
        ("lwv", "sign-ins.read"), ("", "erasure.run"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?vorgang=task.closed", 1),
        ("?gegenstand=meetings.Meeting", 1),
        ("?gegenstand=meetings.Meeting&nummer=999999", 0),
        ("?von=2026-11-18&bis=18.11.2026", 1),
        ("?vorgang=unsinn&bis=2026-11-18", 3),
    ],
)
def test_given_filters_when_the_trail_opens_then_only_these_lines_stand_there_and_in_the_file(here, query, expected):
    person = named("kreis", "Karla", "Kreis")
    act(person, obj=a_meeting())
    act(person, "task.closed")
    act(person, "person.changed", at=NOON + timedelta(days=1))
    query += "&von=2026-11-01" if "von=" not in query else ""  # the agreement was loaded before
    assert lines_of(here, "kok:audit", query) == lines_of(here, "kok:audit", f"{query}&konto={person.pk}") == expected
    file = signed_in(here).get(reverse("kok:audit-download", args=["csv"]) + query)
    assert len(file.content.decode("utf-8-sig").splitlines()) == expected + 1


def test_given_acts_in_an_agreement_when_read_or_downloaded_then_its_region_stands_there_and_not_its_short_name(here):
    Agreement.objects.update(region="Wetterau und Umland")
    act(named("kreis", "Karla", "Kreis"), "task.closed")
    assert "Aufgabe abgeschlossen<small>Wetterau und Umland</small>" in page(here, "kok:audit")
    file = signed_in(here).get(reverse("kok:audit-download", args=["csv"]) + "?vorgang=task.closed")
    assert ";Aufgabe abgeschlossen;Wetterau und Umland;" in file.content.decode("utf-8-sig")


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (
            trail.TrailSearch(action="task.closed", kind="meetings.Meeting", number="7"),
            "Aufgabe abgeschlossen, Sitzung 7",
        ),
        (trail.TrailSearch(kind="WRONG_PASSWORD"), "falsches Passwort"),
        (trail.TrailSearch(), "alles"),
        (LogFilter(action="VIEW_CASE", case_ref="UE-2027-7F3K"), "Fall angesehen, UE-2027-7F3K"),
    ],
)
def test_given_filters_when_an_auditor_looks_then_the_trail_says_them_in_words(wanted, words):
    assert wanted.words == words


def test_given_filters_when_paged_then_they_stay_and_the_file_has_all_pages(here):
    person = named("kreis", "Karla", "Kreis")
    for minute in range(60):
        act(person, "task.closed", at=NOON + timedelta(minutes=minute))
        act(person)
    told = page(here, "kok:audit", "?vorgang=task.closed&seite=2")
    assert told.count('<td data-label="Vorgang">Aufgabe abgeschlossen') == 10
    assert "vorgang=task.closed&amp;seite=1" in told
    file = signed_in(here).get(reverse("kok:audit-download", args=["xlsx"]) + "?vorgang=task.closed&seite=2")
    sheet = load_workbook(BytesIO(file.content)).active
    assert sheet.max_row == 61
    assert [cell.value for cell in sheet[1]][-2:] == ["vorher", "nachher"]
    exported = AuditEvent.objects.get(action="trail.exported")
    assert (exported.actor, exported.note) == ("pruefung-kreis", "Aufgabe abgeschlossen; 60 Einträge")
    assert signed_in(here).get(reverse("kok:audit-download", args=["exe"])).status_code == 404


# Names


def told_of_a_role(here: User) -> tuple[User, User, User]:
    """A role asked for, confirmed and ended, between three people of the own house."""
    giver, second, third = (
        named(name, *full.split(), role=role)
        for name, full, role in [
            ("geber", "Karla Kreis", "registrar"), ("zweite", "Zoe Zweit", "registrar"),
            ("dritte", "Dora Dritt", "member"),
        ]
    )  # fmt: skip
    asked = actions.ask_role(
        user=third, role="approver", place=the_partner(), from_on=date(2026, 11, 17), until_on=date(2027, 11, 1),
        by=giver, now=NOON,
    )  # fmt: skip
    actions.confirm(request=asked, by=second, now=NOON)
    given = third.role_assignments.get(role="approver")
    actions.end_role(assignment=given, last_on=date(2027, 1, 31), by=giver, now=NOON)
    return giver, second, third


def test_given_a_role_of_power_when_the_trail_is_read_or_taken_then_giver_confirmer_receiver_and_days_have_names(here):
    giver, second, third = told_of_a_role(here)
    receiver, asker = f"Dora Dritt (Konto {third.pk})", f"Karla Kreis (Konto {giver.pk})"
    notes = {
        "role.requested": f"Genehmigung für {receiver}, 17.11.2026 bis 31.10.2027",
        "role.given": f"Genehmigung für {receiver}, beantragt von {asker}",
        "role.ended": f"Genehmigung für {receiver}, beantragt von {asker}, bestätigt von Zoe Zweit (Konto {second.pk})",
    }
    told = page(here, "kok:audit")
    file = signed_in(here).get(reverse("kok:audit-download", args=["csv"])).content.decode("utf-8-sig")
    for action, note in notes.items():
        assert note in told
        assert note in file
        assert "Dora" not in AuditEvent.objects.get(action=action).note
    assert ";Zoe Zweit (zweite);" in file
    assert "17.11.2026 bis 31.01.2027" in file


def test_given_people_and_accounts_as_objects_when_the_trail_is_read_then_of_the_own_house_their_names_stand_there(
    here, there
):
    own, strange = a_person("Kreis", "Karla"), a_person("Lwv", "Lutz", employer="lwv-hessen")
    for person in (own, strange):
        act(None, "person.added", obj=person)
    quiet = named("still", "Stine", "Still", partner="lwv-hessen")
    act(None, "role.given", note=f"Mitglied für Konto {quiet.pk}")
    mine, theirs = page(here, "kok:audit"), page(there, "kok:audit")
    assert f"Karla Kreis (Person {own.pk})" in mine
    assert f'<td data-label="Gegenstand">Person {strange.pk}</td>' in mine
    assert f"Lutz Lwv (Person {strange.pk})" in theirs
    assert "Karla" not in theirs
    assert f"Mitglied für Konto {quiet.pk}" in mine
    assert f"Mitglied für Stine Still (Konto {quiet.pk})" in theirs
    file = signed_in(here).get(reverse("kok:audit-download", args=["csv"])).content.decode("utf-8-sig")
    assert f";Karla Kreis (Person {own.pk});{own.pk};" in file
    assert "Lutz" not in file


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("members.AccountRequest", "Antrag zu einem Konto, Nr. {}"),
        ("transitions.DataSubjectRequest", "Anfrage einer betroffenen Person, Nr. {}"),
        ("members.RoleAssignment", "Rolle, Nr. {}"),
    ],
)
def test_given_something_with_the_number_of_an_account_or_person_when_the_trail_is_read_then_nobody_else_is_named(
    here, kind, shown
):
    bystander = named("daneben", "Jonas", "Reuter")
    person = a_person("Reuter", "Jonas")
    for number in (bystander.pk, person.pk):
        AuditEvent.objects.bulk_create(
            [
                AuditEvent(
                    at=NOON, action="request.withdrawn", agreement="wetteraukreis", object_kind=kind, object_id=number
                )
            ]
        )
    told = page(here, "kok:audit")
    file = signed_in(here).get(reverse("kok:audit-download", args=["csv"])).content.decode("utf-8-sig")
    for text in (told, file):
        assert shown.format(bystander.pk) in text
        assert "Jonas" not in text.replace("Jonas Reuter (daneben)", "")


def test_given_few_or_many_names_when_the_trail_opens_then_the_queries_are_the_same(here):
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            page(here, "kok:audit")
        return len(found)

    act(None, "person.added", obj=a_person("Eins"), note=f"Konto {here.pk}")
    few = queries()
    for n in range(20):
        other = a_user(role="member")
        act(other, "person.added", obj=a_person(f"Nummer{n}"), note=f"Mitglied für Konto {other.pk}")
    assert queries() == few


def test_given_a_second_factor_when_the_filter_opens_then_it_has_a_german_name(here):
    act(here, "account.totp-activated", obj=Authenticator.objects.filter(user=here).first())
    told = page(here, "kok:audit")
    assert "Zweiter Faktor</option>" in told
    assert "authenticator</option>" not in told


def test_given_an_account_to_which_things_happened_when_filtered_then_what_it_did_and_what_names_it_are_found(here):
    giver, _, third = told_of_a_role(here)
    person = a_person("Dritt", "Dora")
    person.user = third
    person.save()
    actions.enter_departure(
        person=person, last_on=date(2027, 3, 31), by=giver, agreement=the_partner().agreement, now=NOON
    )
    act(here, note=f"Mitglied für Konto {third.pk}0")  # another one
    act(here, note=f"Mitglied bis {third.pk}")
    act(here, obj=third)
    act(third, "task.closed")
    found = {row.action for row in signed_in(here).get(f"{reverse('kok:audit')}?konto={third.pk}").context["page"]}
    wanted = {"role.requested", "role.given", "role.ended", "person.leaves", "meeting.planned", "task.closed"}
    assert found == wanted
    assert lines_of(here, "kok:audit", f"?konto={third.pk}&vorgang=meeting.planned") == 1


def test_given_a_trail_of_a_million_lines_when_filtered_by_account_then_each_way_to_a_line_has_its_index(here):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    plan = AuditEvent.objects.filter(trail._concerns(7)).order_by().explain()
    for index in ("audit_actor", "audit_object", "audit_named"):
        assert index in plan


def test_given_a_role_by_command_in_all_agreements_when_the_trail_is_read_then_it_says_both(here):
    third = named("dritte", "Dora", "Dritt")
    for place in (the_partner(), the_partner().authority):
        actions.give_role(user=third, role="registrar", place=place, from_on=date(2026, 11, 17), by=None, now=NOON)
    told = page(a_user(role="auditor", everywhere=True), "kok:audit")
    who = f"Stammdaten für Dora Dritt (Konto {third.pk})"
    assert f"{who}, durch Befehl auf dem Server" in told
    assert f"{who}, in allen Vereinbarungen, durch Befehl auf dem Server" in told


# Old and new values


def last() -> tuple[str, str]:
    row = AuditEvent.objects.latest("pk")
    return row.old, row.new


def test_given_a_meeting_when_day_and_place_change_then_the_trail_has_both_and_of_the_link_only_that_it_changed(
    agreement, settings
):
    settings.KOK_NOW = "2027-01-04T09:00"
    meeting, by = a_meeting(on=date(2027, 5, 12)), a_user(role="secretariat")
    change_meeting(
        meeting=meeting, revision=meeting.revision, by=by, now=clock.now(), meets_on=date(2027, 5, 19),
        starts_at=time(9, 30), ends_at=meeting.ends_at, place="Rathaus", link="https://video.example.org/geheim",
    )  # fmt: skip
    old, new = last()
    assert "12.05.2027" in old
    assert "10:00" in old
    assert "Kreishaus Friedberg, Raum 204" in old
    assert "19.05.2027" in new
    assert "09:30" in new
    assert "Rathaus" in new
    assert "geändert" in new
    assert "geheim" not in old + new


def test_given_a_person_when_name_and_address_change_then_the_trail_says_which_and_no_value(agreement):
    person = a_person("Alt", "Anna", email="anna@example.org")
    details = PersonDetails(given_name="Anna", family_name="Neu", email="neu@example.org")
    change_person(person=person, details=details, by=a_user(role="registrar"), agreement=agreement, now=NOON)
    assert last() == ("", "Familienname geändert; Dienstliche E-Mail geändert")
    again = PersonDetails(given_name="Anna", family_name="Neu", email="neu@example.org")
    change_person(person=person, details=again, by=a_user(role="registrar"), agreement=agreement, now=NOON)
    assert AuditEvent.objects.filter(action="person.changed").count() == 1


def test_given_an_account_when_closed_and_opened_then_the_trail_says_from_what_to_what(agreement):
    user, admin = a_user(), a_user(role="admin")
    close_account(user=user, by=admin, now=NOON)
    assert last() == ("offen", "gesperrt")
    open_account(user=user, by=admin, now=NOON)
    assert last() == ("gesperrt", "offen")


def test_given_a_value_longer_than_the_column_when_written_then_it_is_cut_and_says_so(agreement):
    act(None, change=("a" * 600, "b" * 500))
    old, new = last()
    assert (len(old), old[-1], new) == (500, "…", "b" * 500)


# The access log


def look(user: User, agreement: Any) -> None:
    access = Access(user, agreement, EntryReason.RECEIVE)
    record_access(by=access, action=LogAction.VIEW_LIST, now=NOON)


def test_given_looks_of_both_houses_when_auditors_read_then_of_the_other_they_learn_the_house_and_no_name(
    agreement, here, there
):
    own = named("kreis", "Karla", "Kreis", role="case-officer")
    strange = named("lwv", "Lutz", "Lwv", partner="lwv-hessen", role="case-receiver")
    look(own, agreement)
    look(strange, agreement)
    mine, theirs = page(here, LOG), page(there, LOG)
    assert "2 Einträge" in mine
    assert "Karla Kreis<small>kreis, Fallbearbeitung</small>" in mine
    assert re.search(r'<td data-label="Konto">LWV Hessen<small>Empfang</small>', mine)
    assert not re.search("Lutz|>lwv<|\\(lwv\\)", mine)
    assert "Lutz Lwv<small>lwv, Empfang</small>" in theirs
    assert "Karla" not in theirs
    file = signed_in(here).get(reverse("transitions-log:download")).content.decode("utf-8-sig")
    assert ";kreis;" in file
    assert ";LWV Hessen;" in file
    assert ";lwv;" not in file


def test_given_an_auditor_when_he_reads_or_takes_the_access_log_then_the_trail_says_so_and_his_house_reads_it(
    agreement, here, there
):
    look(named("kreis", "Karla", "Kreis", role="case-officer"), agreement)
    page(here, LOG, "?jahr=2027")
    signed_in(here).get(reverse("transitions-log:download"))
    told = AuditEvent.objects.exclude(action="agreement.loaded").order_by("pk")
    assert list(told.values_list("actor", "action")) == [
        ("pruefung-kreis", "access-log.read"), ("pruefung-kreis", "access-log.exported"),
    ]  # fmt: skip
    assert [lines_of(each, "kok:audit", "?vorgang=access-log.read") for each in (here, there)] == [1, 0]


def test_given_requests_of_people_of_both_houses_when_auditors_read_the_trail_then_of_the_other_only_the_house(
    here, there
):
    own = named("kreis", "Karla", "Kreis", role="case-officer")
    strange = named("lwv", "Lutz", "Lwv", partner="lwv-hessen", role="case-receiver")
    for person in (own, strange):
        act(person, "subject_request.registered")
    told, file = page(here, "kok:audit"), signed_in(here).get(reverse("kok:audit-download", args=["csv"]))
    assert re.search(r'<td data-label="Konto">LWV Hessen</td>', told)
    assert "Karla Kreis<small>kreis</small>" in told
    assert ";LWV Hessen;" in file.content.decode("utf-8-sig")
    for text in (told, file.content.decode("utf-8-sig")):
        assert not re.search(r"Lutz|>lwv<|\(lwv\)|;lwv;", text)  # nor among the accounts to choose from
    assert "Lutz Lwv<small>lwv</small>" in page(there, "kok:audit")


def test_given_a_stranger_known_from_a_meeting_when_the_trail_is_filtered_by_him_then_his_requests_are_left_out(here):
    strange = named("lwv", "Lutz", "Lwv", partner="lwv-hessen", role="case-receiver")
    act(strange)
    act(strange, "subject_request.registered")
    assert lines_of(here, "kok:audit", f"?konto={strange.pk}") == 1


def test_given_an_auditor_when_he_reads_the_trail_then_it_says_so_to_his_house(here, there):
    act(named("kreis", "Karla", "Kreis"))
    page(here, "kok:audit", "?vorgang=meeting.planned")
    told = AuditEvent.objects.get(action="trail.read")
    assert (told.actor, told.note) == ("pruefung-kreis", "Sitzung geplant; 1 Eintrag")
    assert [lines_of(each, "kok:audit", "?vorgang=trail.read") for each in (here, there)] == [1, 0]
