"""The minutes as readers see them: the newest that was circulated, every version, and the PDF of each."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kok import clock, queries
from kok.access import Permission, requires
from kok.requests import Request, act, file_response, or_404
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import approval as actions
from meetings.record.documents.minutes import context_of as paper_of
from meetings.record.documents.minutes import draft_context
from meetings.record.pages.reading import (
    changes_in,
    draft_page,
    file_url,
    owners_step,
    to_approve,
    version_lines,
    version_page,
)
from meetings.record.pages.remarks import RemarkLine, remark_lines
from meetings.record.queries.remarks import remarks_of
from meetings.record.queries.versions import approvals_of, file_of, newest_of, pair_of, version_numbered, versions_of
from meetings.record.queries.visibility import is_owner, reads_draft
from meetings.record.views.lookup import context_of, visible_or_404

if TYPE_CHECKING:
    from kok.models import Document
    from meetings.record.models import Minutes, MinutesVersion


def reading_page(request: Request, page: MeetingPage, found: "Minutes") -> HttpResponse:
    """The tab "Protokoll" for readers: the draft for those who see it, else the newest text that was circulated."""
    is_draft = reads_draft(request.user, page.agreement, found)
    versions = versions_of(found)
    context = context_of(page, found, request.user) | {
        "reading": draft_page(found) if is_draft else version_page(page, found, versions[0]),
        "versions": version_lines(versions, found),
        "to_approve": to_approve(request.user, page),
        "step": owners_step(request.user, page, found),
        "remarks": remarks_shown(request, page, found),
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/minutes_read.html", context)


def remarks_shown(request: Request, page: MeetingPage, found: "Minutes") -> list[RemarkLine]:
    """What approvers asked to be changed, for whoever reads it."""
    answers = is_owner(request.user, page.agreement, found)
    return remark_lines(remarks_of(request.user, page.agreement, found), page, answers=answers)


@requires(Permission.MEETING_READ)
@require_safe
def version(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """A text as it was circulated, whether it counts, and if not why."""
    page, found = visible_or_404(request, body, pk)
    versions = versions_of(found)
    chosen = or_404({each.number: each for each in versions}.get(number))
    context = context_of(page, found, request.user) | {
        "reading": version_page(page, found, chosen),
        "versions": version_lines(versions, found),
        "to_approve": to_approve(request.user, page) if chosen.counts else [],
        "remarks": [],
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), (f"Fassung {number}", None)),
    }
    return render(request, "meetings/record/minutes_read.html", context)


@requires(Permission.MEETING_READ)
@require_safe
def changes(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """What changed since an earlier version, `?mit=` its number, else the newest readable; secretariats see drafts."""
    page, found = visible_or_404(request, body, pk)
    sees_draft = reads_draft(request.user, page.agreement, found)
    pair = or_404(pair_of(found, number, request.GET.get("mit"), sees_draft=sees_draft))
    context = context_of(page, found, request.user) | {
        "pair": pair,
        "changes": changes_in(pair, found),
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Was sich geändert hat", None)),
    }
    return render(request, "meetings/record/minutes_changes.html", context)


@requires(Permission.MEETING_READ)
@require_safe
def read(request: Request, body: str, pk: int) -> HttpResponse:
    """The document as it will be on paper, to be read on screen: the draft for those who see it, else the newest."""
    page, found = visible_or_404(request, body, pk)
    back = {"label": "Zur Sitzung", "url": page.url("minutes")}
    if reads_draft(request.user, page.agreement, found):
        return render(request, "pdf/minutes.html", draft_context(found) | {"back": back})
    newest = or_404(newest_of(found))
    if not newest.is_readable:
        raise Http404
    paper = paper_of(newest, approvals_of(newest), is_approved=found.is_approved)
    return render(request, "pdf/minutes.html", paper | {"back": back})


@requires(Permission.MEETING_READ)
@require_safe
def file(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """The finished PDF of a version. The right to see it is asked now, not when it was made."""
    *_, document = _file_or_404(request, body, pk, number)
    if not document.is_done:
        raise Http404
    return file_response(queries.document_content(document), document.filename)


@requires(Permission.MEETING_READ)
@require_safe
def file_state(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """How far the PDF is, as the fragment that asks again by itself."""
    page, chosen, document = _file_or_404(request, body, pk, number)
    context = {"file_url": file_url(page, chosen), "document": document}
    return render(request, "meetings/record/_minutes_file.html", context)


@requires(Permission.MEETING_READ)
@require_POST
def retry_file(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """Asks for the PDF again after one that could not be made."""
    page, chosen, _ = _file_or_404(request, body, pk, number)
    with act(request):
        actions.request_file(version=chosen, by=request.user, now=clock.now())
        messages.info(request, "Das PDF wird noch einmal erstellt.")
    return redirect("meetings:minutes-version", page.agreement.slug, body, pk, number)


def _file_or_404(request: Request, body: str, pk: int, number: int) -> tuple[MeetingPage, "MinutesVersion", "Document"]:
    page, found = visible_or_404(request, body, pk)
    chosen = or_404(version_numbered(found, number))
    chosen.minutes = found
    return page, chosen, or_404(file_of(chosen, found))
