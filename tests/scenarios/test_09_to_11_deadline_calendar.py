"""Scenarios 9 to 11, as far as the calendar answers them: where 30.04. really ends."""

from datetime import date

import pytest

from kok.workdays import Policy, due, holiday_name


@pytest.mark.parametrize(
    ("nominal", "weekday", "effective"),
    [
        pytest.param(date(2028, 4, 30), "Sunday", date(2028, 5, 2), id="9-sunday-before-1-may"),
        pytest.param(date(2033, 4, 30), "Saturday", date(2033, 5, 2), id="10-saturday"),
        pytest.param(date(2027, 4, 30), "Friday", date(2027, 4, 30), id="11-ordinary"),
    ],
)
def test_given_8b_due_on_30_april_when_the_calendar_is_asked_then_the_effective_day_is(nominal, weekday, effective):
    assert nominal.strftime("%A") == weekday
    assert due(nominal, Policy.ROLL_FORWARD) == effective


def test_09_given_the_monday_after_sunday_30_april_2028_when_asked_then_it_is_a_holiday():
    assert holiday_name(date(2028, 5, 1)) == "Erster Mai"
