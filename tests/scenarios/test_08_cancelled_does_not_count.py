"""Scenario 8: a cancelled meeting does not count (R-MEET)."""

from datetime import date

from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.counting import CountedMeeting, meeting_year_state
from meetings.convening.rules.states import MeetingStep, next_state


def test_08_given_two_invited_meetings_when_one_is_cancelled_then_the_count_is_one():
    kept = CountedMeeting(date(2026, 5, 20), MeetingState.INVITED)
    cancelled = CountedMeeting(date(2026, 11, 5), next_state(MeetingState.INVITED, MeetingStep.CANCEL))
    assert meeting_year_state([kept, cancelled], 2026, date(2026, 2, 1), 2).invited == 1
