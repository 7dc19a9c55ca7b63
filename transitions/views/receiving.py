"""One case for both sides, and the acts of the receiving unit: confirm the receipt, record what became of a case."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen
from kok.access import Permission
from kok.errors import Refused
from transitions.actions import cases, releasing
from transitions.actions.log import record_access, record_cases
from transitions.forms.receiving import OutcomeForm
from transitions.pages.arrival import Changes, changes_in
from transitions.pages.case import CasePage, case_page
from transitions.queries.facts import facts_of
from transitions.queries.questions import open_about, opened_by, waiting
from transitions.queries.receipts import compare
from transitions.queries.receiving import person_mark, receipt_of
from transitions.queries.restriction import hidden_refs
from transitions.queries.retention import erased_after_outcome
from transitions.queries.versions import newer_than, shows_names
from transitions.queries.visibility import versions_visible_to
from transitions.rules import endings
from transitions.rules.codes import OF_ONE_CASE, OF_RECEIVED, EntryReason, LogAction, ReceiptMatch
from transitions.views.area import sealed
from transitions.views.stay import SealedRequest

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_ENTER)
@require_safe
def case(request: SealedRequest, case: UUID) -> HttpResponse:
    """Everything that this side knows about one case."""
    page = _case_or_404(request, case)
    _log_view(request, page)
    is_receiver = bool(request.access.partners(Permission.CASES_RECEIVE))
    context = {
        "page": page,
        "case": page.case,
        "facts": facts_of(page.data, request.agreement.municipality_names) if page.data else (),
        "is_receiver": is_receiver,
        "waiting": list(waiting(page.case.questions.select_related("other_case"))),
        "openable": opened_by(request.access, page.case.questions.all()),
        "may_confirm": page.may_be_confirmed and bool(request.access.partners(Permission.CASES_DRAFT)),
        "may_draft": bool(request.access.partners(Permission.CASES_DRAFT)),
        "crumbs": _crumbs(request, page),
    }
    return render(request, "transitions/case.html", context)


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_POST
def confirm(request: SealedRequest, case: UUID) -> HttpResponse:
    """The county confirms that school ends as foreseen."""
    page = _case_or_404(request, case)
    done = f"Das Schulende im Fall {page.case.case_ref} ist bestätigt."
    shown = request.POST.get(seen.FIELD, "")
    confirm_end = partial(cases.confirm, case=page.case, shown=shown, by=request.access, now=clock.now())
    return _act(request, page, done, confirm_end)


@sealed(Permission.CASES_RECEIVE, *OF_RECEIVED)
@require_read_or_post
def outcome(request: SealedRequest, case: UUID) -> HttpResponse:
    """Asks for one of three outcomes and says what follows from it."""
    page = _case_or_404(request, case)
    today, shown = clock.today(), request.POST.get(seen.FIELD)
    erased_on = erased_after_outcome(page.case.transition_list, today)
    taken_over_from = endings.taken_over_from(page.data.expected_end_on) if page.data else None
    may_be_taken_over = taken_over_from is not None and taken_over_from <= today
    form = OutcomeForm(request.POST or None, may_be_taken_over=may_be_taken_over, erased_on=erased_on)
    seen.carry(form, person_mark(page.entry) if page.entry else "")
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["outcome"]
        try:
            cases.record_outcome(case=page.case, outcome=chosen, shown=shown, by=request.access, now=clock.now())
        except Refused as refused:
            seen.refuse(form, refused)
            page = _case_or_404(request, case)
        else:
            messages.success(request, f"Das Ergebnis im Fall {page.case.case_ref} ist eingetragen.")
            return redirect(_url("case", request, page.case.pk))
    _log_view(request, page)
    context = {
        "page": page,
        "case": page.case,
        "form": form,
        "erased_on": erased_on,
        "questions": open_about([page.case.pk])[page.case.pk],
        "taken_over_from": None if may_be_taken_over else taken_over_from,
        "crumbs": [*_crumbs(request, page, is_link=True), ("Ergebnis eintragen", None)],
    }
    return render(request, "transitions/outcome.html", context)


@sealed(Permission.CASES_RECEIVE, *OF_RECEIVED)
@require_POST
def revoke(request: SealedRequest, case: UUID) -> HttpResponse:
    """Takes an outcome back; the clock of the deletion stops."""
    page = _case_or_404(request, case)
    done = f"Das Ergebnis im Fall {page.case.case_ref} ist zurückgenommen."
    shown = request.POST.get(seen.FIELD, "")
    revoke_it = partial(cases.revoke_outcome, case=page.case, shown=shown, by=request.access, now=clock.now())
    return _act(request, page, done, revoke_it)


@sealed(Permission.CASES_RECEIVE, EntryReason.RECEIVE)
@require_read_or_post
def acknowledge(request: SealedRequest, version: UUID) -> HttpResponse:
    """Shows what arrived, by Fallzeichen and changed fields, and confirms it; afterwards the receipt stands here."""
    found = (
        versions_visible_to(request.access)
        .select_related("transition_list__sender__authority")
        .filter(pk=version)
        .first()
    )
    receipt = receipt_of(found) if found else None
    if found is None or receipt is None:
        raise Http404
    if request.method == "POST":
        return _acknowledged(request, found)
    comparison = compare(receipt)
    context = {
        "version": found,
        "receipt": receipt,
        "comparison": comparison,
        "today": clock.today(),
        "changes": changes_in(found) if comparison is ReceiptMatch.DIFFERENT else _changes_shown(request, found),
        "newer": newer_than(found, request.access),
        "crumbs": [
            ("Übergangslisten", reverse("transitions:lists", args=[request.agreement.slug])),
            (
                f"Übergangsliste {found.transition_list.year}, Fassung {found.number}",
                _url("version", request, found.pk),
            ),
            ("Empfang", None),
        ],
    }
    return render(request, "transitions/acknowledge.html", context)


def _changes_shown(request: SealedRequest, version: Any) -> Changes:
    """What is new; of whom names are still shown, also which fields changed, and the log says of whom first."""
    changes = changes_in(version)
    hidden = hidden_refs(request.access)
    shown = [each.case for each in changes.corrected if each.case.case_ref not in hidden]
    if not shown or not shows_names(version, request.access):
        return changes
    record_cases(by=request.access, action=LogAction.VIEW_CASE, version=version, cases=shown, now=clock.now())
    return changes_in(version, [case.case_ref for case in shown])


def _acknowledged(request: SealedRequest, version: Any) -> HttpResponse:
    try:
        releasing.acknowledge(version=version, by=request.access, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, "Der Empfang ist bestätigt. Der benennende Träger erfährt es.")
    return redirect(_url("acknowledge", request, version.pk))


def _act(request: SealedRequest, page: CasePage, done: str, perform: Callable[[], object]) -> HttpResponse:
    try:
        perform()
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, done)
    return redirect(_url("case", request, page.case.pk))


def _case_or_404(request: SealedRequest, pk: UUID) -> CasePage:
    page = case_page(request.access, pk, clock.today())
    if page is None:
        raise Http404
    return page


def _log_view(request: SealedRequest, page: CasePage) -> None:
    """Before anything is shown."""
    version = page.entry.version if page.entry else None
    record_access(by=request.access, action=LogAction.VIEW_CASE, version=version, case=page.case, now=clock.now())


def _url(name: str, request: SealedRequest, pk: UUID) -> str:
    return reverse(f"transitions:{name}", args=[request.agreement.slug, pk])


def _crumbs(request: SealedRequest, page: CasePage, *, is_link: bool = False) -> list[tuple[str, str | None]]:
    found: list[tuple[str, str | None]] = [
        ("Übergangslisten", reverse("transitions:lists", args=[request.agreement.slug]))
    ]
    if page.place.newest:
        found.append((f"Liste {page.case.transition_list.year}", _url("version", request, page.place.newest.pk)))
    return [*found, (f"Fall {page.case.case_ref}", _url("case", request, page.case.pk) if is_link else None)]
