"""What became of many cases, said on one page: the receiving unit answers for a whole list at once."""

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms.boundfield import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission
from kok.words import moment
from transitions.actions import cases
from transitions.forms.case_filter import CaseFilterForm
from transitions.forms.receiving import OutcomesForm
from transitions.pages.case_lines import CaseLine, lines_of
from transitions.queries.outcomes import newest_received, said_about
from transitions.queries.questions import open_about
from transitions.queries.receipts import check_as_released
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import erased_after_outcome
from transitions.rules.codes import OF_RECEIVED, VersionState
from transitions.rules.endings import taken_over_from
from transitions.views.area import sealed
from transitions.views.found import crumbs, log_list, page_of, version_or_404
from transitions.views.stay import SealedRequest

NOT_CONFIRMED = "Bestätigen Sie zuerst den Empfang der Liste. Es wurde nichts eingetragen."
NEWER = (
    "Inzwischen ist Fassung {number} dieser Liste übermittelt. Es wurde nichts eingetragen. Ihre Auswahl steht noch "
    "da. Prüfen Sie sie an den neuen Angaben, bevor Sie sie eintragen."
)


@dataclass(frozen=True)
class AskedCase:
    """A case and its choice; `taken_over_from`, while that is to come; what happened meanwhile; open questions."""

    line: CaseLine
    field: BoundField | None
    taken_over_from: date | None
    note: str
    questions: int


@sealed(Permission.CASES_RECEIVE, *OF_RECEIVED)
@require_http_methods(["GET", "HEAD", "POST"])
def outcomes(request: SealedRequest, version: UUID) -> HttpResponse:
    """Every open case with its choice. What is refused stays as it was chosen; the others are recorded."""
    seen = version_or_404(request, version)
    newest = newest_received(request.access, seen)
    if newest is None or newest.state not in (VersionState.RELEASED, VersionState.ACKNOWLEDGED):
        raise Http404
    if request.method != "POST":
        if newest != seen:
            return redirect(page_of(request, newest, "outcomes"))
        if newest.state == VersionState.RELEASED:
            messages.error(request, NOT_CONFIRMED)
            return redirect(page_of(request, newest, "acknowledge"))
    check_as_released([newest])
    form = _form(request, newest)
    if request.method == "POST" and form.is_valid():
        if newest.state == VersionState.RELEASED:
            form.add_error(None, NOT_CONFIRMED)
        elif newest != seen:
            form.add_error(None, NEWER.format(number=newest.number))
        else:
            return _recorded(request, newest, form)
    return _page(request, newest, form)


def _form(request: SealedRequest, version: Any, data: Any = None) -> OutcomesForm:
    """About the list as it is now."""
    today = clock.today()
    return OutcomesForm(
        data or (request.POST if request.method == "POST" else None),
        lines=lines_of(version, restricted_refs(request.access)),
        erased_on=erased_after_outcome(version.transition_list, today),
        today=today,
    )


def _recorded(request: SealedRequest, version: Any, form: OutcomesForm) -> HttpResponse:
    """One act for each case; then the list, or what is left to be decided."""
    refused = cases.record_outcomes(outcomes=form.chosen, by=request.access, now=clock.now())
    done = [case for case in form.chosen if case not in refused]
    if done:
        many = f"{len(done)} Ergebnisse sind eingetragen." if len(done) > 1 else "Ein Ergebnis ist eingetragen."
        messages.success(request, many)
    if not refused and not form.overtaken:
        return redirect(page_of(request, version))
    left = request.POST.copy()
    for case in done:
        left.pop(str(case.pk))
    form = _form(request, version, left)
    form.full_clean()
    for case, sentence in refused.items():
        if str(case.pk) in form.fields:
            form.add_error(str(case.pk), sentence)
    return _page(request, version, form)


def _page(request: SealedRequest, version: Any, form: OutcomesForm) -> HttpResponse:
    log_list(request, version)
    today = clock.today()
    lines = list(form.lines.values())
    notes = _notes(form)
    for pk, note in notes.items():
        form.add_error(None, f"Fall {form.lines[str(pk)].row.case.case_ref}: {note}")
    filters = CaseFilterForm(request.GET, lines=[line for line in lines if line.is_open])
    shown = {line.row.case.pk for line in filters.picked} | set(notes)
    asked = open_about(shown)
    rows = [_row(line, form, notes, asked, today) for line in lines if line.row.case.pk in shown]
    open_shown = sum(row.line.is_open for row in rows)
    context = {
        "version": version,
        "form": form,
        "filters": filters,
        "rows": rows,
        "size": _size(open_shown, len(rows) - open_shown),
        "open_shown": open_shown,
        "part": f"{open_shown} von {len(filters.lines)} Fällen",
        "open_count": len(filters.lines),
        "kept_count": sum(line.row.is_hidden and not line.row.entry.ending for line in lines),
        "erased_on": erased_after_outcome(version.transition_list, today),
        "crumbs": crumbs(request, version, "Ergebnisse eintragen"),
    }
    return render(request, "transitions/outcomes.html", context)


def _size(still_open: int, decided: int) -> str:
    """How many cases of the table are open, as the lead counts them; beside them who got an outcome meanwhile."""
    words = f"{still_open} Fälle" if still_open > 1 else "1 Fall" if still_open else "Kein Fall"
    if not decided:
        return words
    more = "1, der inzwischen ein Ergebnis hat" if decided == 1 else f"{decided}, die inzwischen ein Ergebnis haben"
    return f"{words}, dazu {more}"


def _notes(form: OutcomesForm) -> dict[UUID, str]:
    """What somebody else did meanwhile to cases for which a choice was sent."""
    chosen = form.overtaken
    said = said_about(chosen, clock.today())
    found = {}
    for pk, outcome in chosen.items():
        line = form.lines[str(pk)]
        told = said.get(pk) if line.row.case.outcome else None
        by = f", {moment(told.at)}, {told.who}" if told else ""
        found[pk] = f"Hier steht inzwischen „{line.sign}“{by}. Ihre Auswahl „{outcome.label}“ wurde nicht eingetragen."
    return found


def _row(line: CaseLine, form: OutcomesForm, notes: dict[UUID, str], asked: Counter[UUID], today: date) -> AskedCase:
    field = form.field_of(line)
    first = taken_over_from(line.row.data.expected_end_on) if field and line.row.data else today
    pk = line.row.case.pk
    return AskedCase(line, field, first if first > today else None, notes.get(pk, ""), asked[pk] if field else 0)
