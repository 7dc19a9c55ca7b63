"""The life of a meeting (domain.md 0.3)."""

from datetime import date, datetime, time
from itertools import product

import pytest

from kok.clock import BERLIN
from kok.errors import Refused
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.states import (
    NEXT,
    MeetingStep,
    begun_at,
    check_begin,
    check_cancel,
    check_did_not_meet,
    check_reschedule,
    check_resume,
    check_take_back_begin,
    next_state,
    state_by_end,
    unplanned_hour,
)

# One line per state, one column per step: EDIT, INVITE, BEGIN, TAKE_BACK, CLOSE, CANCEL, RESCHEDULE, RESUME; "-" is
# refused.
TABLE = {
    "PLANNED": "PLANNED INVITED - - - CANCELLED PLANNED -",
    "INVITED": "INVITED INVITED RUNNING - - CANCELLED PLANNED -",
    "RUNNING": "- - - INVITED - - - -",
    "HELD": "- - - - CLOSED - - -",
    "CLOSED": "- - - - - - - -",
    "CANCELLED": "- - - - - - - PLANNED",
}
CASES = [
    (state, step, result) for state, row in TABLE.items() for step, result in zip(MeetingStep, row.split(), strict=True)
]


@pytest.mark.parametrize(("state", "step", "result"), CASES)
def test_given_a_state_when_a_step_is_taken_then_the_table_says_where_it_leads(state, step, result):
    if result != "-":
        assert next_state(MeetingState(state), step) is MeetingState(result)
        return
    with pytest.raises(Refused) as refused:
        next_state(MeetingState(state), step)
    assert "Es wurde nichts geändert." in refused.value.sentence


def test_given_all_refusals_when_read_then_each_names_its_own_state_and_step():
    sentences = set()
    refused_pairs = [pair for pair in product(MeetingState, MeetingStep) if pair not in NEXT]
    for state, step in refused_pairs:
        with pytest.raises(Refused) as refused:
            next_state(state, step)
        sentences.add(refused.value.sentence)
    assert len(sentences) == len(refused_pairs) == 36


def test_given_a_state_of_the_database_when_asked_then_plain_text_serves_as_well():
    assert next_state(MeetingState("PLANNED"), MeetingStep("INVITE")) == "INVITED"


@pytest.mark.parametrize("today", [date(2026, 5, 20), date(2026, 5, 21)])
def test_given_an_invited_meeting_when_its_day_has_come_then_it_can_begin(today):
    check_begin(MeetingState.INVITED, date(2026, 5, 20), today)


def test_given_an_invited_meeting_when_its_day_is_to_come_then_it_cannot_begin():
    with pytest.raises(Refused, match=r"erst am 20\.05\.2026"):
        check_begin(MeetingState.INVITED, date(2026, 5, 20), date(2026, 5, 19))


def test_given_a_planned_meeting_when_its_day_has_come_then_it_still_needs_an_invitation():
    with pytest.raises(Refused, match="Versenden Sie zuerst die Einladung"):
        check_begin(MeetingState.PLANNED, date(2026, 5, 20), date(2026, 5, 20))


def test_given_an_invited_meeting_when_cancelled_then_a_reason_is_needed():
    check_cancel(MeetingState.INVITED, "Erkrankung der Leitung")
    with pytest.raises(Refused, match="Grund der Absage fehlt"):
        check_cancel(MeetingState.INVITED, "  ")


def test_given_an_invited_meeting_when_moved_then_the_new_day_is_another_one():
    check_reschedule(MeetingState.INVITED, date(2026, 2, 25), date(2026, 3, 5))
    with pytest.raises(Refused, match=r"schon für den 25\.02\.2026"):
        check_reschedule(MeetingState.INVITED, date(2026, 2, 25), date(2026, 2, 25))
    with pytest.raises(Refused, match="nicht mehr verlegt"):
        check_reschedule(MeetingState.HELD, date(2026, 2, 25), date(2026, 3, 5))


DAY = date(2026, 11, 17)


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (datetime(2026, 11, 17, 9, 30, tzinfo=BERLIN), ""),
        (datetime(2026, 11, 17, 10, 30, tzinfo=BERLIN), ""),
        (datetime(2026, 11, 17, 9, 29, tzinfo=BERLIN), "geplant. Jetzt ist es 09:29 Uhr."),
        (datetime(2026, 11, 17, 10, 31, tzinfo=BERLIN), "geplant. Jetzt ist es 10:31 Uhr."),
        (datetime(2026, 11, 18, 10, 0, tzinfo=BERLIN), "Der Tag ist vorbei."),
    ],
)
def test_given_an_hour_when_a_meeting_should_begin_then_it_is_asked_about_unless_it_is_near_the_plan(now, words):
    said = unplanned_hour(DAY, time(10, 0), now)
    assert words in said
    assert bool(said) == bool(words)


def test_given_a_click_when_a_meeting_begins_then_it_began_now_and_on_a_later_day_as_planned():
    assert begun_at(DAY, time(10, 0), datetime(2026, 11, 17, 10, 4, 33, tzinfo=BERLIN)) == time(10, 4)
    assert begun_at(DAY, time(10, 0), datetime(2026, 11, 18, 8, 0, tzinfo=BERLIN)) == time(10, 0)


def test_given_a_meeting_that_began_when_its_end_is_known_then_it_was_held_and_without_it_runs():
    assert state_by_end(MeetingState.RUNNING, time(12, 0)) is MeetingState.HELD
    assert state_by_end(MeetingState.HELD, None) is MeetingState.RUNNING
    assert state_by_end(MeetingState.CLOSED, None) is MeetingState.CLOSED


def test_given_something_written_when_the_beginning_is_taken_back_then_it_is_refused():
    check_take_back_begin(MeetingState.RUNNING, is_blank=True)
    with pytest.raises(Refused, match="schon etwas festgehalten"):
        check_take_back_begin(MeetingState.RUNNING, is_blank=False)


def test_given_a_planned_day_that_passed_when_nobody_was_invited_then_it_is_put_aside_and_taken_back():
    check_did_not_meet(MeetingState.PLANNED, DAY, date(2026, 11, 18), was_told=False)
    for state, today, was_told in (
        (MeetingState.PLANNED, DAY, False),
        (MeetingState.PLANNED, date(2026, 11, 18), True),
        (MeetingState.INVITED, date(2026, 11, 18), False),
    ):
        with pytest.raises(Refused, match="Es wurde nichts geändert"):
            check_did_not_meet(state, DAY, today, was_told=was_told)
    check_resume(MeetingState.CANCELLED, was_told=False, is_replaced=False)
    for was_told, is_replaced in ((True, False), (False, True)):
        with pytest.raises(Refused, match="Es wurde nichts geändert"):
            check_resume(MeetingState.CANCELLED, was_told=was_told, is_replaced=is_replaced)
