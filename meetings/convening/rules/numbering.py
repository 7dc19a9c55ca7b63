"""Numbers of meetings, resolutions, action items and agenda items (domain.md 7.5).

A number is given once and never used again: the next one follows the highest that was ever given, so a cancelled
meeting keeps its number and leaves no room for another one.
"""

from collections.abc import Iterable, Sequence

from kok.errors import require


def next_meeting_number(prefix: str, year: int, taken: Iterable[str]) -> str:
    """`KoK-06440-2026-02`: the second meeting of a body in a calendar year, given at the first invitation."""
    return _next(f"{prefix}-{year}-", 2, taken)


def next_resolution_number(year: int, taken: Iterable[str]) -> str:
    """`B-2026-07`: counted per body and calendar year."""
    return _next(f"B-{year}-", 2, taken)


def next_action_item_number(year: int, taken: Iterable[str]) -> str:
    """`A-2026-015`: counted per body and calendar year."""
    return _next(f"A-{year}-", 3, taken)


def _next(stem: str, width: int, taken: Iterable[str]) -> str:
    """The stem with the number after the highest one given. More digits than `width` are fine."""
    tails = (number.removeprefix(stem) for number in taken if number.startswith(stem))
    return f"{stem}{max(map(int, filter(str.isdecimal, tails)), default=0) + 1:0{width}}"


def agenda_numbers(levels: Sequence[int]) -> tuple[str, ...]:
    """The numbers of the agenda items in order, from their levels 1 and 2: `1`, `2`, `2.1`, `2.2`, `3`.

    Only until the invitation goes out; afterwards numbers stay. Raises Refused when the first item has level 2.
    """
    require(
        next(iter(levels), 1) == 1,
        "Der erste Punkt der Tagesordnung kann kein Unterpunkt sein. Es wurde nichts geändert. "
        "Rücken Sie ihn nach links, oder stellen Sie einen anderen Punkt voran.",
    )
    numbers: list[str] = []
    top = sub = 0
    for level in levels:
        top, sub = (top + 1, 0) if level == 1 else (top, sub + 1)
        numbers.append(f"{top}.{sub}" if sub else str(top))
    return tuple(numbers)


def late_number(taken: Iterable[str], parent: str = "") -> str:
    """The number of an item that comes after dispatch: the next free one, never a "7a".

    `parent` is the number of the item under which it belongs, if any.
    """
    if parent:
        return _next(f"{parent}.", 1, taken)
    return str(max((int(number.split(".")[0]) for number in taken), default=0) + 1)


def check_renumbering(*, is_dispatched: bool) -> None:
    """Items may be ordered and removed as long as no invitation has named their numbers. Raises Refused."""
    require(
        not is_dispatched,
        "Die Einladung mit dieser Tagesordnung ist schon versandt, ihre Nummern stehen fest. Es wurde nichts "
        "geändert. Ein neuer Punkt bekommt die nächste freie Nummer am Ende.",
    )
