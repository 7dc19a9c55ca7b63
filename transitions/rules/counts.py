"""What the conference may see of the numbers of a list: small ones never exactly (8.6, 5.4).

Numbers 1 to 4 are shown as "< 5", 0 as 0. That alone is not enough, because people can subtract:

- A total below 5 hides all its parts.
- Where a part is small, parts of 5 and more are not shown beside it: nothing is left to subtract from the total.
- Where a small part could still be one or two numbers only (twice "< 5" of 8 means 4 and 4), all parts are hidden.
- Of some totals so few rows would be hidden that hiding them tells them: of 6 only 5, 1 and 0. Their parts are never
  named.

A reader who knows these rules learns the total and, for each part, at most whether it is 0, small or large. So does one
who remembers from the month before that a part was 0. A test goes through all rows and shows it. Rows of different
lists share no sum, so one row says nothing about another; pages must not add any.
"""

from collections.abc import Sequence

THRESHOLD = 5
FEW, UNNAMED = f"< {THRESHOLD}", "nicht genannt"
NEVER_PARTED = frozenset({6, 8, 11})  # totals with fewer than DOUBT rows to hide, the order aside, or with a 0 known
DOUBT = 3  # so many numbers a small part must still be able to be; with 2, a row of 4, 4 and 4 would give itself away


def shown(total: int, parts: Sequence[int]) -> tuple[str, tuple[str, ...]]:
    """The words for a total and for the parts it consists of.

    Raises ValueError when the parts are not the total.
    """
    if sum(parts) != total or min(parts) < 0:
        raise ValueError("The parts do not make up the total.")
    if 0 < total < THRESHOLD:
        return FEW, (UNNAMED,) * len(parts)
    if total in NEVER_PARTED:
        return str(total), (UNNAMED,) * len(parts)
    if not any(map(_is_small, parts)):
        return str(total), tuple(map(str, parts))
    if _leaves_doubt(total, parts):
        return str(total), tuple(map(_kind, parts))
    return str(total), (UNNAMED,) * len(parts)


def procedures_shown(total: int, started: int, involved: int) -> tuple[str, str]:
    """Procedures of the Bundesagentur that were started, and those of them in which the LWV is involved (Punkt 7).

    `total` are the people named. Involved without being started cannot be, and counts as not involved. What is hidden
    are three parts of the total: with the LWV, without it, no procedure.
    """
    involved = min(involved, started)
    parts = (involved, started - involved, total - started)
    _, words = shown(total, parts)
    with_lwv, without_lwv, _ = words
    if words == tuple(map(str, parts)):
        return str(started), with_lwv
    return _sum_of(with_lwv, without_lwv), with_lwv


def _sum_of(first: str, second: str) -> str:
    """What can be said about the sum of two shown parts, from what is shown of them and nothing else."""
    if "0" in (first, second):
        return second if first == "0" else first
    return UNNAMED


def _is_small(count: int) -> bool:
    return 0 < count < THRESHOLD


def _kind(count: int) -> str:
    if not count:
        return "0"
    return FEW if _is_small(count) else UNNAMED


def _leaves_doubt(total: int, parts: Sequence[int]) -> bool:
    """Whether each small part can be DOUBT numbers at least, as far as total and kinds of the parts tell."""
    lowest, highest = zip(*(_range(part, total) for part in parts), strict=True)
    for low, high in (bounds for bounds in zip(lowest, highest, strict=True) if bounds == (1, THRESHOLD - 1)):
        at_least = max(low, total - (sum(highest) - high))
        at_most = min(high, total - (sum(lowest) - low))
        if at_most - at_least + 1 < DOUBT:
            return False
    return True


def _range(count: int, total: int) -> tuple[int, int]:
    """The numbers that are shown as this one is."""
    if not count:
        return 0, 0
    return (1, THRESHOLD - 1) if _is_small(count) else (THRESHOLD, total)
