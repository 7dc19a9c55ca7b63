"""What is said about a single case besides the list: the county confirms its end of school, the LWV its outcome."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from kok.access import Permission
from kok.clock import BERLIN
from kok.errors import Refused
from transitions.actions.log import record_access
from transitions.actions.notices import tell_of_outcome
from transitions.models import CaseEntry, CaseEvent, TransitionCase
from transitions.queries.access import Access
from transitions.queries.questions import newest_released
from transitions.queries.restriction import check_unrestricted
from transitions.rules import endings
from transitions.rules.states import CaseState, EventKind, LogAction, Outcome, VersionState


@transaction.atomic
def confirm(*, case: TransitionCase, by: Access, now: datetime) -> None:
    """The county says that school ends as named. Raises Refused."""
    found = _locked(case)
    if found.transition_list.sender_id not in by.partners(Permission.CASES_DRAFT):
        raise Refused("Das Schulende bestätigt die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert.")
    check_unrestricted(found, by)
    if found.state != CaseState.NAMED or found.outcome or found.named_at is None:
        raise Refused("Bei diesem Fall gibt es nichts zu bestätigen. Es wurde nichts geändert.")
    found.state = CaseState.CONFIRMED
    _changed(found, EventKind.CONFIRMED, "", by=by, now=now)


@transaction.atomic
def record_outcome(*, case: TransitionCase, outcome: Outcome, by: Access, now: datetime) -> None:
    """The receiving unit says what became of a case that was named to it; the clock of its erasure starts.

    Raises Refused, also for a case taken over before its school ends.
    """
    entry = _received(case, by)
    found = entry.case
    if not CaseState(found.state).is_on_list or found.outcome or found.erased_at:
        raise Refused("Bei diesem Fall ist schon ein Ergebnis eingetragen, oder er steht nicht mehr auf der Liste.")
    endings.check_outcome(outcome, entry.data.expected_end_on, now.astimezone(BERLIN).date())
    found.outcome, found.ended_at = outcome, now
    _changed(found, EventKind.OUTCOME, outcome, by=by, now=now)
    tell_of_outcome(case=found, by=by, now=now)


def record_outcomes(
    *, outcomes: Mapping[TransitionCase, Outcome], by: Access, now: datetime
) -> dict[TransitionCase, str]:
    """The same for many cases, each an act of its own: one that is refused undoes no other. Says which, and why."""
    refused: dict[TransitionCase, str] = {}
    for case, outcome in outcomes.items():
        try:
            record_outcome(case=case, outcome=outcome, by=by, now=now)
        except Refused as refusal:
            refused[case] = refusal.sentence
    return refused


@transaction.atomic
def revoke_outcome(*, case: TransitionCase, by: Access, now: datetime) -> None:
    """Takes a wrong outcome back; the case is open again. Raises Refused."""
    found = _received(case, by).case
    if not found.outcome or found.erased_at:
        raise Refused("Bei diesem Fall ist kein Ergebnis eingetragen. Es wurde nichts geändert.")
    code, found.outcome, found.ended_at = found.outcome, "", None
    _changed(found, EventKind.OUTCOME_REVOKED, code, by=by, now=now)


def _locked(case: TransitionCase) -> TransitionCase:
    locked = TransitionCase.objects.select_for_update(of=("self",))
    return locked.select_related("transition_list__sender__authority", "transition_list__agreement").get(pk=case.pk)


def _received(case: TransitionCase, by: Access) -> CaseEntry:
    """What the newest transmitted version says about the locked case."""
    found = _locked(case)
    newest = newest_released(found)
    mine = by.partners(Permission.CASES_RECEIVE)
    if newest is None or newest.receipt.recipient_id not in mine:
        raise Refused("Das Ergebnis trägt die empfangende Stelle ein. Es wurde nichts geändert.")
    entry = newest.entries.filter(case=found).first()
    if entry is None:
        raise Refused("Dieser Fall steht nicht auf der übermittelten Liste. Es wurde nichts geändert.")
    if newest.state == VersionState.RELEASED:
        raise Refused("Bestätigen Sie zuerst den Empfang der Liste. Es wurde nichts eingetragen.")
    check_unrestricted(found, by)
    entry.case = found
    return entry


def _changed(case: TransitionCase, kind: EventKind, code: str, *, by: Access, now: datetime) -> None:
    case.save()
    CaseEvent.objects.create(case=case, kind=kind, code=code, at=now, by=by.user)
    record_access(by=by, action=LogAction.CASE_CHANGED, case=case, now=now)
