"""Who was sent what: of a meeting with its minutes, and of one version of the minutes."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok.access import Permission, requires
from meetings.forms.filters import DispatchFilterForm
from meetings.queries.dispatches import dispatch_page
from meetings.queries.meetings import MeetingPage
from meetings.queries.versions import version_numbered
from meetings.views.found import crumbs, page_or_404, visible_or_404


@requires(Permission.MEETING_READ)
@require_safe
def of_meeting(request: HttpRequest, body: str, pk: int) -> HttpResponse:
    """Everything about a meeting. Whoever does not send here sees what he got himself."""
    return _page(request, page_or_404(request, body, pk, "documents"))


@requires(Permission.MEETING_READ)
@require_safe
def of_version(request: HttpRequest, body: str, pk: int, number: int) -> HttpResponse:
    """The same about one version of the minutes."""
    page, minutes = visible_or_404(request, body, pk)
    if version_numbered(minutes, number) is None:
        raise Http404
    return _page(request, page, number)


def _page(request: HttpRequest, page: MeetingPage, version: int | None = None) -> HttpResponse:
    result = request.GET.get("stand", "")
    found = dispatch_page(request.user, page.agreement, page.meeting, version=version, result=result)  # type: ignore[arg-type]
    where = ("Unterlagen", page.url("documents")) if version is None else ("Protokoll", page.url("minutes"))
    context = {
        "meeting_page": page,
        "page": found,
        "version": version,
        "filter_form": DispatchFilterForm(request.GET, results=found.results),
        "crumbs": crumbs(page, where, ("An wen ging was", None)),
    }
    return render(request, "meetings/dispatches.html", context)
