"""How clauses of the agreement are told one after the other."""

import re
from collections.abc import Iterable


def listed(clauses: Iterable[str], one: str, many: str) -> str:
    """Each once, in the order of the agreement: `Punkt 8b`, `Punkte 8c und 8d`, `Punkte 8b, 11 und 12`.

    `one` and `many` stand before them, in the case that the sentence wants.
    """
    *others, last = sorted(set(clauses), key=_place)
    return f"{many} {', '.join(others)} und {last}" if others else f"{one} {last}"


def _place(clause: str) -> tuple[int, str]:
    number = re.match(r"\d*", clause)
    return int(number[0] or 0) if number else 0, clause
