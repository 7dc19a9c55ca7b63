"""Scenario 29: born on a leap day."""

from datetime import date

import pytest

from transitions.rules.age_limit import limit_reached_on


@pytest.mark.parametrize(
    ("born_on", "reached_on"),
    [(date(1960, 2, 29), date(2026, 6, 28)), (date(1964, 2, 29), date(2031, 2, 28))],
)
def test_29_given_a_birth_on_a_leap_day_when_computed_then_no_special_case_is_needed(born_on, reached_on):
    assert limit_reached_on(born_on) == reached_on
