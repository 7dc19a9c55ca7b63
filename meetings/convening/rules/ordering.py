"""How agenda items are moved by keyboard or button, on two levels (domain.md 7.5).

An agenda is a tuple of lines in order; a line of level 2 belongs to the line of level 1 before it. Every function
returns the new order, which is the old one where there is nowhere to go. `key` is always one of the lines.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class AgendaLine:
    """An item in its place: `key` is any value that names it, `level` is 1, or 2 for a sub-item."""

    key: int
    level: int = 1


Lines = tuple[AgendaLine, ...]


def insert(lines: Sequence[AgendaLine], key: int, place: int) -> Lines:
    """The item of level 1 with its sub-items at a place among the others of its level, counted from 0."""
    blocks = _blocks(lines)
    moved = blocks.pop(_index(blocks, key))
    return _flat([*blocks[:place], moved, *blocks[place:]])


def move_up(lines: Sequence[AgendaLine], key: int) -> Lines:
    """The item before its predecessor on the same level; an item of level 1 takes its sub-items along.

    The first one, also the first below its item, stays where it is.
    """
    blocks = _siblings(lines, key)
    return _swapped(lines, blocks, _index(blocks, key) - 1)


def move_down(lines: Sequence[AgendaLine], key: int) -> Lines:
    """The item behind its successor on the same level; the last one stays where it is."""
    blocks = _siblings(lines, key)
    return _swapped(lines, blocks, _index(blocks, key))


def indent(lines: Sequence[AgendaLine], key: int) -> Lines:
    """The item becomes the last sub-item of the one before it.

    Nothing changes for the first item, for a sub-item and for one that has sub-items: there are two levels only.
    """
    others = {block[0].key: len(block) for block in _blocks(lines)[1:]}
    if others.get(key) != 1:
        return tuple(lines)
    return tuple(AgendaLine(line.key, 2) if line.key == key else line for line in lines)


def outdent(lines: Sequence[AgendaLine], key: int) -> Lines:
    """The sub-item becomes an item of its own, behind the one to which it belonged. Others stay unchanged."""
    blocks = []
    for block in _blocks(lines):
        kept = tuple(line for line in block if line.key != key or line is block[0])
        blocks += [kept] if kept == block else [kept, (AgendaLine(key, 1),)]
    return _flat(blocks)


def parents(lines: Iterable[AgendaLine]) -> dict[int, int | None]:
    """For each item the one above it, or None on level 1."""
    return {line.key: None if line is block[0] else block[0].key for block in _blocks(lines) for line in block}


def _blocks(lines: Iterable[AgendaLine]) -> list[Lines]:
    """Each item of level 1 with its sub-items."""
    blocks: list[Lines] = []
    for line in lines:
        if line.level == 1 or not blocks:
            blocks.append((line,))
        else:
            blocks[-1] += (line,)
    return blocks


def _siblings(lines: Sequence[AgendaLine], key: int) -> list[Lines]:
    """The blocks of level 1, or the sub-items among which the item stands."""
    blocks, above = _blocks(lines), parents(lines)[key]
    return blocks if above is None else [(line,) for line in blocks[_index(blocks, above)][1:]]


def _index(blocks: Sequence[Lines], key: int) -> int:
    return next(n for n, block in enumerate(blocks) if block[0].key == key)


def _swapped(lines: Sequence[AgendaLine], blocks: Sequence[Lines], first: int) -> Lines:
    """The lines with `blocks[first]` and its successor exchanged, where both exist."""
    if not 0 <= first < len(blocks) - 1:
        return tuple(lines)
    left, right = blocks[first], blocks[first + 1]
    start = tuple(lines).index(left[0])
    end = start + len(left) + len(right)
    return (*lines[:start], *right, *left, *lines[end:])


def _flat(blocks: Iterable[Lines]) -> Lines:
    return tuple(line for block in blocks for line in block)
