"""No small number of the sealed lists can be computed from what the conference sees (8.6), tried on all small rows."""

from collections import defaultdict
from itertools import product

import pytest

from transitions.rules.counts import FEW, UNNAMED, procedures_shown, shown

LARGEST = 26  # beyond it nothing new can happen: each of three parts is large or at most 4
SMALL = range(1, 5)


def rows(total):
    """All ways to divide a total into three parts."""
    return [(a, b, total - a - b) for a in range(total + 1) for b in range(total + 1 - a)]


def readings(show):
    """Everything that looks the same to a reader, by how it looks."""
    found = defaultdict(list)
    for total in range(LARGEST + 1):
        for row in rows(total):
            found[show(total, row)].append((total, *row))
    return found


def computable(found):
    """Small numbers that a reader knows for sure: (what he sees, what it means)."""
    return [
        (words, alike[0])
        for words, alike in found.items()
        for values in zip(*alike, strict=True)
        if len(set(values)) == 1 and values[0] in SMALL
    ]


def with_subtraction(words):
    """The rule without its second half, as a naive page would do it."""
    return FEW if words in SMALL else str(words)


def test_given_all_rows_when_a_reader_knows_the_rule_then_no_small_number_can_be_computed():
    assert computable(readings(shown)) == []


def test_given_all_rows_when_a_small_part_is_told_as_small_then_it_can_be_three_numbers_at_least():
    for (_, words), alike in readings(shown).items():
        for word, values in zip(words, list(zip(*alike, strict=True))[1:], strict=True):
            if word == FEW:
                assert len(set(values)) >= 3


def test_given_all_rows_when_all_parts_are_hidden_then_at_least_three_rows_look_like_it_whatever_their_order():
    for (_, words), alike in readings(shown).items():
        if set(words) == {UNNAMED} and alike[0][0] > 4:
            assert len({tuple(sorted(row)) for _, *row in alike}) >= 3


def test_given_all_rows_when_a_reader_remembers_that_a_part_was_0_then_a_small_one_can_still_be_three_numbers():
    for (_, words), alike in readings(shown).items():
        remembered = [row for _, *row in alike if row[0] == 0]
        if set(words) == {UNNAMED} and remembered and alike[0][0] > 4:
            assert len({row[1] for row in remembered}) >= 3


def test_given_a_page_that_only_replaces_small_numbers_when_tried_then_this_test_would_find_them():
    found = readings(lambda total, row: tuple(map(with_subtraction, (total, *row))))
    assert computable(found)


def test_given_all_procedures_when_a_reader_knows_the_rule_then_no_small_number_can_be_computed():
    found = readings(lambda total, row: (str(total) if total > 4 else total > 0, procedures(total, row)))
    assert (
        computable(
            {words: [(t, a, b, c, a + b, b + c, a + c) for t, a, b, c in alike] for words, alike in found.items()}
        )
        == []
    )


def procedures(total, row):
    with_lwv, without_lwv, _ = row
    return procedures_shown(total, with_lwv + without_lwv, with_lwv)


def test_given_two_rows_when_read_together_then_they_say_no_more_than_each_alone():
    few = [(total, *row) for total in range(10) for row in rows(total)]
    found = defaultdict(list)
    for first, second in product(few, few):
        found[shown(first[0], first[1:]), shown(second[0], second[1:])].append((*first, *second))
    assert computable(found) == []


@pytest.mark.parametrize(
    ("parts", "total", "words"),
    [
        ((0, 0, 0), "0", ("0", "0", "0")),
        ((1, 0, 0), FEW, (UNNAMED,) * 3),
        ((4, 0, 0), FEW, (UNNAMED,) * 3),
        ((5, 0, 0), "5", ("5", "0", "0")),
        ((2, 3, 0), "5", (FEW, FEW, "0")),
        ((1, 2, 3), "6", (UNNAMED,) * 3),
        ((0, 0, 6), "6", (UNNAMED,) * 3),
        ((2, 3, 4), "9", (FEW, FEW, FEW)),
        ((3, 0, 10), "13", (FEW, "0", UNNAMED)),
        ((3, 6, 10), "19", (FEW, UNNAMED, UNNAMED)),
        ((6, 7, 8), "21", ("6", "7", "8")),
        ((4, 4, 0), "8", (UNNAMED,) * 3),
        ((1, 5, 0), "6", (UNNAMED,) * 3),
        ((1, 1, 5), "7", (UNNAMED,) * 3),
        ((4, 4, 4), "12", (UNNAMED,) * 3),
        ((1, 5, 5), "11", (UNNAMED,) * 3),
    ],
)
def test_given_a_row_when_shown_then_these_words(parts, total, words):
    assert shown(sum(parts), parts) == (total, words)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ((0, 0, 0), ("0", "0")),
        ((4, 2, 1), (UNNAMED, UNNAMED)),
        ((20, 0, 0), ("0", "0")),
        ((20, 3, 0), (FEW, "0")),
        ((20, 3, 3), (FEW, FEW)),
        ((20, 6, 6), ("6", "6")),
        ((20, 12, 6), ("12", "6")),
        ((20, 12, 9), (UNNAMED, UNNAMED)),
        ((20, 6, 2), (UNNAMED, FEW)),
        ((20, 3, 7), (FEW, FEW)),
    ],
)
def test_given_procedures_when_shown_then_these_words(counts, words):
    assert procedures_shown(*counts) == words


@pytest.mark.parametrize(("total", "parts"), [(3, (1, 1)), (3, (4, -1))])
def test_given_parts_that_are_not_the_total_when_shown_then_it_is_an_error(total, parts):
    with pytest.raises(ValueError, match="make up the total"):
        shown(total, parts)
