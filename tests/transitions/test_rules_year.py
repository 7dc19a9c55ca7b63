"""Which list names whom: the list of Y the leavers of Y + 1 (domain.md 2.3, Punkt 8b)."""

from datetime import date

import pytest

from kok.errors import Refused
from transitions.rules.year import (
    WrongYear,
    check_list_year,
    check_year,
    is_late_addition,
    is_past,
    years_missing,
    years_to_begin,
)

YEAR = 2027


@pytest.mark.parametrize(
    ("ends_on", "is_late"),
    [
        (date(2028, 1, 1), False),
        (date(2028, 7, 1), False),
        (date(2028, 12, 1), False),
        (date(2028, 7, 1), True),
        (date(2027, 1, 1), True),
        (date(2027, 12, 1), True),
    ],
)
def test_given_an_end_of_school_when_it_fits_the_list_then_it_is_accepted(ends_on, is_late):
    check_year(ends_on, YEAR, is_late)


@pytest.mark.parametrize(
    ("ends_on", "is_late", "may_be_late", "sentence"),
    [
        (date(2027, 12, 1), False, True, "Als Nachmeldung können Sie den Fall aufnehmen"),
        (date(2029, 1, 1), False, False, "gehört auf die Liste 2028"),
        (date(2029, 1, 1), True, False, "gehört auf die Liste 2028"),
        (date(2029, 7, 1), True, False, "und dort „Die Schule endet später“"),
        (date(2031, 7, 1), False, False, "gehört auf die Liste 2030"),
        (date(2026, 12, 1), False, False, "gehörte auf die Liste 2025"),
        (date(2026, 12, 1), True, False, "gehörte auf die Liste 2025"),
    ],
)
def test_given_an_end_of_school_when_it_does_not_fit_then_the_sentence_leads_to_the_right_place(
    ends_on, is_late, may_be_late, sentence
):
    with pytest.raises(WrongYear, match=sentence) as refused:
        check_year(ends_on, YEAR, is_late)
    assert refused.value.may_be_late is may_be_late
    assert "Die Liste 2027 nennt die Schulabgänge 2028" in refused.value.sentence


@pytest.mark.parametrize("year", [2025, 2026, 2027, 2028])
def test_given_a_year_that_is_not_past_when_a_list_is_begun_then_it_may_until_the_last_day_before_its_erasure(year):
    check_list_year(year, date(2027, 3, 1), 2022)
    check_list_year(year, date(2027, 12, 30), 2022)


@pytest.mark.parametrize(
    ("year", "today", "offered"),
    [
        (2024, date(2027, 3, 1), "2025 bis 2028"),
        (2025, date(2027, 12, 31), "2026 bis 2028"),
        (2029, date(2027, 12, 31), "2026 bis 2028"),
        (2021, date(2022, 3, 1), "2022 bis 2023"),
    ],
)
def test_given_another_year_when_a_list_is_begun_then_refused_with_the_years_that_may(year, today, offered):
    with pytest.raises(Refused, match=offered):
        check_list_year(year, today, 2022)


DEADLINES = {
    2024: date(2024, 4, 30),
    2025: date(2025, 4, 30),
    2026: date(2026, 4, 30),
    2027: date(2027, 4, 30),
    2028: date(2028, 5, 2),
}


@pytest.mark.parametrize(
    ("begun", "owed_from", "years"),
    [
        (set(), date(2022, 3, 1), [2025, 2026, 2027]),
        ({2026}, date(2022, 3, 1), [2025, 2027]),
        ({2025, 2027}, date(2022, 3, 1), [2026, 2028]),
        ({2025, 2026, 2027}, date(2022, 3, 1), [2028]),
        ({2025, 2026, 2027, 2028}, date(2022, 3, 1), []),
        (set(), date(2025, 5, 1), [2026, 2027]),
        (set(), date(2026, 4, 30), [2026, 2027]),
        (set(), date(2026, 5, 1), [2027]),
    ],
)
def test_given_what_is_begun_when_asked_then_the_missing_year_and_the_next_one_can_be_begun(begun, owed_from, years):
    assert years_to_begin(begun, DEADLINES, owed_from, date(2027, 3, 1)) == years


def test_given_several_years_missing_when_asked_then_each_is_named_and_past_is_whose_people_would_be_erased():
    missing = years_missing({2026}, DEADLINES, date(2022, 3, 1), date(2027, 3, 1))
    assert missing == [2024, 2025]
    assert [year for year in missing if is_past(year, date(2027, 3, 1))] == [2024]
    assert [year for year in missing if is_past(year, date(2027, 12, 31))] == [2024, 2025]


@pytest.mark.parametrize(
    ("number", "day", "is_late"),
    [(1, date(2028, 5, 3), False), (2, date(2028, 5, 2), False), (2, date(2028, 5, 3), True)],
)
def test_given_an_addition_when_its_day_comes_then_only_after_the_deadline_of_a_later_version_it_is_late(
    number, day, is_late
):
    assert is_late_addition(number, DEADLINES[2028], day) is is_late
