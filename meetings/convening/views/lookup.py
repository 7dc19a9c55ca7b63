"""What the pages of a meeting have in common: find it, or say that it does not exist."""

from django.forms import BaseForm
from django.urls import reverse

from kok import clock, seen
from kok.requests import Crumbs, Request, or_404
from kok.words import day as date_words
from meetings.convening.pages.meetings import MeetingPage, meeting_page


def page_or_404(request: Request, body: str, pk: int, tab: str) -> MeetingPage:
    """The head of the page of a meeting."""
    today = clock.today()
    return or_404(meeting_page(request.user, request.agreement, body=body, pk=pk, today=today, tab=tab))


def carry_revision(form: BaseForm, page: MeetingPage, **now: str) -> None:
    """After a refusal the form carries the revision that is shown now, and everything typed as it was typed.

    `now`: what else the form carries of the page, as it is shown now. That hints were looked at is asked again.
    """
    seen.retype(form, {"revision": page.meeting.revision, "checked": "", **now})


def crumbs(page: MeetingPage, *more: tuple[str, str | None]) -> Crumbs:
    """Where one is: the meetings, this meeting, and what is below it."""
    name = page.meeting.number or date_words(page.meeting.meets_on)
    own_page = page.url("detail") if more else None
    return [("Sitzungen", reverse("meetings:list", args=[page.agreement.slug])), (name, own_page), *more]
