"""Scenario 30: the limit stays at 65 with partial retirement agreed before 2007."""

from datetime import date

from transitions.rules.age_limit import limit_months, limit_reached_on
from transitions.rules.codes import LimitException

BORN_ON = date(1954, 5, 10)


def test_30_given_partial_retirement_when_born_on_10_05_1954_then_the_limit_is_65_and_reached_on_09_05_2019():
    assert limit_months(BORN_ON, LimitException.PARTIAL_RETIREMENT) == 0
    assert limit_reached_on(BORN_ON, LimitException.PARTIAL_RETIREMENT) == date(2019, 5, 9)
    assert limit_months(BORN_ON) == 8
