"""What the pages of minutes have in common: find them, or say that they do not exist."""

from typing import Any

from django.http import Http404

from kok import clock
from kok.requests import Request
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.views.lookup import page_or_404
from meetings.record.queries.minutes import is_visible, may_write, sees_text


def minutes_or_404(request: Request, page: MeetingPage) -> Any:
    """The minutes of this meeting. Before they were circulated they do not exist for members."""
    minutes = getattr(page.meeting, "minutes", None)
    if minutes is None or not is_visible(request.user, page.agreement, minutes):
        raise Http404
    minutes.meeting = page.meeting  # what is known is not read again
    minutes.owner = page.partners[minutes.owner_id]
    return minutes


def draft_or_404(request: Request, body: str, pk: int) -> tuple[MeetingPage, Any]:
    """Head and minutes, for somebody who may read the text as it is now."""
    page, minutes = visible_or_404(request, body, pk)
    if not sees_text(request.user, page.agreement, minutes):
        raise Http404
    return page, minutes


def visible_or_404(request: Request, body: str, pk: int) -> tuple[MeetingPage, Any]:
    """Head and minutes, for somebody who reads at least what was circulated."""
    page = page_or_404(request, body, pk, "minutes")
    return page, minutes_or_404(request, page)


def context_of(page: MeetingPage, minutes: Any, user: Any) -> dict[str, Any]:
    """What every page of the minutes shows."""
    return {
        "meeting_page": page,
        "minutes": minutes,
        "may_write": may_write(user, page.agreement, minutes),
        "base_url": page.url("minutes"),
        "today": clock.today(),
    }
