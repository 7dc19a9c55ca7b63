"""Days the application proposes; nothing here is law."""

from datetime import date

import pytest

from meetings.convening.rules.suggestions import answer_by, days_near

TODAY = date(2027, 4, 1)


@pytest.mark.parametrize(
    ("wished", "near"),
    [
        (date(2027, 5, 6), (date(2027, 5, 5), date(2027, 5, 7))),  # Himmelfahrt
        (date(2027, 5, 16), (date(2027, 5, 14), date(2027, 5, 18))),  # Sunday before Pfingstmontag
        (date(2027, 3, 28), (date(2027, 4, 2),)),  # in the past
        (date(2027, 4, 4), (date(2027, 4, 2), date(2027, 4, 5))),  # Sunday soon
    ],
)
def test_given_a_bad_day_when_asked_then_the_workdays_around_it_are_named_and_none_in_the_past(wished, near):
    assert days_near(wished, TODAY) == near


def test_given_an_extra_holiday_when_asked_then_it_is_not_proposed():
    assert days_near(date(2027, 5, 6), TODAY, [date(2027, 5, 7)]) == (date(2027, 5, 5), date(2027, 5, 10))


@pytest.mark.parametrize(
    ("meets_on", "asked"),
    [
        (date(2027, 5, 12), date(2027, 5, 5)),
        (date(2027, 5, 13), date(2027, 5, 5)),  # 06.05. is Himmelfahrt, so the day before
        (date(2027, 4, 8), None),  # would be today
    ],
)
def test_given_a_meeting_when_invited_then_an_answer_is_asked_for_a_week_before_if_there_is_time(meets_on, asked):
    assert answer_by(meets_on, TODAY) == asked
