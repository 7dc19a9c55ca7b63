"""What is said about single cases besides the list: the county confirms the end of school, the LWV the outcome.

What is said of many cases at once is one act: it locks, reads and writes for all together, however many they are.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kok import seen
from kok.access import Permission
from kok.clock import BERLIN
from kok.errors import Refused
from kok.genuine import check_standing, tampered, tampered_words
from transitions.actions.log import record_cases
from transitions.actions.notices import tell_of_outcomes
from transitions.models import CaseEntry, CaseEvent, TransitionCase
from transitions.queries.access import Access
from transitions.queries.questions import newest_released
from transitions.queries.receiving import end_mark, outcome_mark, person_mark
from transitions.queries.restriction import Held, check_unrestricted, held_for
from transitions.rules import endings
from transitions.rules.states import CaseState, EventKind, LogAction, Outcome, VersionState

NOTHING_TO_CONFIRM = "Bei diesem Fall gibt es nichts zu bestätigen. Es wurde nichts geändert."
CORRECTED = (
    "Name, Geburtstag oder Schulende im Fall {case_ref} wurde inzwischen berichtigt. Es wurde nichts bestätigt. Lesen "
    "Sie, was jetzt hier steht, und bestätigen Sie es, wenn es stimmt."
)
OTHER_OUTCOME = (
    "Im Fall {case_ref} steht inzwischen ein anderes Ergebnis. Es wurde nichts zurückgenommen. Lesen Sie, was jetzt "
    "hier steht, und entscheiden Sie dann."
)
OTHER_PERSON = (
    "Die Angaben im Fall {case_ref} wurden inzwischen berichtigt. Es wurde kein Ergebnis eingetragen. Lesen Sie, was "
    "jetzt hier steht, und tragen Sie es noch einmal ein, wenn es stimmt."
)
NOT_RECEIVED = "Dieser Fall steht nicht auf der übermittelten Liste. Es wurde nichts geändert."


@transaction.atomic
def confirm(*, case: TransitionCase, shown: str, by: Access, now: datetime) -> None:
    """The county says that school ends as named. `shown` is the mark of the end that was read. Raises Refused."""
    (found,) = _locked([case])
    if found.transition_list.sender_id not in by.partners(Permission.CASES_DRAFT):
        raise Refused("Das Schulende bestätigt die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert.")
    check_standing(found, found.transition_list)
    check_unrestricted(found, by)
    if found.state != CaseState.NAMED or found.outcome or found.named_at is None:
        raise Refused(NOTHING_TO_CONFIRM)
    _check_end(found, shown)
    found.state = CaseState.CONFIRMED
    found.save()
    _note([found], EventKind.CONFIRMED, by=by, now=now)


def _check_end(case: TransitionCase, shown: str) -> None:
    """A correction notes the locked case, so none is released between this and the end of the act."""
    newest = newest_released(case)
    entry = newest.entries.filter(case=case).exclude(content="").first() if newest else None
    if entry is None:
        raise Refused(NOTHING_TO_CONFIRM)
    if end_mark(entry.data) != shown:
        raise Refused(CORRECTED.format(case_ref=case.case_ref))


@transaction.atomic
def record_outcome(
    *, case: TransitionCase, outcome: Outcome, shown: str | None = None, by: Access, now: datetime
) -> None:
    """The receiving unit says what became of a case that was named to it; the clock of its erasure starts.

    `shown` is the mark of the person that was read, without a page None. Raises Refused, also for a case taken over
    before its school ends, seen.Changed where another version says something else since.
    """
    if shown is not None:
        entry = _received(_locked([case]), by).get(case.pk)
        if entry and shown != (there := person_mark(entry)):
            raise seen.Changed(OTHER_PERSON.format(case_ref=case.case_ref), there)
    for sentence in record_outcomes(outcomes={case: outcome}, by=by, now=now).values():
        raise Refused(sentence)


@transaction.atomic
def record_outcomes(
    *, outcomes: Mapping[TransitionCase, Outcome], by: Access, now: datetime
) -> dict[TransitionCase, str]:
    """The same for many cases of one list. One that is refused undoes no other: says which, and why."""
    cases = _locked(outcomes)
    if not cases:
        return {}
    try:
        entries = _received(cases, by)
    except Refused as refusal:
        return dict.fromkeys(outcomes, refusal.sentence)
    changed, held = tampered(*cases), held_for(by)
    told: list[TransitionCase] = []
    refused: dict[TransitionCase, str] = {}
    for case in cases:
        if case in changed:
            refused[case] = tampered_words([case])
            continue
        try:
            _check_outcome(entries.get(case.pk), case, outcomes[case], held, now)
        except Refused as refusal:
            refused[case] = refusal.sentence
        else:
            case.outcome, case.ended_at = outcomes[case], now
            told.append(case)
    if told:
        TransitionCase.objects.bulk_update(told, ["outcome", "ended_at"])
        _note(told, EventKind.OUTCOME, by=by, now=now)
        tell_of_outcomes(cases=told, by=by, now=now)
    return refused


def _check_outcome(entry: CaseEntry | None, case: TransitionCase, outcome: Outcome, held: Held, now: datetime) -> None:
    if entry is None:
        raise Refused(NOT_RECEIVED)
    held.check(case)
    if not CaseState(case.state).is_on_list or case.outcome or case.erased_at:
        raise Refused("Bei diesem Fall ist schon ein Ergebnis eingetragen, oder er steht nicht mehr auf der Liste.")
    endings.check_outcome(outcome, entry.data.expected_end_on, now.astimezone(BERLIN).date())


@transaction.atomic
def revoke_outcome(*, case: TransitionCase, shown: str | None = None, by: Access, now: datetime) -> None:
    """Takes a wrong outcome back; the case is open again. `shown` is the mark of the outcome that was read, without a
    page None. Raises Refused.
    """
    (found,) = _locked([case])
    if found.pk not in _received([found], by):
        raise Refused(NOT_RECEIVED)
    check_standing(found)
    check_unrestricted(found, by)
    if not found.outcome or found.erased_at:
        raise Refused("Bei diesem Fall ist kein Ergebnis eingetragen. Es wurde nichts geändert.")
    if shown is not None and shown != outcome_mark(found):
        raise Refused(OTHER_OUTCOME.format(case_ref=found.case_ref))
    code, found.outcome, found.ended_at = found.outcome, "", None
    found.save()
    _note([found], EventKind.OUTCOME_REVOKED, by=by, now=now, code=code)


def _locked(cases: Collection[TransitionCase]) -> list[TransitionCase]:
    """In the order of their numbers, so that two who take the same cases do not wait for each other crosswise."""
    locked = TransitionCase.objects.select_for_update(of=("self",)).order_by("pk")
    related = locked.select_related("transition_list__sender__authority", "transition_list__agreement")
    return list(related.filter(pk__in=[case.pk for case in cases]))


def _received(cases: Sequence[TransitionCase], by: Access) -> dict[UUID, CaseEntry]:
    """What the newest transmitted version says about locked cases of one list. Raises Refused."""
    newest = newest_released(cases[0])
    if newest is None or newest.receipt.recipient_id not in by.partners(Permission.CASES_RECEIVE):
        raise Refused("Das Ergebnis trägt die empfangende Stelle ein. Es wurde nichts geändert.")
    check_standing(cases[0].transition_list, newest, newest.receipt)
    if newest.state == VersionState.RELEASED:
        raise Refused("Bestätigen Sie zuerst den Empfang der Liste. Es wurde nichts eingetragen.")
    return {entry.case_id: entry for entry in newest.entries.filter(case__in=cases)}


def _note(cases: Sequence[TransitionCase], kind: EventKind, *, by: Access, now: datetime, code: str = "") -> None:
    """Into the history of these cases and into the access log. `code`: an outcome that was taken back."""
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, kind=kind, code=code or case.outcome, at=now, by=by.user) for case in cases
    )
    record_cases(by=by, action=LogAction.CASE_CHANGED, cases=cases, now=now)
