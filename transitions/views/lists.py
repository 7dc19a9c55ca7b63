"""All lists of an agreement, one version with its cases, its receipt, and what earlier lists propose."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock
from kok.access import Permission
from kok.errors import Refused
from kok.workdays import urged_on
from transitions.actions import lists as actions
from transitions.forms.case_filter import CaseFilterForm
from transitions.forms.lists import RevisionForm
from transitions.pages import version as pages
from transitions.pages.case_lines import CaseLine, lines_of
from transitions.queries import versions
from transitions.queries.access import Access
from transitions.queries.due_days import list_due_day_of
from transitions.queries.imports import pending_of
from transitions.queries.known import KnownPeople
from transitions.queries.listing import ListSummary, listed_for, years_for
from transitions.queries.proposals import undecided_count
from transitions.queries.questions import questions_visible_to, waiting
from transitions.queries.receipts import compare
from transitions.queries.release import crossed_by_outcome
from transitions.queries.removal import why_not_discarded
from transitions.queries.restriction import hidden_refs, restricted_refs
from transitions.queries.version import gaps_of
from transitions.queries.visibility import discardable_by
from transitions.rules.codes import OF_WHOLE_LIST, EntryReason, VersionState
from transitions.rules.sizes import part_words, size_words
from transitions.views.area import sealed
from transitions.views.found import (
    crumbs,
    discardable_or_404,
    log_elsewhere,
    log_list,
    page_of,
    version_or_404,
)
from transitions.views.stay import SealedRequest

MOST_PAIRS = 50
PER_PAGE = 50
TONES = {
    VersionState.DRAFT: "neutral",
    VersionState.RELEASED: "info",
    VersionState.ACKNOWLEDGED: "success",
    VersionState.CLOSED: "neutral",
    VersionState.ERASED: "neutral",
}


@dataclass(frozen=True)
class Line:
    """A list as a row: how it stands in words, to which day one is urged, and the one next step of this person."""

    listed: ListSummary
    urged_on: date
    state: str
    tone: str
    next: str
    next_url: str
    missing: str


@sealed(Permission.CASES_ENTER)
@require_safe
def lists(request: SealedRequest) -> HttpResponse:
    """One row for each year and carrier, each with its next step. Shows no name."""
    may = _may(request)
    found = listed_for(request.access)
    years = years_for(request.access, found, clock.today())
    context = {
        "rows": [_line(request, listed, may) for listed in found],
        "many_senders": len({listed.transition_list.sender_id for listed in found}) > 1,
        "forged_count": len(request.access.forged),
        "forged_drafts": _forged_drafts(request.access),
        "years_to_begin": [each for each in years if not each.is_past],
        "years_past": [each for each in years if each.is_past],
        "waiting_count": waiting(questions_visible_to(request.access)).count(),
        "due_day": list_due_day_of(request.agreement).words_on(clock.today()),
        "today": clock.today(),
        **may,
    }
    return render(request, "transitions/lists.html", context)


def _forged_drafts(access: Access) -> list[Any]:
    """The drafts that nobody opens any more, because they were changed past the application."""
    if not access.forged:
        return []
    return list(discardable_by(access).filter(pk__in=access.forged).select_related("transition_list"))


def _may(request: SealedRequest) -> dict[str, bool]:
    """What this person may do with lists, as templates ask for it."""
    access: Access = request.access
    return {
        "may_draft": bool(access.partners(Permission.CASES_DRAFT)),
        "may_release": bool(access.partners(Permission.CASES_RELEASE)),
        "may_receive": bool(access.partners(Permission.CASES_RECEIVE)),
    }


def _line(request: SealedRequest, listed: ListSummary, may: dict[str, bool]) -> Line:
    version = listed.newest
    step, page = _next_step(listed, may)
    gaps = gaps_of(version) if version.is_draft and may["may_draft"] else 0
    cases = "Fall" if listed.case_count == 1 else "Fällen"
    gaps_said = f"{gaps} von {listed.case_count} {cases} unvollständig" if gaps else ""
    return Line(
        listed=listed,
        urged_on=urged_on(listed.due_on, listed.effective_on, clock.today()),
        state=_state(version),
        tone=TONES[VersionState(version.state)],
        next=step,
        next_url=page_of(request, version, page) if page else "",
        missing=", ".join(filter(None, (gaps_said, _waiting_said(version) if may["may_draft"] else ""))),
    )


def _waiting_said(version: Any) -> str:
    pending = pending_of(version) if version.is_draft else None
    if pending is None:
        return ""
    return (
        f"{pending.row_count} Zeilen einer Datei warten" if pending.row_count > 1 else "eine Zeile einer Datei wartet"
    )


def _state(version: Any) -> str:
    if version.is_draft and version.submitted_at:
        return "vorgelegt"
    return VersionState(version.state).label


def _next_step(listed: ListSummary, may: dict[str, bool]) -> tuple[str, str]:
    """Words and the name of a page; without a page there is nothing to do but wait."""
    version = listed.newest
    if version.is_draft:
        if version.submitted_at:
            return ("Prüfen und freigeben", "release") if may["may_release"] else ("Wartet auf die Freigabe", "")
        return ("Entwurf bearbeiten", "version") if may["may_draft"] else ("Wartet auf die Fallbearbeitung", "")
    if version.state == VersionState.RELEASED:
        return ("Empfang bestätigen", "acknowledge") if may["may_receive"] else ("Wartet auf die Bestätigung", "")
    if version.state == VersionState.ACKNOWLEDGED and may["may_receive"] and listed.open_count:
        return "Ergebnisse eintragen", "outcomes"
    return "Nichts zu tun", ""


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def begin(request: SealedRequest, year: int) -> HttpResponse:
    """Opens the draft of a year: a new list, or a new version of one that was released."""
    sender = request.agreement.partners.filter(pk__in=request.access.partners(Permission.CASES_DRAFT)).first()
    if sender is None:  # a role without a partner, or with one that is no party here
        raise Http404
    try:
        draft = actions.open_draft(sender=sender, year=year, by=request.access, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect("transitions:lists", request.agreement.slug)
    return redirect(page_of(request, draft))


@sealed(Permission.CASES_ENTER, *OF_WHOLE_LIST)
@require_safe
def version(request: SealedRequest, version: UUID) -> HttpResponse:
    """A version with its cases. One that was replaced or erased has no names left, only its receipt."""
    found = version_or_404(request, version)
    access: Access = request.access
    if not versions.shows_names(found, access):
        return redirect(page_of(request, found, "receipt"))
    log_list(request, found)
    may = _may(request)
    may_change = found.is_draft and may["may_draft"] and not found.submitted_at
    lines = lines_of(found, hidden_refs(access))
    pairs = _pairs(request, found, lines) if may_change else []
    gaps = [(line.row.entry, *gap) for line in lines for gap in line.row.missing] if found.is_draft else []
    crossed = crossed_by_outcome(found) if found.is_draft else []
    filters = CaseFilterForm(request.GET, lines=lines, is_draft=found.is_draft)
    picked = filters.picked
    context = {
        "version": found,
        "steps": pages.steps_of(found, len(gaps), len(lines)),
        "filters": filters,
        "page": Paginator(picked, PER_PAGE).get_page(request.GET.get("seite")),
        "total": len(lines),
        "has_open": not found.is_draft and any(line.is_open for line in lines),
        "may_change": may_change,
        "given_back": [line.row.case for line in lines if line.row.case.case_ref in found.returned_cases],
        "crossed": crossed,
        "missing": gaps if may_change else [],
        "size": size_words(_endings(lines), is_draft=found.is_draft),
        "row_word": "Zeilen" if any(_endings(lines)) else "Fällen",
        "part": part_words(_endings(picked), _endings(lines), is_draft=found.is_draft),
        "complete": bool(lines) and not gaps and not crossed,
        "duplicates": pairs[:MOST_PAIRS],
        "more_duplicates": max(len(pairs) - MOST_PAIRS, 0),
        "proposal_count": undecided_count(found, restricted_refs(access)) if may_change else 0,
        "rows_wait": pending_of(found) if may_change else None,
        "draft": versions.draft_beside(found, access),
        "comparison": "" if found.is_draft else compare(found.receipt),
        "receipts": versions.receipts_of(found.transition_list, access),
        "deadline": pages.deadline(found.transition_list, clock.today()),
        "today": clock.today(),
        "crumbs": crumbs(request, found),
        **may,
    }
    return render(request, "transitions/version.html", context)


def _endings(lines: list[CaseLine]) -> list[str]:
    return [line.row.entry.ending for line in lines]


def _pairs(request: SealedRequest, draft: Any, lines: list[CaseLine]) -> list[pages.Alike]:
    """Who may be one person; told beyond the draft, it is logged."""
    pairs = pages.pairs_of(lines, KnownPeople(draft, request.access))
    log_elsewhere(request, draft, [pair.known for pair in pairs[:MOST_PAIRS] if pair.known])
    return pairs


@sealed(Permission.CASES_ENTER)
@require_safe
def receipt(request: SealedRequest, version: UUID) -> HttpResponse:
    """The proof that a version was handed over; without names, for the files of both sides."""
    found = version_or_404(request, version)
    if found.is_draft:
        raise Http404
    context = {
        "version": found,
        "receipt": found.receipt,
        "comparison": compare(found.receipt),
        "newer": versions.newer_than(found, request.access),
        "draft": versions.draft_beside(found, request.access),
        "is_current": versions.shows_names(found, request.access),
        "today": clock.today(),
        "crumbs": crumbs(request, found, "Quittung"),
    }
    return render(request, "transitions/receipt.html", context)


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SealedRequest, version: UUID) -> HttpResponse:
    """Throws a draft away after a page that says what goes with it."""
    draft = discardable_or_404(request, version)
    start = reverse("transitions:lists", args=[request.agreement.slug])
    back = start if draft.pk in request.access.forged else page_of(request, draft)
    form = RevisionForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        try:
            actions.discard_draft(version=draft, **form.cleaned_data, by=request.access, now=clock.now())
            messages.success(request, "Der Entwurf ist verworfen.")
        except Refused as refused:
            messages.error(request, refused.sentence)
            return redirect(back)
        return redirect(start)
    context = {
        "version": draft,
        "form": form,
        "cancel_url": back,
        "previous": draft.number - 1,
        "unnamed_count": draft.entries.filter(case__named_at=None).count(),
        "hindrance": why_not_discarded(draft, request.access),
        "crumbs": crumbs(request, draft, "Entwurf verwerfen"),
    }
    return render(request, "transitions/discard.html", context)
