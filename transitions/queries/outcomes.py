"""The version of which the receiving unit says what became of its cases, and who said it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kok.access import Permission
from members.queries.accounts import name_of
from transitions.models import CaseEvent, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.visibility import versions_visible_to
from transitions.rules.states import EventKind


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


def said_about(cases: Iterable[UUID]) -> dict[UUID, Said]:
    """Who recorded the outcome of these cases last, in one query."""
    events = CaseEvent.objects.filter(case__in=list(cases), kind=EventKind.OUTCOME).select_related("by__person")
    return {event.case_id: Said(event.at, name_of(event.by) if event.by else "") for event in events.order_by("at")}
