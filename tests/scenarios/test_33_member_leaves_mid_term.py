"""Scenario 33: a member leaves mid-term (Punkt 1, Anlage 1)."""

from datetime import UTC, date, datetime

import pytest

from meetings.models import Attendance
from members import actions
from members.models import Agreement, Seat
from members.queries import recipients_on
from members.rules.codes import Loading
from tests.builders import a_meeting, a_person, an_agreement, the_body, wetterau

NOW = datetime(2026, 9, 15, 8, 0, tzinfo=UTC)
LAST_DAY, FIRST_DAY_AFTER = date(2026, 9, 30), date(2026, 10, 1)


@pytest.fixture
def seat():
    an_agreement()
    return Seat.objects.get(position=1)


def invited(day):
    return recipients_on(the_body(), day)[0]


@pytest.mark.django_db
def test_33_given_a_member_leaves_on_30_09_2026_when_invited_after_then_the_seat_is_vacant(seat):
    actions.end_assignment(assignment=seat.assignments.get(), last_on=LAST_DAY, by=None, now=NOW)
    assert str(invited(LAST_DAY).person) == "Antonia Abel"
    assert invited(FIRST_DAY_AFTER).person is None


@pytest.mark.django_db
def test_33_given_a_successor_when_invited_after_then_the_invitation_goes_to_the_successor(seat):
    successor = a_person("Neu", "Nora")
    actions.end_assignment(assignment=seat.assignments.get(), last_on=LAST_DAY, by=None, now=NOW)
    actions.assign_seat(seat=seat, person=successor, capacity="HOLDER", from_on=date(2026, 11, 1), by=None, now=NOW)
    assert invited(date(2026, 10, 31)).person is None
    assert invited(date(2026, 11, 1)).person == successor
    assert invited(date(2026, 11, 1)).email == successor.email


@pytest.mark.django_db
def test_33_given_old_minutes_when_a_member_leaves_then_they_keep_the_name_and_the_agreement_is_not_amended(seat):
    agreement = Agreement.objects.values().get()
    meeting = a_meeting(on=date(2026, 4, 15))
    holder = seat.assignments.get().person
    row = Attendance.objects.create(
        meeting=meeting,
        kind="HOLDER",
        status="PRESENT",
        seat=seat,
        person=holder,
        partner=seat.partner,
        name=str(holder),
    )
    actions.assign_seat(
        seat=seat, person=a_person("Neu", "Nora"), capacity="HOLDER", from_on=FIRST_DAY_AFTER, by=None, now=NOW
    )
    row.refresh_from_db()
    assert row.name == "Antonia Abel"
    assert str(invited(meeting.meets_on).person) == "Antonia Abel"
    assert Agreement.objects.values().get() == agreement
    assert actions.load_agreement(file=wetterau(), by=None, now=NOW).loading is Loading.UNCHANGED


@pytest.mark.django_db
def test_33_given_old_minutes_when_the_entry_turns_out_wrong_then_they_keep_the_name_and_invitations_follow(seat):
    holder, right = seat.assignments.get().person, a_person("Neu", "Nora")
    row = Attendance.objects.create(
        meeting=a_meeting(on=date(2026, 4, 15)),
        kind="HOLDER",
        status="PRESENT",
        seat=seat,
        person=holder,
        partner=seat.partner,
        name=str(holder),
    )
    meant = actions.SeatEntry(person=right, from_on=date(2022, 3, 1))
    mender = actions.Mender(by=None, now=NOW, reason="Verwechselt.")
    actions.correct_assignment(assignment=seat.assignments.get(), meant=meant, mender=mender)
    row.refresh_from_db()
    assert (row.name, row.person) == ("Antonia Abel", holder)
    assert invited(FIRST_DAY_AFTER).person == right
    assert [str(line.was_person) for line in seat.corrections.all()] == ["Antonia Abel"]
