"""The Jahresbericht: its versions, one of them to read, its file, and the way onto the agenda."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock, queries
from kok.access import Permission, can, requires
from kok.requests import Crumbs, Request, act, done, file_response, or_404, whole_number
from members.queries.accounts import name_of
from reporting.yearly import actions
from reporting.yearly.documents.report import document_of
from reporting.yearly.queries.reports import (
    finished_file,
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
        "crumbs": [*_above(request)[:1], ("Jahresberichte", None)],
    }
    return render(request, "reporting/yearly/yearly_reports.html", context)


@requires(Permission.MEETING_PLAN)
@require_POST
def make(request: Request) -> HttpResponse:
    """Makes a version; a second click finds the first one."""
    year, latest = (or_404(whole_number(request.POST.get(name, ""))) for name in ("year", "latest"))
    with act(request):
        made = actions.make_report(
            agreement=request.agreement, year=year, latest=latest, by=request.user, now=clock.now()
        )
        sentence = f"Der Jahresbericht {made.year} ist erstellt, Fassung {made.version}."
        return done(request, sentence, _url(request, made.year, made.version))
    return redirect("reporting:yearly-reports", request.agreement.slug)


@requires(Permission.FIGURES_READ)
@require_safe
def report(request: Request, year: int, version: int) -> HttpResponse:
    """One version to read."""
    found = or_404(report_of(request.user, request.agreement, year, version))
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
        "base_url": _url(request, year, version),
        **_progress(request, year, version, report_file(found)),
        "crumbs": [*_above(request), (f"Jahresbericht {year}", None)],
    }
    return render(request, "reporting/yearly/yearly_report.html", context)


@requires(Permission.MEETING_PLAN)
@require_POST
def present(request: Request, year: int, version: int) -> HttpResponse:
    """Puts this version onto the agenda of the meeting that the page named."""
    found = or_404(report_of(request.user, request.agreement, year, version))
    meeting = or_404(whole_number(request.POST.get("meeting", "")))
    with act(request):
        item = actions.put_on_agenda(report=found, meeting=meeting, by=request.user, now=clock.now())
        sentence = f"Der Jahresbericht {year} steht als TOP {item.number} auf der Tagesordnung."
        return done(
            request, sentence, "meetings:detail", request.agreement.slug, item.meeting.body.slug, item.meeting_id
        )
    return redirect(_url(request, year, version))


@requires(Permission.FIGURES_READ)
@require_safe
def file(request: Request, year: int, version: int) -> HttpResponse:
    """The finished PDF. The right to see it is asked now, not when it was made."""
    document = or_404(finished_file(or_404(report_of(request.user, request.agreement, year, version))))
    return file_response(queries.document_content(document), document.filename)


@requires(Permission.FIGURES_READ)
@require_safe
def file_state(request: Request, year: int, version: int) -> HttpResponse:
    """How far the PDF is, as the fragment that asks again by itself."""
    document = or_404(report_file(or_404(report_of(request.user, request.agreement, year, version))))
    return render(request, "components/progress.html", _progress(request, year, version, document))


@requires(Permission.FIGURES_READ)
@require_POST
def retry_file(request: Request, year: int, version: int) -> HttpResponse:
    """Asks for the PDF again after one that could not be made."""
    found = or_404(report_of(request.user, request.agreement, year, version))
    actions.request_file(report=found, now=clock.now())
    messages.info(request, "Das PDF wird noch einmal erstellt.")
    return redirect(_url(request, year, version))


def _progress(request: Request, year: int, version: int, document: object) -> dict[str, object]:
    """The PDF of a version on its way, or the finished file, as its component wants it."""
    base = _url(request, year, version)
    return {
        "document": document,
        "name": "Der Jahresbericht als PDF",
        "poll_url": f"{base}pdf/stand",
        "retry_url": f"{base}pdf/erneut",
        "file_url": f"{base}pdf",
    }


def _may_make(request: Request) -> bool:
    return can(request.user, Permission.MEETING_PLAN, request.agreement)


def _above(request: Request) -> Crumbs:
    """The way to the list."""
    slug = request.agreement.slug
    return [
        ("Zahlen", reverse("reporting:figures", args=[slug])),
        ("Jahresberichte", reverse("reporting:yearly-reports", args=[slug])),
    ]


def _url(request: Request, year: int, version: int) -> str:
    return reverse("reporting:yearly-report", args=[request.agreement.slug, year, version])
