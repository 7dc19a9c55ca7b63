"""Whom earlier lists propose: each to be taken over or not; who was quicker is named (scenario 18)."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission
from kok.requests import act, done
from kok.step_pages import step_page
from transitions.actions import proposals as actions
from transitions.forms.proposals import DeclineForm
from transitions.pages.proposals import decided, proposals_page
from transitions.pages.steps import declining
from transitions.pages.titles import version_title
from transitions.queries.proposals import Proposal, declined_for, proposals_for
from transitions.queries.receiving import end_mark
from transitions.queries.restriction import restricted_refs
from transitions.rules.codes import EntryReason, ProposalAnswer
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest
from transitions.views.lookup import crumbs, draft_or_404, log_cases, page_of

if TYPE_CHECKING:
    from transitions.models import TransitionListVersion

# Among whom the person of an answer is looked for, where not among the proposals, and what is said without one.
_OFFERED = {str(ProposalAnswer.AGAIN): (declined_for, actions.NOT_DECLINED)}


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: SealedRequest, version: UUID) -> HttpResponse:
    """Persons of earlier lists, each to be taken over or not: nobody comes onto a list by himself (scenario 18)."""
    draft = draft_or_404(request, version)
    if request.method == "POST":
        return _answered(request, draft)
    page = proposals_page(draft, request.access, clock.today())
    log_cases(request, draft, page.cases)
    context = {
        "page": page,
        "version": draft,
        "preline": version_title(draft),
        "crumbs": crumbs(request, draft, "Vorschläge"),
    }
    return render(request, "transitions/proposals.html", context)


def _answered(request: SealedRequest, draft: "TransitionListVersion") -> HttpResponse:
    """One of three answers about one person; whoever came too late is told of the one that stands."""
    wanted, answer = request.POST.get("case", ""), request.POST.get("answer", "")
    back = page_of(request, draft, "proposals")
    offered, open_no_more = _OFFERED.get(answer, (proposals_for, actions.NOT_PROPOSED))
    proposal = {str(each.case.pk): each for each in offered(draft)}.get(wanted)
    if proposal is None:
        messages.error(request, decided(draft, wanted, answer, request.access) or open_no_more)
        return redirect(back)
    is_asked = answer == ProposalAnswer.DECLINE and "is_meant" not in request.POST
    if is_asked and proposal.case.case_ref not in restricted_refs(request.access):
        return _declining(request, draft, proposal)
    with act(request):
        return done(request, _act(request, draft, proposal, answer), back)
    return redirect(back)


def _act(request: SealedRequest, draft: "TransitionListVersion", proposal: Proposal, answer: str) -> str:
    """Performs the answer, and says what it did. Raises Refused."""
    case, by, now = proposal.case, request.access, clock.now()
    if answer == ProposalAnswer.TAKE:
        ref = actions.accept_proposal(version=draft, case=case, by=by, now=now).case.case_ref
        return f"Der Fall {ref} steht im Entwurf. Ergänzen Sie, wann darüber informiert wurde."
    if answer == ProposalAnswer.AGAIN:
        actions.undo_decline(version=draft, case=case, by=by, now=now)
        return f"Der Fall {case.case_ref} steht wieder unter den Vorschlägen."
    shown = request.POST.get(seen.FIELD, "") if "is_meant" in request.POST else None
    actions.decline_proposal(version=draft, case=case, shown=shown, by=by, now=now)
    return f"Der Fall {case.case_ref} kommt nicht auf diese Liste."


def _declining(request: SealedRequest, draft: "TransitionListVersion", proposal: Proposal) -> HttpResponse:
    """Asks first: it brings the erasure of the data nearer."""
    log_cases(request, draft, [proposal.case])
    case, shown = str(proposal.case.pk), end_mark(proposal.data)
    form = DeclineForm(initial={"case": case, "answer": ProposalAnswer.DECLINE, "is_meant": "on", seen.FIELD: shown})
    step = declining(draft, proposal, page_of(request, draft, "proposals"))
    return step_page(request, step, form, crumbs=crumbs(request, draft, "Vorschlag ablehnen"), template=STEP)
