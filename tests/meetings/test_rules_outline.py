"""The order of an agenda: what a move does, and that nothing is ever lost by it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from meetings.rules.outline import Entry, Move, Outline, moved, possible_moves


def outline(text: str) -> Outline:
    """`1 2 .3 .4 5`: a dot stands before a part."""
    return tuple(Entry(int(word.strip(".")), 2 if word.startswith(".") else 1) for word in text.split())


@pytest.mark.parametrize(
    ("before", "key", "move", "after"),
    [
        ("1 2 3", 2, Move.UP, "2 1 3"),
        ("1 2 3", 2, Move.DOWN, "1 3 2"),
        ("1 .2 .3 4", 4, Move.UP, "4 1 .2 .3"),
        ("1 .2 3 .4", 1, Move.DOWN, "3 .4 1 .2"),
        ("1 .2 .3 4", 3, Move.UP, "1 .3 .2 4"),
        ("1 .2 .3 4", 2, Move.DOWN, "1 .3 .2 4"),
        ("1 2 3", 2, Move.IN, "1 .2 3"),
        ("1 .2 3", 3, Move.IN, "1 .2 .3"),
        ("1 .2 .3 4", 2, Move.OUT, "1 .3 2 4"),
        ("1 .2", 2, Move.OUT, "1 2"),
    ],
)
def test_given_an_outline_when_an_entry_moves_then_it_stands_there(before, key, move, after):
    assert moved(outline(before), key, move) == outline(after)


@pytest.mark.parametrize(
    ("before", "key", "moves"),
    [
        ("1", 1, ""),
        ("1 2", 1, "down"),
        ("1 2", 2, "up in"),
        ("1 .2", 2, "out"),
        ("1 2 .3", 2, "up"),
        ("1 .2 .3 4", 2, "down out"),
    ],
)
def test_given_an_entry_when_asked_then_only_moves_that_change_something_are_offered(before, key, moves):
    assert possible_moves(outline(before), key) == {Move(word) for word in moves.split()}


def test_given_the_first_entry_when_moved_up_then_it_is_refused_with_a_sentence():
    with pytest.raises(Refused, match="nichts geändert"):
        moved(outline("1 2"), 1, Move.UP)


levels = st.lists(st.sampled_from([1, 2]), max_size=8).map(lambda rest: [1, *rest])


@given(levels, st.data())
def test_given_any_agenda_when_an_entry_moves_then_all_are_still_there_and_no_part_is_orphaned(found, data):
    before = tuple(Entry(key, level) for key, level in enumerate(found))
    key = data.draw(st.sampled_from([entry.key for entry in before]))
    for move in possible_moves(before, key):
        after = moved(before, key, move)
        assert sorted(entry.key for entry in after) == sorted(entry.key for entry in before)
        assert after[0].level == 1
