"""One series as somebody may see it: exact for the carriers, rounded for bodies and guests (domain.md 8.6).

Rounding happens here, before page, picture, download and PDF get anything: none of them ever holds an exact number
that its reader may not see.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import starmap
from operator import attrgetter

from kok.access import Permission, can
from kok.models import User
from members.models import Agreement
from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.queries.catalogue import FILTERS, TOTAL, FigureSubject
from reporting.figures.queries.delivered import ALL, GROUPS, REGION, Cell, cells_of, revisions_of, source_of
from reporting.figures.queries.formats import format_of
from reporting.figures.queries.regions import Region
from reporting.figures.rules.disclosure import Exactness, Shown, shown
from reporting.figures.rules.series import NOT_DELIVERED, Series, SeriesColumn, SeriesKind, Year, breaks_of, district_of

ROUNDED_VERSION = "gremien"
UNIT, DENOMINATOR = attrgetter("unit"), attrgetter("denominator")
LOCATION, GROUP = attrgetter("location"), attrgetter("group")


@dataclass(frozen=True)
class SeriesPage:
    """A series of a region, the codes of the filters that the newest delivery knows, and what was chosen of them."""

    subject: FigureSubject
    region: Region
    series: Series
    options: Mapping[str, Sequence[tuple[str, str]]]
    chosen: Mapping[str, str]
    revisions: tuple[int, ...]


def exactness_for(user: User, agreement: Agreement, wanted: str = "") -> Exactness:
    """Exact only for people of the two carriers, and only until they ask for the version for bodies and guests."""
    if wanted == ROUNDED_VERSION or not can(user, Permission.FIGURES_EXACT, agreement):
        return Exactness.ROUNDED
    return Exactness.EXACT


def series_page(
    *, region: Region, subject: FigureSubject, wanted: Mapping[str, str], exactness: Exactness
) -> SeriesPage:
    """The series of a region. A filter that no format knows counts as not chosen."""
    revisions = revisions_of(region.kgs, subject.format.id)
    found = format_of(subject.format.id, revisions[-1].format_version) if revisions else subject.format
    titles = {name: found.titles(name) for name in subject.filters}
    places = {name: wanted[name] for name in titles if wanted.get(name) in titles[name].keys() - {TOTAL}}
    words = tuple((found.column(found.name_of(name)).title, titles[name][code]) for name, code in places.items())
    series = _series(region, subject, revisions, _Values(subject, _cells(revisions, subject, places), exactness), words)
    chosen = {**dict.fromkeys(FILTERS, TOTAL), **places}
    options = _options(revisions, subject, titles, chosen)
    return SeriesPage(subject, region, series, options, chosen, tuple(each.pk for each in revisions))


def _cells(revisions: list[DatasetRevision], subject: FigureSubject, chosen: Mapping[str, str]) -> list[Cell]:
    places: dict[str, Iterable[str]] = {name: (code,) for name, code in chosen.items()}
    return cells_of(revisions, indicator=subject.with_people, location=subject.parts or ALL, **places)


class _Values:
    """The values of one series, by revision and column, as this reader may see them."""

    def __init__(self, subject: FigureSubject, cells: Sequence[Cell], exactness: Exactness) -> None:
        self.subject, self.exactness = subject, exactness
        own = [each for each in cells if each.indicator == subject.indicator]
        self.unit = next(filter(None, map(UNIT, own)), subject.unit)
        self.is_ratio = subject.is_share or any(map(DENOMINATOR, own))
        self.has_parts = bool(subject.parts) and not {TOTAL}.issuperset(map(LOCATION, own))
        self.groups = {REGION}.union(map(GROUP, own if self.is_ratio else ()))
        place = LOCATION if self.has_parts else GROUP
        self._found = {(each.revision, place(each)): each for each in own}
        self._people = {
            (each.revision, each.group): each.value for each in cells if each.indicator != subject.indicator
        }

    @property
    def kind(self) -> SeriesKind:
        """How the series is drawn."""
        if self.has_parts:
            return SeriesKind.STACK
        return SeriesKind.LINES if self.is_ratio else SeriesKind.BARS

    def shown(self, revision: int, column: str) -> Shown:
        """One value; where nothing was delivered it says so."""
        place = (revision, column)
        if place not in self._found:
            return NOT_DELIVERED
        people, is_of_cases = self._people.get(place), self.subject.counts_cases
        return shown(self._found[place], self.exactness, people=people, counts_cases=is_of_cases)


def _series(
    region: Region,
    subject: FigureSubject,
    revisions: list[DatasetRevision],
    values: _Values,
    words: tuple[tuple[str, str], ...],
) -> Series:
    columns = _columns(region, subject, values)
    years = tuple(
        Year(
            each.dataset.reference_date.year,
            each.dataset.reference_date,
            each.number,
            tuple(values.shown(each.pk, column.code) for column in columns),
            source_of(each),
        )
        for each in revisions
    )
    breaks = breaks_of(region.kgs, years, is_density=subject.unit == "PER_1000", follows_law=not subject.counts_cases)
    return Series(
        subject.slug, subject.title, values.unit, values.kind, region.kgs, columns, years, values.exactness,
        tuple(breaks), words,
    )  # fmt: skip


def _columns(region: Region, subject: FigureSubject, values: _Values) -> tuple[SeriesColumn, ...]:
    """The parts with the whole last; or the region, beside the groups where the numbers can be compared."""
    if values.has_parts:
        return tuple(starmap(SeriesColumn, subject.parts.items()))
    names = {REGION: region.name, "RP": district_of(region.kgs), "HESSEN": "Hessen"}
    return tuple(SeriesColumn(code, names[code]) for code in GROUPS if code in values.groups)


def _options(
    revisions: list[DatasetRevision],
    subject: FigureSubject,
    titles: Mapping[str, Mapping[str, str]],
    chosen: Mapping[str, str],
) -> dict[str, list[tuple[str, str]]]:
    """What the newest delivery tells apart, by its own order; what was chosen stays choosable."""
    cells = DataCell.objects.filter(revision__in=revisions[-1:], indicator=subject.indicator)
    told = cells.values_list(*FILTERS).order_by().distinct()
    known = dict(zip(FILTERS, map(set, zip(*told, strict=True)), strict=False))
    options = {name: _choosable(titles[name], known.get(name, set()), chosen[name]) for name in titles}
    return {name: choices for name, choices in options.items() if choices}


def _choosable(titles: Mapping[str, str], delivered: set[str], chosen: str) -> list[tuple[str, str]]:
    """The codes of one filter; none where there is nothing to tell apart."""
    told = (delivered | {chosen}) - {"", TOTAL}
    return [(code, title) for code, title in titles.items() if code in told]
