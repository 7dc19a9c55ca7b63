"""What bodies, guests and the internet may see of a figure: multiples of five, each by itself (domain.md 8.6).

Exact numbers stay between the two carriers. Everybody else gets numbers that were rounded before anything is computed
from them, so that no share, sum or picture leads back to a single person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from kok.words import spelled
from transitions.rules import counts

STEP = Decimal(5)
SMALLEST_DENOMINATOR = Decimal(20)
COUNTS = frozenset({"PERSON", "CASE", ""})  # formats of counts have no column for the unit
EURO = "EUR"
EURO_STEP = Decimal(1000)  # own rule: an exact sum of money would lead to the number of people who get it
STEPS = {EURO: EURO_STEP}  # all else is counted in steps of five
FACTORS = {"PER_1000": Decimal(1000), "PERCENT": Decimal(100), EURO: Decimal(1)}
PLACES = {"PER_1000": Decimal("0.01"), "PERCENT": Decimal("0.1"), EURO: Decimal(1)}
NO_NUMBER = frozenset({".", "x", "/"})
NOT_TOLD = "."
THRESHOLD = Decimal(counts.THRESHOLD)  # the same as for the numbers of the lists of 8b
FEW = f"<{THRESHOLD}"
HOW_ROUNDED = (
    f"auf ein Vielfaches von {spelled(int(STEP))} gerundet, jede für sich; Summen können abweichen. Anteile und "
    "Dichten sind aus gerundeten Zahlen berechnet. „Nicht genannt“ steht, wo weniger als "
    f"{SMALLEST_DENOMINATOR} Menschen dahinterstehen."
)


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

    @property
    def is_few(self) -> bool:
        """Whether the number is one to four."""
        return self.value is not None and 0 < self.value < THRESHOLD

    @property
    def parts(self) -> tuple[Decimal, Decimal] | None:
        """Numerator and denominator of a density, a share or an amount per person; None where a part is missing."""
        if self.numerator is None or self.denominator is None or self.unit not in FACTORS:
            return None
        return self.numerator, self.denominator


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
    return VERSIONS[exactness, counts_cases](measured, people)


def _as_delivered(measured: Measured, _: Decimal | None) -> Shown:
    return Shown(measured.value, measured.flag)


def _without_few(measured: Measured, people: Decimal | None) -> Shown:
    return A_FEW if measured.is_few else _as_delivered(measured, people)


def _in_steps(measured: Measured, people: Decimal | None) -> Shown:
    if measured.value is None or measured.flag in NO_NUMBER:
        return Shown(None, measured.flag)
    number = _told_in_steps(measured, measured.value, people)
    return WITHHELD if number is None else Shown(number, measured.flag)


# By exactness, and whether single cases are counted.
VERSIONS: Mapping[tuple[Exactness, bool], Callable[[Measured, Decimal | None], Shown]] = {
    (Exactness.EXACT, False): _as_delivered,
    (Exactness.EXACT, True): _without_few,
    (Exactness.ROUNDED, False): _in_steps,
    (Exactness.ROUNDED, True): lambda *_: WITHHELD,
}


def _told_in_steps(measured: Measured, value: Decimal, people: Decimal | None) -> Decimal | None:
    """The number of the rounded version, or None when there is none that can be told."""
    if measured.unit in COUNTS:
        return rounded(value)
    if measured.parts:
        numerator, denominator = measured.parts
        return ratio(rounded(numerator, STEPS.get(measured.unit, STEP)), rounded(denominator), measured.unit)
    if measured.unit == EURO and people is not None and rounded(people) >= SMALLEST_DENOMINATOR:
        return rounded(value, EURO_STEP)
    return None
