"""Numbers are given once (domain.md 7.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from meetings.convening.rules.numbering import (
    agenda_numbers,
    check_renumbering,
    late_number,
    next_action_item_number,
    next_meeting_number,
    next_resolution_number,
)


@pytest.mark.parametrize(
    ("taken", "number"),
    [
        ([], "KoK-06440-2026-01"),
        (["KoK-06440-2026-01"], "KoK-06440-2026-02"),
        (["KoK-06440-2026-03", "KoK-06440-2026-01"], "KoK-06440-2026-04"),
        (["KoK-06440-2025-07", "DIB-06440-2026-09"], "KoK-06440-2026-01"),
        (["KoK-06440-2026-99"], "KoK-06440-2026-100"),
        (["KoK-06440-2026-100", "KoK-06440-2026-99"], "KoK-06440-2026-101"),
    ],
)
def test_given_numbers_of_meetings_when_the_next_is_invited_then_it_follows_the_highest(taken, number):
    assert next_meeting_number("KoK-06440", 2026, taken) == number


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        (next_resolution_number(2026, ["B-2026-06", "B-2025-40"]), "B-2026-07"),
        (next_action_item_number(2026, ["A-2026-014", "A-2026-003"]), "A-2026-015"),
        (next_action_item_number(2027, ["A-2026-014"]), "A-2027-001"),
    ],
)
def test_given_the_examples_of_the_rule_book_when_numbered_then_they_look_like_it(given_number, expected):
    assert given_number == expected


@given(st.lists(st.integers(1, 2000), unique=True, max_size=30))
def test_given_any_numbers_when_the_next_is_given_then_it_is_new_and_the_highest(given_before):
    taken = [f"B-2026-{number:02}" for number in given_before]
    new = next_resolution_number(2026, taken)
    assert new not in taken
    assert int(new.removeprefix("B-2026-")) == max(given_before, default=0) + 1


@pytest.mark.parametrize(
    ("levels", "numbers"),
    [
        ([], []),
        ([1, 1, 1], ["1", "2", "3"]),
        ([1, 2, 2, 1, 2], ["1", "1.1", "1.2", "2", "2.1"]),
    ],
)
def test_given_two_levels_when_numbered_then_sub_items_count_below_their_item(levels, numbers):
    assert list(agenda_numbers(levels)) == numbers


def test_given_a_sub_item_in_front_when_numbered_then_it_is_refused():
    with pytest.raises(Refused, match="kein Unterpunkt"):
        agenda_numbers([2, 1])


@pytest.mark.parametrize(
    ("taken", "parent", "number"),
    [
        (["1", "2", "2.1", "12"], "", "13"),
        (["1", "2", "2.1", "2.2"], "2", "2.3"),
        (["1", "2"], "1", "1.1"),
        (["1", "11.1", "11"], "1", "1.1"),
        ([], "", "1"),
    ],
)
def test_given_an_agenda_when_an_item_comes_late_then_it_gets_the_next_free_number(taken, parent, number):
    assert late_number(taken, parent) == number


def test_given_a_sent_invitation_when_items_are_ordered_then_it_is_refused():
    check_renumbering(is_dispatched=False)
    with pytest.raises(Refused, match="ihre Nummern stehen fest"):
        check_renumbering(is_dispatched=True)
