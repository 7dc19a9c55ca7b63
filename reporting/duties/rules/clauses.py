"""How clauses of the agreement are told one after the other."""

import re
from collections.abc import Iterable

from kok.words import enumeration, plural


def listed(clauses: Iterable[str], one: str, many: str) -> str:
    """Each once, in the order of the agreement: `Punkt 8b`, `Punkte 8c und 8d`, `Punkte 8b, 11 und 12`.

    `one` and `many` stand before them, in the case that the sentence wants.
    """
    found = sorted(set(clauses), key=_place)
    return f"{plural(len(found), one, many)} {enumeration(found)}"


def _place(clause: str) -> tuple[int, str]:
    number = re.match(r"\d*", clause)
    return int(number[0] or 0) if number else 0, clause
