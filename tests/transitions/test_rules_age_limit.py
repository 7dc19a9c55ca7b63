"""R-AGE: the tables of domain.md 3.2 to 3.4, an oracle that counts day by day, and what the naive formula does."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from transitions.rules.age_limit import (
    FIRST_YEAR,
    LAST_YEAR,
    check_born_on,
    code,
    cohorts,
    counts_on,
    first_day_after,
    limit_months,
    limit_reached_on,
    words,
)
from transitions.rules.codes import LimitException

BIRTHDAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))
ONE_DAY = timedelta(days=1)

# Cohort, months, age, and the days on which births of 01.01., 02.01., 15.06. and 31.12. reach the limit.
COHORTS = """
1946  0 65-0  31.12.2010 01.01.2011 14.06.2011 30.12.2011
1947  1 65-1  31.01.2012 01.02.2012 14.07.2012 30.01.2013
1948  2 65-2  28.02.2013 01.03.2013 14.08.2013 28.02.2014
1949  3 65-3  31.03.2014 01.04.2014 14.09.2014 30.03.2015
1950  4 65-4  30.04.2015 01.05.2015 14.10.2015 30.04.2016
1951  5 65-5  31.05.2016 01.06.2016 14.11.2016 30.05.2017
1952  6 65-6  30.06.2017 01.07.2017 14.12.2017 30.06.2018
1953  7 65-7  31.07.2018 01.08.2018 14.01.2019 30.07.2019
1954  8 65-8  31.08.2019 01.09.2019 14.02.2020 30.08.2020
1955  9 65-9  30.09.2020 01.10.2020 14.03.2021 30.09.2021
1956 10 65-10 31.10.2021 01.11.2021 14.04.2022 30.10.2022
1957 11 65-11 30.11.2022 01.12.2022 14.05.2023 30.11.2023
1958 12 66-0  31.12.2023 01.01.2024 14.06.2024 30.12.2024
1959 14 66-2  28.02.2025 01.03.2025 14.08.2025 28.02.2026
1960 16 66-4  30.04.2026 01.05.2026 14.10.2026 30.04.2027
1961 18 66-6  30.06.2027 01.07.2027 14.12.2027 30.06.2028
1962 20 66-8  31.08.2028 01.09.2028 14.02.2029 30.08.2029
1963 22 66-10 31.10.2029 01.11.2029 14.04.2030 30.10.2030
1964 24 67-0  31.12.2030 01.01.2031 14.06.2031 30.12.2031
1965 24 67-0  31.12.2031 01.01.2032 14.06.2032 30.12.2032
"""

# Month in which births on days 2 to 31 reach the limit; January to December.
MONTHS = """
1947 02/12 03/12 04/12 05/12 06/12 07/12 08/12 09/12 10/12 11/12 12/12 01/13
1948 03/13 04/13 05/13 06/13 07/13 08/13 09/13 10/13 11/13 12/13 01/14 02/14
1949 04/14 05/14 06/14 07/14 08/14 09/14 10/14 11/14 12/14 01/15 02/15 03/15
1950 05/15 06/15 07/15 08/15 09/15 10/15 11/15 12/15 01/16 02/16 03/16 04/16
1951 06/16 07/16 08/16 09/16 10/16 11/16 12/16 01/17 02/17 03/17 04/17 05/17
1952 07/17 08/17 09/17 10/17 11/17 12/17 01/18 02/18 03/18 04/18 05/18 06/18
1953 08/18 09/18 10/18 11/18 12/18 01/19 02/19 03/19 04/19 05/19 06/19 07/19
1954 09/19 10/19 11/19 12/19 01/20 02/20 03/20 04/20 05/20 06/20 07/20 08/20
1955 10/20 11/20 12/20 01/21 02/21 03/21 04/21 05/21 06/21 07/21 08/21 09/21
1956 11/21 12/21 01/22 02/22 03/22 04/22 05/22 06/22 07/22 08/22 09/22 10/22
1957 12/22 01/23 02/23 03/23 04/23 05/23 06/23 07/23 08/23 09/23 10/23 11/23
1958 01/24 02/24 03/24 04/24 05/24 06/24 07/24 08/24 09/24 10/24 11/24 12/24
1959 03/25 04/25 05/25 06/25 07/25 08/25 09/25 10/25 11/25 12/25 01/26 02/26
1960 05/26 06/26 07/26 08/26 09/26 10/26 11/26 12/26 01/27 02/27 03/27 04/27
1961 07/27 08/27 09/27 10/27 11/27 12/27 01/28 02/28 03/28 04/28 05/28 06/28
1962 09/28 10/28 11/28 12/28 01/29 02/29 03/29 04/29 05/29 06/29 07/29 08/29
1963 11/29 12/29 01/30 02/30 03/30 04/30 05/30 06/30 07/30 08/30 09/30 10/30
1964 01/31 02/31 03/31 04/31 05/31 06/31 07/31 08/31 09/31 10/31 11/31 12/31
1965 01/32 02/32 03/32 04/32 05/32 06/32 07/32 08/32 09/32 10/32 11/32 12/32
"""

# Born, reached with the end of, first day after, what the naive formula gives.
EDGES = """
31.12.1946 30.12.2011 31.12.2011 same
01.01.1947 31.01.2012 01.02.2012 same
29.02.1952 28.08.2017 29.08.2017 same
31.03.1957 28.02.2023 01.03.2023 27.02.2023
01.01.1958 31.12.2023 01.01.2024 same
31.12.1958 30.12.2024 31.12.2024 same
01.01.1959 28.02.2025 01.03.2025 same
01.11.1959 31.12.2025 01.01.2026 same
30.12.1959 28.02.2026 01.03.2026 27.02.2026
31.12.1959 28.02.2026 01.03.2026 27.02.2026
29.02.1960 28.06.2026 29.06.2026 same
31.10.1960 28.02.2027 01.03.2027 27.02.2027
31.08.1961 29.02.2028 01.03.2028 28.02.2028
31.12.1963 30.10.2030 31.10.2030 same
01.01.1964 31.12.2030 01.01.2031 same
29.02.1964 28.02.2031 01.03.2031 27.02.2031
01.03.1964 28.02.2031 01.03.2031 same
"""

# Stichtag, the last birthday that counts, the birthday that reaches the limit on the Stichtag itself.
REFERENCE_DATES = """
31.12.2021 29.02.1956 01.03.1956
31.12.2022 31.01.1957 01.02.1957
31.12.2023 31.12.1957 01.01.1958
31.12.2024 31.12.1958 -
31.12.2025 31.10.1959 01.11.1959
31.12.2026 31.08.1960 01.09.1960
31.12.2027 30.06.1961 01.07.1961
31.12.2028 30.04.1962 01.05.1962
31.12.2029 28.02.1963 01.03.1963
31.12.2030 31.12.1963 01.01.1964
31.12.2031 31.12.1964 01.01.1965
31.12.2032 31.12.1965 01.01.1966
31.12.2033 31.12.1966 01.01.1967
31.12.2034 31.12.1967 01.01.1968
"""


def a_day(text):
    day, month, year = text.split(".")
    return date(int(year), int(month), int(day))


def rows(table):
    return [tuple(line.split()) for line in table.strip().splitlines()]


def every_day(first_year, last_year):
    first, last = date(first_year, 1, 1), date(last_year, 12, 31)
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def naive(born_on):
    """Add months, cut to the end of the month, minus one day: right on most birthdays."""
    months = born_on.year * 12 + born_on.month - 1 + 780 + limit_months(born_on)
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(born_on.day, monthrange(year, month)[1])) - ONE_DAY


def slow(born_on):
    """Walks day by day through all months of life; the end of a month of life is read off §§ 187, 188 BGB.

    A month of life that began on the n-th ends with the day before the next n-th (§ 188 Abs. 2), or with the last
    day of a calendar month that has no such day (§ 188 Abs. 3).
    """
    wanted, lived, day = 780 + limit_months(born_on), 0, born_on
    while True:
        tomorrow = day + ONE_DAY
        is_short_month = tomorrow.day == 1 and day.day < born_on.day
        if tomorrow.day == born_on.day or is_short_month:
            lived += 1
        if lived == wanted:
            return day
        day = tomorrow


@pytest.mark.parametrize(("year", "months", "age", "first", "second", "june", "last"), rows(COHORTS))
def test_given_a_cohort_when_computed_then_age_and_days_are_those_of_the_rule_book(
    year, months, age, first, second, june, last
):
    years, rest = age.split("-")
    birthdays = [date(int(year), *day) for day in ((1, 1), (1, 2), (6, 15), (12, 31))]
    assert {limit_months(day) for day in birthdays} == {int(months)}
    assert code(int(months)) == f"{years} y {rest} m"
    assert [limit_reached_on(day) for day in birthdays] == [a_day(day) for day in (first, second, june, last)]


@pytest.mark.parametrize(("year", "months"), [(row[0], row[1:]) for row in rows(MONTHS)])
def test_given_a_cohort_when_born_on_days_2_to_31_then_the_month_is_that_of_the_table_and_on_the_1st_the_one_before(
    year, months
):
    for day in every_day(int(year), int(year)):
        reached_on = limit_reached_on(day)
        shown = reached_on + ONE_DAY if day.day == 1 else reached_on
        assert shown.strftime("%m/%y") == months[day.month - 1], day


@pytest.mark.parametrize(("born_on", "reached_on", "after", "wrong"), rows(EDGES))
def test_given_an_edge_when_computed_then_it_is_that_of_the_rule_book(born_on, reached_on, after, wrong):
    born_on = a_day(born_on)
    assert limit_reached_on(born_on) == a_day(reached_on)
    assert first_day_after(born_on) == a_day(after)
    assert naive(born_on) == a_day(reached_on if wrong == "same" else wrong)


@pytest.mark.parametrize(("reference_date", "last_counted", "on_the_day"), rows(REFERENCE_DATES))
def test_given_a_stichtag_when_counted_then_the_limit_lies_strictly_before(reference_date, last_counted, on_the_day):
    reference_date, last_counted = a_day(reference_date), a_day(last_counted)
    assert counts_on(last_counted, reference_date)
    assert not counts_on(last_counted + ONE_DAY, reference_date)
    reaching = [day for day in every_day(1955, 1970) if limit_reached_on(day) == reference_date]
    assert reaching == ([] if on_the_day == "-" else [a_day(on_the_day)])


def test_given_1947_to_1963_when_computed_naively_then_80_birthdays_are_a_day_too_early():
    different = [day for day in every_day(1947, 1963) if naive(day) != limit_reached_on(day)]
    assert len(different) == 80
    assert {limit_reached_on(day) - naive(day) for day in different} == {ONE_DAY}


def test_given_every_birthday_1947_to_1970_when_in_order_then_no_later_one_reaches_the_limit_earlier():
    reached = [limit_reached_on(day) for day in every_day(1947, 1970)]
    assert reached == sorted(reached)


@given(BIRTHDAYS, BIRTHDAYS)
def test_given_two_birthdays_when_compared_then_the_later_one_does_not_reach_the_limit_earlier(one, other):
    earlier, later = sorted((one, other))
    assert limit_reached_on(earlier) <= limit_reached_on(later)


@given(st.dates(date(1940, 1, 1), date(1970, 12, 31)))
def test_given_a_birthday_when_months_of_life_are_counted_day_by_day_then_the_day_is_the_same(born_on):
    assert limit_reached_on(born_on) == slow(born_on)


@given(BIRTHDAYS, st.integers(-3, 3))
def test_given_days_around_the_limit_when_counted_then_the_day_itself_is_the_last_that_does_not_count(born_on, days):
    assert counts_on(born_on, limit_reached_on(born_on) + timedelta(days=days)) == (days > 0)


@pytest.mark.parametrize(
    ("born_on", "exception", "reached_on"),
    [
        ("10.05.1954", LimitException.PARTIAL_RETIREMENT, "09.05.2019"),
        ("31.12.1954", LimitException.PARTIAL_RETIREMENT, "30.12.2019"),
        ("31.12.1954", LimitException.MINER, "30.12.2019"),
        ("01.01.1955", LimitException.MINER, "31.12.2019"),
        ("31.12.1963", LimitException.MINER, "30.12.2028"),
    ],
)
def test_given_an_exception_when_computed_then_the_limit_stays_at_65(born_on, exception, reached_on):
    assert limit_months(a_day(born_on), exception) == 0
    assert limit_reached_on(a_day(born_on), exception) == a_day(reached_on)
    assert counts_on(a_day(born_on), a_day(reached_on) + ONE_DAY, exception)


@pytest.mark.parametrize(
    ("born_on", "exception", "sentence"),
    [
        ("01.01.1955", LimitException.PARTIAL_RETIREMENT, "vor dem 01.01.1955 geboren sind"),
        ("01.01.1964", LimitException.MINER, "vor dem 01.01.1964 geboren sind"),
    ],
)
def test_given_an_exception_that_does_not_cover_the_birthday_when_computed_then_a_sentence_says_why(
    born_on, exception, sentence
):
    with pytest.raises(Refused, match=sentence):
        limit_months(a_day(born_on), exception)


@pytest.mark.parametrize("year", [1, 1899, 2101, 9999])
def test_given_a_year_that_nobody_means_when_computed_then_it_is_refused_with_four_digits_as_advice(year):
    with pytest.raises(Refused, match="mit vier Ziffern"):
        limit_reached_on(date(year, 12, 31))


def test_given_a_birth_after_the_stichtag_when_counted_then_it_is_refused():
    with pytest.raises(Refused, match=r"liegt nach dem 31\.12\.2025"):
        counts_on(date(2026, 1, 1), date(2025, 12, 31))
    check_born_on(date(2025, 12, 31), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("months", "german", "short"),
    [
        (0, "65 Jahre", "65 y 0 m"),
        (1, "65 Jahre und 1 Monat", "65 y 1 m"),
        (12, "66 Jahre", "66 y 0 m"),
        (14, "66 Jahre und 2 Monate", "66 y 2 m"),
        (24, "67 Jahre", "67 y 0 m"),
    ],
)
def test_given_months_when_put_into_words_then_people_and_machines_get_theirs(months, german, short):
    assert (words(months), code(months)) == (german, short)


def test_given_the_table_when_listed_then_it_has_every_cohort_and_the_open_ones_at_both_ends():
    found = list(cohorts())
    assert [found[0].label, found[1].label, found[-2].label, found[-1].label] == ["vor 1947", "1947", "1963", "ab 1964"]
    assert len(found) == 19
    assert (found[13].age, found[13].first_reached_on, found[13].last_reached_on) == (
        "66 Jahre und 2 Monate", date(2025, 2, 28), date(2026, 2, 28),
    )  # fmt: skip
    assert (found[0].first_reached_on, found[0].last_reached_on) == (None, date(2011, 12, 30))
    assert (found[-1].first_reached_on, found[-1].last_reached_on) == (date(2030, 12, 31), None)
