"""What became of a case or a draft that somebody had open: who took it away and when, as the log of the acts tells.

Told to whoever looked at it before, by the log of the looks; for everybody else it never was.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from kok.models import User
from members.queries.accounts import name_of
from transitions.models import AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.visibility import versions_visible_to
from transitions.rules.codes import LogAction


@dataclass(frozen=True)
class Gone:
    """When it was taken away and by whom, "" for oneself; `draft`: where the case stood, None where that went too."""

    at: datetime
    who: str
    list_year: int
    draft: TransitionListVersion | None = None


def discarded(access: Access, version: UUID | str) -> Gone | None:
    """The end of a draft that is not there any more, for somebody who looked at it."""
    lines = _lines(access).filter(version=str(version))
    if not lines.filter(actor_id=access.user.pk).exists() or TransitionListVersion.objects.filter(pk=version).exists():
        return None
    return _told(access, lines.filter(action=LogAction.DRAFT, case_ref="").last())


def left(access: Access, case_ref: str) -> Gone | None:
    """How a case left the draft in which somebody looked at it: it was removed, or the draft discarded."""
    lines = _lines(access).filter(case_ref=case_ref).exclude(version="")
    looked = lines.filter(actor_id=access.user.pk).last() if case_ref else None
    if looked is None:
        return None
    related = ("transition_list__agreement", "transition_list__sender__authority")
    draft = versions_visible_to(access).select_related(*related).filter(pk=looked.version).first()
    if draft is None:
        return discarded(access, looked.version)
    if TransitionCase.objects.filter(case_ref=case_ref).exists():
        return None
    return _told(access, lines.filter(action=LogAction.DRAFT).last(), draft)


def _lines(access: Access) -> QuerySet[AccessLogEntry]:
    return AccessLogEntry.objects.filter(agreement=access.agreement.slug).order_by("at", "pk")


def _told(access: Access, line: AccessLogEntry | None, draft: TransitionListVersion | None = None) -> Gone | None:
    if line is None or line.list_year is None:
        return None
    account = User.objects.select_related("person").filter(pk=line.actor_id or 0).first()
    is_own = line.actor_id == access.user.pk
    return Gone(line.at, "" if is_own else name_of(account) or line.actor, line.list_year, draft)
