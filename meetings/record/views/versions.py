"""The minutes as readers see them: the newest that was circulated, every version, and the PDF of each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from kok import clock, queries
from kok.access import Permission, partners_of, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import approval as actions
from meetings.record.documents.changes import Changes, between
from meetings.record.documents.frozen import read as thawed
from meetings.record.documents.minutes import context_of as paper_of
from meetings.record.documents.minutes import draft_context, frozen_now, shown
from meetings.record.queries.minutes import is_owner, sees_text
from meetings.record.queries.versions import approvals_of, file_of, newest_of, version_numbered, versions_of
from meetings.record.views.lookup import context_of, visible_or_404


def reading_page(request: Request, page: MeetingPage, context: dict[str, Any]) -> HttpResponse:
    """The tab "Protokoll" for readers: the draft for those who see it, else the newest text that was circulated."""
    found = context["minutes"]
    versions = versions_of(found)
    if found.state == "DRAFT" and sees_text(request.user, page.agreement, found):
        context |= {"version": None, "text": draft_context(found)["minutes"], "document": None}
    else:
        context |= _shown(page, versions[0], found)
    context |= {
        "versions": versions,
        "is_owner": is_owner(request.user, page.agreement, found),
        "to_approve": to_approve(request, page),
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/minutes_read.html", context)


def to_approve(request: Request, page: MeetingPage) -> list[Any]:
    """The partners for which this person can still approve."""
    if page.meeting.minutes.state != "CIRCULATED":
        return []
    own = partners_of(request.user, Permission.MINUTES_APPROVE, page.agreement)
    return [partner for pk, partner in page.partners.items() if pk in own and pk not in page.approved_by]


def _file_url(page: MeetingPage, version: Any) -> str:
    return f"{page.url('minutes')}fassung/{version.number}/pdf"


def _shown(page: MeetingPage, version: Any, minutes: Any) -> dict[str, Any]:
    """A version as it was circulated, with its approvals and its file; without a text when that is erased."""
    given = approvals_of(version)
    for approval in given:
        approval.partner = page.partners[approval.partner_id]
    is_approved = minutes.state == "APPROVED" and version.counts
    text = shown(thawed(version.content), given, is_approved=is_approved) if version.is_readable else None
    return {
        "version": version,
        "text": text,
        "given": given,
        "document": file_of(version, minutes),
        "file_url": _file_url(page, version),
    }


@requires(Permission.MEETING_READ)
@require_safe
def version(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """A text as it was circulated, whether it counts, and if not why."""
    page, found = visible_or_404(request, body, pk)
    versions = versions_of(found)
    chosen = next((each for each in versions if each.number == number), None)
    if chosen is None:
        raise Http404
    context = context_of(page, found, request.user) | _shown(page, chosen, found)
    context |= {
        "versions": versions,
        "is_owner": False,
        "to_approve": to_approve(request, page) if chosen.counts else [],
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), (f"Fassung {number}", None)),
    }
    return render(request, "meetings/record/minutes_read.html", context)


@requires(Permission.MEETING_READ)
@require_safe
def changes(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """What changed since an earlier version, `?mit=` its number, else the newest readable; secretariats see drafts."""
    page, found = visible_or_404(request, body, pk)
    versions = versions_of(found)
    earlier = [each for each in versions if each.number < number]
    readable = [each for each in earlier if each.is_readable]
    chosen = (
        _numbered(earlier, request.GET.get("mit")) if "mit" in request.GET else next(iter(readable or earlier), None)
    )
    later = next((each for each in versions if each.number == number), None)
    is_draft = later is None and _is_draft(request, page, found, number)
    if chosen is None or not (later or is_draft):
        raise Http404
    is_shown = chosen.is_readable and (later is None or later.is_readable)
    context = context_of(page, found, request.user) | {
        "number": number,
        "later": later,
        "earlier": chosen,
        "others": [each for each in readable if each != chosen],
        "is_withheld": any(each.is_withheld for each in (chosen, later) if each),
        "changes": _between(chosen, later, found) if is_shown else None,
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Was sich geändert hat", None)),
    }
    return render(request, "meetings/record/minutes_changes.html", context)


def _numbered(versions: list[Any], number: str | None) -> Any:
    return next((each for each in versions if str(each.number) == number), None)


def _is_draft(request: Request, page: MeetingPage, minutes: Any, number: int) -> bool:
    """Whether this is the version that is being written, and this person may look into it."""
    return minutes.state == "DRAFT" and minutes.version == number and sees_text(request.user, page.agreement, minutes)


def _between(earlier: Any, later: Any, minutes: Any) -> Changes:
    return between(thawed(earlier.content), thawed(later.content) if later else frozen_now(minutes))


@requires(Permission.MEETING_READ)
@require_safe
def read(request: Request, body: str, pk: int) -> HttpResponse:
    """The document as it will be on paper, to be read on screen: the draft for those who see it, else the newest."""
    page, found = visible_or_404(request, body, pk)
    back = {"label": "Zur Sitzung", "url": page.url("minutes")}
    if found.state == "DRAFT" and sees_text(request.user, page.agreement, found):
        return render(request, "pdf/minutes.html", draft_context(found) | {"back": back})
    newest = newest_of(found)
    if newest is None or not newest.is_readable:
        raise Http404
    paper = paper_of(newest, approvals_of(newest), is_approved=found.state == "APPROVED")
    return render(request, "pdf/minutes.html", paper | {"back": back})


@requires(Permission.MEETING_READ)
@require_safe
def file(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """The finished PDF of a version. The right to see it is asked now, not when it was made."""
    *_, document = _file_or_404(request, body, pk, number)
    if document.state != "DONE":
        raise Http404
    response = HttpResponse(queries.document_content(document), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    return response


@requires(Permission.MEETING_READ)
@require_safe
def file_state(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """How far the PDF is, as the fragment that asks again by itself."""
    page, chosen, document = _file_or_404(request, body, pk, number)
    context = {"file_url": _file_url(page, chosen), "document": document}
    return render(request, "meetings/record/_minutes_file.html", context)


@requires(Permission.MEETING_READ)
@require_POST
def retry_file(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """Asks for the PDF again after one that could not be made."""
    page, chosen, _ = _file_or_404(request, body, pk, number)
    try:
        actions.request_file(version=chosen, by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.info(request, "Das PDF wird noch einmal erstellt.")
    return redirect(f"{page.url('minutes')}fassung/{number}/")


def _file_or_404(request: Request, body: str, pk: int, number: int) -> tuple[MeetingPage, Any, Any]:
    page, found = visible_or_404(request, body, pk)
    chosen = version_numbered(found, number)
    document = file_of(chosen, found) if chosen and chosen.is_readable else None
    if chosen is None or document is None:
        raise Http404
    chosen.minutes = found
    return page, chosen, document
