"""Scenario 28: the day is missing in a short month."""

from datetime import date

from transitions.rules.age_limit import limit_reached_on


def test_28_given_a_birth_on_31_12_1959_when_computed_then_reached_on_28_02_2026_and_not_a_day_earlier():
    assert limit_reached_on(date(1959, 12, 31)) == date(2026, 2, 28)
