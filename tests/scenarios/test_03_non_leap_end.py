"""Scenario 3: a term that ends in an ordinary year ends on 28.02."""

from datetime import date

from meetings.convening.rules.secretariat import Rotation, term_on


def test_03_given_term_2_when_it_ends_in_an_ordinary_year_then_28_02_is_lwv_and_01_03_wetteraukreis():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    term = term_on(rotation, date(2026, 2, 28))
    assert (term.number, term.partner, term.last_day) == (2, "lwv-hessen", date(2026, 2, 28))
    assert term_on(rotation, date(2026, 3, 1)).partner == "wetteraukreis"
