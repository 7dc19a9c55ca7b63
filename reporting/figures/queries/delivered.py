"""The newest delivered revision of every Stichtag. Older ones never get here: nobody can subtract them."""

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from django.db.models import QuerySet

from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.rules.disclosure import Measured

DELIVERED = (DatasetRevision.State.SUBMITTED, DatasetRevision.State.ACCEPTED)
REGION = "REGION"  # the group of a value that is compared with nothing
GROUPS = (REGION, "RP", "HESSEN")
ALL = ("", "T")  # the total of a dimension, or a format that has no such dimension
SPLIT_BY = ("sex", "age_group", "location", "service", "setting", "disability")


@dataclass(frozen=True, kw_only=True)
class Cell(Measured):
    """A value with its place."""

    revision: int
    group: str
    indicator: str
    location: str


def newest_revisions() -> QuerySet[DatasetRevision]:
    """One revision for each delivery: the newest that was submitted, whatever came before."""
    return (
        DatasetRevision.objects.filter(state__in=DELIVERED)
        .order_by("dataset_id", "-number")
        .distinct("dataset_id")
        .select_related("dataset")
    )


def revisions_of(region_kgs: str, format_id: str | None = None) -> list[DatasetRevision]:
    """The newest revisions of a region, the oldest Stichtag first."""
    wanted = {} if format_id is None else {"dataset__format_id": format_id}
    found = newest_revisions().filter(dataset__region_kgs=region_kgs, **wanted)
    return sorted(found, key=attrgetter("dataset.reference_date", "dataset.format_id"))


def cells_of(revisions: Iterable[DatasetRevision], **places: Iterable[str]) -> list[Cell]:
    """The values of these revisions; a dimension that is not named is the total."""
    asked = {**dict.fromkeys(SPLIT_BY, ALL), **places}
    where = {f"{name}__in": list(codes) for name, codes in asked.items()}
    found = DataCell.objects.filter(revision__in=list(revisions), **where).values_list(
        "revision_id", "comparison_group", "indicator", "location", "value", "unit", "numerator", "denominator", "flag"
    )
    return [
        Cell(
            value,
            unit,
            numerator,
            denominator,
            flag,
            revision=revision,
            group=group or REGION,
            indicator=indicator,
            location=location,
        )
        for revision, group, indicator, location, value, unit, numerator, denominator, flag in found
    ]


def source_of(revision: DatasetRevision) -> str:
    """Where the population of the densities comes from, as the delivery says."""
    told = revision.metadata.get("population_source", "")
    return ", ".join(told) if isinstance(told, list) else str(told)
