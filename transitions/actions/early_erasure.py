"""Erasure sooner than the periods say, because the person demands it of a case that left its list long ago.

Moved away, died or postponed: the data would stay for months. It lasts as long as the answer that promised it.
"""

from datetime import date, datetime

from django.db.models import Q

from kok.genuine import tampered
from transitions.actions.log import record_access
from transitions.models import AccessLogEntry, CaseEvent, DataSubjectRequest, TransitionCase
from transitions.queries import history
from transitions.queries.access import Access
from transitions.queries.log_check import is_said
from transitions.queries.retention import erased_if_granted
from transitions.rules.codes import LEAVES_LIST, CaseState, EventKind, LogAction, RequestAnswer


def bring_forward(request: DataSubjectRequest, *, by: Access, now: datetime) -> None:
    """Sets the day on which the data go, and nobody is asked any more to take the person over to the next list."""
    case = _locked(request)
    if case and (day := erased_if_granted(case)):
        case.erase_on, case.proposal_declined_at = day, case.proposal_declined_at or now
        case.save()
        _note(case, EventKind.ADVANCED, day, request, by=by, now=now)


def take_back(request: DataSubjectRequest, *, by: Access, now: datetime) -> None:
    """The answer does not count any more: nor does its day, unless another answer about the case promised it too."""
    case = _locked(request)
    brought = _brought_forward(case) if case else None
    if case is None or brought is None or _is_promised_by_another(request):
        return
    if case.proposal_declined_at == brought.at:  # an earlier decision of the Fallbearbeitung stays
        case.proposal_declined_at = None
    day, case.erase_on = case.erase_on, None
    case.save()
    _note(case, EventKind.ADVANCE_REVOKED, day, request, by=by, now=now)


def _locked(request: DataSubjectRequest) -> TransitionCase | None:
    locked = TransitionCase.objects.select_for_update(of=("self",), no_key=True).select_related("transition_list")
    return locked.filter(case_ref=request.case_ref).first()


def _brought_forward(case: TransitionCase) -> CaseEvent | None:
    """The last time, by the history and the seal of its line in the access log; while the data wait for that day."""
    waits = Q(case__erased_at=None, case__erase_on__isnull=False) & ~Q(case__state=CaseState.WITHDRAWN)
    event = history.proven(case.events.filter(waits, kind=EventKind.ADVANCED)).last()
    lines = AccessLogEntry.objects.filter(action=LogAction.CASE_CHANGED, case_ref=case.case_ref)
    return event if event and is_said(lines.filter(at=event.at)) else None


def _is_promised_by_another(request: DataSubjectRequest) -> bool:
    about = DataSubjectRequest.objects.filter(case_ref=request.case_ref, kind__in=LEAVES_LIST)
    corrected = about.filter(corrects__isnull=False).values("corrects")
    promised = list(about.filter(answer=RequestAnswer.GRANTED).exclude(pk__in=corrected).exclude(pk=request.pk))
    return len(tampered(*promised)) < len(promised)


def _note(
    case: TransitionCase, kind: EventKind, day: date | None, request: DataSubjectRequest, *, by: Access, now: datetime
) -> None:
    CaseEvent.objects.create(case=case, kind=kind, code=day.isoformat() if day else "", at=now, by=by.user)
    record_access(by=by, action=LogAction.CASE_CHANGED, case=case, request=request, now=now)
