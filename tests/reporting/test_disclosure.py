"""What the rule of 8.6 tells and what it keeps, for every number there can be."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from reporting.figures.rules.disclosure import (
    A_FEW,
    EURO_STEP,
    SMALLEST_DENOMINATOR,
    STEP,
    WITHHELD,
    Exactness,
    Measured,
    Shown,
    rounded,
    shown,
)

EXACT, ROUNDED = Exactness
counts = st.integers(0, 200_000).map(Decimal)
ratio_units = st.sampled_from(["PER_1000", "PERCENT", "EUR"])


def number(value, unit="PERSON", **more):
    return shown(Measured(Decimal(value), unit, **more), ROUNDED).number


@pytest.mark.parametrize(
    ("exact", "told"),
    [(0, 0), (1, 0), (2, 0), (3, 5), (4, 5), (5, 5), (6, 5), (7, 5), (8, 10), (12, 10), (13, 15), (3478, 3480)],
)
def test_given_a_count_when_shown_to_bodies_then_it_is_the_nearest_multiple_of_five(exact, told):
    assert number(exact) == told
    assert number(exact, unit="") == told
    assert number(exact, unit="CASE") == told
    assert shown(Measured(Decimal(exact), "PERSON"), EXACT).number == exact


@given(counts)
def test_given_any_count_when_shown_to_bodies_then_at_least_three_numbers_look_the_same(value):
    same = [each for each in range(max(0, int(value) - 5), int(value) + 6) if number(each) == number(value)]
    assert number(value) % STEP == 0
    assert len(same) >= 3
    assert abs(number(value) - value) <= 2


@given(counts, counts, ratio_units)
def test_given_any_ratio_when_shown_to_bodies_then_it_follows_from_rounded_numbers_only(numerator, denominator, unit):
    assume(denominator > 0)
    step = EURO_STEP if unit == "EUR" else STEP
    seen = shown(Measured(numerator / denominator, unit, numerator, denominator), ROUNDED)
    as_if = shown(Measured(Decimal(0), unit, rounded(numerator, step), rounded(denominator)), ROUNDED)
    assert seen == as_if
    assert (seen.number is None) == (rounded(denominator) < SMALLEST_DENOMINATOR)


@given(st.integers(1, 200_000).map(Decimal), st.data())
def test_given_a_part_of_a_whole_when_its_share_is_shown_to_bodies_then_it_is_never_above_all(whole, data):
    part = Decimal(data.draw(st.integers(0, int(whole))))
    share = shown(Measured(part / whole * 100, "PERCENT", part, whole), ROUNDED)
    assert share == WITHHELD or 0 <= share.number <= 100


@pytest.mark.parametrize("denominator", [1, 5, 12, 17])
def test_given_fewer_than_twenty_people_when_a_share_is_shown_to_bodies_then_it_is_withheld(denominator):
    measured = Measured(Decimal(50), "PERCENT", Decimal(denominator) / 2, Decimal(denominator))
    assert shown(measured, ROUNDED) == WITHHELD
    assert shown(measured, EXACT).number == 50


def test_given_a_ratio_without_its_two_numbers_when_shown_to_bodies_then_it_is_withheld():
    for more in ({}, {"numerator": Decimal(41)}, {"denominator": Decimal(410)}):
        assert shown(Measured(Decimal(10), "PERCENT", **more), ROUNDED) == WITHHELD
    assert shown(Measured(Decimal("4.1"), "PER_1000"), ROUNDED) == WITHHELD


def test_given_a_unit_that_nobody_knows_when_shown_to_bodies_then_it_is_withheld():
    assert shown(Measured(Decimal(7), "HOURS"), ROUNDED) == WITHHELD
    assert shown(Measured(Decimal(7), "HOURS", Decimal(70), Decimal(100)), ROUNDED) == WITHHELD


@pytest.mark.parametrize("people", [None, *map(Decimal, (0, 1, 12, 17))])
def test_given_few_or_unknown_people_when_their_money_is_shown_to_bodies_then_it_is_withheld(people):
    assert shown(Measured(Decimal(312_345), "EUR"), ROUNDED, people=people) == WITHHELD


@given(st.integers(0, 10**10).map(Decimal), st.integers(20, 10_000).map(Decimal))
def test_given_money_for_many_when_shown_to_bodies_then_it_is_in_whole_thousands(value, people):
    told = shown(Measured(value, "EUR"), ROUNDED, people=people).number
    assert told % EURO_STEP == 0
    assert abs(told - value) <= EURO_STEP / 2


def looks_like(told):
    """All counts that are shown as this number."""
    return [each for each in range(max(0, int(told) - 6), int(told) + 7) if number(each) == told]


def fits_of(parts):
    """What the last part can be for somebody who sees all parts and the total, and knows the rule."""
    others = [looks_like(number(each)) for each in parts[:-1]]
    low, high = sum(map(min, others)), sum(map(max, others))
    totals = looks_like(number(sum(parts)))
    return [each for each in looks_like(number(parts[-1])) if low + each <= max(totals) and high + each >= min(totals)]


@given(st.lists(st.integers(0, 400), min_size=2, max_size=3))
def test_given_a_total_of_two_or_three_parts_when_subtracted_then_no_part_follows(parts):
    assert parts[-1] in fits_of(parts)
    assert len(fits_of(parts)) >= 2


def test_given_four_parts_all_two_above_when_subtracted_then_they_follow_and_this_is_the_known_limit_of_the_rule():
    """8.6 wants each cell rounded by itself. Of 625 rests of four parts, these two are the only ones that give way."""
    rests = [(a, b, c, d) for a in range(5) for b in range(5) for c in range(5) for d in range(5)]
    given_away = [rest for rest in rests if len(fits_of([50 + each for each in rest])) == 1]
    assert given_away == [(2, 2, 2, 2), (3, 3, 3, 3)]


@given(counts, counts)
def test_given_two_years_when_subtracted_then_the_difference_is_a_multiple_of_five(before, after):
    assert (number(after) - number(before)) % STEP == 0


@pytest.mark.parametrize("flag", [".", "x", "/"])
@pytest.mark.parametrize("exactness", [EXACT, ROUNDED])
def test_given_a_cell_without_number_when_shown_then_its_sign_is_told_and_nothing_else(flag, exactness):
    assert shown(Measured(None, "PERSON", flag=flag), exactness) == Shown(None, flag)


def test_given_a_secret_cell_that_holds_a_number_when_shown_to_bodies_then_the_number_stays_secret():
    assert shown(Measured(Decimal(40), "PERSON", flag="."), ROUNDED) == Shown(None, ".")


def test_given_single_cases_when_shown_to_the_conference_then_one_to_four_look_the_same():
    assert {shown(Measured(Decimal(each), "PERSON"), EXACT, counts_cases=True) for each in range(1, 5)} == {A_FEW}
    assert shown(Measured(Decimal(0), "PERSON"), EXACT, counts_cases=True).number == 0
    assert shown(Measured(Decimal(5), "PERSON"), EXACT, counts_cases=True).number == 5


@pytest.mark.parametrize("value", [None, *map(Decimal, (0, 1, 4, 5, 40))])
def test_given_single_cases_when_shown_to_bodies_and_guests_then_they_are_left_out(value):
    assert shown(Measured(value, "PERSON"), ROUNDED, counts_cases=True) == WITHHELD
