"""The life of a meeting (domain.md 0.3)."""

from datetime import date
from itertools import product

import pytest

from kok.errors import Refused
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.states import (
    NEXT,
    MeetingStep,
    check_begin,
    check_cancel,
    check_reschedule,
    next_state,
)

# One line per state, one column per step: EDIT, INVITE, BEGIN, CLOSE, CANCEL, RESCHEDULE; "-" is refused.
TABLE = {
    "PLANNED": "PLANNED INVITED - - CANCELLED PLANNED",
    "INVITED": "INVITED INVITED HELD - CANCELLED PLANNED",
    "HELD": "- - - CLOSED - -",
    "CLOSED": "- - - - - -",
    "CANCELLED": "- - - - - -",
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
    assert len(sentences) == len(refused_pairs) == 20


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
