"""A series of figures: its values year by year, its breaks, and the sentence that says what it shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property
from itertools import chain, pairwise
from operator import attrgetter, itemgetter
from typing import TypeVar

from kok import words
from reporting.figures.rules.disclosure import FEW, THRESHOLD, Exactness, Shown

PLACES = {"PER_1000": Decimal("0.01"), "PERCENT": Decimal("0.1")}
UNITS = {"PERCENT": " %", "EUR": " €"}
WORDS = {".": "geheim", "x": "nicht sinnvoll", "/": "nicht verlässlich"}
HIDDEN = {FEW: f"weniger als {THRESHOLD}"}
DISTRICT = "Regierungsbezirk"
DISTRICTS = {"064": f"{DISTRICT} Darmstadt", "065": f"{DISTRICT} Gießen", "066": f"{DISTRICT} Kassel"}
MAIN_KINZIG = "06435"
NON_BREAKING = "\u00a0"


class SeriesKind(StrEnum):
    """How a series is drawn: counts as bars, shares and densities as lines, parts of a whole one on the other."""

    BARS = "bars"
    LINES = "lines"
    STACK = "stack"


NOT_DELIVERED = Shown(None)


@dataclass(frozen=True)
class SeriesColumn:
    """One row of values over the years: a region, a group or a part of the whole."""

    code: str
    title: str


@dataclass(frozen=True)
class Year:
    """The values of one Stichtag, in the order of the columns. Only the newest revision is ever here."""

    year: int
    reference_on: date
    revision: int
    values: tuple[Shown, ...]
    source: str = ""  # of the population that densities are computed with

    @property
    def is_corrected(self) -> bool:
        """Is this a correction (mark r)?"""
        return self.revision > 0


@dataclass(frozen=True)
class Break:
    """Between the year before and this one, numbers cannot simply be compared."""

    year: int
    label: str
    sentence: str


@dataclass(frozen=True)
class Series:
    """Everything that page, picture, download and PDF show: nothing else leaves the query."""

    slug: str
    title: str
    unit: str
    kind: SeriesKind
    region_kgs: str
    columns: tuple[SeriesColumn, ...]
    years: tuple[Year, ...]
    exactness: Exactness
    breaks: tuple[Break, ...] = ()
    chosen: tuple[tuple[str, str], ...] = ()  # filters in words: (Altersgruppe, 18 bis 20 Jahre)

    @property
    def is_rounded(self) -> bool:
        """Is this the version for bodies and guests?"""
        return self.exactness is Exactness.ROUNDED

    @property
    def is_corrected(self) -> bool:
        """Does one of the years carry the mark r?"""
        return any(each.is_corrected for each in self.years)

    @cached_property
    def values(self) -> tuple[Shown, ...]:
        """All values of all years."""
        return tuple(chain.from_iterable(map(attrgetter("values"), self.years)))

    @cached_property
    def numbers(self) -> tuple[Decimal, ...]:
        """Those of them that are numbers."""
        return tuple(each.number for each in self.values if each.number is not None)

    @property
    def is_empty(self) -> bool:
        """Is there no number at all?"""
        return not self.numbers

    @property
    def is_told(self) -> bool:
        """Does the table say anything: a number, or why there is none?"""
        return any(value != NOT_DELIVERED for value in self.values)

    @cached_property
    def of_years(self) -> Mapping[int, Year]:
        """Each Stichtag by its year."""
        return {each.year: each for each in reversed(self.years)}

    @property
    def whole(self) -> int:
        """The column of the region itself: the last one where its parts are told, else the first."""
        return -1 if self.kind is SeriesKind.STACK else 0

    def course(self, column: int) -> list[tuple[int, Decimal]]:
        """Year and number of one column, where it has a number."""
        return [(each.year, number) for each in self.years if (number := each.values[column].number) is not None]

    def newest(self, columns: slice) -> list[tuple[str, Decimal]]:
        """Title and number of some columns in the newest year, where they have a number."""
        told = zip(self.columns[columns], self.years[-1].values[columns], strict=True)
        return [(column.title, value.number) for column, value in told if value.number is not None]

    def until(self, year: int) -> "Series":
        """The same without what came after this year."""
        return replace(self, years=_until(year, self.years), breaks=_until(year, self.breaks))

    def text(self, value: Shown) -> str:
        """A value as people read it."""
        return in_words(value, self.unit)

    def told(self, number: Decimal) -> str:
        """A number of it as people read it."""
        return self.text(Shown(number))


Dated = TypeVar("Dated", Year, Break)


def _until(year: int, dated: Iterable[Dated]) -> tuple[Dated, ...]:
    return tuple(each for each in dated if each.year <= year)


def in_words(value: Shown, unit: str) -> str:
    """`3.480`, `12,45`, `45,6 %`, `1.250.000 €`; without a number the reason."""
    if value.number is not None:
        return german(value.number, unit) + UNITS.get(unit, "").replace(" ", NON_BREAKING)
    return HIDDEN.get(value.flag, "nicht genannt") if value.is_withheld else WORDS.get(value.flag, "nicht geliefert")


def plain(number: Decimal, unit: str = "") -> Decimal:
    """As many places as anybody reads: two of a density, one of a share, else two where they are not nought."""
    if unit in PLACES:
        return number.quantize(PLACES[unit], rounding=ROUND_HALF_UP)
    return number.quantize(Decimal(1) if number == number.to_integral_value() else Decimal("0.01"))


def german(number: Decimal, unit: str = "") -> str:
    """A number with dots for thousands and a decimal comma."""
    return words.number(plain(number, unit))


def district_of(kgs: str) -> str:
    """The name of the Regierungsbezirk of a Kreisschlüssel."""
    return DISTRICTS.get(kgs[:3], DISTRICT)


RESPONSIBILITY = Break(
    2024,
    "Zuständigkeit",
    "Seit dem 01.01.2024 ist der LWV Hessen auch für Menschen zuständig, die nach der Regelaltersgrenze erstmals "
    "Leistungen beantragen (§ 2 HAG/SGB IX). Vorher waren es die örtlichen Träger.",
)
HANAU = Break(
    2026,
    "Hanau",
    "Seit dem 01.01.2026 gehört Hanau nicht mehr zum Main-Kinzig-Kreis und zählt dort nicht mehr mit.",
)


POPULATION = (
    "Die Bevölkerung kommt ab {year} aus einer anderen Quelle ({source}, vorher {before}). Dichten ändern sich dadurch "
    "auch dann, wenn die Zahl der Menschen gleich bleibt."
)


def breaks_of(region_kgs: str, years: Sequence[Year], *, is_density: bool, follows_law: bool = True) -> list[Break]:
    """What interrupts a series between two delivered years (domain.md finding 1 and 6; V-D08, V-D10).

    `follows_law`: whether the change of responsibility moved the numbers; it did not for what is named in lists (8b).
    """
    changes = [RESPONSIBILITY] if follows_law else []
    changes += [HANAU] if region_kgs == MAIN_KINZIG else []
    found: list[Break] = []
    for before, after in pairwise(years):
        found += [replace(each, year=after.year) for each in changes if before.year < each.year <= after.year]
        if is_density and len({before.source, after.source} - {""}) > 1:  # both say it, and not the same
            told = POPULATION.format(year=after.year, source=after.source, before=before.source)
            found.append(Break(after.year, "Bevölkerung", told))
    return found


def sentences(series: Series) -> list[str]:
    """What the picture shows, said from the shown values only."""
    return [] if series.is_empty else TOLD.get(series.kind, _beside)(series)


def _course(series: Series, name: str) -> list[str]:
    """From the first to the last year that has a number, with the breaks that lie between."""
    points = series.course(series.whole)
    if not points:
        return [f"{name}: Es ist kein Wert genannt."]
    start, end = points[0], points[-1]
    if start[0] == end[0]:
        return [f"{name}: {end[0]} beträgt der Wert {series.told(end[1])}."]
    years = sorted({each.year for each in series.breaks if start[0] < each.year <= end[0]})
    told = (
        f"Dazwischen liegt ein Bruch der Reihe ({' und '.join(map(str, years))}); die Jahre davor und danach sind "
        "nicht gleich gezählt."
    )
    return [f"{name}: {_moved(series, start, end)}", *words.said((years, told))]


def _moved(series: Series, start: tuple[int, Decimal], end: tuple[int, Decimal]) -> str:
    (before, first), (now, last) = start, end
    if first == last:
        return f"Der Wert ist {now} so hoch wie {before}: {series.told(last)}."
    way = "gestiegen" if last > first else "gesunken"
    return f"Der Wert ist von {series.told(first)} ({before}) auf {series.told(last)} ({now}) {way}."


def _beside(series: Series) -> list[str]:
    """How the region went, and the newest year beside the groups."""
    others = [f"{title} {series.told(number)}" for title, number in series.newest(slice(1, None))]
    beside = f"Zum Vergleich {series.years[-1].year}: {', '.join(others)}."
    return [*_course(series, series.columns[0].title), *words.said((others, beside))]


def _stack(series: Series) -> list[str]:
    """The whole, which stands in the last column, and the largest part of the newest year."""
    title, number = max(series.newest(slice(-1)), key=itemgetter(1), default=("", Decimal(0)))
    part = f"{series.years[-1].year} ist der größte Teil „{title}“ mit {series.told(number)}."
    return [*_course(series, "Insgesamt"), *words.said((number, part))]


TOLD = {SeriesKind.STACK: _stack}
