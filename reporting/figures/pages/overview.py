"""What figures there are of a region: the newest delivery of each format, and its Kennzahlen with their last values."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from operator import attrgetter

from reporting.figures.models import DatasetRevision
from reporting.figures.queries.catalogue import FigureSubject, indicators, subjects
from reporting.figures.queries.delivered import GROUPS, cells_of, revisions_of
from reporting.figures.queries.regions import Region
from reporting.figures.queries.seen import SeenValues
from reporting.figures.rules.codes import RevisionState
from reporting.figures.rules.disclosure import Exactness
from reporting.figures.rules.series import district_of, in_words


@dataclass(frozen=True)
class NewestDelivery:
    """The newest delivery of a format."""

    title: str
    reference_on: date
    revision: int
    standing: RevisionState
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
    newest = {each.dataset.format_id: each for each in revisions}
    there = {each.format.id: each for each in subjects().values() if each.format.id in newest}
    known = list(indicators().values())
    long = [newest[name] for name in dict.fromkeys(each.format.id for each in known) if name in newest][:1]
    values = SeenValues(cells_of(long, indicator=map(attrgetter("indicator"), known)), exactness)
    return FiguresOverview(
        tuple(_delivery(subject, newest[name], revisions) for name, subject in there.items()),
        tuple(chain.from_iterable(_lines(known, values, each) for each in long)),
        (region.name, district_of(region.kgs), "Hessen"),
        next(map(attrgetter("dataset.reference_date"), long), None),
        exactness is Exactness.ROUNDED,
    )


def _delivery(
    subject: FigureSubject, revision: DatasetRevision, revisions: Sequence[DatasetRevision]
) -> NewestDelivery:
    years = Counter(map(attrgetter("dataset.format_id"), revisions))
    return NewestDelivery(
        subject.format.title,
        revision.dataset.reference_date,
        revision.number,
        revision.standing,
        years[subject.format.id],
        "" if subject.indicator else subject.slug,
    )


def _lines(known: Sequence[FigureSubject], values: SeenValues, revision: DatasetRevision) -> Iterator[IndicatorLine]:
    """A line for each Kennzahl of which anything was delivered."""
    for subject in known:
        texts = tuple(in_words(*values.at(revision, subject.indicator, group)) for group in GROUPS)
        if values.has(revision, subject.indicator):
            yield IndicatorLine(subject.slug, subject.title, texts)
