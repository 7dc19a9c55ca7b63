"""The page of one delivery, opened at one of its revisions."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import pairwise

from kok.models import User
from members.models import Agreement
from reporting.duties.queries.duties import Duty, yearly_duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.figures.models import DatasetRevision
from reporting.figures.queries.datasets import CLAUSES, Delivery, delivery_of, parts_of
from reporting.figures.queries.reach import keys_of
from reporting.figures.rules.codes import DeliveryPart
from reporting.figures.rules.revisions import Warned, open_rules, timeliness

State = DatasetRevision.State
NOT_SHOWN = {"format_id", "format_version", "reporting_kgs", "region_kgs", "reference_date", "revision", "notes"}


@dataclass(frozen=True)
class Doubt:
    """What the check found doubtful under one rule, and what was said to it."""

    rule: str
    found: tuple[Warned, ...]
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
        found: dict[str, list[Warned]] = defaultdict(list)
        for warning in self.revision.warnings:
            found[warning["rule"]].append(warning)
        return tuple(Doubt(rule, tuple(own), self.revision.remarks.get(rule, "")) for rule, own in found.items())

    @property
    def notes(self) -> tuple[str, ...]:
        """What is to be said with these figures, such as a break in the series."""
        return tuple(note["sentence"] for note in self.revision.metadata.get("notes", ()))

    @property
    def facts(self) -> list[tuple[str, str]]:
        """The Deckblatt in words, as far as it says anything."""
        metadata, columns = self.revision.metadata, self.delivery.format.names
        shown = [name for name in metadata if name in columns.keys() - NOT_SHOWN]
        found = [(columns[name].title, self._words(name, metadata[name])) for name in shown]
        return [*filter(all, [("Name der Datei", str(metadata.get("file", ""))), *found])]

    def _words(self, column: str, value: object) -> str:
        values = value if isinstance(value, list) else [value]
        return ", ".join(self.delivery.format.title_of(column, str(each)) for each in values)

    @property
    def timeliness(self) -> str:
        """How the deliveries stand to the deadline."""
        due_on = self.duty.occurrence.effective_due_on if self.duty else None
        days = [(each.number, day) for each in reversed(self.delivery.submitted) if (day := each.submitted_on)]
        return timeliness(days, due_on)

    @property
    def comparisons(self) -> list[tuple[int, int]]:
        """The pairs of revisions to compare, the newest first."""
        numbers = [each.number for each in reversed(self.delivery.revisions)]
        return [*pairwise(numbers)][::-1]

    @property
    def needs_evidence(self) -> bool:
        """Whether the statewide channel is still without evidence: what is handed in here does not fulfil 8c and 8d."""
        return bool(self.duty and self.duty.is_statewide and not self.duty.submission)


def dataset_page(
    user: User, agreement: Agreement, today: date, *, pk: int, number: int | None = None
) -> DatasetPage | None:
    """The page of a delivery at a revision (the newest when none is named), or None when there is none to see."""
    delivery = delivery_of(user, agreement, pk=pk)
    return _page(user, agreement, today, delivery, lambda each: number in (each.number, None))


def dataset_page_at(user: User, agreement: Agreement, today: date, *, revision: int) -> DatasetPage | None:
    """The same by the key of the revision."""
    delivery = delivery_of(user, agreement, revisions=revision)
    return _page(user, agreement, today, delivery, lambda each: each.pk == revision)


def _page(
    user: User,
    agreement: Agreement,
    today: date,
    delivery: Delivery | None,
    is_wanted: Callable[[DatasetRevision], bool],
) -> DatasetPage | None:
    """At the newest revision that is wanted."""
    revision = next(filter(is_wanted, delivery.revisions if delivery else ()), None)
    if delivery is None or revision is None:
        return None
    return DatasetPage(delivery, revision, parts_of(user, revision), _duty_of(agreement, delivery, today))


def _duty_of(agreement: Agreement, delivery: Delivery, today: date) -> Duty | None:
    """The duty of the year after the reference day, of the partner who owes these figures under this agreement."""
    clause, kgs = CLAUSES.get(delivery.dataset.format_id), delivery.dataset.region_kgs
    if clause is None or kgs not in keys_of(agreement):
        return None
    debtor = kgs if delivery.format.is_local else ""
    year = delivery.dataset.reference_date.year + 1
    duties = yearly_duties_of(ledger_of(agreement, year, year), [year], today)
    owed = {(each.rule.clause, each.debtor.authority.kgs): each for each in reversed(duties) if each.debtor}
    return owed.get((clause, debtor))
