"""Deliveries of figures: who may see and do what with them, the list, and the page of one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from kok.access import Permission
from kok.models import User
from members.models import Agreement
from reporting.duties.queries.duties import Duty, yearly_duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.duties.rules.fulfilment import day_in_hessen
from reporting.figures.models import Dataset, DatasetRevision
from reporting.figures.queries.formats import latest_formats
from reporting.figures.queries.reach import Reach, keys_of, works_statewide
from reporting.figures.rules.codes import Deliverer, DeliveryPart
from reporting.figures.rules.formats import Format
from reporting.figures.rules.revisions import open_rules, timeliness

State = DatasetRevision.State
CLAUSES = {"KOK-8C": "8c", "KOK-8D": "8d"}  # the duties whose figures these formats hold
NOT_SHOWN = {"format_id", "format_version", "reporting_kgs", "region_kgs", "reference_date", "revision", "notes"}


WAITING_FOR: dict[str, DeliveryPart] = {State.VALIDATED: DeliveryPart.DELIVERS, State.SUBMITTED: DeliveryPart.RECEIVES}


def parts_of(user: User, revision: DatasetRevision) -> frozenset[DeliveryPart]:
    """What a person may do with a delivery. It is received where its region has its agreement, and nowhere else.

    Figures of another region than that of the agreement are delivered with a role for the LWV as a whole only.
    """
    found = _formats().get(revision.dataset.format_id)
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

    def parts(self, found: Format | None, dataset: Dataset) -> frozenset[DeliveryPart]:
        """What he may do with a delivery."""
        if found is None:
            return frozenset()
        kgs = dataset.region_kgs
        delivers = self.sides.delivers(found, kgs) and (kgs in self.keys or self._is_statewide)
        receives = self.sides.receives(found, kgs) and kgs in self.keys
        return frozenset(
            part for part, may in ((DeliveryPart.DELIVERS, delivers), (DeliveryPart.RECEIVES, receives)) if may
        )


@dataclass(frozen=True)
class Delivery:
    """The figures of one format, region and day, with the revisions that a person may see, the newest first."""

    dataset: Dataset
    format: Format | None
    revisions: tuple[DatasetRevision, ...]

    @property
    def title(self) -> str:
        """What the figures are about."""
        return self.format.title if self.format else self.dataset.format_id

    @property
    def newest(self) -> DatasetRevision:
        """The last one that was read in; it may still wait for its submission."""
        return self.revisions[0]

    @property
    def valid(self) -> DatasetRevision | None:
        """The one that counts: the newest that was submitted."""
        return next((each for each in self.revisions if each.state != State.VALIDATED), None)

    @property
    def region(self) -> str:
        """The name of the region, or its key where no format knows it."""
        kgs = self.dataset.region_kgs
        codes = self.format.codes(self.format.region_column) if self.format else {}
        return codes[kgs].title if kgs in codes else kgs


def deliveries_of(user: User, agreement: Agreement) -> list[Delivery]:
    """Everything delivered for its carriers, the newest day first; for the LWV as a whole what was read in here too."""
    return _deliveries(Reach(user, agreement))


def deliveries_waiting(user: User, agreement: Agreement) -> dict[DeliveryPart, list[Delivery]]:
    """Deliveries whose newest revision this person may submit here, and those that she may accept."""
    waiting: dict[DeliveryPart, list[Delivery]] = {part: [] for part in DeliveryPart}
    worker = _Worker(user, agreement)
    for delivery in _deliveries(worker.reach) if worker.sides else ():
        part = WAITING_FOR.get(delivery.newest.state)
        if part in worker.parts(delivery.format, delivery.dataset):
            waiting[part].append(delivery)
    return waiting


def _deliveries(reach: Reach) -> list[Delivery]:
    return [_delivery(dataset, _formats()) for dataset in _visible(reach)]


def _visible(reach: Reach) -> QuerySet[Dataset]:
    """What is not submitted yet is seen by the partner only who delivers it."""
    sides = reach.sides(Permission.FIGURES_EXACT)
    formats = {each: [found.id for found in _formats().values() if found.delivered_by is each] for each in Deliverer}
    own = Q(dataset__format_id__in=formats[Deliverer.LOCAL], dataset__region_kgs__in=sides.keys)
    if sides.is_lwv:
        own |= Q(dataset__format_id__in=formats[Deliverer.LWV])
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


def _delivery(dataset: Any, formats: Mapping[str, Format]) -> Delivery:
    return Delivery(dataset, formats.get(dataset.format_id), tuple(dataset.shown))


def _formats() -> dict[str, Format]:
    return {found.id: found for found in latest_formats()}


def delivery_of(user: User, agreement: Agreement, pk: int) -> Delivery | None:
    """One delivery that a person may see here, or None."""
    found = _visible(Reach(user, agreement)).filter(pk=pk).first()
    return _delivery(found, _formats()) if found else None


@dataclass(frozen=True)
class Doubt:
    """What the check found doubtful under one rule, and what was said to it."""

    rule: str
    found: tuple[dict[str, Any], ...]
    remark: str


@dataclass(frozen=True)
class DatasetPage:
    """One delivery as a person sees it, opened at one of its revisions. `duty`: what its figures are owed for."""

    delivery: Delivery
    revision: DatasetRevision
    parts: frozenset[DeliveryPart]
    duty: Duty | None

    @property
    def is_newest(self) -> bool:
        """Whether the last revision is open, which the address need not name."""
        return self.revision == self.delivery.newest

    @property
    def may_submit(self) -> bool:
        """Whether this person may remark, submit, discard."""
        return DeliveryPart.DELIVERS in self.parts and self.revision.state == State.VALIDATED

    @property
    def may_accept(self) -> bool:
        """Whether this person may accept."""
        return DeliveryPart.RECEIVES in self.parts and self.revision.state == State.SUBMITTED

    @property
    def without_remark(self) -> tuple[str, ...]:
        """The rules whose warnings still need a remark."""
        return open_rules(self.revision.warnings, self.revision.remarks)

    @cached_property
    def doubts(self) -> tuple[Doubt, ...]:
        """The warnings by rule."""
        rules = dict.fromkeys(warning["rule"] for warning in self.revision.warnings)
        return tuple(
            Doubt(
                rule=rule,
                found=tuple(warning for warning in self.revision.warnings if warning["rule"] == rule),
                remark=self.revision.remarks.get(rule, ""),
            )
            for rule in rules
        )

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said with these figures, such as a break in the series."""
        return tuple(note["sentence"] for note in self.revision.metadata.get("notes", ()))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The Deckblatt in words."""
        columns = {each.name: each for each in self.delivery.format.columns} if self.delivery.format else {}
        found = [("Name der Datei", str(self.revision.metadata.get("file", "")))]
        for name, value in self.revision.metadata.items():
            if name in columns and name not in NOT_SHOWN:
                found.append((columns[name].title, self._words(name, value)))
        return [(title, text) for title, text in found if text]

    def _words(self, column: str, value: object) -> str:
        codes = self.delivery.format.codes(column) if self.delivery.format else {}
        values = [str(each) for each in (value if isinstance(value, list) else [value])]
        return ", ".join(codes[each].title if each in codes else each for each in values)

    @property
    def timeliness(self) -> str:
        """How the deliveries stand to the deadline."""
        due_on = self.duty.occurrence.effective_due_on if self.duty else None
        return timeliness(
            [
                (each.number, day_in_hessen(each.submitted_at))
                for each in reversed(self.delivery.revisions)
                if each.submitted_at
            ],
            due_on,
        )

    @property
    def comparisons(self) -> list[tuple[int, int]]:
        """The pairs of revisions to compare, the newest first."""
        numbers = [each.number for each in self.delivery.revisions]
        return [(old, new) for new, old in pairwise(numbers)]

    @property
    def needs_evidence(self) -> bool:
        """Whether the statewide channel is still without evidence: what is handed in here does not fulfil 8c and 8d."""
        return bool(self.duty and self.duty.is_statewide and not self.duty.submission)


def dataset_page(
    user: User, agreement: Agreement, today: date, *, pk: int, number: int | None = None
) -> DatasetPage | None:
    """The page of a delivery at a revision (the newest when none is named), or None when there is none to see."""
    delivery = delivery_of(user, agreement, pk)
    wanted = delivery.newest.number if delivery and number is None else number
    return _page(user, agreement, today, delivery, lambda each: each.number == wanted)


def dataset_page_at(user: User, agreement: Agreement, today: date, *, revision: int) -> DatasetPage | None:
    """The same by the key of the revision."""
    found = _visible(Reach(user, agreement)).filter(revisions=revision).first()
    delivery = _delivery(found, _formats()) if found else None
    return _page(user, agreement, today, delivery, lambda each: each.pk == revision)


def _page(
    user: User,
    agreement: Agreement,
    today: date,
    delivery: Delivery | None,
    is_wanted: Callable[[DatasetRevision], bool],
) -> DatasetPage | None:
    revision = next(filter(is_wanted, delivery.revisions), None) if delivery else None
    if delivery is None or revision is None:
        return None
    return DatasetPage(delivery, revision, parts_of(user, revision), _duty_of(agreement, delivery, today))


def _duty_of(agreement: Agreement, delivery: Delivery, today: date) -> Duty | None:
    """The duty of the year after the reference day, of the partner who owes these figures under this agreement."""
    clause = CLAUSES.get(delivery.dataset.format_id)
    kgs = delivery.dataset.region_kgs
    if clause is None or delivery.format is None or kgs not in keys_of(agreement):
        return None
    is_local = delivery.format.delivered_by is Deliverer.LOCAL
    year = delivery.dataset.reference_date.year + 1
    duties = yearly_duties_of(ledger_of(agreement, year, year), [year], today)
    return next(
        (
            duty
            for duty in duties
            if duty.rule.clause == clause and duty.debtor and duty.debtor.authority.kgs == (kgs if is_local else "")
        ),
        None,
    )
