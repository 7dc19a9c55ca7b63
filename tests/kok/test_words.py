"""How days, moments, numbers and lists are written, wherever they are written."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from kok import words

FRIDAY = date(2027, 4, 30)
AT = datetime(2027, 4, 30, 8, 42, 7, tzinfo=UTC)  # 10:42 in Hessen
LATE = datetime(2027, 4, 30, 22, 30, tzinfo=UTC)  # the next day in Hessen


@pytest.mark.parametrize(("write", "value", "written"), [
    (words.day, FRIDAY, "30.04.2027"),
    (words.day, LATE, "01.05.2027"),
    (words.weekday, FRIDAY, "Fr 30.04.2027"),
    (words.weekday, LATE, "Sa 01.05.2027"),
    (words.weekday_name, FRIDAY, "Freitag"),
    (words.hour, AT, "10:42"),
    (words.hour, time(0, 5), "00:05"),
    (words.hour, time(0, 0), "00:00"),
    (words.clock, AT, "10:42 Uhr"),
    (words.clock, datetime(2027, 4, 30, 8, 42), "08:42 Uhr"),  # noqa: DTZ001  told as it is
    (words.moment, AT, "Fr 30.04.2027, 10:42 Uhr"),
    (words.stamp, AT, "30.04.2027, 10:42 Uhr"),
    (words.day_at, AT, "30.04.2027 um 10:42 Uhr"),
    (words.second, AT, "Fr 30.04.2027, 10:42:07 Uhr"),
    (words.number, 50002, "50.002"),
    (words.number, 7, "7"),
    (words.number, -1234567, "-1.234.567"),
    (words.number, Decimal("1250.50"), "1.250,50"),
    (words.spelled, 0, "keine"),
    (words.spelled, 12, "zwölf"),
    (words.spelled, 13, "13"),
    (words.enumeration, [], ""),
    (words.enumeration, ["a"], "a"),
    (words.enumeration, ["a", "b"], "a und b"),
    (words.enumeration, iter("abc"), "a, b und c"),
])  # fmt: skip
def test_given_a_day_moment_number_or_list_when_written_then_it_is_german(write, value, written):
    assert write(value) == written


def test_given_words_for_what_may_be_so_when_said_then_those_are_told_that_are():
    assert words.said((1, "eins"), ("", "nichts"), ([2], "zwei")) == ["eins", "zwei"]


@pytest.mark.parametrize("write", [
    words.day, words.weekday, words.hour, words.clock, words.moment, words.stamp, words.day_at, words.second,
    words.period,
])  # fmt: skip
def test_given_nothing_when_written_then_nothing_stands_there(write):
    assert write(None) == ""


@pytest.mark.parametrize(("lower", "upper", "written"), [
    (date(2022, 3, 1), date(2024, 3, 1), "01.03.2022 bis 29.02.2024"),
    (date(2022, 3, 1), None, "ab 01.03.2022"),
    (None, date(2024, 3, 1), "bis 29.02.2024"),
    (None, None, "ohne Begrenzung"),
])  # fmt: skip
def test_given_a_half_open_period_when_written_then_its_last_day_is_inclusive(lower, upper, written):
    assert words.between(lower, words.last_day(upper)) == written


@pytest.mark.parametrize(("number", "word", "told"), [
    (0, "Sitzungen", "0 Sitzungen"), (1, "Sitzung", "eine Sitzung"), (2, "Sitzungen", "2 Sitzungen"),
])  # fmt: skip
def test_given_a_number_of_things_when_told_then_one_is_one_and_all_others_are_many(number, word, told):
    assert words.plural(number, "Sitzung", "Sitzungen") == word
    assert words.counted(number, "eine Sitzung", "Sitzungen") == told


@pytest.mark.parametrize(("on", "until", "left"), [
    (date(2027, 4, 27), "in 3 Tagen", "noch 3 Tage"),
    (date(2027, 4, 29), "morgen", "noch ein Tag"),
    (FRIDAY, "heute", "nur noch heute"),
])  # fmt: skip
def test_given_a_day_that_comes_when_counted_to_then_tomorrow_and_today_have_their_words(on, until, left):
    assert (words.days_until(FRIDAY, on), words.days_left(FRIDAY, on)) == (until, left)


@pytest.mark.parametrize(("on", "late"), [(date(2027, 5, 1), "einem Tag"), (date(2027, 5, 2), "2 Tagen")])
def test_given_a_day_that_is_over_when_counted_then_it_says_for_how_long(on, late):
    assert words.days_until(FRIDAY, on) == f"seit {late} überfällig"
