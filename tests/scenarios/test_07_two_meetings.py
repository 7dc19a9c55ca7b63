"""Scenario 7: one meeting held and none planned is red on 01.10. (R-MEET)."""

from datetime import date

from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.counting import CountedMeeting, Light, meeting_year_state


def test_07_given_one_held_meeting_and_none_planned_when_october_begins_then_the_year_is_red_and_both_are_warned():
    held = [CountedMeeting(date(2026, 5, 20), MeetingState.CLOSED)]
    state = meeting_year_state(held, 2026, date(2026, 10, 1), 2)
    assert (state.light, state.warns, state.held) == (Light.RED, True, 1)
    assert "Planen Sie noch eine Sitzung" in state.sentence
