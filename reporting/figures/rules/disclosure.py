"""What bodies, guests and the internet may see of a figure: multiples of five, each by itself (domain.md 8.6).

Exact numbers stay between the two carriers. Everybody else gets numbers that were rounded before anything is computed
from them, so that no share, sum or picture leads back to a single person.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

STEP = Decimal(5)
SMALLEST_DENOMINATOR = Decimal(20)
COUNTS = frozenset({"PERSON", "CASE", ""})  # formats of counts have no column for the unit
EURO = "EUR"
EURO_STEP = Decimal(1000)  # own rule: an exact sum of money would lead to the number of people who get it
FACTORS = {"PER_1000": Decimal(1000), "PERCENT": Decimal(100), EURO: Decimal(1)}
PLACES = {"PER_1000": Decimal("0.01"), "PERCENT": Decimal("0.1"), EURO: Decimal(1)}
NO_NUMBER = frozenset({".", "x", "/"})
NOT_TOLD = "."
FEW, THRESHOLD = "<5", Decimal(5)


class Exactness(StrEnum):
    """Exact for the carriers, rounded for everybody else."""

    EXACT = "EXACT"
    ROUNDED = "ROUNDED"


@dataclass(frozen=True)
class Measured:
    """One value as it was delivered; `unit` is empty where a format counts persons only."""

    value: Decimal | None
    unit: str = ""
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    flag: str = ""


@dataclass(frozen=True)
class Shown:
    """One value as somebody may see it. Without a number the flag says why; `is_withheld`: our rule, not the sender."""

    number: Decimal | None
    flag: str = ""
    is_withheld: bool = False


WITHHELD = Shown(None, NOT_TOLD, is_withheld=True)
A_FEW = Shown(None, FEW, is_withheld=True)


def rounded(value: Decimal, step: Decimal = STEP) -> Decimal:
    """The nearest multiple of five: 1 and 2 become 0, 3 and 4 become 5 (domain.md 8.6)."""
    return (value / step).quantize(Decimal(1), rounding=ROUND_HALF_UP) * step


def ratio(numerator: Decimal, denominator: Decimal, unit: str) -> Decimal | None:
    """A density, share or amount per person from two numbers; None when it stands on fewer than 20."""
    if denominator < SMALLEST_DENOMINATOR:
        return None
    return (numerator / denominator * FACTORS[unit]).quantize(PLACES[unit], rounding=ROUND_HALF_UP)


def shown(
    measured: Measured, exactness: Exactness, *, people: Decimal | None = None, counts_cases: bool = False
) -> Shown:
    """What somebody sees of a value.

    `people` is how many persons stand behind a sum of money that has no denominator; without it, or with fewer than
    20, the rounded version does not name the sum. `counts_cases`: single cases of 8b, of which 1 to 4 are "< 5" for
    the conference (8.6), and which the rounded version leaves out (5.4).
    """
    if exactness is Exactness.EXACT:
        few = counts_cases and measured.value is not None and 0 < measured.value < THRESHOLD
        return A_FEW if few else Shown(measured.value, measured.flag)
    if counts_cases:
        return WITHHELD
    if measured.value is None or measured.flag in NO_NUMBER:
        return Shown(None, measured.flag)
    number = _in_steps(measured, measured.value, people)
    return WITHHELD if number is None else Shown(number, measured.flag)


def _in_steps(measured: Measured, value: Decimal, people: Decimal | None) -> Decimal | None:
    """The number of the rounded version, or None when there is none that can be told."""
    if measured.unit in COUNTS:
        return rounded(value)
    if measured.numerator is not None and measured.denominator is not None and measured.unit in FACTORS:
        step = EURO_STEP if measured.unit == EURO else STEP
        return ratio(rounded(measured.numerator, step), rounded(measured.denominator), measured.unit)
    if measured.unit == EURO and people is not None and rounded(people) >= SMALLEST_DENOMINATOR:
        return rounded(value, EURO_STEP)
    return None
