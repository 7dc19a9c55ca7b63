"""The PDF of an invitation: read, waited for, made again."""

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from kok import clock
from kok.access import Permission, requires
from kok.queries import document_content
from kok.requests import Request, done, file_response, or_404
from meetings.convening.actions import invitations as actions
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.queries.invitations import agenda_document
from meetings.convening.views.lookup import page_or_404

if TYPE_CHECKING:
    from kok.models import Document
    from meetings.convening.models import InvitationRound


@requires(Permission.MEETING_READ)
@require_safe
def document(request: Request, body: str, pk: int, document: int) -> HttpResponse:
    """The PDF of an invitation."""
    _, _, found = _document_or_404(request, body, pk, document)
    if found.state != found.State.DONE:
        raise Http404
    return file_response(document_content(found), found.filename, is_shown=True)


@requires(Permission.MEETING_READ)
@require_safe
def document_state(request: Request, body: str, pk: int, document: int) -> HttpResponse:
    """How far the PDF is, as the page asks while it waits."""
    page, _, found = _document_or_404(request, body, pk, document)
    return render(request, "meetings/convening/_document.html", {"meeting_page": page, "document": found})


@requires(Permission.MEETING_READ)
@require_POST
def document_retry(request: Request, body: str, pk: int, document: int) -> HttpResponse:
    """Makes a PDF again that failed."""
    page, round_, _ = _document_or_404(request, body, pk, document)
    actions.request_agenda(round_=round_, now=clock.now())
    said = "Die Einladung wird noch einmal als PDF erstellt. Wartende Mails gehen dann hinaus."
    return done(request, said, page.url("documents"))


def _document_or_404(
    request: Request, body: str, pk: int, document: int
) -> tuple[MeetingPage, "InvitationRound", "Document"]:
    page = page_or_404(request, body, pk, "documents")
    return page, *or_404(agenda_document(page.meeting, document))
