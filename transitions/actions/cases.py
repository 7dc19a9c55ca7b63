"""What is said about single cases besides the list: the county confirms the end of school, the LWV the outcome.

What is said of many cases at once is one act: it locks, reads and writes for all together, however many they are.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID

from django.db import transaction

from kok.access import Permission
from kok.errors import Refused, first_problem, refuse, require
from kok.genuine import check_standing, tampered, tampered_words
from kok.seen import check_shown
from kok.words import local_day
from transitions.actions.locks import locking_cases
from transitions.actions.log import record_cases
from transitions.actions.notices import tell_of_outcomes
from transitions.models import CaseEntry, CaseEvent, TransitionCase
from transitions.queries.access import Access
from transitions.queries.questions import newest_released, received_from
from transitions.queries.receiving import end_mark, outcome_mark, person_mark
from transitions.queries.restriction import HeldCases, check_unrestricted, held_for
from transitions.rules import endings
from transitions.rules.codes import CaseOutcome, CaseState, EventKind, LogAction, VersionState

NOT_SENDER = "Das Schulende bestätigt die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert."
NOT_RECEIVER = "Das Ergebnis trägt die empfangende Stelle ein. Es wurde nichts geändert."
NOT_ACKNOWLEDGED = "Bestätigen Sie zuerst den Empfang der Liste. Es wurde nichts eingetragen."

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
ALREADY_SAID = "Bei diesem Fall ist schon ein Ergebnis eingetragen, oder er steht nicht mehr auf der Liste."
NO_OUTCOME = "Bei diesem Fall ist kein Ergebnis eingetragen. Es wurde nichts geändert."
NOT_RECEIVED = "Dieser Fall steht nicht auf der übermittelten Liste. Es wurde nichts geändert."


@transaction.atomic
def confirm(*, case: TransitionCase, shown: str, by: Access, now: datetime) -> None:
    """The county says that school ends as named. `shown` is the mark of the end that was read. Raises Refused."""
    (locked,) = _locked([case])
    require(locked.transition_list.sender_id in by.partners(Permission.CASES_DRAFT), NOT_SENDER)
    check_standing(locked, locked.transition_list)
    check_unrestricted(locked, by)
    require(locked.awaits_confirmation, NOTHING_TO_CONFIRM)
    _check_end(locked, shown)
    locked.state = CaseState.CONFIRMED
    locked.save()
    _note([locked], EventKind.CONFIRMED, by=by, now=now)


def _check_end(case: TransitionCase, shown: str) -> None:
    """A correction notes the locked case, so none is released between this and the end of the act."""
    newest = require(newest_released(case), NOTHING_TO_CONFIRM)
    entry = require(newest.entries.told().filter(case=case).first(), NOTHING_TO_CONFIRM)
    require(end_mark(entry.data) == shown, CORRECTED.format(case_ref=case.case_ref))


@transaction.atomic
def record_outcome(
    *, case: TransitionCase, outcome: CaseOutcome, shown: str | None = None, by: Access, now: datetime
) -> None:
    """The receiving unit says what became of a case that was named to it; the clock of its erasure starts.

    `shown` is the mark of the person that was read, without a page None. Raises Refused, also for a case taken over
    before its school ends, seen.Changed where another version says something else since.
    """
    if shown is not None:
        entry = _received(_locked([case]), by).get(case.pk)
        if entry:
            check_shown(shown, person_mark(entry), OTHER_PERSON.format(case_ref=case.case_ref))
    refuse(record_outcomes(outcomes={case: outcome}, by=by, now=now).get(case))


@transaction.atomic
def record_outcomes(
    *, outcomes: Mapping[TransitionCase, CaseOutcome], by: Access, now: datetime
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
        elif why := _why_not(entries.get(case.pk), case, outcomes[case], held, local_day(now)):
            refused[case] = why
        else:
            case.outcome, case.ended_at = outcomes[case], now
            told.append(case)
    if told:
        TransitionCase.objects.bulk_update(told, ["outcome", "ended_at"])
        _note(told, EventKind.OUTCOME, by=by, now=now)
        tell_of_outcomes(cases=told, by=by, now=now)
    return refused


def _why_not(entry: CaseEntry | None, case: TransitionCase, outcome: CaseOutcome, held: HeldCases, today: date) -> str:
    """Why this outcome cannot be said of a case; empty where it can."""
    if entry is None:
        return NOT_RECEIVED
    why = held.why(case) or first_problem((not case.awaits_outcome, ALREADY_SAID))
    return why or endings.why_not_yet(outcome, entry.data.expected_end_on, today)


@transaction.atomic
def revoke_outcome(*, case: TransitionCase, shown: str | None = None, by: Access, now: datetime) -> None:
    """Takes a wrong outcome back; the case is open again. `shown` is the mark of the outcome that was read, without a
    page None. Raises Refused.
    """
    (locked,) = _locked([case])
    require(locked.pk in _received([locked], by), NOT_RECEIVED)
    check_standing(locked)
    check_unrestricted(locked, by)
    require(locked.outcome and not locked.erased_at, NO_OUTCOME)
    require(shown in (None, outcome_mark(locked)), OTHER_OUTCOME.format(case_ref=locked.case_ref))
    code, locked.outcome, locked.ended_at = locked.outcome, "", None
    locked.save()
    _note([locked], EventKind.OUTCOME_REVOKED, by=by, now=now, code=code)


def _locked(cases: Collection[TransitionCase]) -> list[TransitionCase]:
    return list(locking_cases().filter(pk__in=map(attrgetter("pk"), cases)))


def _received(cases: Sequence[TransitionCase], by: Access) -> dict[UUID, CaseEntry]:
    """What the newest transmitted version says about locked cases of one list. Raises Refused."""
    newest = require(received_from(by, cases[0]), NOT_RECEIVER)
    check_standing(cases[0].transition_list, newest, newest.receipt)
    require(newest.state != VersionState.RELEASED, NOT_ACKNOWLEDGED)
    return {entry.case_id: entry for entry in newest.entries.filter(case__in=cases)}


def _note(cases: Sequence[TransitionCase], kind: EventKind, *, by: Access, now: datetime, code: str = "") -> None:
    """Into the history of these cases and into the access log. `code`: an outcome that was taken back."""
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, kind=kind, code=code or case.outcome, at=now, by=by.user) for case in cases
    )
    record_cases(by=by, action=LogAction.CASE_CHANGED, cases=cases, now=now)
