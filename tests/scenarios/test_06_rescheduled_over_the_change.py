"""Scenario 6: the chair follows the new day, and everybody is invited anew (R-SEC-4)."""

from datetime import date

from meetings.rules.secretariat import Rotation, chairing_partner
from meetings.rules.states import MeetingState, Step, next_state, possible_steps


def test_06_given_an_invited_meeting_when_moved_over_the_change_then_the_chair_changes_and_a_new_round_is_needed():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    assert chairing_partner(rotation, date(2026, 2, 25)) == "lwv-hessen"
    assert chairing_partner(rotation, date(2026, 3, 5)) == "wetteraukreis"
    moved = next_state(MeetingState.INVITED, Step.RESCHEDULE)
    assert Step.INVITE in possible_steps(moved)
    assert Step.BEGIN not in possible_steps(moved)
