"""Numbers that say nothing: Fallzeichen and Quittung are drawn, never counted."""

from collections.abc import Callable, Sequence

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U: read aloud on the telephone
Choose = Callable[[Sequence[str]], str]


def case_ref(year: int, choose: Choose) -> str:
    """`UE-2027-7F3K`."""
    return f"UE-{year}-{_drawn(4, choose)}"


def receipt_number(year: int, number: int, choose: Choose) -> str:
    """`Q-2027-1-8RWT`: the year of the list, the version, four drawn signs."""
    return f"Q-{year}-{number}-{_drawn(4, choose)}"


def _drawn(length: int, choose: Choose) -> str:
    return "".join(choose(ALPHABET) for _ in range(length))
