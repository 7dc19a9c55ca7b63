"""From the draft to the LWV: hand it to a second person, let that person read everything, let it out."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock
from kok.access import Permission
from kok.articles import den
from kok.errors import Refused
from transitions.actions import lists as actions
from transitions.actions import releasing
from transitions.forms.lists import GiveBackForm, ReleaseForm, RevisionForm
from transitions.forms.review import ReviewFilterForm, SinceForm
from transitions.pages.case_lines import lines_of
from transitions.pages.review import Review, marked, review_of
from transitions.pages.review_index import kinds_of, municipalities_of, questions_of, review_page
from transitions.queries.changes import DraftChanges, changes_of
from transitions.queries.known import KnownPeople
from transitions.queries.proposals import undecided_count
from transitions.queries.release import (
    asked_for,
    crossed_by_outcome,
    fingerprint_of,
    hindrance_of,
    is_unchanged,
    recipient_of,
    rows_wait,
)
from transitions.queries.restriction import hidden_refs, restricted_refs
from transitions.queries.version import rows_of
from transitions.rules.codes import EntryReason
from transitions.rules.release import OTHER_THAN_SUBMITTED
from transitions.views.area import sealed
from transitions.views.found import crumbs, draft_or_404, log_elsewhere, log_list, page_of
from transitions.views.stay import SealedRequest

TAKEN_BACK = (
    "Der Entwurf ist zurückgeholt. Er muss neu vorgelegt werden. Wer ihn freigeben sollte, erhält eine Nachricht."
)
require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_read_or_post
def submit(request: SealedRequest, version: UUID) -> HttpResponse:
    """What is missing, how much goes out and who will be asked; then the draft lies before the second person."""
    draft = draft_or_404(request, version)
    form = RevisionForm(request.POST or None, initial={"revision": draft.revision})
    if request.method == "POST" and form.is_valid():
        try:
            actions.submit(version=draft, revision=form.cleaned_data["revision"], by=request.access, now=clock.now())
        except Refused as refused:
            _again(form, refused, draft)
        else:
            messages.success(request, "Der Entwurf liegt zur Freigabe vor. Wer freigeben darf, erhält eine Nachricht.")
            return redirect(page_of(request, draft))
    log_list(request, draft)
    review = _compared(request, draft)
    context = {
        "version": draft,
        "missing": [(row.entry, *gap) for row in rows_of(draft) for gap in row.missing],
        "rows_wait": rows_wait(draft),
        "is_unchanged": is_unchanged(draft),
        "counts": review.counts,
        "questions": questions_of(review),
        "undecided": undecided_count(draft, restricted_refs(request.access)),
        "asked": asked_for(draft, clock.today()),
        "form": form,
        "submit": f"{review.counts.words} zur Freigabe vorlegen",
        "crumbs": crumbs(request, draft, "Zur Freigabe vorlegen"),
    }
    return render(request, "transitions/submit.html", context)


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def take_back(request: SealedRequest, version: UUID) -> HttpResponse:
    """Takes a submitted draft back to work on it."""
    draft = draft_or_404(request, version)
    try:
        actions.take_back(version=draft, by=request.access, now=clock.now())
        messages.success(request, TAKEN_BACK)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(page_of(request, draft))


@sealed(Permission.CASES_RELEASE, EntryReason.RELEASE)
@require_read_or_post
def give_back(request: SealedRequest, version: UUID) -> HttpResponse:
    """The second person says why the draft does not go out like this; those who write it are told."""
    draft = draft_or_404(request, version)
    lines = lines_of(draft, hidden_refs(request.access))
    cases = [(line.row.case.case_ref, line.name) for line in lines]
    form = GiveBackForm(request.POST or None, initial=_as_it_is(draft), cases=cases)
    if request.method == "POST" and form.is_valid():
        try:
            actions.give_back(version=draft, **form.decision, by=request.access, now=clock.now())
        except Refused as refused:
            _again(form, refused, draft)
        else:
            messages.success(request, "Der Entwurf ist zurückgegeben. Die Fallbearbeitung erhält eine Nachricht.")
            return redirect(page_of(request, draft))
    log_list(request, draft)
    review = review_of(draft, clock.today(), hidden_refs(request.access))
    context = {
        "version": draft,
        "form": form,
        **_recent(marked(review, changes := changes_of(draft, form.was_read_at)), changes),
        "crumbs": crumbs(request, draft, "Zurückgeben"),
    }
    return render(request, "transitions/give_back.html", context)


@sealed(Permission.CASES_RELEASE, EntryReason.RELEASE)
@require_read_or_post
def release(request: SealedRequest, version: UUID) -> HttpResponse:
    """Shows everything that goes out; the second person releases it. Replayed or outdated clicks are refused."""
    draft = draft_or_404(request, version)
    form = ReleaseForm(request.POST or None, initial={**_as_it_is(draft), "shown": fingerprint_of(draft)})
    if request.method == "POST" and form.is_valid():
        revision, shown = form.cleaned_data["revision"], form.cleaned_data["shown"]
        try:
            releasing.release(version=draft, revision=revision, shown=shown, by=request.access, now=clock.now())
        except Refused as refused:
            _again(form, refused, draft)
        else:
            messages.success(request, "Die Liste ist freigegeben und übermittelt.")
            return redirect(page_of(request, draft, "receipt"))
    log_list(request, draft)
    review = _compared(request, draft)
    changes = changes_of(draft, form.was_read_at or SinceForm(request.GET).since)
    review = marked(review, changes)
    recipient, hindrance = recipient_of(draft), hindrance_of(draft, request.access)
    towns = draft.transition_list.agreement.municipality_names
    filters = ReviewFilterForm(request.GET, kinds=kinds_of(review), municipalities=municipalities_of(review, towns))
    context = {
        "version": draft,
        "page": review_page(review, filters.wanted, towns),
        "filters": filters,
        **_recent(review, changes),
        "counts": review.counts,
        "undecided": undecided_count(draft, restricted_refs(request.access)),
        "crossed": crossed_by_outcome(draft),
        "recipient": recipient,
        "hindrance": hindrance,
        "goes_back": hindrance == OTHER_THAN_SUBMITTED,
        "form": form,
        "submit": f"{review.counts.words} freigeben und an {den(recipient.short_name)} übermitteln",
        "crumbs": crumbs(request, draft, "Prüfen und freigeben"),
    }
    return render(request, "transitions/release.html", context)


def _compared(request: SealedRequest, draft: Any) -> Review:
    """The draft beside everybody whom the carrier named before; the looks at those are logged."""
    review = review_of(draft, clock.today(), hidden_refs(request.access), KnownPeople(draft, request.access))
    log_elsewhere(request, draft, (known for row in review.cases for known in (*row.earlier, *row.other)))
    return review


def _as_it_is(draft: Any) -> dict[str, Any]:
    """What a form carries of the state that its page shows."""
    return {"revision": draft.revision, "read_at": draft.changed_at.isoformat()}


def _recent(review: Review, changes: DraftChanges | None) -> dict[str, Any]:
    """What the second person has to read again."""
    return {"changes": changes, "recent": [row for row in review.cases if row.is_recent]}


def _again(form: RevisionForm, refused: Refused, draft: Any) -> None:
    """After a refusal the page shows the draft as it is now, asks again, and says why.

    It goes on saying what changed since the draft was read first: nobody has read that part yet.
    """
    draft.refresh_from_db()
    typed = form.data.copy()  # type: ignore[attr-defined]  # a query dict
    typed["revision"], typed["shown"] = draft.revision, fingerprint_of(draft)
    typed.pop("is_read", None)
    form.data = typed
    form.add_error(None, refused.sentence)
