"""What the page of one version shows beside its cases: how far it is, until when, what is new, what proves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from operator import attrgetter
from typing import ClassVar

from kok.articles import den
from kok.words import moment
from kok.workdays import urged_on
from transitions.models import (
    CaseEntry,
    PendingImport,
    TransitionCase,
    TransitionList,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.pages.case_lines import CaseLine
from transitions.pages.notices import DIFFERENT, SealedNotice, crossed_notice
from transitions.pages.rights import ListRights, rights_of
from transitions.pages.titles import likeness_words, list_name
from transitions.queries.access import Access
from transitions.queries.due_days import list_due_day_of
from transitions.queries.imports import pending_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.proposals import undecided_count
from transitions.queries.receipts import compare
from transitions.queries.release import crossed_by_outcome
from transitions.queries.restriction import restricted_refs
from transitions.queries.version import Gap, alike_elsewhere
from transitions.queries.versions import draft_beside, receipts_of
from transitions.rules import people
from transitions.rules.codes import ReceiptMatch, VersionState
from transitions.rules.release import NO_EFFECT
from transitions.rules.sizes import part_words, size_words

MOST_PAIRS = 50
STEPS = ("Entwurf", "Vorgelegt", "Freigegeben", "Empfang bestätigt")


@dataclass(frozen=True)
class Deadline:
    """The nominal and the effective day of a list, to which of them people are urged, and how much of the year until
    then has passed.
    """

    due_on: date
    effective_on: date
    urged_on: date
    days_passed: int
    days_total: int


def steps_of(version: TransitionListVersion, gaps: int, total: int) -> list[dict[str, str]]:
    """Entwurf, Vorgelegt, Freigegeben, Empfang bestätigt (0.3), with what is missing for the next one."""
    reached, note = _reached(version, gaps, total)
    states = [*["done"] * reached, "current", *["todo"] * len(STEPS)]
    return [
        {"label": label, "state": state, "note": note * (place == reached), "url": ""}
        for place, (label, state) in enumerate(zip(STEPS, states, strict=False))
    ]


def _reached(version: TransitionListVersion, gaps: int, total: int) -> tuple[int, str]:
    """How many steps are done, and what the next one waits for."""
    if not version.is_draft:
        receipt = version.receipt
        return (4, "") if receipt.acknowledged_at else (3, f"wartet auf {den(receipt.recipient.short_name)}")
    if version.submitted_at:
        return 1, "wartet auf die Freigabe"
    done = "vollständig" if total else "noch leer"
    return 0, {0: done, 1: "eine Angabe fehlt noch"}.get(gaps, f"{gaps} Angaben fehlen noch")


def deadline(wanted: TransitionList, today: date) -> Deadline:
    """How far the year has come on its way to the last day of this list (2.2)."""
    due_on, effective_on = list_due_day_of(wanted.agreement).of_year(wanted.year)
    until = urged_on(due_on, effective_on, today)
    start = date(wanted.year, 1, 1)
    total = (until - start).days
    return Deadline(due_on, effective_on, until, min(max((today - start).days, 0), total), total)


@dataclass(frozen=True)
class Alike:
    """A case of the draft and another one that probably mean one person, each by name.

    `known`: the second, where it does not stand on this draft; else `other_entry` is where it stands.
    """

    one: TransitionCase
    other: TransitionCase
    entry: CaseEntry
    name: str
    known: Known | None = None
    other_entry: CaseEntry | None = None
    other_name: str = ""
    is_day_off: bool = False

    @property
    def remark(self) -> str:
        """How the two are alike, where both stand on this draft."""
        return likeness_words(is_day_off=self.is_day_off)


def pairs_of(lines: Iterable[CaseLine], known: KnownPeople) -> list[Alike]:
    """Each pair once; those first of whom one left its list or stands on another one."""
    rows = [line.row for line in lines]
    told = {row.entry.pk: (row.data, people.called(row.data)) for row in rows if row.data}
    found: dict[object, Alike] = {}
    for row in rows:
        for other in row.duplicates:
            (data, name), (theirs, other_name) = told[row.entry.pk], told[other.pk]
            is_day_off = people.is_day_off(data, theirs)
            twins = Alike(row.case, other.case, row.entry, name, None, other, other_name, is_day_off)
            found.setdefault(frozenset((row.entry.pk, other.pk)), twins)
    others = alike_elsewhere(rows, known)
    return [
        *(Alike(entry.case, other.case, entry, told[entry.pk][1], other) for entry, other in others),
        *found.values(),
    ]


@dataclass(frozen=True)
class VersionPage:
    """One version: the county works on the draft, both sides read what is released.

    `may_change`: this person works on it now; then also what is to be done about it. `draft`: what will replace it.
    """

    version: TransitionListVersion
    title: str
    rights: ListRights
    today: date
    endings: tuple[str, ...]
    steps: list[dict[str, str]]
    receipts: tuple[TransmissionReceipt, ...]
    may_change: bool = False
    deadline: Deadline | None = None
    given_back: tuple[TransitionCase, ...] = ()
    crossed: SealedNotice | None = None
    is_complete: bool = False
    missing: tuple[Gap, ...] = ()
    pairs: tuple[Alike, ...] = ()
    more_pairs: int = 0
    proposal_count: int = 0
    rows_wait: PendingImport | None = None
    draft: TransitionListVersion | None = None
    is_different: bool = False
    awaits_receipt: bool = False
    awaits_outcomes: bool = False
    different: ClassVar[SealedNotice] = DIFFERENT
    no_effect: ClassVar[str] = NO_EFFECT

    @property
    def returned(self) -> str:
        """That the second person gave the draft back, when and why."""
        version = self.version
        return (
            f"Die zweite Person hat den Entwurf am {moment(version.returned_at)} zurückgegeben: "
            f"{version.get_return_reason_display()}."
        )

    @property
    def total(self) -> int:
        """How many rows it has, also of those who leave."""
        return len(self.endings)

    @property
    def size(self) -> str:
        """How many cases it has, in words."""
        return size_words(self.endings, is_draft=self.version.is_draft)

    @property
    def row_word(self) -> str:
        """What the pager counts: who leaves is a row and no case."""
        return "Zeilen" if any(self.endings) else "Fällen"

    def part_of(self, picked: Iterable[CaseLine]) -> str:
        """How many of them a filter left, in words."""
        return part_words(endings_of(picked), self.endings, is_draft=self.version.is_draft)


def version_page(version: TransitionListVersion, lines: Sequence[CaseLine], access: Access, today: date) -> VersionPage:
    """Everything but the rows. Whoever shows it logs the looks at cases beyond the version that `pairs` tells of."""
    gaps = tuple(chain.from_iterable(map(attrgetter("row.gaps"), lines))) * version.is_draft
    page = VersionPage(
        version=version,
        title=list_name(version.transition_list),
        rights=rights_of(access),
        today=today,
        endings=endings_of(lines),
        steps=steps_of(version, len(gaps), len(lines)),
        receipts=tuple(receipts_of(version.transition_list, access)),
    )
    if not version.is_draft:
        return _released(page, lines, access)
    crossed = crossed_notice(crossed_by_outcome(version), access.agreement)
    draft = replace(
        page,
        deadline=deadline(version.transition_list, today),
        given_back=tuple(line.row.case for line in lines if line.row.case.case_ref in version.returned_cases),
        crossed=crossed,
        is_complete=bool(lines) and not gaps and not crossed,
    )
    return draft if version.submitted_at or not page.rights.draft else _in_work(draft, lines, gaps, access)


def _in_work(page: VersionPage, lines: Sequence[CaseLine], gaps: tuple[Gap, ...], access: Access) -> VersionPage:
    """A draft that this person changes: what is to be done before it is laid before somebody else."""
    version = page.version
    pairs = pairs_of(lines, KnownPeople(version, access))
    return replace(
        page,
        may_change=True,
        missing=gaps,
        pairs=tuple(pairs[:MOST_PAIRS]),
        more_pairs=max(len(pairs) - MOST_PAIRS, 0),
        proposal_count=undecided_count(version, restricted_refs(access)),
        rows_wait=pending_of(version),
    )


def _released(page: VersionPage, lines: Sequence[CaseLine], access: Access) -> VersionPage:
    """What was handed over: whether it still is that, and whether the receiving unit has something to say."""
    version, receives = page.version, page.rights.receive
    has_open = any(line.is_open for line in lines)
    return replace(
        page,
        is_different=compare(version.receipt) is ReceiptMatch.DIFFERENT,
        draft=draft_beside(version, access),
        awaits_receipt=receives and version.state == VersionState.RELEASED,
        awaits_outcomes=receives and has_open and version.state == VersionState.ACKNOWLEDGED,
    )


def endings_of(lines: Iterable[CaseLine]) -> tuple[str, ...]:
    """Of each row why it leaves, "" where it stays."""
    return tuple(map(attrgetter("row.entry.ending"), lines))
