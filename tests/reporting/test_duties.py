"""The duties of a year with both dates, reference, debtor and state (domain.md 1.y, 2.2, 2.3)."""

from datetime import UTC, date, datetime

import pytest

from meetings.models import Attendance, InvitationRound, Meeting
from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.duties.rules.codes import OccurrenceState as State
from reporting.models import Submission
from tests.builders import a_meeting, a_user, an_agreement, the_partner
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


@built_once
def agreement():
    return an_agreement()


def duties(agreement, year, today):
    return duties_of(ledger_of(agreement, year, year), [year], today)


def the_duty(agreement, code, year, today):
    return next(duty for duty in duties(agreement, year, today) if duty.rule.code == code)


def submitted(agreement, code, year, on, partner="wetteraukreis"):
    return Submission.objects.create(
        agreement=agreement,
        code=code,
        due_year=year,
        debtor=the_partner(partner),
        submitted_on=on,
        channel="SECURE_MAIL",
        recorded_at=datetime(2029, 1, 1, tzinfo=UTC),
        recorded_by=a_user(),
    )


def hold(meeting, partners=("wetteraukreis", "lwv-hessen")):
    """The meeting took place with these partners."""
    meeting.state, meeting.number = Meeting.State.HELD, f"KoK-06440-{meeting.meets_on:%Y-%m%d}"
    meeting.save()
    for seat in meeting.body.seats.filter(partner__authority__slug__in=partners):
        Attendance.objects.create(
            meeting=meeting, seat=seat, partner=seat.partner, kind="HOLDER", status="PRESENT", name="Muster"
        )


@pytest.mark.parametrize(
    ("year", "nominal", "effective", "dates"),
    [
        (2027, date(2027, 4, 30), date(2027, 4, 30), "Fr 30.04.2027"),
        (2028, date(2028, 4, 30), date(2028, 5, 2), "30.04.2028, wirksam bis Di 02.05.2028"),
        (2033, date(2033, 4, 30), date(2033, 5, 2), "30.04.2033, wirksam bis Mo 02.05.2033"),
    ],
)
def test_given_a_year_when_its_duties_are_asked_then_both_dates_are_named(agreement, year, nominal, effective, dates):
    duty = the_duty(agreement, "O-04", year, date(2027, 1, 1))
    assert (duty.occurrence.nominal_due_on, duty.occurrence.effective_due_on) == (nominal, effective)
    assert duty.dates == dates


def test_given_2027_when_the_yearly_duties_are_asked_then_three_different_years_are_meant(agreement):
    found = {d.rule.code: (d.name, d.who) for d in duties(agreement, 2027, date(2027, 1, 1)) if d.is_recordable}
    assert found == {
        "O-04": ("Schulabgänge 2028", "Wetteraukreis"),
        "O-05": ("Zahl zum Stichtag 31.12.2026", "Wetteraukreis"),
        "O-06": ("Zahl zum Stichtag 31.12.2026", "LWV Hessen"),
    }


@pytest.mark.parametrize(
    ("today", "submitted_on", "state", "word"),
    [
        (date(2028, 1, 30), None, State.UPCOMING, "steht später an"),
        (date(2028, 1, 31), None, State.OPEN, "offen"),
        (date(2028, 5, 2), None, State.OPEN, "offen"),
        (date(2028, 5, 3), None, State.OVERDUE, "überfällig"),
        (date(2028, 5, 3), date(2028, 5, 2), State.FULFILLED, "erfüllt"),
        (date(2028, 5, 3), date(2028, 5, 3), State.FULFILLED_LATE, "verspätet erfüllt"),
    ],
)
def test_given_a_day_and_an_entry_when_8b_of_2028_is_asked_then_its_state_is(
    agreement, today, submitted_on, state, word
):
    if submitted_on:
        submitted(agreement, "O-04", 2028, submitted_on)
    duty = the_duty(agreement, "O-04", 2028, today)
    assert (duty.state, duty.word) == (state, word)


def test_given_a_deadline_before_the_introduction_when_asked_then_it_is_neither_due_nor_overdue(agreement):
    duty = the_duty(agreement, "O-04", 2025, date(2026, 6, 1))
    assert (duty.state, duty.is_due) == (State.BEFORE_INTRODUCTION, False)


def test_given_the_entry_of_the_other_partner_when_asked_then_the_own_duty_stays_open(agreement):
    submitted(agreement, "O-06", 2027, date(2027, 4, 1), partner="lwv-hessen")
    states = {d.rule.code: d.state for d in duties(agreement, 2027, date(2027, 4, 2)) if d.is_recordable}
    assert states == {"O-04": State.OPEN, "O-05": State.OPEN, "O-06": State.FULFILLED}


@pytest.mark.parametrize(("due_year", "is_nil_expected"), [(2024, False), (2025, True), (2028, True)])
def test_given_the_law_of_2024_when_8c_is_asked_then_a_nil_report_is_expected_from_that_stichtag(
    agreement, due_year, is_nil_expected
):
    assert the_duty(agreement, "O-05", due_year, date(2026, 1, 1)).occurrence.is_nil_expected is is_nil_expected


def test_given_two_meetings_with_both_partners_when_held_then_o_02_is_fulfilled_on_the_second_day(agreement):
    hold(a_meeting(on=date(2027, 3, 10)))
    hold(a_meeting(on=date(2027, 6, 9)), partners=("wetteraukreis",))
    hold(a_meeting(on=date(2027, 9, 15)))
    duty = the_duty(agreement, "O-02", 2027, date(2027, 10, 1))
    assert (duty.state, duty.fulfilled_on, duty.debtor) == (State.FULFILLED, date(2027, 9, 15), None)


def test_given_one_meeting_when_the_year_is_over_then_o_02_is_missed_and_not_only_overdue(agreement):
    hold(a_meeting(on=date(2027, 3, 10)))
    duty = the_duty(agreement, "O-02", 2027, date(2028, 1, 1))
    assert (duty.state, duty.word) == (State.OVERDUE, "verfehlt")


@pytest.mark.parametrize(("year", "count"), [(2027, 0), (2028, 1)])
def test_given_an_even_year_when_asked_then_the_secretariat_changes_by_itself(agreement, year, count):
    found = [duty for duty in duties(agreement, year, date(2028, 3, 1)) if duty.rule.code == "O-03"]
    assert len(found) == count
    assert all(duty.state is State.FULFILLED and "LWV Hessen" in duty.name for duty in found)


def test_given_a_planned_meeting_when_asked_then_the_invitation_is_due_and_rolls_back(agreement):
    a_meeting(on=date(2027, 5, 20))
    duty = the_duty(agreement, "O-01", 2027, date(2027, 5, 1))
    assert (duty.occurrence.nominal_due_on, duty.occurrence.effective_due_on) == (date(2027, 5, 6), date(2027, 5, 5))
    assert (duty.name, duty.who, duty.urged_on) == (
        "Einladung zur Sitzung am Do 20.05.2027",
        "Wetteraukreis",
        date(2027, 5, 5),
    )


def test_given_an_invitation_for_an_old_day_when_the_meeting_moved_then_a_new_one_is_owed(agreement):
    meeting = a_meeting(on=date(2027, 6, 16))
    round_ = InvitationRound.objects.create(
        meeting=meeting,
        round_no=1,
        convened_by=the_partner(),
        chaired_by=the_partner(),
        meets_on=date(2027, 5, 20),
        starts_at=meeting.starts_at,
        calendar_sequence=0,
        dispatched_at=datetime(2027, 5, 3, 8, 0, tzinfo=UTC),
    )
    today = date(2027, 5, 10)
    assert the_duty(agreement, "O-01", 2027, today).state is State.OPEN
    round_.pk, round_.round_no, round_.calendar_sequence, round_.meets_on = None, 2, 1, meeting.meets_on
    round_.save()
    assert the_duty(agreement, "O-01", 2027, today).fulfilled_on == date(2027, 5, 3)


def test_given_a_cancelled_meeting_when_asked_then_nothing_is_owed_for_it(agreement):
    a_meeting(on=date(2027, 5, 20), state="CANCELLED", cancellation_reason="Krankheit")
    assert not [duty for duty in duties(agreement, 2027, date(2027, 5, 1)) if duty.rule.code == "O-01"]


def test_given_many_meetings_and_entries_when_the_ledger_is_read_then_the_queries_stay_the_same(
    agreement, django_assert_num_queries
):
    def read():
        with django_assert_num_queries(6):
            duties(agreement, 2027, date(2027, 5, 1))

    read()
    for n in range(1, 21):
        hold(a_meeting(on=date(2027, 3, n)))
    submitted(agreement, "O-04", 2027, date(2027, 4, 1))
    read()
