"""The PDF of an invitation: read, waited for, made again."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kok import clock
from kok.access import Permission, requires
from kok.queries import document_content
from kok.requests import Request
from meetings.convening.actions import invitations as actions
from meetings.convening.queries.invitations import agenda_document
from meetings.convening.views.lookup import page_or_404


@requires(Permission.MEETING_READ)
@require_safe
def document(request: Request, body: str, pk: int, document: int) -> HttpResponse:
    """The PDF of an invitation."""
    _, _, found = _document_or_404(request, body, pk, document)
    if found.state != "DONE":
        raise Http404
    response = HttpResponse(document_content(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.filename}"'
    return response


@requires(Permission.MEETING_READ)
@require_safe
def document_state(request: Request, body: str, pk: int, document: int) -> HttpResponse:
    """How far the PDF is, as the page asks while it waits."""
    page, round_, found = _document_or_404(request, body, pk, document)
    return render(
        request, "meetings/convening/_document.html", {"meeting_page": page, "round": round_, "document": found}
    )


@requires(Permission.MEETING_READ)
@require_POST
def document_retry(request: Request, body: str, pk: int, document: int) -> HttpResponse:
    """Makes a PDF again that failed."""
    page, round_, _ = _document_or_404(request, body, pk, document)
    actions.request_agenda(round_=round_, now=clock.now())
    messages.success(request, "Die Einladung wird noch einmal als PDF erstellt. Wartende Mails gehen dann hinaus.")
    return redirect(page.url("documents"))


def _document_or_404(request: Request, body: str, pk: int, document: int) -> tuple[Any, Any, Any]:
    page = page_or_404(request, body, pk, "documents")
    found = agenda_document(page.meeting, document)
    if found is None:
        raise Http404
    return page, *found
