"""Scenario 5: minutes stay with the partner of the meeting day (R-SEC-2)."""

from datetime import date

from meetings.convening.rules.secretariat import Rotation, chairing_partner, term_on
from meetings.record.rules.minutes import circulation_due_on


def test_05_given_a_meeting_before_the_change_when_minutes_are_due_after_it_then_lwv_still_owes_them():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    meets_on = date(2026, 2, 20)
    due_on = circulation_due_on(meets_on, 14)
    assert due_on == date(2026, 3, 6)
    assert term_on(rotation, due_on).partner == "wetteraukreis"
    assert chairing_partner(rotation, meets_on) == "lwv-hessen"
