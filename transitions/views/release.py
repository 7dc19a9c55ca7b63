"""From the draft to the LWV: hand it to a second person, let that person read everything, let it out."""

from operator import attrgetter
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock
from kok.access import Permission
from kok.forms import sent
from kok.requests import act, done, is_sent
from kok.step_pages import step_page
from transitions.actions import lists as actions
from transitions.actions import releasing
from transitions.forms.lists import GiveBackForm, ReleaseForm, RevisionForm
from transitions.forms.review import ReviewFilterForm, SinceForm
from transitions.pages.case_lines import lines_of
from transitions.pages.panels import recent_panel
from transitions.pages.release import release_page, submission_page
from transitions.pages.review import Review, marked, review_of
from transitions.pages.review_index import kinds_of, municipalities_of, review_page
from transitions.pages.steps import giving_back
from transitions.pages.titles import version_title
from transitions.queries.changes import changes_of
from transitions.queries.known import KnownPeople
from transitions.queries.release import fingerprint_of
from transitions.queries.restriction import hidden_refs
from transitions.rules.codes import EntryReason
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest
from transitions.views.lookup import crumbs, draft_or_404, log_elsewhere, log_list, page_of

if TYPE_CHECKING:
    from transitions.models import TransitionListVersion

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
    if is_sent(request, form):
        with act() as attempt:
            actions.submit(version=draft, **form.cleaned_data, by=request.access, now=clock.now())
            told = "Der Entwurf liegt zur Freigabe vor. Wer freigeben darf, erhält eine Nachricht."
            return done(request, told, page_of(request, draft))
        _again(form, attempt.sentence, draft)
    log_list(request, draft)
    context = {
        "page": submission_page(draft, _compared(request, draft), request.access, clock.today()),
        "version": draft,
        "preline": version_title(draft),
        "form": form,
        "crumbs": crumbs(request, draft, "Zur Freigabe vorlegen"),
    }
    return render(request, "transitions/submit.html", context)


@sealed(Permission.CASES_DRAFT, EntryReason.PREPARE)
@require_POST
def take_back(request: SealedRequest, version: UUID) -> HttpResponse:
    """Takes a submitted draft back to work on it."""
    draft = draft_or_404(request, version)
    with act(request):
        actions.take_back(version=draft, by=request.access, now=clock.now())
        return done(request, TAKEN_BACK, page_of(request, draft))
    return redirect(page_of(request, draft))


@sealed(Permission.CASES_RELEASE, EntryReason.RELEASE)
@require_read_or_post
def give_back(request: SealedRequest, version: UUID) -> HttpResponse:
    """The second person says why the draft does not go out like this; those who write it are told."""
    draft = draft_or_404(request, version)
    lines = lines_of(draft, hidden_refs(request.access))
    cases = map(attrgetter("row.case.case_ref", "name"), lines)
    form = GiveBackForm(request.POST or None, initial=_as_it_is(draft), cases=cases)
    if is_sent(request, form):
        with act() as attempt:
            actions.give_back(version=draft, **form.decision, by=request.access, now=clock.now())
            told = "Der Entwurf ist zurückgegeben. Die Fallbearbeitung erhält eine Nachricht."
            return done(request, told, page_of(request, draft))
        _again(form, attempt.sentence, draft)
    log_list(request, draft)
    review = review_of(draft, clock.today(), hidden_refs(request.access))
    changes = changes_of(draft, form.was_read_at)
    recent = recent_panel(changes, marked(review, changes).recent, draft, request.agreement)
    step = giving_back(draft, recent, request.agreement)
    return step_page(request, step, form, crumbs=crumbs(request, draft, "Zurückgeben"), template=STEP)


@sealed(Permission.CASES_RELEASE, EntryReason.RELEASE)
@require_read_or_post
def release(request: SealedRequest, version: UUID) -> HttpResponse:
    """Shows everything that goes out; the second person releases it. Replayed or outdated clicks are refused."""
    draft = draft_or_404(request, version)
    form = ReleaseForm(request.POST or None, initial={**_as_it_is(draft), "shown": fingerprint_of(draft)})
    if is_sent(request, form):
        with act() as attempt:
            revision, shown = form.cleaned_data["revision"], form.cleaned_data["shown"]
            releasing.release(version=draft, revision=revision, shown=shown, by=request.access, now=clock.now())
            return done(request, "Die Liste ist freigegeben und übermittelt.", page_of(request, draft, "receipt"))
        _again(form, attempt.sentence, draft)
    log_list(request, draft)
    review = _compared(request, draft)
    changes = changes_of(draft, form.was_read_at or SinceForm(request.GET).since)
    review = marked(review, changes)
    towns = draft.transition_list.agreement.municipality_names
    filters = ReviewFilterForm(request.GET, kinds=kinds_of(review), municipalities=municipalities_of(review, towns))
    context = {
        "page": release_page(draft, review, request.access),
        "cases": review_page(review, filters.wanted, towns),
        "version": draft,
        "filters": filters,
        "changes": changes,
        "recent": recent_panel(changes, review.recent, draft, request.agreement),
        "form": form,
        "crumbs": crumbs(request, draft, "Prüfen und freigeben"),
    }
    return render(request, "transitions/release.html", context)


def _compared(request: SealedRequest, draft: "TransitionListVersion") -> Review:
    """The draft beside everybody whom the carrier named before; the looks at those are logged."""
    review = review_of(draft, clock.today(), hidden_refs(request.access), KnownPeople(draft, request.access))
    log_elsewhere(request, draft, (known for row in review.cases for known in (*row.earlier, *row.other)))
    return review


def _as_it_is(draft: "TransitionListVersion") -> dict[str, object]:
    """What a form carries of the state that its page shows."""
    return {"revision": draft.revision, "read_at": draft.changed_at.isoformat()}


def _again(form: RevisionForm, problem: str, draft: "TransitionListVersion") -> None:
    """After a refusal the page shows the draft as it is now, asks again, and says why.

    It goes on saying what changed since the draft was read first: nobody has read that part yet.
    """
    draft.refresh_from_db()
    typed = sent(form)
    typed["revision"], typed["shown"] = str(draft.revision), fingerprint_of(draft)
    typed.pop("is_read", None)
    form.data = typed
    form.add_error(None, problem)
