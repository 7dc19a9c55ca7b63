"""The version of which the receiving unit says what became of its cases, who said it, and where it is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from kok.access import Permission
from members.queries.accounts import name_of
from transitions.models import CaseEntry, CaseEvent, TransitionListVersion
from transitions.queries import history
from transitions.queries.access import Access
from transitions.queries.restriction import held
from transitions.queries.visibility import versions_visible_to
from transitions.rules.asked_outcomes import asked_on
from transitions.rules.codes import EventKind, VersionState


@dataclass(frozen=True)
class Said:
    """When an outcome was recorded, and by whom."""

    at: datetime
    who: str


def newest_received(access: Access, version: TransitionListVersion) -> TransitionListVersion | None:
    """The newest version of the same list that was transmitted to the own unit; None where nothing was."""
    received = versions_visible_to(access).filter(
        transition_list=version.transition_list_id, receipt__recipient__in=access.partners(Permission.CASES_RECEIVE)
    )
    related = ("transition_list__agreement", "transition_list__sender__authority")
    return received.select_related(*related).order_by("-number").first()


def said_about(cases: Iterable[UUID], today: date) -> dict[UUID, Said]:
    """Who recorded the outcome of these cases last, in one query."""
    of_cases = CaseEvent.objects.filter(case__in=list(cases), kind=EventKind.OUTCOME)
    events = history.told(of_cases, today).select_related("by__person")
    return {event.case_id: Said(event.at, name_of(event.by)) for event in events.order_by("at")}


def without_outcomes(today: date) -> list[TransitionListVersion]:
    """The received lists of all agreements on which a case still has no outcome although its school year is over.

    Not for a case whose data may only be kept: nothing can be said about it. Opens nothing that is sealed.
    """
    related = ("transition_list__agreement", "receipt__recipient__authority")
    received = TransitionListVersion.objects.filter(state=VersionState.ACKNOWLEDGED).select_related(*related)
    asked = [version for version in received if asked_on(version.transition_list.year, today)]
    if not asked:
        return []
    cases = CaseEntry.objects.filter(version__in=asked, ending="", case__outcome="").told()
    waiting = set(cases.exclude(case__case_ref__in=held().refs).values_list("version", flat=True))
    return [version for version in asked if version.pk in waiting]
