"""Deliveries of figures: who may see and do what with them, and the list."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kok.access import Permission
from kok.models import User
from members.models import Agreement
from reporting.figures.models import Dataset, DatasetRevision
from reporting.figures.queries.formats import format_named, latest_formats
from reporting.figures.queries.reach import Reach, works_statewide
from reporting.figures.rules.codes import Deliverer, DeliveryPart
from reporting.figures.rules.formats import Format

State = DatasetRevision.State
CLAUSES = {"KOK-8C": "8c", "KOK-8D": "8d"}  # the duties whose figures these formats hold


WAITING_FOR: dict[str, DeliveryPart] = {State.VALIDATED: DeliveryPart.DELIVERS, State.SUBMITTED: DeliveryPart.RECEIVES}


def parts_of(user: User, revision: DatasetRevision) -> frozenset[DeliveryPart]:
    """What a person may do with a delivery. It is received where its region has its agreement, and nowhere else.

    Figures of another region than that of the agreement are delivered with a role for the LWV as a whole only.
    """
    found = format_named(revision.dataset.format_id)
    of_region = Agreement.objects.filter(partners__authority__kgs=revision.dataset.region_kgs).values("pk")
    parts: frozenset[DeliveryPart] = frozenset()
    for agreement in Agreement.objects.filter(Q(pk__in=of_region) | Q(pk=revision.agreement_id)):
        parts |= _Worker(user, agreement).parts(found, revision.dataset)
    return parts


class _Worker:
    """Somebody who delivers and receives figures in an agreement, and how far that reaches."""

    def __init__(self, user: User, agreement: Agreement) -> None:
        self.reach = Reach(user, agreement)
        self.keys = self.reach.keys
        self.sides = self.reach.sides(Permission.FIGURES_DELIVER)
        self._is_statewide = works_statewide(user, Permission.FIGURES_DELIVER)

    def parts(self, found: Format, dataset: Dataset) -> frozenset[DeliveryPart]:
        """What he may do with a delivery."""
        kgs = dataset.region_kgs
        is_here = kgs in self.keys
        may = {
            DeliveryPart.DELIVERS: self.sides.delivers(found, kgs) and (is_here or self._is_statewide),
            DeliveryPart.RECEIVES: self.sides.receives(found, kgs) and is_here,
        }
        return frozenset(part for part, is_his in may.items() if is_his and found.columns)


@dataclass(frozen=True)
class Delivery:
    """The figures of one format, region and day, with the revisions that a person may see, the newest first."""

    dataset: Dataset
    format: Format
    revisions: tuple[DatasetRevision, ...]

    @property
    def title(self) -> str:
        """What the figures are about."""
        return self.format.title

    @property
    def newest(self) -> DatasetRevision:
        """The last one that was read in; it may still wait for its submission."""
        return self.revisions[0]

    @property
    def submitted(self) -> list[DatasetRevision]:
        """Those that were submitted, the newest first."""
        return [each for each in self.revisions if each.state != State.VALIDATED]

    @property
    def valid(self) -> DatasetRevision | None:
        """The one that counts: the newest that was submitted."""
        return next(iter(self.submitted), None)

    @property
    def region(self) -> str:
        """The name of the region, or its key where no format knows it."""
        return self.format.title_of(self.format.region_column, self.dataset.region_kgs)


def deliveries_of(user: User, agreement: Agreement) -> list[Delivery]:
    """Everything delivered for its carriers, the newest day first; for the LWV as a whole what was read in here too."""
    return [*map(_delivery, _visible(Reach(user, agreement)))]


def deliveries_waiting(user: User, agreement: Agreement) -> dict[DeliveryPart, list[Delivery]]:
    """Deliveries whose newest revision this person may submit here, and those that she may accept."""
    waiting: dict[DeliveryPart, list[Delivery]] = {part: [] for part in DeliveryPart}
    worker = _Worker(user, agreement)
    for delivery in map(_delivery, _visible(worker.reach) if worker.sides else ()):
        part = WAITING_FOR.get(delivery.newest.state)
        if part in worker.parts(delivery.format, delivery.dataset):
            waiting[part].append(delivery)
    return waiting


def _visible(reach: Reach) -> QuerySet[Dataset]:
    """What is not submitted yet is seen by the partner only who delivers it."""
    sides = reach.sides(Permission.FIGURES_EXACT)
    formats = {by: [found.id for found in latest_formats() if found.delivered_by is by] for by in Deliverer}
    own = Q(dataset__format_id__in=formats[Deliverer.LOCAL], dataset__region_kgs__in=sides.keys)
    own |= Q(dataset__format_id__in=formats[Deliverer.LWV] if sides.is_lwv else ())
    shown = DatasetRevision.objects.filter(~Q(state=State.VALIDATED) | own)
    place = Q(region_kgs__in=reach.keys)
    if works_statewide(reach.user, Permission.FIGURES_EXACT):
        place |= Q(Exists(shown.filter(dataset=OuterRef("pk"), agreement=reach.agreement)))
    people = shown.select_related("imported_by", "submitted_by", "accepted_by", "dataset").order_by("-number")
    return (
        Dataset.objects.filter(place, Exists(shown.filter(dataset=OuterRef("pk"))))
        .prefetch_related(Prefetch("revisions", people, to_attr="shown"))
        .order_by("-reference_date", "format_id", "region_kgs")
    )


def _delivery(dataset: Dataset) -> Delivery:
    """Of a dataset as `_visible` found it, with the revisions that are shown."""
    shown: list[DatasetRevision] = vars(dataset)["shown"]
    return Delivery(dataset, format_named(dataset.format_id), tuple(shown))


def delivery_of(user: User, agreement: Agreement, **which: int) -> Delivery | None:
    """One delivery that a person may see here, by its key (`pk`) or that of a revision (`revisions`), or None."""
    found = _visible(Reach(user, agreement)).filter(**which).first()
    return _delivery(found) if found else None
