"""Scenario 2: a term that ends in a leap year ends on 29.02."""

from datetime import date

from meetings.convening.rules.secretariat import Rotation, term_on


def test_02_given_term_1_when_it_ends_in_a_leap_year_then_its_last_day_is_29_02_and_lwv_follows():
    rotation = Rotation(anchor_on=date(2022, 3, 1), years=2, order=("wetteraukreis", "lwv-hessen"))
    term = term_on(rotation, date(2024, 2, 29))
    assert (term.number, term.partner, term.last_day) == (1, "wetteraukreis", date(2024, 2, 29))
    assert term_on(rotation, date(2024, 3, 1)).partner == "lwv-hessen"
