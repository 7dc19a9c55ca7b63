"""One case with its history and the proofs of its transmission, and what a new version brings its receiver."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kok import seen
from members.queries.accounts import name_of
from transitions.models import (
    CaseEntry,
    CaseEvent,
    CaseQuestion,
    TransitionCase,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries import history
from transitions.queries.access import Access
from transitions.queries.facts import Fact, facts_of
from transitions.queries.release import ending_words
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import erased_on
from transitions.queries.visibility import cases_visible_to, entries_visible_to, is_own, versions_visible_to
from transitions.rules import endings
from transitions.rules.case import CaseData
from transitions.rules.states import CaseState, EndReason, EventKind, Outcome, VersionState

CODES = (CaseState, EndReason, Outcome)


@dataclass(frozen=True)
class Step:
    """Something that happened to a case, in words. `who` is staff: shown on the page, never handed out.

    Nor is `second_case`: in which other case the person may stand as well, of a question that asks so.
    """

    at: datetime
    words: str
    who: str
    version: TransitionListVersion | None
    second_case: TransitionCase | None = None


@dataclass(frozen=True)
class Place:
    """Where a case can be read and changed: the newest version of its list, and its entry in the draft."""

    newest: TransitionListVersion | None
    draft_entry: CaseEntry | None


@dataclass(frozen=True)
class CasePage:
    """A case as one side sees it. `data` is None once its entry is erased or no longer visible."""

    case: TransitionCase
    entry: CaseEntry | None
    data: CaseData | None
    place: Place
    previous: TransitionCase | None
    erased_on: date
    is_restricted: bool
    receipts: tuple[TransmissionReceipt, ...]
    steps: tuple[Step, ...]

    @property
    def name(self) -> str:
        """For the body of a sealed page only."""
        return f"{self.data.given_name} {self.data.family_name}" if self.data else ""

    @property
    def state(self) -> CaseState:
        """How the naming stands."""
        return CaseState(self.case.state)

    @property
    def outcome(self) -> Outcome | None:
        """What became of it."""
        return Outcome(self.case.outcome) if self.case.outcome else None

    @property
    def may_be_confirmed(self) -> bool:
        """Whether the county can still say that school ends as foreseen."""
        return (
            self.data is not None
            and not self.is_restricted
            and self.state is CaseState.NAMED
            and self.case.named_at is not None
            and self.outcome is None
        )

    @property
    def end_mark(self) -> str:
        """The mark of the school end that is shown."""
        return end_mark(self.data) if self.data else ""

    @property
    def outcome_mark(self) -> str:
        """The mark of the outcome that is shown."""
        return outcome_mark(self.case)

    @property
    def may_be_asked_about(self) -> bool:
        """Whether the receiver can ask something: it stands on the newest list and is not over."""
        return self._stands_on(VersionState.RELEASED) or self._stands_on(VersionState.ACKNOWLEDGED)

    @property
    def may_have_outcome(self) -> bool:
        """Whether the receiver can say what became of it: it is on a list whose receipt was confirmed."""
        return self._stands_on(VersionState.ACKNOWLEDGED)

    @property
    def awaits_receipt(self) -> bool:
        """Whether the receiver has to confirm the receipt before anything else."""
        return self._stands_on(VersionState.RELEASED)

    def _stands_on(self, state: VersionState) -> bool:
        is_open = self.state.is_on_list and self.outcome is None and not self.is_restricted
        return is_open and self.entry is not None and self.entry.version.state == state

    @property
    def end_reason(self) -> str:
        """Why it was taken off the list, in words."""
        return EndReason(self.case.end_reason).label if self.case.end_reason else ""


@dataclass(frozen=True)
class Corrected:
    """A case that says something else than in the version before: which fields, and what stood there."""

    case: TransitionCase
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Ended:
    """A case that is no longer on the list, and why: "verschoben auf Juli 2029 (Schulzeit verlängert)"."""

    case: TransitionCase
    why: str


@dataclass(frozen=True)
class Changes:
    """What a version says anew, by Fallzeichen."""

    is_first: bool
    new: tuple[TransitionCase, ...]
    corrected: tuple[Corrected, ...]
    ended: tuple[Ended, ...]
    unchanged_count: int


def end_mark(data: CaseData) -> str:
    """The mark of whom a case names and when school ends, for whoever says something of that alone."""
    return seen.mark(data.family_name, data.given_name, data.date_of_birth, data.expected_end_on)


def person_mark(entry: CaseEntry) -> str:
    """The mark of who is named by an entry and what is said of him, for whoever ends the case; the same in a copy."""
    return seen.mark(entry.content)


def previous_of(access: Access, case: TransitionCase) -> TransitionCase | None:
    """The case of an earlier list from which this one was taken over."""
    if case.previous_id is None:
        return None
    return cases_visible_to(access).select_related("transition_list").filter(pk=case.previous_id).first()


def outcome_mark(case: TransitionCase) -> str:
    """The mark of what became of a case, for whoever takes that back."""
    return seen.mark(case.outcome)


def case_page(access: Access, pk: UUID, today: date) -> CasePage | None:
    """One case that this person may see, or None."""
    case = cases_visible_to(access).select_related("transition_list__sender__authority").filter(pk=pk).first()
    if case is None:
        return None
    entries = list(entries_visible_to(access).filter(case=case).select_related("version").order_by("version__number"))
    released = [entry for entry in entries if not entry.version.is_draft]
    shown = released[-1] if released else (entries[-1] if entries else None)
    versions = versions_visible_to(access).filter(transition_list=case.transition_list_id)
    return CasePage(
        case=case,
        entry=shown,
        data=shown.data if shown and shown.content else None,
        place=place_of(access, case),
        previous=previous_of(access, case),
        erased_on=erased_on(case, knows_drafts=is_own(access, case)),
        is_restricted=case.case_ref in restricted_refs(access),
        receipts=tuple(receipts_with(case, versions)),
        steps=steps_of(access, case, today),
    )


def receipts_with(case: TransitionCase, versions: QuerySet[TransitionListVersion]) -> QuerySet[TransmissionReceipt]:
    """The transmissions of these versions that held the case, the first one first; not of one that took it off.

    `is_kept`: its data were restricted then (Art. 18 DSGVO), and only the Fallzeichen went.
    """
    holding = CaseEntry.objects.filter(case=case, ending="", version__in=versions)
    kept = history.proven(CaseEvent.objects.filter(case=case, kind=EventKind.KEPT, version=OuterRef("version")))
    found = TransmissionReceipt.objects.filter(version__in=holding.values("version")).annotate(is_kept=Exists(kept))
    return found.select_related("recipient__authority", "version", "acknowledgement").order_by("released_at")


def place_of(access: Access, case: TransitionCase) -> Place:
    """Opens nothing that is sealed."""
    versions = versions_visible_to(access).filter(transition_list=case.transition_list_id)
    newest = versions.order_by("-number").first()
    drafts = entries_visible_to(access).filter(case=case, version__state=VersionState.DRAFT)
    return Place(newest, drafts.first())


def steps_of(access: Access, case: TransitionCase, today: date) -> tuple[Step, ...]:
    """The history of a case as this side knows it, oldest first; only what the access log tells too.

    The county reads all of it. The receiver reads what reached him: that the next list names the case again, from its
    release on, never that and by whom it was taken into the draft of that list (Punkt 8b: "benennt"; § 79 SGB X).
    """
    told = history.told(case.events.select_related("by__person", "version"), today)
    talk = _talk(case)
    if is_own(access, case):
        return _in_order([*(_step(event, _words(event)) for event in told), *talk])
    visible = versions_visible_to(access)
    reached = told.exclude(kind=EventKind.PROPOSED).filter(Q(version=None) | Q(version__in=visible))
    named_anew = CaseEvent.objects.filter(case__previous=case, kind=EventKind.NAMED, version__in=visible)
    anew = history.told(named_anew, today)
    steps = [_step(event, _words(event)) for event in reached]
    steps += [_step(event, EventKind.PROPOSED.label) for event in anew.select_related("by__person", "version")]
    return _in_order([*steps, *talk])


def _talk(case: TransitionCase) -> Iterator[Step]:
    """What the two units asked and answered; both know it."""
    asked = CaseQuestion.objects.filter(case=case)
    for question in asked.select_related("asked_by__person", "answered_by__person", "other_case"):
        words = question.get_kind_display()
        yield Step(question.asked_at, f"Rückfrage: {words}", name_of(question.asked_by), None, question.other_case)
        if question.answered_at and question.answered_by:
            told = f"Antwort auf „{words}“: {question.get_answer_display()}"
            yield Step(question.answered_at, told, name_of(question.answered_by), None)


def _in_order(steps: list[Step]) -> tuple[Step, ...]:
    return tuple(sorted(steps, key=lambda step: step.at))


def _step(event: CaseEvent, words: str) -> Step:
    return Step(event.at, words, name_of(event.by) if event.by else "", event.version)


def _words(event: CaseEvent) -> str:
    """ "von der Liste genommen: verschoben auf Juli 2029 (Schulzeit verlängert)"."""
    kind = EventKind(event.kind).label
    if event.kind == EventKind.ENDED:
        case = event.case
        why = endings.ending_words(CaseState(case.state), EndReason(case.end_reason), case.postponed_to)
        return f"{kind}: {why}"
    if event.kind in (EventKind.ADVANCED, EventKind.ADVANCE_REVOKED) and event.code:
        return f"{kind}: {date.fromisoformat(event.code):%d.%m.%Y}"
    code = next((codes(event.code).label for codes in CODES if event.code in list(codes)), "")
    return f"{kind}: {code}" if code else kind


def receipt_of(version: TransitionListVersion) -> TransmissionReceipt | None:
    """The proof of transmission with its acknowledgement; None for a draft."""
    found = TransmissionReceipt.objects.filter(version=version)
    return found.select_related("recipient__authority", "acknowledgement").first()


def changes_in(version: TransitionListVersion, opened: Collection[str] = ()) -> Changes:
    """What this version says anew since the one before it.

    Opens only the corrected cases among `opened` (Fallzeichen), to say which fields changed. Raises vault.KeyLost.
    """
    earlier = TransitionListVersion.objects.filter(
        transition_list=version.transition_list_id, number__lt=version.number
    )
    known = set(CaseEntry.objects.filter(version__in=earlier).values_list("case", flat=True))
    entries = list(version.entries.select_related("case").order_by("case__case_ref"))
    on_list = [entry for entry in entries if not entry.ending]
    changed = [entry for entry in on_list if entry.is_changed]
    facts = _changed_facts(version, opened) if opened else {}
    return Changes(
        is_first=not earlier.exists(),
        new=tuple(entry.case for entry in changed if entry.case_id not in known),
        corrected=tuple(
            Corrected(entry.case, facts.get(entry.case_id, ())) for entry in changed if entry.case_id in known
        ),
        ended=tuple(Ended(entry.case, ending_words(entry)) for entry in entries if entry.ending),
        unchanged_count=len(on_list) - len(changed),
    )


def _changed_facts(version: TransitionListVersion, opened: Collection[str]) -> dict[UUID, tuple[Fact, ...]]:
    """Of each of these cases the fields that differ from the version before, as long as both are there."""
    before = version.transition_list.versions.filter(number__lt=version.number).order_by("-number").first()
    told = CaseEntry.objects.filter(case__case_ref__in=opened).exclude(content="")
    stored = {entry.case_id: entry.data for entry in told.filter(version=before)} if before else {}
    towns = version.transition_list.agreement.municipality_names
    return {
        entry.case_id: tuple(_differing(facts_of(entry.data, towns, stored[entry.case_id])))
        for entry in told.filter(version=version)
        if entry.case_id in stored
    }


def _differing(facts: Iterable[Fact]) -> Iterator[Fact]:
    return (fact for fact in facts if fact.before is not None)
