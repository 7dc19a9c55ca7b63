"""How long something lasts or is kept, said once: for the calendar and in German words. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from kok import words
from kok.months import months_later


class Unit(Enum):
    """What durations are counted in: the plural of its word, its months, its days."""

    YEARS = ("Jahre", 12, 0)
    MONTHS = ("Monate", 1, 0)
    WEEKS = ("Wochen", 0, 7)
    DAYS = ("Tage", 0, 1)


@dataclass(frozen=True)
class Duration:
    """More than one of a unit: `10 Jahre`, `12 Monate`, `6 Wochen`."""

    number: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.number} {self.unit.value[0]}"

    @property
    def spelled(self) -> str:
        """`sechs Wochen`, in the middle of a sentence; from 13 on in digits."""
        return f"{words.spelled(self.number)} {self.unit.value[0]}"

    @property
    def months(self) -> int:
        """Its calendar months; 0 of weeks and days."""
        return self.number * self.unit.value[1]

    @property
    def days(self) -> int:
        """Its days; 0 of years and months, which have more or fewer."""
        return self.number * self.unit.value[2]

    def after(self, day: date) -> date:
        """So long after a day; of a month that has no such day the last."""
        return months_later(day, self.months) + timedelta(days=self.days)

    def before(self, day: date) -> date:
        """So long before a day; of a month that has no such day the last."""
        return months_later(day, -self.months) - timedelta(days=self.days)


def years(number: int) -> Duration:
    """So many years."""
    return Duration(number, Unit.YEARS)


def months(number: int) -> Duration:
    """So many months."""
    return Duration(number, Unit.MONTHS)


def weeks(number: int) -> Duration:
    """So many weeks."""
    return Duration(number, Unit.WEEKS)


def days(number: int) -> Duration:
    """So many days."""
    return Duration(number, Unit.DAYS)
