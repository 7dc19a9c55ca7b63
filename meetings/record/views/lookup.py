"""What the pages of minutes have in common: find them, or say that they do not exist."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404

from kok import clock
from kok.requests import Request, or_404
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import page_or_404
from meetings.record.queries.minutes import item_of, section_in
from meetings.record.queries.visibility import may_write, sees_current_text, sees_minutes

if TYPE_CHECKING:
    from kok.models import User
    from meetings.convening.models import AgendaItem
    from meetings.record.models import Minutes, MinutesSection


def minutes_in(page: MeetingPage) -> "Minutes | None":
    """The minutes of this meeting, whoever may see them; what is known is not read again."""
    minutes: Minutes | None = getattr(page.meeting, "minutes", None)
    if minutes:
        minutes.meeting, minutes.owner = page.meeting, page.partners[minutes.owner_id]
    return minutes


def check_account(request: Request) -> None:
    """Raises PermissionDenied where a page of one account still sends and somebody else signed in meanwhile.

    What was typed is neither saved in the name of another person nor lost: it stays on that page (`minutes.js`).
    """
    if request.headers.get("Kok-Account", str(request.user.pk)) != str(request.user.pk):
        raise PermissionDenied


def draft_or_404(request: Request, body: str, pk: int) -> tuple[MeetingPage, "Minutes"]:
    """Head and minutes, for somebody who may read the text as it is now."""
    check_account(request)
    page, minutes = visible_or_404(request, body, pk)
    if not sees_current_text(request.user, page.agreement, minutes):
        raise Http404
    return page, minutes


def visible_or_404(request: Request, body: str, pk: int) -> tuple[MeetingPage, "Minutes"]:
    """Head and minutes, for somebody who reads at least what was circulated; before, there are none for members."""
    page = page_or_404(request, body, pk, "minutes")
    minutes = or_404(minutes_in(page))
    if not sees_minutes(request.user, page.agreement, minutes):
        raise Http404
    return page, minutes


def item_or_404(minutes: "Minutes", item: int) -> "AgendaItem":
    """An item of the meeting."""
    return or_404(item_of(minutes, item))


def section_or_404(request: Request, body: str, pk: int, section: int) -> "MinutesSection":
    """One section without the head of the meeting, for somebody who may read the text as it is now."""
    check_account(request)
    return or_404(section_in(request.user, request.agreement, body=body, meeting=pk, section=section))


def context_of(page: MeetingPage, minutes: "Minutes", user: "User") -> dict[str, object]:
    """What every page of the minutes shows."""
    return {
        "meeting_page": page,
        "minutes": minutes,
        "may_write": may_write(user, page.agreement, minutes),
        "base_url": page.url("minutes"),
        "today": clock.today(),
    }
