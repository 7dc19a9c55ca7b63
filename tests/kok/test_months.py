"""Months and years added to a day (§ 188 Abs. 3 BGB): one table for every sum of the house."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.months import day_of, months_later, months_over

SUMS = [  # day, months, the same day later, the first day after so many months
    ("2026-01-15", 1, "2026-02-15", "2026-02-15"),
    ("2026-01-31", 1, "2026-02-28", "2026-03-01"),
    ("2028-01-31", 1, "2028-02-29", "2028-03-01"),
    ("2028-02-29", 12, "2029-02-28", "2029-03-01"),
    ("2028-02-29", 24, "2030-02-28", "2030-03-01"),
    ("2028-02-29", 48, "2032-02-29", "2032-02-29"),
    ("2028-02-29", -12, "2027-02-28", "2027-03-01"),
    ("2026-03-31", -1, "2026-02-28", "2026-03-01"),
    ("2026-10-31", 6, "2027-04-30", "2027-05-01"),
    ("2026-12-31", 12, "2027-12-31", "2027-12-31"),
    ("2026-12-31", -6, "2026-06-30", "2026-07-01"),
    ("2026-12-31", -10, "2026-02-28", "2026-03-01"),
    ("2026-12-31", 0, "2026-12-31", "2026-12-31"),
    ("2026-12-01", 1, "2027-01-01", "2027-01-01"),
    ("1960-05-31", 65 * 12 + 66, "2030-11-30", "2030-12-01"),
]

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
months = st.integers(-1200, 1200)


@pytest.mark.parametrize(("day", "number", "later", "over"), SUMS)
def test_given_a_day_when_months_are_added_then_the_sum_is_that_of_the_table(day, number, later, over):
    assert months_later(date.fromisoformat(day), number) == date.fromisoformat(later)
    assert months_over(date.fromisoformat(day), number) == date.fromisoformat(over)


@pytest.mark.parametrize(("year", "month", "day", "is_on"), [
    (2026, 4, 31, 30), (2026, 4, 30, 30), (2026, 2, 30, 28), (2028, 2, 30, 29), (2026, 12, 31, 31), (2026, 1, 1, 1),
])  # fmt: skip
def test_given_a_day_that_a_month_does_not_have_when_asked_then_it_is_the_last_of_that_month(year, month, day, is_on):
    assert day_of(year, month, day) == date(year, month, is_on)


@given(days, months)
def test_given_any_day_when_months_are_added_then_it_stays_in_that_month_and_never_passes_its_own_number(day, number):
    later = months_later(day, number)
    assert (later.year - day.year) * 12 + later.month - day.month == number
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@given(days, months)
def test_given_any_day_when_a_span_of_months_is_over_then_it_is_that_day_or_the_first_behind_a_short_month(day, number):
    over = months_over(day, number)
    assert over - months_later(day, number) == timedelta(days=0 if over.day == day.day else 1)
    assert over.day in (day.day, 1)


@given(days, st.integers(0, 600), st.integers(0, 600))
def test_given_any_day_when_more_months_are_added_then_it_never_comes_earlier(day, some, more):
    assert months_later(day, some) <= months_later(day, some + more)
    assert months_over(day, some) <= months_over(day, some + more)
