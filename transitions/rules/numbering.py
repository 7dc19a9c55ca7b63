"""Numbers that say nothing: Fallzeichen and Quittung are drawn, never counted."""

import re
from collections.abc import Callable, Sequence

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U: read aloud on the telephone
Choose = Callable[[Sequence[str]], str]
_TYPED = re.compile(r"(?:UE)?([0-9]{4})([A-Z0-9]{4})")


def case_ref(year: int, choose: Choose) -> str:
    """`UE-2027-7F3K`."""
    return f"UE-{year}-{_drawn(4, choose)}"


def read_case_ref(typed: str) -> str:
    """What somebody means who types a Fallzeichen: `ue 2027 7f3k`, `UE20277F3K` and `2027-7F3K` are `UE-2027-7F3K`.

    What is none stays as it was typed, in capitals and without spaces.
    """
    found = _TYPED.fullmatch("".join(filter(str.isalnum, typed.upper())))
    return f"UE-{found[1]}-{found[2]}" if found else "".join(typed.split()).upper()


def receipt_number(year: int, number: int, choose: Choose) -> str:
    """`Q-2027-1-8RWT`: the year of the list, the version, four drawn signs."""
    return f"Q-{year}-{number}-{_drawn(4, choose)}"


def _drawn(length: int, choose: Choose) -> str:
    return "".join(choose(ALPHABET) for _ in range(length))
