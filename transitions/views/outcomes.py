"""What became of many cases, said on one page: the receiving unit answers for a whole list at once."""

from collections.abc import Iterable, Mapping
from operator import attrgetter
from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission
from kok.requests import is_sent, or_404
from kok.words import counted
from transitions.actions import cases
from transitions.forms.case_filter import CaseFilterForm
from transitions.forms.receiving import OutcomesForm
from transitions.pages.case_lines import lines_of
from transitions.pages.outcomes import notes_about, outcomes_page
from transitions.pages.panels import outcome_panel
from transitions.pages.titles import version_title
from transitions.queries.outcomes import newest_received
from transitions.queries.receipts import check_as_released
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import erased_after_outcome
from transitions.rules.codes import OF_RECEIVED, VersionState
from transitions.views.area import sealed
from transitions.views.area_session import SealedRequest, posted
from transitions.views.lookup import crumbs, log_list, page_of, version_or_404

if TYPE_CHECKING:
    from transitions.models import TransitionCase, TransitionListVersion

NOT_CONFIRMED = "Bestätigen Sie zuerst den Empfang der Liste. Es wurde nichts eingetragen."
NEWER = (
    "Inzwischen ist Fassung {number} dieser Liste übermittelt. Es wurde nichts eingetragen. Ihre Auswahl steht noch "
    "da. Prüfen Sie sie an den neuen Angaben, bevor Sie sie eintragen."
)


@sealed(Permission.CASES_RECEIVE, *OF_RECEIVED)
@require_http_methods(["GET", "HEAD", "POST"])
def outcomes(request: SealedRequest, version: UUID) -> HttpResponse:
    """Every open case with its choice. What is refused stays as it was chosen; the others are recorded."""
    shown = version_or_404(request, version)
    newest = or_404(newest_received(request.access, shown))
    if not newest.is_in_force:
        raise Http404
    elsewhere = _elsewhere(request, newest, shown)
    if elsewhere and request.method != "POST":
        return redirect(elsewhere)
    check_as_released([newest])
    form = _form(request, newest)
    if not is_sent(request, form):
        return _page(request, newest, form)
    if problem := _why_not(newest, shown):
        form.add_error(None, problem)
        return _page(request, newest, form)
    return _recorded(request, newest, form)


def _elsewhere(request: SealedRequest, newest: "TransitionListVersion", shown: "TransitionListVersion") -> str | None:
    """Where one goes on instead of reading this version: the newest one, once its receipt was confirmed."""
    if newest != shown:
        return page_of(request, newest, "outcomes")
    if newest.state == VersionState.RELEASED:
        messages.error(request, NOT_CONFIRMED)
        return page_of(request, newest, "acknowledge")
    return None


def _why_not(newest: "TransitionListVersion", shown: "TransitionListVersion") -> str:
    """Why nothing is recorded of what was chosen on the page of a version, "" where it is."""
    if newest.state == VersionState.RELEASED:
        return NOT_CONFIRMED
    return NEWER.format(number=newest.number) if newest != shown else ""


def _form(request: SealedRequest, version: "TransitionListVersion", data: QueryDict | None = None) -> OutcomesForm:
    """About the list as it is now."""
    today = clock.today()
    return OutcomesForm(
        data or posted(request),
        lines=lines_of(version, restricted_refs(request.access)),
        erased_on=erased_after_outcome(version.transition_list, today),
        today=today,
    )


def _recorded(request: SealedRequest, version: "TransitionListVersion", form: OutcomesForm) -> HttpResponse:
    """One act for each case; then the list, or what is left to be decided."""
    refused = cases.record_outcomes(outcomes=form.chosen, by=request.access, now=clock.now())
    recorded = [line for line in form.chosen if line not in refused]
    if recorded:
        told = counted(len(recorded), "Ein Ergebnis ist", "Ergebnisse sind")
        messages.success(request, f"{told} eingetragen.")
    if refused or form.overtaken:
        return _page(request, version, _what_is_left(request, version, recorded, refused))
    return redirect(page_of(request, version))


def _what_is_left(
    request: SealedRequest,
    version: "TransitionListVersion",
    recorded: "Iterable[TransitionCase]",
    refused: "Mapping[TransitionCase, str]",
) -> OutcomesForm:
    """What was sent without what is recorded, and why the others are not."""
    left = request.POST.copy()
    for case in recorded:
        left.pop(str(case.pk))
    form = _form(request, version, left)
    form.full_clean()
    why = {str(case.pk): sentence for case, sentence in refused.items()}
    for name in (name for name in why if name in form.fields):
        form.add_error(name, why[name])
    return form


def _page(request: SealedRequest, version: "TransitionListVersion", form: OutcomesForm) -> HttpResponse:
    log_list(request, version)
    today = clock.today()
    notes = notes_about(form.overtaken, form.lines, today)
    for pk, note in notes.items():
        form.add_error(None, f"Fall {form.lines[str(pk)].row.case.case_ref}: {note}")
    lines = form.lines.values()
    filters = CaseFilterForm(request.GET, lines=list(filter(attrgetter("is_open"), lines)))
    shown = {*map(attrgetter("row.case.pk"), filters.picked), *notes}
    erased_on = erased_after_outcome(version.transition_list, today)
    panel = outcome_panel(version.transition_list.sender, erased_on, results="Ergebnisse")
    context = {
        "page": outcomes_page(lines, shown, form.field_of, notes, panel=panel, today=today),
        "version": version,
        "preline": version_title(version),
        "is_unconfirmed": version.state == VersionState.RELEASED,
        "form": form,
        "filters": filters,
        "crumbs": crumbs(request, version, "Ergebnisse eintragen"),
    }
    return render(request, "transitions/outcomes.html", context)
