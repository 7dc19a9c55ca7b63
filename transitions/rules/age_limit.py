"""R-AGE: when somebody reaches the individuelle Regelaltersgrenze, and who counts on a Stichtag (domain.md 3.1 to 3.4).

§ 35 S. 2 and § 235 SGB VI say how old; §§ 187 Abs. 2, 188 Abs. 2 and 3 BGB say on which day that age is completed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from kok.errors import require
from kok.months import months_over
from kok.words import day as day_words
from kok.words import plural
from transitions.rules.codes import LimitException

FIRST_YEAR, LAST_YEAR = 1900, 2100  # of a date of birth
BASE_MONTHS = 65 * 12
FULL_RAISE = 24  # from the birth cohort 1964 on: 67 years
ONE_DAY = timedelta(days=1)

# § 235 Abs. 2 S. 2 SGB VI: year of birth -> months above 65 years.
RAISES = {
    1947: 1, 1948: 2, 1949: 3, 1950: 4, 1951: 5, 1952: 6, 1953: 7, 1954: 8, 1955: 9, 1956: 10, 1957: 11, 1958: 12,
    1959: 14, 1960: 16, 1961: 18, 1962: 20, 1963: 22,
}  # fmt: skip
FIRST_RAISED, LAST_RAISED = min(RAISES), max(RAISES)


# § 235 Abs. 2 S. 3 Nr. 1 names the birthday itself; Nr. 2 names none, and § 235 as a whole ends with the cohort 1963.
_EXCEPTION_ENDS: dict[LimitException, date] = {
    LimitException.PARTIAL_RETIREMENT: date(1955, 1, 1),
    LimitException.MINER: date(1964, 1, 1),
}


@dataclass(frozen=True)
class Cohort:
    """One line of the table: a birth cohort, and when its first and its last birthday reach the limit.

    The oldest cohort has no first birthday, the youngest no last one.
    """

    label: str
    months: int
    first_reached_on: date | None = None
    last_reached_on: date | None = None

    @property
    def age(self) -> str:
        """Such as "66 Jahre und 2 Monate"."""
        return words(self.months)


def limit_months(born_on: date, exception: LimitException | None = None) -> int:
    """How many months above 65 years the limit lies, 0 to 24.

    Raises Refused for an exception that does not cover this date of birth, and for a year outside 1900 to 2100.
    """
    require(
        FIRST_YEAR <= born_on.year <= LAST_YEAR,
        f"Das Geburtsjahr liegt nicht zwischen {FIRST_YEAR} und {LAST_YEAR}. "
        "Schreiben Sie das Jahr mit vier Ziffern, zum Beispiel 1959.",
    )
    if exception:
        _check_exception(born_on, exception)
        return 0
    return 0 if born_on.year < FIRST_RAISED else RAISES.get(born_on.year, FULL_RAISE)


def first_day_after(born_on: date, exception: LimitException | None = None) -> date:
    """The first day "nach Vollendung": the birthday so many months later, or the first of the next month without it.

    Adding months and cutting to the end of the month first is the usual error: it loses a day on 80 birthdays.
    Raises Refused as `limit_months`.
    """
    return months_over(born_on, BASE_MONTHS + limit_months(born_on, exception))


def limit_reached_on(born_on: date, exception: LimitException | None = None) -> date:
    """The day with whose end the limit is reached. Raises Refused as `limit_months`."""
    return first_day_after(born_on, exception) - ONE_DAY


def counts_on(born_on: date, reference_date: date, exception: LimitException | None = None) -> bool:
    """Whether the limit lies strictly before the Stichtag (domain.md 3.4, a proposal).

    The limit is complete only with the end of its day, so who reaches it on the Stichtag does not count yet. That a
    benefit runs on that day is for others to know. Raises Refused as `limit_months` and before the birth.
    """
    check_born_on(born_on, reference_date)
    return limit_reached_on(born_on, exception) < reference_date


def check_born_on(born_on: date, asked_on: date) -> None:
    """Raises Refused for somebody who is not born yet on the day that is asked for."""
    require(
        born_on <= asked_on,
        f"Das Geburtsdatum liegt nach dem {day_words(asked_on)}. Prüfen Sie das Jahr und schreiben Sie es mit vier "
        "Ziffern, zum Beispiel 1959.",
    )


def words(months: int) -> str:
    """The age in words, from the months above 65 years: "66 Jahre und 2 Monate", "67 Jahre"."""
    years, rest = divmod(BASE_MONTHS + months, 12)
    if not rest:
        return f"{years} Jahre"
    return f"{years} Jahre und {rest} {plural(rest, 'Monat', 'Monate')}"


def code(months: int) -> str:
    """The same for machines: "66 y 2 m"."""
    years, rest = divmod(BASE_MONTHS + months, 12)
    return f"{years} y {rest} m"


def cohorts() -> Iterator[Cohort]:
    """The table of § 235 Abs. 2 SGB VI, oldest first."""
    yield Cohort(f"vor {FIRST_RAISED}", 0, last_reached_on=limit_reached_on(date(FIRST_RAISED - 1, 12, 31)))
    for year, months in RAISES.items():
        yield Cohort(str(year), months, limit_reached_on(date(year, 1, 1)), limit_reached_on(date(year, 12, 31)))
    first_full = date(LAST_RAISED + 1, 1, 1)
    yield Cohort(f"ab {first_full.year}", FULL_RAISE, first_reached_on=limit_reached_on(first_full))


def _check_exception(born_on: date, exception: LimitException) -> None:
    ends_on = _EXCEPTION_ENDS[exception]
    require(
        born_on < ends_on,
        f"Die Ausnahme „{exception.label}“ gilt nur für Menschen, die vor dem {day_words(ends_on)} geboren sind "
        "(§ 235 SGB VI). Prüfen Sie das Geburtsdatum oder rechnen Sie ohne Ausnahme.",
    )
