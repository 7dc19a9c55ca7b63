"""How many cases a list has, in words: who left it is no case of it any more, and is counted beside them."""

from collections.abc import Iterable, Sequence


def size_words(endings: Iterable[str]) -> str:
    """How many cases a version has, as its receipt counts them, and how many stand there because they left the list.

    `endings`: of each row why it left, "" where it stays.
    """
    rows = [bool(ending) for ending in endings]
    left, staying = sum(rows), len(rows) - sum(rows)
    words = f"{staying} Fälle" if staying > 1 else "1 Fall" if staying else "Kein Fall"
    if not left:
        return words
    more = "1, der nicht mehr auf der Liste steht" if left == 1 else f"{left}, die nicht mehr auf der Liste stehen"
    return f"{words}, dazu {more}"


def part_words(shown: Sequence[str], of: Sequence[str]) -> str:
    """How many cases of how many are shown, counted as `size_words` counts them: who left is no case of the list."""
    left, all_left = sum(map(bool, shown)), sum(map(bool, of))
    words = f"{len(shown) - left} von {len(of) - all_left} Fällen"
    if not all_left:
        return words
    whose = "der nicht mehr auf der Liste steht" if all_left == 1 else "die nicht mehr auf der Liste stehen"
    return f"{words}, dazu {left} von {all_left}, {whose}"
