"""Which version answers for a day, and by whose rule something that falls due stays judged."""

from dataclasses import dataclass
from datetime import date

import pytest

from members.rules.terms import on, under


@dataclass(frozen=True)
class Due:
    """A version that names a day of the year, or none."""

    starts_on: date
    ends_on: date | None
    day: tuple[int, int] | None

    def in_year(self, year):
        """The day of that year."""
        return self.day and date(year, *self.day)


def two(first, second, changed_on):
    before = date.fromordinal(changed_on.toordinal() - 1)
    return Due(date(2022, 3, 1), before, first), Due(changed_on, None, second)


APRIL, MAY = (4, 30), (5, 15)


@pytest.mark.parametrize(
    ("first", "second", "changed_on", "year", "expected"),
    [
        (APRIL, MAY, date(2024, 1, 1), 2023, APRIL),
        (APRIL, MAY, date(2024, 1, 1), 2024, MAY),
        (APRIL, MAY, date(2024, 4, 30), 2024, MAY),
        (APRIL, MAY, date(2024, 5, 1), 2024, APRIL),  # fell due already; not a second time in May
        (MAY, APRIL, date(2024, 5, 5), 2024, MAY),  # 30.04. was no deadline yet on 30.04.
        (MAY, APRIL, date(2024, 5, 5), 2025, APRIL),
        (APRIL, None, date(2024, 5, 1), 2024, APRIL),
        (APRIL, None, date(2024, 4, 1), 2024, None),
        (None, MAY, date(2024, 4, 1), 2023, None),
        (None, MAY, date(2024, 4, 1), 2024, MAY),
        (None, APRIL, date(2024, 5, 1), 2024, None),
    ],
)
def test_given_a_rule_that_changed_when_something_falls_due_then_it_is_judged_once_and_by_the_rule_of_its_day(
    first, second, changed_on, year, expected
):
    found = under(two(first, second, changed_on), lambda version: version.in_year(year))
    assert (found.day if found else None) == expected


def test_given_a_day_before_the_first_version_when_asked_then_the_first_answers():
    versions = two(APRIL, MAY, date(2024, 1, 1))
    days = [date(2000, 1, 1), date(2023, 12, 31), date(2024, 1, 1), date(2100, 1, 1)]
    assert [on(versions, day).day for day in days] == [APRIL, APRIL, MAY, MAY]
