"""The access log for auditors: who saw which case and why. Outside every agreement, beside the trail."""

from collections.abc import Sequence
from datetime import date
from functools import wraps
from typing import TYPE_CHECKING
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock, sheets
from kok.access import Permission, View, ask_for_factor, signed_in
from kok.actions import note_look
from kok.audit_views import told_in_trail
from kok.navigation import tabs_of
from kok.requests import Request, file_response, or_404
from kok.vault import KeyLost
from transitions.actions.checking import ask_for_check
from transitions.forms.log import EndsForm, LogFilterForm
from transitions.queries import checking, log

if TYPE_CHECKING:
    from transitions.models import AccessLogEntry

PER_PAGE = 50
HEADER = (
    "Zeitpunkt", "Konto", "Rollen", "Vereinbarung", "Vorgang", "Grund", "Jahr der Liste", "Fassung", "Fallzeichen",
    "Anfrage", "Kette", "Tag", "Nummer", "Siegel",
)  # fmt: skip


def auditors(view: View) -> View:
    """Opens a page to the role of an auditor; nobody else learns that it exists, by whatever method he asks."""

    @wraps(view)
    def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
        if not log.may_read(request.user):
            ask_for_factor(request.user, Permission.CASES_LOG)
            raise Http404
        return view(request, *args, **kwargs)

    return signed_in(guarded)


@told_in_trail
@auditors
@require_safe
def entries(request: Request) -> HttpResponse:
    """The log with its filters, the newest first; that somebody looked stands in the trail."""
    form = _form(request)
    page = _page(request, form.wanted)
    note_look("access-log.read", form.wanted.words, page.paginator.count, by=request.user, now=clock.now())
    context = {
        "page": page,
        "filter_form": form,
        "wanted": form.wanted,
        "is_with_lists": bool(log.known_case(request.user, form.wanted.case_ref)),
        "tabs": tabs_of(request.user, "audit", "transitions-log:entries"),
    }
    return render(request, "transitions/log.html", context)


@auditors
@require_POST
def check(request: Request) -> HttpResponse:
    """Asks for a check of every seal, also against a mail, and leads to the page that tells how it stands."""
    form = EndsForm(request.POST)
    if not form.is_valid():
        return _checked(request, form=form)
    try:
        job = ask_for_check(seals_of_mail=form.cleaned_data["nachricht"], by=request.user, now=clock.now())
    except KeyLost:
        return _checked(request, form=form, has_no_key=True)
    return redirect("transitions-log:checked", job.pk)


@auditors
@require_safe
def checked(request: Request, pk: UUID) -> HttpResponse:
    """How the check stands that one asked for; asked again and again while it runs."""
    try:
        job = checking.check_of(request.user, pk)
    except KeyLost:
        return _checked(request, has_no_key=True)
    job = or_404(job)
    return _checked(request, job=job, check=checking.told(job), is_running=job.is_pending(clock.now()))


def _checked(request: Request, *, form: EndsForm | None = None, **context: object) -> HttpResponse:
    context |= {
        "ends_form": form or EndsForm(),
        "crumbs": [("Zugriffsprotokoll", reverse("transitions-log:entries")), ("Prüfung aller Siegel", None)],
    }
    template = "transitions/_log_check.html" if request.htmx else "transitions/log_check.html"
    return render(request, template, context)


@told_in_trail
@auditors
@require_safe
def download(request: Request) -> HttpResponse:
    """What the filters leave, as a table; that it was taken stands in the trail."""
    wanted = _form(request).wanted
    found = list(log.entries_wanted(request.user, wanted))
    log.show_people(request.user, found)
    log.hide_drafts(request.user, found)
    log.add_regions(found)
    note_look("access-log.exported", wanted.words, len(found), by=request.user, now=clock.now())
    name = f"zugriffsprotokoll-{clock.today()}.csv"
    return file_response(sheets.write_csv(HEADER, map(_row, found)), name, sheets.CSV_TYPE)


def _form(request: Request) -> LogFilterForm:
    user = request.user
    return LogFilterForm(request.GET, accounts=log.accounts_in(user), years=log.years_in(user))


def _page(request: Request, wanted: log.LogFilter) -> Page["AccessLogEntry"]:
    found = Paginator(log.entries_wanted(request.user, wanted), PER_PAGE)
    page = found.get_page(request.GET.get("seite"))
    page.object_list = list(page.object_list)
    log.add_numbers(page.object_list)
    log.show_people(request.user, page.object_list)
    log.hide_drafts(request.user, page.object_list)
    log.add_regions(page.object_list)
    return page


def _row(entry: "AccessLogEntry") -> Sequence[str | int | date | None]:
    return [
        entry.at.astimezone(clock.BERLIN), entry.who, entry.role_titles, entry.region, entry.get_action_display(),
        entry.get_reason_display(), entry.list_year, entry.version, entry.case_ref, entry.request,
        entry.get_chain_display(),
        entry.day, entry.position, entry.seal,
    ]  # fmt: skip
