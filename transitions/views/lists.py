"""All lists of an agreement, one version with its cases, its receipt, and throwing a draft away."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock
from kok.access import Permission
from kok.requests import act, done, is_sent, or_404
from kok.step_pages import step_page
from transitions.actions import lists as actions
from transitions.forms.case_filter import CaseFilterForm
from transitions.forms.lists import RevisionForm
from transitions.pages.case_lines import lines_of
from transitions.pages.links import link
from transitions.pages.lists import lists_page
from transitions.pages.receipt import receipt_page
from transitions.pages.steps import discarding
from transitions.pages.version import version_page
from transitions.queries.restriction import hidden_refs
from transitions.queries.versions import shows_names
from transitions.rules.codes import OF_WHOLE_LIST, EntryReason
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest
from transitions.views.lookup import (
    crumbs,
    discardable_or_404,
    log_elsewhere,
    log_list,
    page_of,
    version_or_404,
)

PER_PAGE = 50


@sealed(Permission.CASES_ENTER)
@require_safe
def lists(request: SealedRequest) -> HttpResponse:
    """One row for each year and carrier, each with its next step. Shows no name."""
    return render(request, "transitions/lists.html", {"page": lists_page(request.access, clock.today())})


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def begin(request: SealedRequest, year: int) -> HttpResponse:
    """Opens the draft of a year: a new list, or a new version of one that was released."""
    own = request.access.partners(Permission.CASES_DRAFT)
    sender = or_404(request.agreement.partners.filter(pk__in=own).first())  # none: a role without a party here
    with act(request):
        draft = actions.open_draft(sender=sender, year=year, by=request.access, now=clock.now())
        return redirect(page_of(request, draft))
    return redirect(link(request.agreement, "lists"))


@sealed(Permission.CASES_ENTER, *OF_WHOLE_LIST)
@require_safe
def version(request: SealedRequest, version: UUID) -> HttpResponse:
    """A version with its cases. One that was replaced or erased has no names left, only its receipt."""
    shown = version_or_404(request, version)
    if not shows_names(shown, request.access):
        return redirect(page_of(request, shown, "receipt"))
    log_list(request, shown)
    lines = lines_of(shown, hidden_refs(request.access))
    page = version_page(shown, lines, request.access, clock.today())
    log_elsewhere(request, shown, (pair.known for pair in page.pairs if pair.known))
    filters = CaseFilterForm(request.GET, lines=lines, is_draft=shown.is_draft)
    picked = filters.picked
    context = {
        "page": page,
        "version": shown,
        "filters": filters,
        "rows": Paginator(picked, PER_PAGE).get_page(request.GET.get("seite")),
        "part": page.part_of(picked),
        "crumbs": crumbs(request, shown),
    }
    return render(request, "transitions/version.html", context)


@sealed(Permission.CASES_ENTER)
@require_safe
def receipt(request: SealedRequest, version: UUID) -> HttpResponse:
    """The proof that a version was handed over; without names, for the files of both sides."""
    shown = version_or_404(request, version)
    if shown.is_draft:
        raise Http404
    context = {
        "page": receipt_page(shown, shown.receipt, request.access, clock.today()),
        "crumbs": crumbs(request, shown, "Quittung"),
    }
    return render(request, "transitions/receipt.html", context)


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: SealedRequest, version: UUID) -> HttpResponse:
    """Throws a draft away after a page that says what goes with it."""
    draft = discardable_or_404(request, version)
    start = link(request.agreement, "lists")
    back = start if draft.pk in request.access.forged else page_of(request, draft)
    form = RevisionForm(request.POST or None, initial={"revision": draft.revision})
    if is_sent(request, form):
        with act(request):
            actions.discard_draft(version=draft, **form.cleaned_data, by=request.access, now=clock.now())
            return done(request, "Der Entwurf ist verworfen.", start)
        return redirect(back)
    step = discarding(draft, request.access, back)
    return step_page(request, step, form, crumbs=crumbs(request, draft, "Entwurf verwerfen"), template=STEP)
