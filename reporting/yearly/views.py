"""The Jahresbericht: its versions, one of them to read, its file, and the way onto the agenda."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock, queries
from kok.access import Permission, can, requires
from kok.errors import Refused
from kok.requests import Request
from members.queries.accounts import name_of
from reporting.yearly import actions
from reporting.yearly.documents.report import document_of
from reporting.yearly.queries.reports import (
    next_presentation,
    presented_in,
    report_file,
    report_of,
    report_years,
    versions_of,
)


@requires(Permission.FIGURES_READ)
@require_safe
def reports(request: Request) -> HttpResponse:
    """Every year with the versions of its report."""
    context = {
        "years": report_years(request.user, request.agreement, clock.today()),
        "may_make": _may_make(request),
        "crumbs": [_figures(request), ("Jahresberichte", None)],
    }
    return render(request, "reporting/yearly/yearly_reports.html", context)


@requires(Permission.MEETING_PLAN)
@require_POST
def make(request: Request) -> HttpResponse:
    """Makes a version; a second click finds the first one."""
    year, latest = (request.POST.get(name, "") for name in ("year", "latest"))
    if not (year.isdecimal() and latest.isdecimal() and len(year + latest) < 10):
        raise Http404
    try:
        made = actions.make_report(
            agreement=request.agreement,
            year=int(year),
            latest=int(latest),
            by=request.user,
            now=clock.now(),
        )
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(_list_url(request))
    messages.success(request, f"Der Jahresbericht {made.year} ist erstellt, Fassung {made.version}.")
    return redirect(_url(request, made))


@requires(Permission.FIGURES_READ)
@require_safe
def report(request: Request, year: int, version: int) -> HttpResponse:
    """One version to read."""
    found = _found(request, year, version)
    may_make = _may_make(request)
    versions = versions_of(request.user, found)
    context = {
        "row": found,
        "maker": name_of(found.made_by),
        "report": document_of(found),
        "versions": versions,
        "latest": versions[0].version,
        "may_make": may_make,
        "presentation": next_presentation(found.agreement, year, clock.today()) if may_make else None,
        "items": presented_in(versions, request.user, request.agreement),
        "document": report_file(found),
        "base_url": _url(request, found),
        "crumbs": [_figures(request), ("Jahresberichte", _list_url(request)), (f"Jahresbericht {year}", None)],
    }
    return render(request, "reporting/yearly/yearly_report.html", context)


@requires(Permission.MEETING_PLAN)
@require_POST
def present(request: Request, year: int, version: int) -> HttpResponse:
    """Puts this version onto the agenda of the meeting that the page named."""
    found = _found(request, year, version)
    meeting = request.POST.get("meeting", "")
    if not meeting.isdecimal():
        raise Http404
    try:
        item = actions.put_on_agenda(report=found, meeting=int(meeting), by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(_url(request, found))
    messages.success(request, f"Der Jahresbericht {year} steht als TOP {item.number} auf der Tagesordnung.")
    body = item.meeting.body.slug
    return redirect("meetings:detail", request.agreement.slug, body, item.meeting_id)


@requires(Permission.FIGURES_READ)
@require_safe
def file(request: Request, year: int, version: int) -> HttpResponse:
    """The finished PDF. The right to see it is asked now, not when it was made."""
    document = report_file(_found(request, year, version))
    if document is None or document.state != "DONE":
        raise Http404
    response = HttpResponse(queries.document_content(document), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{document.filename}"'
    return response


@requires(Permission.FIGURES_READ)
@require_safe
def file_state(request: Request, year: int, version: int) -> HttpResponse:
    """How far the PDF is, as the fragment that asks again by itself."""
    found = _found(request, year, version)
    document = report_file(found)
    if document is None:
        raise Http404
    context = {"base_url": _url(request, found), "document": document}
    return render(request, "reporting/yearly/yearly_report_file.html", context)


@requires(Permission.FIGURES_READ)
@require_POST
def retry_file(request: Request, year: int, version: int) -> HttpResponse:
    """Asks for the PDF again after one that could not be made."""
    found = _found(request, year, version)
    actions.request_file(report=found, now=clock.now())
    messages.info(request, "Das PDF wird noch einmal erstellt.")
    return redirect(_url(request, found))


def _found(request: Request, year: int, version: int) -> Any:
    found = report_of(request.user, request.agreement, year, version)
    if found is None:
        raise Http404
    return found


def _may_make(request: Request) -> bool:
    return can(request.user, Permission.MEETING_PLAN, request.agreement)


def _figures(request: Request) -> tuple[str, str]:
    return ("Zahlen", reverse("reporting:figures", args=[request.agreement.slug]))


def _list_url(request: Request) -> str:
    return reverse("reporting:yearly-reports", args=[request.agreement.slug])


def _url(request: Request, found: Any) -> str:
    return reverse("reporting:yearly-report", args=[request.agreement.slug, found.year, found.version])
