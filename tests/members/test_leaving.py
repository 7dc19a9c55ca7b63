"""Somebody leaves: one act ends everything on a day, can be taken back until then, and then the account is closed."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from kok import jobs, outbox
from kok.errors import Refused
from kok.models import AccountSession, AuditEvent, OutboxMessage
from members import actions
from members.actions import leaving as leaving_actions
from members.models import Departure, Person, RoleAssignment, Seat, SeatAssignment
from members.pages.leaving import remaining
from members.queries import grants_on, people_who_left, people_with_role
from members.queries.leaving import Leaving, latest_departure, pending_departure
from tests.builders import a_person, a_seat, a_second_agreement, a_user, an_agreement, give_role, the_body, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY, LAST, AFTER = date(2026, 9, 1), date(2026, 12, 31), date(2027, 1, 1)


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def registrar(agreement):
    return a_user(role="registrar", username="registrar")


@pytest.fixture
def abel(agreement):
    """Holds the first seat of the conference, may approve, and is a member."""
    person = Person.objects.get(family_name="Abel")
    person.user = a_user(role="member", username="abel")
    person.save()
    give_role(person.user, role="approver")
    return person


def leave(person, by, agreement, *, last_on=LAST, now=NOW):
    return actions.enter_departure(person=person, last_on=last_on, by=by, agreement=agreement, now=now)


def take_back(departure, by, agreement, *, now=NOW):
    return actions.withdraw_departure(departure=departure, by=by, agreement=agreement, now=now)


def roles_on(user, day):
    return sorted(grant.role for grant in grants_on(user.pk, day))


def test_given_somebody_with_seats_and_roles_when_he_leaves_then_all_end_after_that_day(agreement, registrar, abel):
    deputy = a_seat(function="Beirat")
    SeatAssignment.objects.create(seat=deputy, person=abel, capacity="DEPUTY", period=(date(2024, 1, 1), None))
    later = a_seat(function="Später")
    SeatAssignment.objects.create(seat=later, person=abel, period=(date(2027, 2, 1), None))
    RoleAssignment.objects.create(
        user=abel.user, role="reporter", agreement=agreement, partner=the_partner(), period=(date(2027, 2, 1), None)
    )
    leave(abel, registrar, agreement)
    periods = SeatAssignment.objects.filter(person=abel).values_list("period", flat=True)
    assert {period.upper for period in periods} == {AFTER}
    assert not SeatAssignment.objects.filter(seat=later).exists()
    assert roles_on(abel.user, LAST) == ["approver", "member"]
    assert roles_on(abel.user, AFTER) == roles_on(abel.user, date(2027, 3, 1)) == []
    void = abel.user.role_assignments.get(role="reporter")
    assert (void.period.isempty, void.void_from_on) == (True, date(2027, 2, 1))
    assert people_with_role("approver", the_partner(), AFTER) == []
    [told] = AuditEvent.objects.filter(action="person.leaves")
    assert (told.note, told.new) == (f"Sitze 3, Rollen 3, Anträge 0, Konto {abel.user_id}", "letzter Tag: 31.12.2026")
    assert AuditEvent.objects.filter(action="role.ended", note__endswith="Ausscheiden").count() == 3
    assert AuditEvent.objects.filter(action="seat.vacated").count() == 3


def test_given_an_authority_in_two_agreements_when_its_registrar_enters_it_then_seats_of_both_end(agreement):
    other = a_second_agreement()
    whole = a_user(role="registrar", partner="lwv-hessen", agreement=agreement, everywhere=True)
    a_user(role="registrar", partner="lwv-hessen", agreement=agreement, everywhere=True)
    person = a_person("Zwei", employer="lwv-hessen")
    a_seat(body=the_body(agreement=agreement), partner="lwv-hessen", person=person)
    a_seat(body=the_body(agreement=other), partner="lwv-hessen", person=person)
    one = a_user(role="registrar", partner="lwv-hessen", agreement=agreement)
    with pytest.raises(Refused, match="Sitze oder Rollen von Toni Zwei pflegen Sie nicht alle"):
        leave(person, one, agreement)
    assert {each.period.upper for each in person.assignments.all()} == {None}
    leave(person, whole, agreement)
    assert {each.period.upper for each in person.assignments.all()} == {AFTER}


def test_given_somebody_who_left_when_the_day_is_over_then_the_account_is_closed_once(
    agreement, registrar, abel, settings
):
    departure = leave(abel, registrar, agreement)
    AccountSession.objects.create(
        key_hash="x" * 64,
        user=abel.user,
        data="",
        began_at=NOW,
        used_at=NOW,
        expires_at=datetime(2027, 1, 2, tzinfo=UTC),
    )
    jobs.run("kok.carry_out_departure", str(departure.pk), now=datetime(2026, 12, 31, 22, 0, tzinfo=UTC))
    abel.user.refresh_from_db()
    assert abel.user.is_active
    settings.KOK_NOW = "2026-12-31T23:59"
    assert leaving_actions.WORK.left() == []
    settings.KOK_NOW = "2027-01-01T00:01"
    assert leaving_actions.WORK.left() == [str(departure.pk)]
    for _ in range(2):
        jobs.run("kok.carry_out_departure", str(departure.pk), now=datetime(2026, 12, 31, 23, 1, tzinfo=UTC))
    abel.user.refresh_from_db()
    assert not abel.user.is_active
    assert not AccountSession.objects.filter(user=abel.user).exists()
    assert AuditEvent.objects.filter(action="account.closed", object_id=abel.user.pk).count() == 1
    assert leaving_actions.WORK.left() == []
    assert pending_departure(person=abel) is None
    assert latest_departure(abel).carried_out_at


def test_given_a_day_that_is_past_when_entered_then_seats_end_on_it_and_roles_and_account_now(
    agreement, registrar, abel
):
    leave(abel, registrar, agreement, last_on=date(2026, 7, 31))
    assert abel.assignments.get().period.upper == date(2026, 8, 1)
    assert roles_on(abel.user, TODAY) == []
    assert roles_on(abel.user, date(2026, 8, 31)) == ["approver", "member"]
    abel.user.refresh_from_db()
    assert not abel.user.is_active
    with pytest.raises(Refused, match="Der letzte Tag ist vorbei"):
        take_back(Departure.objects.get(), registrar, agreement)


def test_given_a_departure_when_taken_back_then_what_it_ended_goes_on_and_the_rest_stays(agreement, registrar, abel):
    later = a_seat(function="Später")
    SeatAssignment.objects.create(seat=later, person=abel, period=(date(2027, 2, 1), None))
    lost = a_seat(function="Neu besetzt", person=abel)
    departure = leave(abel, registrar, agreement)
    actions.assign_seat(seat=lost, person=a_person("Neu"), capacity="HOLDER", from_on=AFTER, by=registrar, now=NOW)
    member = abel.user.role_assignments.get(role="member")
    actions.end_role(assignment=member, last_on=date(2026, 10, 31), by=registrar, now=NOW)
    assert take_back(departure, registrar, agreement) == 2
    ends = {each.seat.function: each.period.upper for each in abel.assignments.select_related("seat")}
    assert ends.pop("Neu besetzt") == AFTER
    assert len(ends) == 2
    assert set(ends.values()) == {None}
    approver = abel.user.role_assignments.get(role="approver")
    assert (approver.period.upper, approver.ended_at, approver.void_from_on) == (None, None, None)
    member.refresh_from_db()
    assert member.period.upper == date(2026, 11, 1)
    with pytest.raises(Refused, match="schon zurückgenommen"):
        take_back(departure, registrar, agreement)
    leave(abel, registrar, agreement, last_on=date(2027, 1, 31))


def test_given_a_departure_when_a_role_and_a_seat_are_ended_on_that_day_too_then_they_stay_ended_if_it_is_taken_back(
    agreement, registrar, abel
):
    departure = leave(abel, registrar, agreement)
    other = a_user(role="registrar")
    approver = abel.user.role_assignments.get(role="approver")
    [seat] = abel.assignments.all()
    with pytest.raises(Refused, match=r"endet schon am 31\.12\.2026"):
        actions.end_role(assignment=approver, last_on=AFTER, by=other, now=NOW)
    actions.end_role(assignment=approver, last_on=LAST, by=other, now=NOW)
    actions.end_assignment(assignment=seat, last_on=LAST, by=other, now=NOW)
    with pytest.raises(Refused, match=r"endet schon am 31\.12\.2026"):
        actions.end_role(assignment=approver, last_on=LAST, by=other, now=NOW)
    line = AuditEvent.objects.filter(action="role.ended", actor=other).get()
    assert (line.old, line.new) == ("ab 01.03.2022", "01.03.2022 bis 31.12.2026")
    assert take_back(departure, registrar, agreement) == 2
    assert roles_on(abel.user, AFTER) == ["member"]
    assert [each.period.upper for each in abel.assignments.all()] == [AFTER]


def test_given_a_role_of_two_people_when_its_end_is_moved_past_what_a_departure_ended_then_the_database_refuses(
    agreement, registrar, abel
):
    leave(abel, registrar, agreement)
    role = abel.user.role_assignments.get(role="approver")
    with pytest.raises(DatabaseError, match="wird nicht verlängert"), transaction.atomic():
        RoleAssignment.objects.filter(pk=role.pk).update(period=(date(2022, 3, 1), date(2027, 6, 1)))
    RoleAssignment.objects.filter(pk=role.pk).update(period=(date(2022, 3, 1), None))


def test_given_a_role_of_two_people_with_an_end_when_one_person_would_extend_it_then_it_is_refused(
    agreement, registrar, abel
):
    for role, is_refused in (("approver", True), ("member", False)):
        held = abel.user.role_assignments.get(role=role)
        actions.end_role(assignment=held, last_on=LAST, by=registrar, now=NOW)
        assert roles_on(abel.user, LAST).count(role) == 1
        assert role not in roles_on(abel.user, AFTER)
        if is_refused:
            with pytest.raises(Refused, match="geben zwei Personen, auch für länger"):
                actions.extend_role(assignment=held, last_on=None, by=registrar, now=NOW)
        else:
            actions.extend_role(assignment=held, last_on=None, by=registrar, now=NOW)
        held.refresh_from_db()
        assert held.period.upper == (AFTER if is_refused else None)
    assert OutboxMessage.objects.filter(context__what="role-limited").exists()
    line = AuditEvent.objects.get(action="role.extended")
    assert (line.old, line.new) == ("01.03.2022 bis 31.12.2026", "ab 01.03.2022")


def test_given_a_departure_when_something_beyond_it_is_entered_then_it_is_refused(agreement, registrar, abel):
    leave(abel, registrar, agreement)
    common = {"user": abel.user, "place": the_partner(), "by": registrar, "now": NOW}
    with pytest.raises(Refused, match=r"scheidet zum 31\.12\.2026 aus"):
        actions.give_role(**common, role="reporter", from_on=TODAY)
    actions.give_role(**common, role="reporter", from_on=TODAY, until_on=AFTER)
    with pytest.raises(Refused, match=r"Für Antonia Abel ist eingetragen: scheidet zum 31\.12\.2026 aus"):
        actions.assign_seat(seat=a_seat(), person=abel, capacity="HOLDER", from_on=TODAY, by=registrar, now=NOW)
    with pytest.raises(Refused, match=r"scheidet schon zum 31\.12\.2026 aus"):
        leave(abel, registrar, agreement, last_on=TODAY)


def test_given_a_request_that_waits_when_its_person_leaves_then_it_lapses(agreement, registrar, abel):
    second = a_user(role="registrar")
    asked = actions.ask_role(
        user=abel.user, role="case-officer", place=the_partner(), from_on=TODAY, by=registrar, now=NOW
    )
    leave(abel, registrar, agreement)
    asked.refresh_from_db()
    assert asked.state == "LAPSED"
    with pytest.raises(Refused, match="schon verfallen"):
        actions.confirm(request=asked, by=second, now=NOW)


def test_given_the_last_registrar_when_she_would_leave_then_it_is_refused_also_for_a_day_ahead(agreement, registrar):
    person = a_person("Letzte")
    person.user = a_user(role="registrar", username="letzte")
    person.save()
    other = registrar.role_assignments.get()
    actions.end_role(assignment=other, last_on=date(2026, 10, 31), by=person.user, now=NOW)
    with pytest.raises(Refused, match="letzte Konto"):
        leave(person, registrar, agreement)
    with pytest.raises(Refused, match=r"Ab dem 01\.11\.2026 würde niemand mehr"):
        leave(person, registrar, agreement, last_on=date(2026, 9, 30))
    assert not Departure.objects.exists()
    assert person.user.role_assignments.get().period.upper is None


def test_given_oneself_or_a_technician_when_leaving_is_entered_then_a_sentence_says_who_can(agreement, registrar, abel):
    own = a_person("Selbst", user=registrar)
    with pytest.raises(Refused, match="Ihr eigenes Ausscheiden trägt eine andere Person ein"):
        leave(own, registrar, agreement)
    give_role(abel.user, role="admin")
    with pytest.raises(Refused, match="Zuerst beendet die Technik diese Rolle"):
        leave(abel, registrar, agreement)
    stranger = a_user(role="registrar", partner="lwv-hessen")
    with pytest.raises(Refused, match="pflegen Sie nicht alle"):
        leave(Person.objects.get(family_name="Busch"), stranger, agreement)


def test_given_a_seat_that_began_after_the_last_day_when_entered_then_the_sentence_names_it(agreement, registrar, abel):
    a_seat(person=abel, function="Neu", since=date(2026, 8, 20))
    with pytest.raises(Refused, match=r"hat den Sitz Neu seit dem 20\.08\.2026"):
        leave(abel, registrar, agreement, last_on=date(2026, 8, 10))


def test_given_a_departure_when_entered_and_taken_back_then_person_and_registrars_are_told_without_names(
    agreement, registrar, abel
):
    departure = leave(abel, registrar, agreement)
    take_back(departure, registrar, agreement)
    sent = OutboxMessage.objects.filter(kind="power.told", context__what__startswith="departure")
    assert sorted((row.context["user"], row.context["what"], row.context["is_own"]) for row in sent) == sorted(
        (user.pk, what, user == abel.user)
        for user in (abel.user, registrar)
        for what in ("departure", "departure-withdrawn")
    )
    outbox.deliver(now=NOW)
    assert not OutboxMessage.objects.filter(state="FAILED").exists()


def test_given_somebody_who_leaves_when_asked_what_remains_then_each_line_says_to_whom_it_goes(
    agreement, registrar, abel
):
    seat = Seat.objects.get(position=1)
    leaving = Leaving(abel, LAST, registrar, TODAY)
    told = {line.what: line for line in remaining(leaving)}
    line = told[f"Sitz {seat} in KoK, danach nicht besetzt"]
    assert (line.to, line.url) == ("", f"/wetteraukreis/mitglieder/sitze/{seat.pk}/besetzen/")
    assert told["Rolle Genehmigung für Wetteraukreis"].to == ""
    SeatAssignment.objects.create(seat=seat, person=a_person("Vertretung"), capacity="DEPUTY", period=(TODAY, None))
    other = a_user(role="approver", username="leitung")
    told = {line.what: line.to for line in remaining(Leaving(abel, LAST, registrar, TODAY))}
    assert told[f"Sitz {seat} in KoK, danach nicht besetzt"].startswith("Toni Vertretung (Stellvertretung")
    assert told["Rolle Genehmigung für Wetteraukreis"] == other.username


@pytest.mark.parametrize("is_held", [False, True])
def test_given_a_deputy_who_leaves_when_asked_what_remains_then_only_a_vacant_seat_is_open(
    agreement, registrar, is_held
):
    deputy = a_person("Vertretung")
    seat = a_seat(person=a_person("Mitglied") if is_held else None)
    SeatAssignment.objects.create(seat=seat, person=deputy, capacity="DEPUTY", period=(date(2024, 1, 1), None))
    told = [(line.what, line.to) for line in remaining(Leaving(deputy, LAST, registrar, TODAY))]
    assert told == ([] if is_held else [(f"Sitz {seat} in KoK, danach nicht besetzt", "")])


def test_given_somebody_without_seats_who_left_when_a_year_is_over_then_the_address_is_due_for_erasure(
    agreement, registrar
):
    person = a_person("Ohne")
    leave(person, registrar, agreement, last_on=TODAY)
    leaving_actions.carry_out(str(Departure.objects.get().pk), datetime(2026, 9, 2, 8, 0, tzinfo=UTC))
    assert person not in people_who_left(date(2027, 8, 31))
    assert person in people_who_left(date(2027, 9, 2))
