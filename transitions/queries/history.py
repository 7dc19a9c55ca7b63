"""The history of cases: what of it the access log tells as well.

Its lines have no seal of their own, those of the log have. So what no line tells was put in or changed past the
application: no page shows it, no act starts from it, and the night names it.
"""

from datetime import date, datetime, time

from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast

from kok.clock import BERLIN
from transitions.models import AccessLogEntry, CaseEntry, CaseEvent
from transitions.rules.codes import EventKind, LogAction, LogChain
from transitions.rules.retention import PROOFS

ACTS_ON_A_CASE = (
    EventKind.CONFIRMED, EventKind.OUTCOME, EventKind.OUTCOME_REVOKED, EventKind.ADVANCED, EventKind.ADVANCE_REVOKED,
)  # fmt: skip


def told(events: QuerySet[CaseEvent], today: date) -> QuerySet[CaseEvent]:
    """Those that a line of the log tells too, and those that are older than its lines are kept."""
    return events.filter(_is_told() | Q(at__lt=_kept_since(today)))


def proven(events: QuerySet[CaseEvent]) -> QuerySet[CaseEvent]:
    """Those that a line of the log tells too."""
    return events.filter(_is_told())


def untold(today: date) -> QuerySet[CaseEvent]:
    """Those that no line of the log tells, as long as lines of that day are kept."""
    is_told = Case(When(_is_told(), then=True), default=False, output_field=BooleanField())  # NULL is no
    found = CaseEvent.objects.annotate(is_told=is_told).filter(is_told=False, at__gte=_kept_since(today))
    return found.order_by("pk")


def _is_told() -> Q:
    """The release of the version that says it of this case, the act on the case, or that its words are gone."""
    lines = AccessLogEntry.objects.filter(chain=LogChain.ACT, at=OuterRef("at"), actor_id=OuterRef("by"))
    released = Exists(lines.filter(action=LogAction.RELEASE, version=Cast(OuterRef("version"), CharField())))
    entries = CaseEntry.objects.filter(version=OuterRef("version"), case=OuterRef("case"))
    named = Exists(entries.staying().filter(is_changed=True))
    changed = Exists(lines.filter(action=LogAction.CASE_CHANGED, case_ref=OuterRef("case__case_ref")))
    return (
        Q(released, named, kind=EventKind.NAMED, case__named_at=F("at"))
        | Q(released, named, kind=EventKind.CORRECTED, case__named_at__lt=F("at"))
        | Q(released, Exists(entries.staying()), kind=EventKind.KEPT)
        | Q(released, Exists(entries.leaving()), kind=EventKind.ENDED)
        | Q(changed, kind__in=ACTS_ON_A_CASE)
        | Q(Exists(lines.filter(action=LogAction.DRAFT)), kind=EventKind.PROPOSED)
        | Q(kind=EventKind.ERASED, case__erased_at__gte=F("at"))
    )


def _kept_since(today: date) -> datetime:
    return datetime.combine(PROOFS.before(today), time(), BERLIN)
