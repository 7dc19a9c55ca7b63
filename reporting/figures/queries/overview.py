"""What figures there are of a region: the newest delivery of each format, and its Kennzahlen with their last values."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from reporting.figures.models import DatasetRevision
from reporting.figures.queries.catalogue import PEOPLE_BEHIND, FigureSubject, subjects
from reporting.figures.queries.delivered import Cell, cells_of, revisions_of
from reporting.figures.queries.regions import Region
from reporting.figures.queries.series import GROUPS, NOT_DELIVERED
from reporting.figures.rules.disclosure import WITHHELD, Exactness, Shown, shown
from reporting.figures.rules.series import district_of, in_words


@dataclass(frozen=True)
class NewestDelivery:
    """The newest delivery of a format."""

    title: str
    reference_on: date
    revision: int
    is_accepted: bool
    years: int
    slug: str  # of the series, where the format is one series

    @property
    def is_corrected(self) -> bool:
        """Is it a correction (mark r)?"""
        return self.revision > 0


@dataclass(frozen=True)
class IndicatorLine:
    """A Kennzahl with its last values: region, Regierungsbezirk, Hessen."""

    slug: str
    title: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class FiguresOverview:
    """The first page of the figures."""

    deliveries: tuple[NewestDelivery, ...]
    lines: tuple[IndicatorLine, ...]
    groups: tuple[str, ...]
    reference_on: date | None
    is_rounded: bool


def figures_overview(*, region: Region, exactness: Exactness) -> FiguresOverview:
    """What is there; two readings, however many years and Kennzahlen there are."""
    revisions = revisions_of(region.kgs)
    known = subjects()
    newest = {each.dataset.format_id: each for each in revisions}
    formats = {each.format.id: each for each in known.values() if each.format.id in newest}
    deliveries = [_delivery(subject, newest[name], revisions) for name, subject in formats.items()]
    indicators = list(filter(None, (each.indicator for each in known.values())))
    long = next((newest[name] for name, subject in formats.items() if subject.indicator), None)
    cells = cells_of([long], indicator=indicators) if long else []
    return FiguresOverview(
        tuple(deliveries),
        tuple(_lines(list(known.values()), cells, exactness)),
        (region.name, district_of(region.kgs), "Hessen"),
        long.dataset.reference_date if long else None,
        exactness is Exactness.ROUNDED,
    )


def _delivery(
    subject: FigureSubject, revision: DatasetRevision, revisions: Sequence[DatasetRevision]
) -> NewestDelivery:
    return NewestDelivery(
        subject.format.title,
        revision.dataset.reference_date,
        revision.number,
        revision.state == DatasetRevision.State.ACCEPTED,
        sum(each.dataset.format_id == subject.format.id for each in revisions),
        "" if subject.indicator else subject.slug,
    )


def _lines(known: Sequence[FigureSubject], cells: Sequence[Cell], exactness: Exactness) -> list[IndicatorLine]:
    found = {(each.indicator, each.group): each for each in cells}
    lines = []
    for subject in known:
        if any((subject.indicator, group) in found for group in GROUPS):
            values = tuple(_value(found, subject, group, exactness) for group in GROUPS)
            lines.append(IndicatorLine(subject.slug, subject.title, values))
    return lines


def _value(found: dict[tuple[str, str], Cell], subject: FigureSubject, group: str, exactness: Exactness) -> str:
    cell = found.get((subject.indicator, group))
    if cell is None:
        return in_words(NOT_DELIVERED, subject.unit)
    if subject.counts_cases and group != GROUPS[0]:  # Hessen less all other regions would be the county exactly
        return in_words(WITHHELD, subject.unit)
    behind = found.get((PEOPLE_BEHIND.get(subject.indicator, ""), group))
    people: Decimal | None = behind.value if behind else None
    value: Shown = shown(cell, exactness, people=people, counts_cases=subject.counts_cases)
    return in_words(value, cell.unit)
