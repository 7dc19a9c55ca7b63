"""What the pages of a meeting have in common: find it, or say that it does not exist."""

from django.forms import Form
from django.http import Http404
from django.urls import reverse

from kok import clock
from kok.requests import Request
from meetings.convening.queries.meetings import MeetingPage, meeting_page


def page_or_404(request: Request, body: str, pk: int, tab: str) -> MeetingPage:
    """The head of the page of a meeting."""
    page = meeting_page(
        user=request.user,
        agreement=request.agreement,
        body=body,
        pk=pk,
        today=clock.today(),
        tab=tab,
    )
    if page is None:
        raise Http404
    return page


def carry_revision(form: Form, page: MeetingPage, **now: str) -> None:
    """After a refusal the form carries the revision that is shown now, and everything typed as it was typed.

    `now`: what else the form carries of the page, as it is shown now. That hints were looked at is asked again.
    """
    typed = form.data.copy()  # type: ignore[attr-defined]  # a query dict; joined with `|` it would hold lists
    typed["revision"] = page.meeting.revision
    typed.pop("checked", None)
    for name, value in now.items():
        typed[name] = value
    form.data = typed


def crumbs(page: MeetingPage, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    """Where one is: the meetings, this meeting, and what is below it."""
    name = page.meeting.number or f"{page.meeting.meets_on:%d.%m.%Y}"
    start: list[tuple[str, str | None]] = [("Sitzungen", reverse("meetings:list", args=[page.agreement.slug]))]
    if not more:
        return [*start, (name, None)]
    return [*start, (name, page.url("detail")), *more]
