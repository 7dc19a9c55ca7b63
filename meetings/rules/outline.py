"""The order of an agenda: two levels, moved up, down, in and out until its numbers are frozen (domain.md 7.4, 7.5).

An agenda is a list of entries in the order in which they are read; an entry of level 2 belongs to the last entry of
level 1 before it. An entry of level 1 takes its parts with it.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from kok.errors import Refused

TOP, PART = 1, 2


class Move(StrEnum):
    """Where an entry can go."""

    UP = "up"
    DOWN = "down"
    IN = "in"
    OUT = "out"


@dataclass(frozen=True)
class Entry:
    """An agenda item by its key, with its level."""

    key: int
    level: int


Outline = tuple[Entry, ...]


def possible_moves(outline: Outline, key: int) -> frozenset[Move]:
    """The moves that change something, so that pages offer no others."""
    return frozenset(move for move in Move if _moved(outline, key, move) is not None)


def moved(outline: Outline, key: int, move: Move) -> Outline:
    """The outline after a move. Raises Refused where the entry cannot go there."""
    result = _moved(outline, key, move)
    if result is None:
        raise Refused(
            "Dorthin lässt sich der Punkt nicht verschieben. Es wurde nichts geändert. "
            "Vielleicht hat jemand die Tagesordnung inzwischen umgestellt; prüfen Sie die Reihenfolge."
        )
    return result


def end_of(outline: Outline, key: int) -> int:
    """The place after an entry and its parts."""
    place = _place(outline, key)
    end = place + 1
    while outline[place].level == TOP and end < len(outline) and outline[end].level == PART:
        end += 1
    return end


def _place(outline: Outline, key: int) -> int:
    return next(place for place, entry in enumerate(outline) if entry.key == key)


def _moved(outline: Outline, key: int, move: Move) -> Outline | None:
    if move in (Move.UP, Move.DOWN):
        return _swapped(outline, key, move)
    return _indented(outline, key) if move is Move.IN else _outdented(outline, key)


def _swapped(outline: Outline, key: int, move: Move) -> Outline | None:
    """The entry and its neighbour of the same level change places, each with its parts."""
    siblings = _siblings(outline, key)
    place = siblings.index(key) + (1 if move is Move.DOWN else -1)
    if not 0 <= place < len(siblings):
        return None
    first, second = (key, siblings[place]) if move is Move.DOWN else (siblings[place], key)
    start, middle, end = _place(outline, first), _place(outline, second), end_of(outline, second)
    return outline[:start] + outline[middle:end] + outline[start:middle] + outline[end:]


def _siblings(outline: Outline, key: int) -> list[int]:
    """The entries of the same level under the same entry, in order."""
    place = _place(outline, key)
    if outline[place].level == TOP:
        return [entry.key for entry in outline if entry.level == TOP]
    parent = _parent_place(outline, place)
    return [entry.key for entry in outline[parent + 1 : end_of(outline, outline[parent].key)]]


def _parent_place(outline: Outline, place: int) -> int:
    return next(before for before in range(place, -1, -1) if outline[before].level == TOP)


def _indented(outline: Outline, key: int) -> Outline | None:
    """An entry without parts becomes the last part of the entry before it."""
    place = _place(outline, key)
    if place == 0 or outline[place].level == PART or end_of(outline, key) > place + 1:
        return None
    return (*outline[:place], replace(outline[place], level=PART), *outline[place + 1 :])


def _outdented(outline: Outline, key: int) -> Outline | None:
    """A part becomes an entry of its own, behind the one it belonged to."""
    place = _place(outline, key)
    if outline[place].level == TOP:
        return None
    end = end_of(outline, outline[_parent_place(outline, place)].key)
    return (*outline[:place], *outline[place + 1 : end], replace(outline[place], level=TOP), *outline[end:])
