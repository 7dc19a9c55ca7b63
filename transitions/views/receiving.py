"""One case for both sides, and the acts of the receiving unit: confirm the receipt, record what became of a case."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen
from kok.access import Permission
from kok.requests import Crumbs, act, done, is_sent, or_404
from kok.step_pages import step_page
from transitions.actions import cases, releasing
from transitions.actions.log import record_access, record_cases
from transitions.forms.receiving import OutcomeForm
from transitions.pages.arrival import Arrivals, changes_in
from transitions.pages.case import CasePage, case_page
from transitions.pages.links import link
from transitions.pages.panels import outcome_panel
from transitions.pages.questions import second_words, told_questions
from transitions.pages.receipt import receipt_page
from transitions.pages.rights import rights_of
from transitions.pages.steps import deciding, revoking
from transitions.queries.facts import facts_of
from transitions.queries.questions import open_about, opened_by, waiting
from transitions.queries.receiving import person_mark, receipt_of
from transitions.queries.restriction import hidden_refs
from transitions.queries.retention import erased_after_outcome
from transitions.queries.versions import shows_names
from transitions.queries.visibility import versions_visible_to
from transitions.rules import endings
from transitions.rules.codes import OF_ONE_CASE, OF_RECEIVED, EntryReason, LogAction
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest
from transitions.views.lookup import crumbs, start

if TYPE_CHECKING:
    from transitions.models import TransitionListVersion

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_ENTER)
@require_safe
def case(request: SealedRequest, case: UUID) -> HttpResponse:
    """Everything that this side knows about one case."""
    page = _case_or_404(request, case)
    _log_view(request, page)
    questions = page.case.questions.select_related("other_case")
    openable = opened_by(request.access, questions)
    rights = rights_of(request.access)
    context = {
        "page": page,
        "case": page.case,
        "facts": facts_of(page.data, request.agreement.municipality_names) if page.data else (),
        "is_receiver": rights.receive,
        "waiting": told_questions(waiting(questions), openable, request.agreement),
        "steps": [(step, second_words(step.second_case, openable, request.agreement)) for step in page.steps],
        "may_confirm": page.may_be_confirmed and rights.draft,
        "may_draft": rights.draft,
        "crumbs": [*_crumbs(request, page), (f"Fall {page.case.case_ref}", None)],
    }
    return render(request, "transitions/case.html", context)


@sealed(Permission.CASES_DRAFT, *OF_ONE_CASE)
@require_POST
def confirm(request: SealedRequest, case: UUID) -> HttpResponse:
    """The county confirms that school ends as foreseen."""
    return _act(request, case, cases.confirm, "Das Schulende im Fall {case_ref} ist bestätigt.")


@sealed(Permission.CASES_RECEIVE, *OF_RECEIVED)
@require_read_or_post
def outcome(request: SealedRequest, case: UUID) -> HttpResponse:
    """Asks for one of three outcomes and says what follows from it."""
    page = _case_or_404(request, case)
    today = clock.today()
    erased_on = erased_after_outcome(page.case.transition_list, today)
    first = endings.taken_over_from(page.data.expected_end_on) if page.data else None
    may_be_taken_over = first is not None and first <= today
    form = OutcomeForm(request.POST or None, may_be_taken_over=may_be_taken_over, erased_on=erased_on)
    seen.carry(form, person_mark(page.entry) if page.entry else "")
    if is_sent(request, form):
        told = {"outcome": form.cleaned_data["outcome"], "shown": request.POST.get(seen.FIELD)}
        with act(form):
            cases.record_outcome(case=page.case, **told, by=request.access, now=clock.now())
            sentence = f"Das Ergebnis im Fall {page.case.case_ref} ist eingetragen."
            return done(request, sentence, link(request.agreement, "case", page.case.pk))
        page = _case_or_404(request, case)
    _log_view(request, page)
    here = link(request.agreement, "case", page.case.pk)
    crumbs: Crumbs = [*_crumbs(request, page), (f"Fall {page.case.case_ref}", here), ("Ergebnis eintragen", None)]
    panel = outcome_panel(
        page.case.transition_list.sender,
        erased_on,
        questions=open_about([page.case.pk])[page.case.pk],
        first=None if may_be_taken_over else first,
    )
    return step_page(request, deciding(page, panel, request.agreement), form, crumbs=crumbs, template=STEP)


@sealed(Permission.CASES_RECEIVE, *OF_RECEIVED)
@require_read_or_post
def revoke(request: SealedRequest, case: UUID) -> HttpResponse:
    """Takes an outcome back after a page that says what follows; the clock of the deletion stops."""
    if request.method == "POST":
        return _act(request, case, cases.revoke_outcome, "Das Ergebnis im Fall {case_ref} ist zurückgenommen.")
    page = _case_or_404(request, case)
    here = link(request.agreement, "case", page.case.pk)
    if page.outcome is None:
        return redirect(here)
    _log_view(request, page)
    form = Form()
    seen.carry(form, page.outcome_mark)
    crumbs: Crumbs = [*_crumbs(request, page), (f"Fall {page.case.case_ref}", here), ("Ergebnis zurücknehmen", None)]
    step = revoking(page.case, page.outcome.label, here)
    return step_page(request, step, form, crumbs=crumbs, template=STEP)


@sealed(Permission.CASES_RECEIVE, EntryReason.RECEIVE)
@require_read_or_post
def acknowledge(request: SealedRequest, version: UUID) -> HttpResponse:
    """Shows what arrived, by Fallzeichen and changed fields, and confirms it; afterwards the receipt stands here."""
    versions = versions_visible_to(request.access).select_related("transition_list__sender__authority")
    arrived = or_404(versions.filter(pk=version).first())
    receipt = or_404(receipt_of(arrived))
    if request.method == "POST":
        with act(request):
            releasing.acknowledge(version=arrived, by=request.access, now=clock.now())
            told = "Der Empfang ist bestätigt. Der benennende Träger erfährt es."
            return done(request, told, link(request.agreement, "acknowledge", arrived.pk))
        return redirect(link(request.agreement, "acknowledge", arrived.pk))
    page = receipt_page(arrived, receipt, request.access, clock.today())
    context = {
        "page": page,
        "changes": changes_in(arrived) if page.is_different else _changes_shown(request, arrived),
        "crumbs": crumbs(request, arrived, "Empfang"),
    }
    return render(request, "transitions/acknowledge.html", context)


def _changes_shown(request: SealedRequest, version: "TransitionListVersion") -> Arrivals:
    """What is new; of whom names are still shown, also which fields changed, and the log says of whom first."""
    changes = changes_in(version)
    hidden = hidden_refs(request.access)
    shown = [each.case for each in changes.corrected if each.case.case_ref not in hidden]
    if not shown or not shows_names(version, request.access):
        return changes
    record_cases(by=request.access, action=LogAction.VIEW_CASE, version=version, cases=shown, now=clock.now())
    return changes_in(version, [case.case_ref for case in shown])


def _act(request: SealedRequest, pk: UUID, action: Callable[..., object], sentence: str) -> HttpResponse:
    """Performs what a button of the page of a case asks for, as that page showed the case, and leads back there."""
    case = _case_or_404(request, pk).case
    here = link(request.agreement, "case", case.pk)
    with act(request):
        action(case=case, shown=request.POST.get(seen.FIELD, ""), by=request.access, now=clock.now())
        return done(request, sentence.format(case_ref=case.case_ref), here)
    return redirect(here)


def _case_or_404(request: SealedRequest, pk: UUID) -> CasePage:
    return or_404(case_page(request.access, pk, clock.today()))


def _log_view(request: SealedRequest, page: CasePage) -> None:
    """Before anything is shown."""
    version = page.entry.version if page.entry else None
    record_access(by=request.access, action=LogAction.VIEW_CASE, version=version, case=page.case, now=clock.now())


def _crumbs(request: SealedRequest, page: CasePage) -> Crumbs:
    """The lists, and the one on which the case stands."""
    newest = page.place.newest
    of_list = link(request.agreement, "version", newest.pk) if newest else None
    return [start(request), *([(f"Liste {page.case.transition_list.year}", of_list)] if of_list else [])]
