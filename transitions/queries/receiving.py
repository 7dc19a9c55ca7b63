"""One case with its history and the proofs of its transmission, and what a new version brings its receiver."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kok import seen
from kok.words import day
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
from transitions.queries.visibility import cases_visible_to, entries_visible_to, is_own, versions_visible_to
from transitions.rules import endings
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, EventKind, VersionState

CODES = (CaseState, EndReason, CaseOutcome)


@dataclass(frozen=True)
class CaseStep:
    """Something that happened to a case, in words. `who` is staff: shown on the page, never handed out.

    Nor is `second_case`: in which other case the person may stand as well, of a question that asks so.
    """

    at: datetime
    words: str
    who: str
    version: TransitionListVersion | None
    second_case: TransitionCase | None = None


@dataclass(frozen=True)
class CasePlace:
    """Where a case can be read and changed: the newest version of its list, and its entry in the draft."""

    newest: TransitionListVersion | None
    draft_entry: CaseEntry | None


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


def receipts_with(case: TransitionCase, versions: QuerySet[TransitionListVersion]) -> QuerySet[TransmissionReceipt]:
    """The transmissions of these versions that held the case, the first one first; not of one that took it off.

    `is_kept`: its data were restricted then (Art. 18 DSGVO), and only the Fallzeichen went.
    """
    holding = CaseEntry.objects.filter(case=case, ending="", version__in=versions)
    kept = history.proven(CaseEvent.objects.filter(case=case, kind=EventKind.KEPT, version=OuterRef("version")))
    found = TransmissionReceipt.objects.filter(version__in=holding.values("version")).annotate(is_kept=Exists(kept))
    return found.select_related("recipient__authority", "version", "acknowledgement").order_by("released_at")


def place_of(access: Access, case: TransitionCase) -> CasePlace:
    """Opens nothing that is sealed."""
    versions = versions_visible_to(access).filter(transition_list=case.transition_list_id)
    newest = versions.order_by("-number").first()
    drafts = entries_visible_to(access).filter(case=case, version__state=VersionState.DRAFT)
    return CasePlace(newest, drafts.first())


def steps_of(access: Access, case: TransitionCase, today: date) -> tuple[CaseStep, ...]:
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


def _talk(case: TransitionCase) -> Iterator[CaseStep]:
    """What the two units asked and answered; both know it."""
    asked = CaseQuestion.objects.filter(case=case)
    for question in asked.select_related("asked_by__person", "answered_by__person", "other_case"):
        words = question.get_kind_display()
        yield CaseStep(question.asked_at, f"Rückfrage: {words}", name_of(question.asked_by), None, question.other_case)
        if question.answered_at and question.answered_by:
            told = f"Antwort auf „{words}“: {question.get_answer_display()}"
            yield CaseStep(question.answered_at, told, name_of(question.answered_by), None)


def _in_order(steps: list[CaseStep]) -> tuple[CaseStep, ...]:
    return tuple(sorted(steps, key=lambda step: step.at))


def _step(event: CaseEvent, words: str) -> CaseStep:
    return CaseStep(event.at, words, name_of(event.by), event.version)


def _words(event: CaseEvent) -> str:
    """ "von der Liste genommen: verschoben auf Juli 2029 (Schulzeit verlängert)"."""
    kind = EventKind(event.kind).label
    if event.kind == EventKind.ENDED:
        case = event.case
        why = endings.ending_words(CaseState(case.state), EndReason(case.end_reason), case.postponed_to)
        return f"{kind}: {why}"
    if event.kind in (EventKind.ADVANCED, EventKind.ADVANCE_REVOKED) and event.code:
        return f"{kind}: {day(date.fromisoformat(event.code))}"
    code = next((codes(event.code).label for codes in CODES if event.code in list(codes)), "")
    return f"{kind}: {code}" if code else kind


def receipt_of(version: TransitionListVersion) -> TransmissionReceipt | None:
    """The proof of transmission with its acknowledgement; None for a draft."""
    found = TransmissionReceipt.objects.filter(version=version)
    return found.select_related("recipient__authority", "acknowledgement").first()
