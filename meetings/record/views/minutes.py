"""The minutes of a meeting: the page on which they are written, reading them, the versions of a section."""

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock
from kok.access import Permission, requires
from kok.addresses import address
from kok.requests import Request, act, done, or_404, whole_number
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.record.actions import minutes as actions
from meetings.record.documents.closed_tasks import reported_meanwhile
from meetings.record.forms.minutes import HeaderForm
from meetings.record.pages.minutes import why_none
from meetings.record.pages.writing import header_state, written_item
from meetings.record.queries.minutes import revisions_of, text_of
from meetings.record.queries.outcomes import earlier_tasks
from meetings.record.queries.readiness import quorum_of
from meetings.record.queries.versions import newest_of
from meetings.record.queries.visibility import may_write, sees_minutes
from meetings.record.rules.codes import MinutesState
from meetings.record.views.in_place import at_item
from meetings.record.views.lookup import context_of, minutes_in, section_or_404
from meetings.record.views.versions import reading_page, remarks_shown

if TYPE_CHECKING:
    from meetings.record.models import Minutes

PAGE = "meetings:minutes"


@requires(Permission.MEETING_READ)
@require_safe
def minutes(request: Request, body: str, pk: int) -> HttpResponse:
    """The tab "Protokoll": for the writers the draft, for all others what was circulated, or why there is nothing."""
    page = page_or_404(request, body, pk, "minutes")
    found = minutes_in(page)
    if found is None or not sees_minutes(request.user, page.agreement, found):
        none = {"meeting_page": page, "none": why_none(page), "crumbs": crumbs(page)}
        return render(request, "meetings/record/minutes_none.html", none)
    shown = _writing_page if may_write(request.user, page.agreement, found) else reading_page
    return shown(request, page, found)


def _writing_page(request: Request, page: MeetingPage, found: "Minutes") -> HttpResponse:
    text, today, base_url = text_of(found, page.partners), clock.today(), page.url("minutes")
    items = [written_item(entry, base_url, today) for entry in text.entries]
    context = {
        "meeting_page": page,
        "minutes": found,
        "state": MinutesState(found.state),
        "items": items,
        "base_url": base_url,
        "today": today,
        "newest": newest_of(found) if found.circulated_at else None,
        "earlier": earlier_tasks(page.meeting, page.partners) if any(item.goes_through_tasks for item in items) else [],
        "quorum": quorum_of(text),
        "reported": reported_meanwhile(found) if found.circulated_at else [],
        "remarks": remarks_shown(request, page, found) if found.circulated_at else [],
        "header": HeaderForm(instance=found),
        "header_state": header_state(found),
        "attendance_url": page.url("attendance"),
        "tasks_url": reverse("meetings:tasks", args=[page.agreement.slug]),
        "present": sum(row.is_present for row in text.attendances),
        "back": request.path,
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/minutes_write.html", context)


@requires(Permission.MINUTES_WRITE)
@require_safe
def revisions(request: Request, body: str, pk: int, section: int) -> HttpResponse:
    """Every text of a section that was ever saved."""
    row = section_or_404(request, body, pk, section)
    page = page_or_404(request, body, pk, "minutes")
    more = ("Protokoll", page.url("minutes")), (f"Fassungen zu TOP {row.item.number}", None)
    context = context_of(page, row.minutes, request.user) | {
        "section": row,
        "page": Paginator(revisions_of(row), 20).get_page(request.GET.get("seite")),
        "crumbs": crumbs(page, *more),
    }
    return render(request, "meetings/record/minutes_revisions.html", context)


@requires(Permission.MINUTES_WRITE)
@require_POST
def restore(request: Request, body: str, pk: int, section: int, revision: int) -> HttpResponse:
    """Makes an earlier text the present one."""
    row = section_or_404(request, body, pk, section)
    or_404(revisions_of(row).filter(revision=revision).first())
    url = at_item(address(PAGE, request.agreement.slug, body, pk), row.item)
    shown = whole_number(request.POST.get("seen", ""))
    with act(request):
        actions.restore_revision(section=row, old=revision, revision=shown, by=request.user, now=clock.now())
        return done(request, f"TOP {row.item.number} hat wieder den früheren Text.", url)
    return redirect(url)
