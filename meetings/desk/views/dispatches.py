"""Who was sent what: of a meeting with its minutes, and of one version of the minutes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent, or_404
from kok.step_pages import step_page
from kok.words import day
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.desk.actions import letters as actions
from meetings.desk.forms.dispatches import DispatchFilterForm, LetterForm
from meetings.desk.pages.dispatches import dispatch_page, letter_step
from meetings.desk.queries.dispatches import sent_about, unreached
from meetings.record.queries.versions import version_numbered
from meetings.record.views.lookup import visible_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_READ)
@require_safe
def of_meeting(request: Request, body: str, pk: int) -> HttpResponse:
    """Everything about a meeting. Whoever does not send here sees what he got himself."""
    return _page(request, page_or_404(request, body, pk, "documents"))


@requires(Permission.MEETING_READ)
@require_safe
def of_version(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """The same about one version of the minutes."""
    page, minutes = visible_or_404(request, body, pk)
    or_404(version_numbered(minutes, number))
    return _page(request, page, number)


@requires(Permission.MEETING_INVITE)
@require_read_or_post
def note_letter(request: Request, body: str, pk: int, dispatch: int) -> HttpResponse:
    """Notes by hand that somebody whom no mail reached got a letter."""
    page = page_or_404(request, body, pk, "documents")
    row = or_404(unreached(page.meeting).filter(pk=dispatch).first())
    form = LetterForm(request.POST or None, initial={"sent_on": clock.today()})
    if is_sent(request, form):
        sent_on = form.cleaned_data["sent_on"]
        with act(form):
            actions.note_letter(meeting=page.meeting, row=row, sent_on=sent_on, by=request.user, now=clock.now())
            return done(request, f"Der Brief vom {day(sent_on)} ist vermerkt.", page.url("dispatches"))
    trail = crumbs(page, ("An wen ging was", page.url("dispatches")), ("Brief vermerken", None))
    return step_page(request, letter_step(page, row), form, crumbs=trail)


def _page(request: Request, page: MeetingPage, version: int | None = None) -> HttpResponse:
    sent = sent_about(request.user, page.agreement, page.meeting, version)
    found = dispatch_page(sent, request.GET.get("stand", ""))
    where = ("Unterlagen", page.url("documents")) if version is None else ("Protokoll", page.url("minutes"))
    context = {
        "meeting_page": page,
        "page": found,
        "version": version,
        "filter_form": DispatchFilterForm(request.GET, results=found.results),
        "crumbs": crumbs(page, where, ("An wen ging was", None)),
    }
    return render(request, "meetings/desk/dispatches.html", context)
