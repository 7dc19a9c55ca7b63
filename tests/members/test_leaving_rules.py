"""Periods that are cut short and roles that end: pure rules, without a database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from members.rules.leaving import (
    Span,
    check_goes_on,
    check_last_day,
    check_not_past,
    cut_after,
    first_gap,
    later_end,
)

TODAY = date(2026, 9, 1)
days = st.dates(date(2026, 1, 1), date(2026, 3, 31))


@st.composite
def spans(draw):
    first = draw(days)
    return Span(first, draw(st.none() | st.integers(1, 60).map(lambda n: first + timedelta(days=n))))


@pytest.mark.parametrize(
    ("span", "left"),
    [
        (Span(date(2022, 3, 1)), Span(date(2022, 3, 1), TODAY)),
        (Span(date(2022, 3, 1), date(2026, 9, 1)), Span(date(2022, 3, 1), date(2026, 9, 1))),
        (Span(date(2022, 3, 1), date(2026, 9, 2)), Span(date(2022, 3, 1), TODAY)),
        (Span(date(2026, 8, 31)), Span(date(2026, 8, 31), TODAY)),
        (Span(TODAY), None),
        (Span(date(2027, 1, 1), date(2028, 1, 1)), None),
    ],
)
def test_given_a_period_when_cut_then_the_days_before_stay_and_what_had_not_begun_is_gone(span, left):
    assert span.until(TODAY) == left


@given(spans(), days)
def test_given_any_period_when_cut_then_exactly_its_days_before_are_left(span, cut):
    left = span.until(cut)
    for number in range(200):
        day = date(2026, 1, 1) + timedelta(days=number)
        assert (left is not None and left.covers(day)) == (span.covers(day) and day < cut)


@given(spans(), st.lists(spans(), max_size=4))
def test_given_any_periods_when_asked_for_a_gap_then_it_is_the_first_day_that_nobody_covers(wanted, others):
    horizon = [date(2026, 1, 1) + timedelta(days=number) for number in range(400)]
    bare = [day for day in horizon if wanted.covers(day) and not any(other.covers(day) for other in others)]
    assert first_gap(wanted, others) == (bare[0] if bare else None)


@given(spans(), spans())
def test_given_two_periods_when_one_lies_within_the_other_then_it_has_no_day_outside(inner, outer):
    horizon = [date(2026, 1, 1) + timedelta(days=number) for number in range(400)]
    assert inner.lies_within(outer) == all(outer.covers(day) for day in horizon if inner.covers(day))


def test_given_a_last_day_when_it_is_a_slip_or_past_then_a_sentence_says_so():
    assert cut_after(date(2026, 12, 31)) == date(2027, 1, 1)
    check_last_day(date(2025, 9, 1), today=TODAY)
    check_last_day(date(2030, 1, 1), today=TODAY)
    with pytest.raises(Refused, match="liegt mehr als ein Jahr zurück"):
        check_last_day(date(2025, 8, 30), today=TODAY)
    check_not_past(TODAY, today=TODAY)
    with pytest.raises(Refused, match="ist schon vorbei"):
        check_not_past(date(2026, 8, 31), today=TODAY)


@pytest.mark.parametrize(
    ("span", "last_on", "said"),
    [
        (Span(date(2022, 3, 1)), date(2027, 1, 1), "hat kein Ende, das noch bevorsteht"),
        (Span(date(2022, 3, 1), TODAY), date(2027, 1, 1), "hat kein Ende, das noch bevorsteht"),
        (Span(date(2022, 3, 1), date(2027, 1, 1)), date(2026, 12, 31), "gilt schon bis zum 31.12.2026"),
    ],
)
def test_given_a_role_when_its_end_cannot_move_there_then_a_sentence_says_why(span, last_on, said):
    with pytest.raises(Refused, match=said):
        later_end(last_on, span=span, today=TODAY)


def test_given_an_end_ahead_when_moved_or_taken_back_then_the_first_day_without_it_is_known():
    span = Span(date(2022, 3, 1), date(2027, 1, 1))
    assert later_end(date(2027, 6, 30), span=span, today=TODAY) == date(2027, 7, 1)
    assert later_end(None, span=span, today=TODAY) is None


@pytest.mark.parametrize(
    ("ends_before", "is_refused"), [(None, True), (date(2027, 7, 2), True), (date(2027, 7, 1), False)]
)
def test_given_somebody_who_leaves_when_something_would_last_longer_then_it_is_refused(ends_before, is_refused):
    check_goes_on("Antonia Abel", None, ends_before=ends_before)
    if is_refused:
        with pytest.raises(Refused, match=r"Für Antonia Abel ist eingetragen: scheidet zum 30\.06\.2027 aus"):
            check_goes_on("Antonia Abel", date(2027, 6, 30), ends_before=ends_before)
    else:
        check_goes_on("Antonia Abel", date(2027, 6, 30), ends_before=ends_before)
