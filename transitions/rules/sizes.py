"""How many cases a list has, in words: who leaves it is no case of it, and is counted beside them.

Who left stands there no more; whom a draft takes off is on the list until that draft is released.
"""

from collections.abc import Iterable, Sequence

from kok.words import plural

_LEAVING = ("der mit der Freigabe von der Liste kommt", "die mit der Freigabe von der Liste kommen")
_LEFT = ("der nicht mehr auf der Liste steht", "die nicht mehr auf der Liste stehen")


def size_words(endings: Iterable[str], *, is_draft: bool) -> str:
    """How many cases a version has, as its receipt counts them, and how many stand there because they leave the list.

    `endings`: of each row why it leaves, "" where it stays.
    """
    leave = list(map(bool, endings))
    left, staying = leave.count(True), leave.count(False)
    words = {0: "Kein Fall", 1: "1 Fall"}.get(staying, f"{staying} Fälle")
    return f"{words}, dazu {left}, {_who(left, is_draft=is_draft)}" if left else words


def part_words(shown: Sequence[str], of: Sequence[str], *, is_draft: bool) -> str:
    """How many cases of how many are shown, counted as `size_words` counts them: who leaves is no case of the list."""
    left, all_left = sum(map(bool, shown)), sum(map(bool, of))
    staying = len(of) - all_left
    words = f"{len(shown) - left} von {staying} {plural(staying, 'Fall', 'Fällen')}"
    return f"{words}, dazu {left} von {all_left}, {_who(all_left, is_draft=is_draft)}" if all_left else words


def _who(count: int, *, is_draft: bool) -> str:
    return plural(count, *(_LEAVING if is_draft else _LEFT))
