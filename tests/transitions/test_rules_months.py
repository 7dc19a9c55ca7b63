"""Months as people type them (domain.md 5.3: the end of school is known by month)."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from kok.words import MONTHS as NAMES
from transitions.rules.months import FIRST_YEAR, LAST_YEAR, month_words, parse_month

DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)).map(lambda day: day.replace(day=1))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("7.2028", date(2028, 7, 1)),
        ("07.2028", date(2028, 7, 1)),
        ("7/2028", date(2028, 7, 1)),
        ("07-2028", date(2028, 7, 1)),
        ("2028-07", date(2028, 7, 1)),
        ("  7 . 2028 ", date(2028, 7, 1)),
        ("Juli 2028", date(2028, 7, 1)),
        ("juli  2028", date(2028, 7, 1)),
        ("Jul. 2028", date(2028, 7, 1)),
        ("JUN 2028", date(2028, 6, 1)),
        ("März 2028", date(2028, 3, 1)),
        ("Maerz 2028", date(2028, 3, 1)),
        ("12.2100", date(2100, 12, 1)),
        ("1.2000", date(2000, 1, 1)),
    ],
)
def test_given_a_month_as_people_write_it_when_read_then_it_is_the_first_day_of_it(typed, expected):
    assert parse_month(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "", " ", "2028", "Juli", "0.2028", "13.2028", "2028-13", "7.28", "1.7.2028", "Ju 2028", "Ma 2028", "Julei 2028",
        "12.1999", "1.2101", "7.20288", "=7.2028", "07.2028; DROP", "Juli 2028 oder später",
    ],
)  # fmt: skip
def test_given_something_that_is_no_month_when_read_then_a_sentence_says_how_to_write_it(typed):
    with pytest.raises(Refused, match=r"wie 7\.2028"):
        parse_month(typed)


@given(day=DAYS)
def test_given_any_month_when_written_in_any_way_then_it_is_read_as_the_same(day):
    name = NAMES[day.month - 1]
    ways = (month_words(day), f"{day.month}.{day.year}", f"{day:%m/%Y}", f"{day:%Y-%m}", f"{name[:3]}. {day.year}")
    assert {parse_month(way) for way in ways} == {day}


@given(typed=st.text(max_size=30))
def test_given_any_text_when_read_then_it_is_a_first_day_or_refused(typed):
    with suppress(Refused):
        assert parse_month(typed).day == 1
