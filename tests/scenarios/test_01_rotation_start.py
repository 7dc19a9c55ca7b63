"""Scenario 1: the rotation starts with the Wetteraukreis (Punkt 5)."""

from datetime import date

from meetings.convening.rules.secretariat import Rotation, term_on


def test_01_given_the_anchor_when_asked_for_that_day_then_the_wetteraukreis_holds_the_secretariat():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    assert term_on(rotation, date(2022, 3, 1)).partner == "wetteraukreis"
