"""Whom earlier lists propose: each to be taken over or not; who was quicker is named (scenario 18)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission
from kok.errors import Refused
from kok.words import moment
from members.queries.accounts import name_of
from transitions.actions import proposals as actions
from transitions.queries.entering import reference_day_of
from transitions.queries.proposals import Proposal, decision_about, declined_for, named_before, proposals_for
from transitions.queries.receiving import end_mark
from transitions.queries.restriction import restricted_refs
from transitions.queries.retention import erased_if_declined
from transitions.rules import ages
from transitions.rules.case import CaseData
from transitions.rules.codes import EntryReason
from transitions.views.area import sealed
from transitions.views.found import crumbs, draft_or_404, log_cases, page_of
from transitions.views.stay import SealedRequest

ANSWERS = {"take": "Auf diese Liste nehmen", "decline": "Nicht auf diese Liste", "again": "Wieder vorschlagen"}


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def proposals(request: SealedRequest, version: UUID) -> HttpResponse:
    """Persons of earlier lists, each to be taken over or not: nobody comes onto a list by himself (scenario 18)."""
    draft = draft_or_404(request, version)
    if request.method == "POST":
        return _answered(request, draft)
    hidden = restricted_refs(request.access)
    found = [each for each in proposals_for(draft) if each.case.case_ref not in hidden]
    declined = [each for each in declined_for(draft) if each.case.case_ref not in hidden]
    log_cases(request, draft, [each.case for each in (*found, *declined)])
    day = reference_day_of(draft, None, clock.today())
    context = {
        "version": draft,
        "proposals": [(each, _age_hint(each.data, day)) for each in found],
        "declined": declined,
        "crumbs": crumbs(request, draft, "Vorschläge"),
    }
    return render(request, "transitions/proposals.html", context)


def _age_hint(data: CaseData, day: date) -> str:
    return ages.basis_doubt(data.facility_basis, data.date_of_birth, day)


def _answered(request: SealedRequest, draft: Any) -> HttpResponse:
    wanted, answer = request.POST.get("case"), request.POST.get("answer")
    found = declined_for(draft) if answer == "again" else proposals_for(draft)
    proposal = next((each for each in found if str(each.case.pk) == wanted), None)
    if proposal is None:
        messages.error(request, _decided(request, draft, wanted, answer))
        return redirect(page_of(request, draft, "proposals"))
    case = proposal.case
    if answer == "decline" and "is_meant" not in request.POST and case.case_ref not in restricted_refs(request.access):
        return _declining(request, draft, proposal)
    act = {"version": draft, "case": case, "by": request.access, "now": clock.now()}
    try:
        if answer == "take":
            ref = actions.accept_proposal(**act).case.case_ref
            messages.success(request, f"Der Fall {ref} steht im Entwurf. Ergänzen Sie, wann darüber informiert wurde.")
        elif answer == "again":
            actions.undo_decline(**act)
            messages.success(request, f"Der Fall {case.case_ref} steht wieder unter den Vorschlägen.")
        else:
            shown = request.POST.get(seen.FIELD, "") if "is_meant" in request.POST else None
            actions.decline_proposal(**act, shown=shown)
            messages.success(request, f"Der Fall {case.case_ref} kommt nicht auf diese Liste.")
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(page_of(request, draft, "proposals"))


def _decided(request: SealedRequest, draft: Any, wanted: str | None, answer: str | None) -> str:
    """Why an answer is not taken: who was quicker, when and with which one, and what this one was."""
    hidden = restricted_refs(request.access)
    case = next((each for each in named_before(draft) if str(each.pk) == wanted and each.case_ref not in hidden), None)
    found = decision_about(draft, case) if case else None
    if case is None or found is None:
        return actions.NOT_DECLINED if answer == "again" else actions.NOT_PROPOSED
    who = "haben Sie" if found.by == request.user else f"hat {name_of(found.by)}"
    told = f"Den Fall {case.case_ref} {who} am {moment(found.at)} {found.words}."
    return f"{told} Ihre Wahl „{ANSWERS.get(answer or '', 'keine')}“ ist nicht eingetragen."


def _declining(request: SealedRequest, draft: Any, proposal: Proposal) -> HttpResponse:
    """Asks first: it brings the erasure of the data nearer."""
    log_cases(request, draft, [proposal.case])
    context = {
        "version": draft,
        "proposal": proposal,
        "erased_on": erased_if_declined(proposal.case),
        "seen": end_mark(proposal.data),
        "crumbs": crumbs(request, draft, "Vorschlag ablehnen"),
    }
    return render(request, "transitions/proposal_decline.html", context)
