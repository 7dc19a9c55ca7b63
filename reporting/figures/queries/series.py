"""One series as somebody may see it: exact for the carriers, rounded for bodies and guests (domain.md 8.6).

Rounding happens here, before page, picture, download and PDF get anything: none of them ever holds an exact number
that its reader may not see.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kok.access import Permission, can
from members.models import Agreement
from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.queries.catalogue import FILTERS, PEOPLE_BEHIND, TOTAL, Subject
from reporting.figures.queries.delivered import ALL, Cell, cells_of, revisions_of, source_of
from reporting.figures.queries.formats import format_of
from reporting.figures.queries.regions import Region
from reporting.figures.rules.disclosure import Exactness, Shown, shown
from reporting.figures.rules.formats import Format
from reporting.figures.rules.series import Column, Kind, Series, Year, breaks_of, district_of

ROUNDED_VERSION = "gremien"
GROUPS = ("REGION", "RP", "HESSEN")
NOT_DELIVERED = Shown(None)
Found = dict[tuple[int, str], Cell]


@dataclass(frozen=True)
class SeriesPage:
    """A series of a region, the codes of the filters that the newest delivery knows, and what was chosen of them."""

    subject: Subject
    region: Region
    series: Series
    options: Mapping[str, Sequence[tuple[str, str]]]
    chosen: Mapping[str, str]
    revisions: tuple[int, ...]


def exactness_for(user: Any, agreement: Agreement, wanted: str = "") -> Exactness:
    """Exact only for people of the two carriers, and only until they ask for the version for bodies and guests."""
    if wanted == ROUNDED_VERSION or not can(user, Permission.FIGURES_EXACT, agreement):
        return Exactness.ROUNDED
    return Exactness.EXACT


def series_page(*, region: Region, subject: Subject, wanted: Mapping[str, str], exactness: Exactness) -> SeriesPage:
    """The series of a region. A filter that no format knows counts as not chosen."""
    revisions = revisions_of(region.kgs, subject.format.id)
    found = format_of(subject.format.id, revisions[-1].format_version) if revisions else subject.format
    titles = {name: {} if subject.counts_cases else _titles(found, name) for name in FILTERS}
    chosen = {name: wanted[name] if wanted.get(name) in titles[name] else TOTAL for name in FILTERS}
    cells = _cells(revisions, subject, chosen)
    words = tuple((_heading(found, name), titles[name][code]) for name, code in chosen.items() if code != TOTAL)
    series = _series(region, subject, revisions, cells, exactness, words)
    options = _options(revisions, subject, titles, chosen)
    return SeriesPage(subject, region, series, options, chosen, tuple(each.pk for each in revisions))


def _cells(revisions: list[DatasetRevision], subject: Subject, chosen: Mapping[str, str]) -> list[Cell]:
    places: dict[str, Sequence[str]] = {name: [code] for name, code in chosen.items() if code != TOTAL}
    behind = PEOPLE_BEHIND.get(subject.indicator)
    places["indicator"] = [subject.indicator, behind] if behind else [subject.indicator]
    if subject.has_parts:
        places["location"] = list(_titles(subject.format, "location"))
    return cells_of(revisions, **places)


def _series(
    region: Region,
    subject: Subject,
    revisions: list[DatasetRevision],
    cells: list[Cell],
    exactness: Exactness,
    words: tuple[tuple[str, str], ...],
) -> Series:
    own = [each for each in cells if each.indicator == subject.indicator]
    is_ratio = subject.is_share or any(each.measured.denominator for each in own)
    has_parts = subject.has_parts and any(each.location != TOTAL for each in own)
    columns = _columns(region, subject, own, has_parts=has_parts, is_ratio=is_ratio)
    found = {
        (each.revision, each.location if has_parts else each.group): each
        for each in own
        if has_parts or each.location in ALL
    }
    people = {(each.revision, each.group): each.measured.value for each in cells if each.indicator != subject.indicator}
    years = tuple(
        Year(
            each.dataset.reference_date.year,
            each.dataset.reference_date,
            each.number,
            tuple(_shown(subject, found, people, (each.pk, column.code), exactness) for column in columns),
            source_of(each),
        )
        for each in revisions
    )
    unit = next((each.measured.unit for each in own if each.measured.unit), subject.unit)
    kind = Kind.STACK if has_parts else Kind.LINES if is_ratio else Kind.BARS
    breaks = breaks_of(region.kgs, years, is_density=subject.unit == "PER_1000", follows_law=subject.follows_law)
    return Series(subject.slug, subject.title, unit, kind, region.kgs, columns, years, exactness, tuple(breaks), words)


def _shown(
    subject: Subject, found: Found, people: Mapping[Any, Any], place: tuple[int, str], exactness: Exactness
) -> Shown:
    if place not in found:
        return NOT_DELIVERED
    return shown(found[place].measured, exactness, people=people.get(place), counts_cases=subject.counts_cases)


def _columns(
    region: Region, subject: Subject, own: list[Cell], *, has_parts: bool, is_ratio: bool
) -> tuple[Column, ...]:
    """The parts with the whole last; or the region, beside the groups where the numbers can be compared."""
    if has_parts:
        return tuple(Column(code, title) for code, title in _titles(subject.format, "location").items())
    names = {"REGION": region.name, "RP": district_of(region.kgs), "HESSEN": "Hessen"}
    there = {"REGION"} | ({each.group for each in own} if is_ratio else set())
    return tuple(Column(code, names[code]) for code in GROUPS if code in there)


def _options(
    revisions: list[DatasetRevision],
    subject: Subject,
    titles: Mapping[str, Mapping[str, str]],
    chosen: Mapping[str, str],
) -> dict[str, list[tuple[str, str]]]:
    """What the newest delivery tells apart, by its own order; what was chosen stays choosable."""
    told = (
        DataCell.objects.filter(revision=revisions[-1].pk, indicator=subject.indicator)
        .values_list(*FILTERS)
        .order_by()
        .distinct()
        if revisions
        else []
    )
    known: list[set[str]] = [set(codes) for codes in zip(*told, strict=True)] or [set() for _ in FILTERS]
    return {
        name: [(code, title) for code, title in titles[name].items() if code in codes | {chosen[name]} - {TOTAL}]
        for name, codes in zip(FILTERS, known, strict=True)
        if titles[name] and (codes - {"", TOTAL} or chosen[name] != TOTAL)
    }


def _titles(found: Format, cell_field: str) -> dict[str, str]:
    column = found.cell_column(cell_field)
    return {code: each.title for code, each in found.codes(column.name).items()} if column else {}


def _heading(found: Format, cell_field: str) -> str:
    column = found.cell_column(cell_field)
    return column.title if column else ""
