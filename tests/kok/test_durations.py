"""Durations: as long as they say."""

from datetime import date

import pytest

from kok.durations import Duration, days, months, weeks, years


@pytest.mark.parametrize(
    ("duration", "words", "spelled", "before"),
    [
        (years(10), "10 Jahre", "zehn Jahre", date(2018, 2, 28)),
        (months(12), "12 Monate", "zwölf Monate", date(2027, 2, 28)),
        (months(6), "6 Monate", "sechs Monate", date(2027, 8, 29)),
        (weeks(6), "6 Wochen", "sechs Wochen", date(2028, 1, 18)),
        (days(40), "40 Tage", "40 Tage", date(2028, 1, 20)),
    ],
)
def test_given_a_duration_when_it_is_told_and_counted_back_then_both_say_the_same(
    duration: Duration, words: str, spelled: str, before: date
) -> None:
    assert (str(duration), duration.spelled, duration.before(date(2028, 2, 29))) == (words, spelled, before)


def test_given_the_last_day_of_a_month_when_months_go_by_then_it_is_the_last_day_again() -> None:
    assert months(6).after(date(2027, 8, 31)) == date(2028, 2, 29)
    assert weeks(6).after(date(2027, 8, 31)) == date(2027, 10, 12)
