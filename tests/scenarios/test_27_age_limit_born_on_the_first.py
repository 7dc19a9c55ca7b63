"""Scenario 27: born on the first of a month, the limit is reached on the Stichtag itself."""

from datetime import date

from transitions.rules.age_limit import counts_on, limit_reached_on

BORN_ON = date(1958, 1, 1)
STICHTAG = date(2023, 12, 31)


def test_27_given_a_birth_on_01_01_1958_when_computed_then_reached_on_31_12_2023_and_not_counted_on_that_stichtag():
    assert limit_reached_on(BORN_ON) == STICHTAG
    assert not counts_on(BORN_ON, STICHTAG)
