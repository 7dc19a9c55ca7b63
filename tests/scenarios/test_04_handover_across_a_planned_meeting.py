"""Scenario 4: one partner invites, the other one chairs (R-SEC-2, R-SEC-3)."""

from datetime import date

from meetings.rules.secretariat import Rotation, chairing_partner, convening_partner, minutes_owner


def test_04_given_a_meeting_after_the_change_when_invited_before_it_then_lwv_sends_and_wetteraukreis_chairs():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    meets_on, dispatch_on = date(2026, 3, 12), date(2026, 2, 26)
    assert convening_partner(rotation, dispatch_on) == "lwv-hessen"
    assert chairing_partner(rotation, meets_on) == "wetteraukreis"
    assert minutes_owner(rotation, meets_on) == "wetteraukreis"
