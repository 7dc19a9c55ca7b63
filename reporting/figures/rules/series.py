"""A series of figures: its values year by year, its breaks, and the sentence that says what it shows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from itertools import pairwise

from reporting.figures.rules.disclosure import FEW, Exactness, Shown

PLACES = {"PER_1000": Decimal("0.01"), "PERCENT": Decimal("0.1")}
UNITS = {"PERCENT": " %", "EUR": " €"}
WORDS = {".": "geheim", "x": "nicht sinnvoll", "/": "nicht verlässlich"}
A_FEW = "weniger als 5"
DISTRICTS = {"064": "Darmstadt", "065": "Gießen", "066": "Kassel"}
RESPONSIBILITY_CHANGED, HANAU_LEFT = 2024, 2026
MAIN_KINZIG = "06435"
NON_BREAKING = "\u00a0"
ZERO = Decimal(0)


class SeriesKind(StrEnum):
    """How a series is drawn: counts as bars, shares and densities as lines, parts of a whole one on the other."""

    BARS = "bars"
    LINES = "lines"
    STACK = "stack"


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

    @property
    def is_empty(self) -> bool:
        """Is there no number at all?"""
        return all(value.number is None for year in self.years for value in year.values)

    @property
    def is_told(self) -> bool:
        """Does the table say anything: a number, or why there is none?"""
        return any(value != Shown(None) for year in self.years for value in year.values)

    def until(self, year: int) -> "Series":
        """The same without what came after this year."""
        years = tuple(each for each in self.years if each.year <= year)
        return replace(self, years=years, breaks=tuple(each for each in self.breaks if each.year <= year))

    def text(self, value: Shown) -> str:
        """A value as people read it."""
        return in_words(value, self.unit)


def in_words(value: Shown, unit: str) -> str:
    """`3.480`, `12,45`, `45,6 %`, `1.250.000 €`; without a number the reason."""
    if value.number is not None:
        return german(value.number, unit) + UNITS.get(unit, "").replace(" ", NON_BREAKING)
    if value.is_withheld:
        return A_FEW if value.flag == FEW else "nicht genannt"
    return WORDS.get(value.flag, "nicht geliefert")


def plain(number: Decimal, unit: str = "") -> Decimal:
    """As many places as anybody reads: two of a density, one of a share, else two where they are not nought."""
    if unit in PLACES:
        return number.quantize(PLACES[unit], rounding=ROUND_HALF_UP)
    return number.quantize(Decimal(1) if number == number.to_integral_value() else Decimal("0.01"))


def german(number: Decimal, unit: str = "") -> str:
    """A number with dots for thousands and a decimal comma."""
    return f"{plain(number, unit):,f}".translate(str.maketrans(",.", ".,"))


def district_of(kgs: str) -> str:
    """The name of the Regierungsbezirk of a Kreisschlüssel."""
    return f"Regierungsbezirk {DISTRICTS[kgs[:3]]}" if kgs[:3] in DISTRICTS else "Regierungsbezirk"


def breaks_of(region_kgs: str, years: Sequence[Year], *, is_density: bool, follows_law: bool = True) -> list[Break]:
    """What interrupts a series between two delivered years (domain.md finding 1 and 6; V-D08, V-D10)."""
    found = []
    for before, after in pairwise(years):
        if follows_law and before.year < RESPONSIBILITY_CHANGED <= after.year:
            found.append(Break(after.year, "Zuständigkeit", RESPONSIBILITY))
        if region_kgs == MAIN_KINZIG and before.year < HANAU_LEFT <= after.year:
            found.append(Break(after.year, "Hanau", HANAU))
        if is_density and before.source and after.source and before.source != after.source:
            found.append(Break(after.year, "Bevölkerung", _population(before, after)))
    return found


RESPONSIBILITY = (
    "Seit dem 01.01.2024 ist der LWV Hessen auch für Menschen zuständig, die nach der Regelaltersgrenze erstmals "
    "Leistungen beantragen (§ 2 HAG/SGB IX). Vorher waren es die örtlichen Träger."
)
HANAU = "Seit dem 01.01.2026 gehört Hanau nicht mehr zum Main-Kinzig-Kreis und zählt dort nicht mehr mit."


def _population(before: Year, after: Year) -> str:
    return (
        f"Die Bevölkerung kommt ab {after.year} aus einer anderen Quelle ({after.source}, vorher {before.source}). "
        "Dichten ändern sich dadurch auch dann, wenn die Zahl der Menschen gleich bleibt."
    )


def sentences(series: Series) -> list[str]:
    """What the picture shows, said from the shown values only."""
    if series.is_empty:
        return []
    if series.kind is SeriesKind.STACK:
        return _stack(series)
    return [*_course(series, 0, series.columns[0].title), *_beside(series)]


def _course(series: Series, place: int, name: str) -> list[str]:
    """From the first to the last year that has a number, with the breaks that lie between."""
    points = [(year.year, year.values[place]) for year in series.years if year.values[place].number is not None]
    if not points:
        return [f"{name}: Es ist kein Wert genannt."]
    (start, first), (end, last) = points[0], points[-1]
    if start == end:
        return [f"{name}: {end} beträgt der Wert {series.text(last)}."]
    between = [each for each in series.breaks if start < each.year <= end]
    said = f"{name}: {_moved(series, (start, first), (end, last))}"
    if not between:
        return [said]
    years = " und ".join(map(str, sorted({each.year for each in between})))
    return [
        said,
        f"Dazwischen liegt ein Bruch der Reihe ({years}); die Jahre davor und danach sind nicht gleich gezählt.",
    ]


def _moved(series: Series, start: tuple[int, Shown], end: tuple[int, Shown]) -> str:
    first, last = start[1].number or ZERO, end[1].number or ZERO
    if first == last:
        return f"Der Wert ist {end[0]} so hoch wie {start[0]}: {series.text(end[1])}."
    way = "gestiegen" if last > first else "gesunken"
    return f"Der Wert ist von {series.text(start[1])} ({start[0]}) auf {series.text(end[1])} ({end[0]}) {way}."


def _beside(series: Series) -> list[str]:
    """The newest year beside the groups."""
    newest = series.years[-1]
    others = [
        f"{column.title} {series.text(value)}"
        for column, value in list(zip(series.columns, newest.values, strict=True))[1:]
        if value.number is not None
    ]
    return [f"Zum Vergleich {newest.year}: {', '.join(others)}."] if others else []


def _stack(series: Series) -> list[str]:
    """The whole, which stands in the last column, and the largest part of the newest year."""
    said = _course(series, len(series.columns) - 1, "Insgesamt")
    newest = series.years[-1]
    parts = list(zip(newest.values, series.columns, strict=True))[:-1]
    known = [(value.number, column.title, value) for value, column in parts if value.number]
    if known:
        _, title, value = max(known, key=lambda each: each[0])
        said.append(f"{newest.year} ist der größte Teil „{title}“ mit {series.text(value)}.")
    return said
