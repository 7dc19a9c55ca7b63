"""The register of requests of the people concerned, its clock, and what to do about each of them."""

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
from kok.words import day
from transitions.actions import subject_requests as actions
from transitions.forms.requests import CompleteForm, ExtensionForm, LiftForm, RequestAnswerForm, RequestForm
from transitions.pages.links import link
from transitions.pages.request import request_page
from transitions.pages.steps import entering_request
from transitions.queries.requests import (
    RequestLine,
    details_mark,
    lines_of,
    register_of,
    requests_visible_to,
)
from transitions.queries.visibility import cases_visible_to
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest

if TYPE_CHECKING:
    from transitions.models import DataSubjectRequest

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
PAGE = "transitions/request.html"


@sealed(Permission.CASES_ENTER)
@require_safe
def register(request: SealedRequest) -> HttpResponse:
    """All requests that the own partner answers, with the clock of one month."""
    today = clock.today()
    context = {"register": register_of(request.access, today), "today": today, "crumbs": [("Anfragen", None)]}
    return render(request, "transitions/requests.html", context)


@sealed(Permission.CASES_ENTER)
@require_read_or_post
def create(request: SealedRequest) -> HttpResponse:
    """Enters a request; from the page of a case (`?fall=<id>`) its Fallzeichen is filled in."""
    partners = request.agreement.partners.filter(pk__in=request.access.partners(Permission.CASES_ENTER))
    initial = {"case_ref": _case_ref_in_address(request), "received_on": day(clock.today())}
    form = RequestForm(request.POST or None, partners=partners, initial=initial)
    if is_sent(request, form):
        with act(form):
            made = actions.register_request(**form.cleaned_data, by=request.access, now=clock.now())
            told = "Die Anfrage ist eingetragen. Die Frist läuft ab dem Tag des Eingangs."
            return done(request, told, link(request.agreement, "request", made.pk))
    crumbs: Crumbs = [("Anfragen", link(request.agreement, "requests")), ("Anfrage eintragen", None)]
    return step_page(request, entering_request(request.agreement), form, crumbs=crumbs, template=STEP)


@sealed(Permission.CASES_ENTER)
@require_safe
def detail(request: SealedRequest, pk: UUID) -> HttpResponse:
    """What to do about one request."""
    return _page(request, line_or_404(request, pk))


@sealed(Permission.CASES_ENTER)
@require_POST
def complete(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Notes the Fallzeichen and the identity check, whichever was changed on a page that may be old."""
    line, form = line_or_404(request, pk), CompleteForm(request.POST)
    if form.is_valid():
        touched, shown = form.touched, form.shown
        with act(form) as attempt:
            now = clock.now()
            actions.complete_request(request=line.request, touched=touched, shown=shown, by=request.access, now=now)
            return done(request, "Die Angaben zur Anfrage sind gespeichert.", link(request.agreement, "request", pk))
        if attempt.sentence == actions.OTHER_DETAILS:
            line = line_or_404(request, pk)
            form.see(_details(line.request))
    return _page(request, line, complete_form=form)


@sealed(Permission.CASES_ENTER)
@require_POST
def answer(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Notes the answer; the clock stops."""
    told = "Die Antwort ist eingetragen. Die Frist ist erledigt."
    return _act(request, pk, "answer_form", RequestAnswerForm(request.POST), actions.answer_request, told)


@sealed(Permission.CASES_ENTER)
@require_POST
def extend(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Extends the month, after the person was told."""
    told = "Die Frist ist verlängert."
    return _act(request, pk, "extension_form", ExtensionForm(request.POST), actions.extend_request, told)


@sealed(Permission.CASES_ENTER)
@require_POST
def lift(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Ends a restriction, after the person was told."""
    told = "Die Einschränkung ist aufgehoben. Der Fall wird wieder geführt wie alle anderen."
    return _act(request, pk, "lift_form", LiftForm(request.POST), actions.lift_restriction, told)


@sealed(Permission.CASES_ENTER)
@require_POST
def correct(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Takes a request up anew whose answer was wrong, and leads to the new line."""
    line = line_or_404(request, pk)
    with act(request):
        anew = actions.correct_answer(request=line.request, by=request.access, now=clock.now())
        told = "Die Anfrage ist neu aufgenommen und wieder offen. Die alte Antwort bleibt im Register."
        return done(request, told, link(request.agreement, "request", anew.pk))
    return redirect(link(request.agreement, "request", pk))


def _act(
    request: SealedRequest, pk: UUID, name: str, form: Form, action: Callable[..., None], sentence: str
) -> HttpResponse:
    """Carries out what a form of the page asks for, and says so; or shows the page with the form and what is wrong."""
    line = line_or_404(request, pk)
    if form.is_valid():
        given = {field: value for field, value in form.cleaned_data.items() if field != "is_told"}
        with act(form):
            action(request=line.request, **given, by=request.access, now=clock.now())
            return done(request, sentence, link(request.agreement, "request", pk))
    return _page(request, line, **{name: form})


def _page(request: SealedRequest, line: RequestLine, **bound: Form) -> HttpResponse:
    """The page of a request. It names no person, so that nothing of it is logged as a look at a case."""
    today, details = day(clock.today()), _details(line.request)
    context = {
        "page": request_page(line, request.access, clock.today()),
        "complete_form": CompleteForm(initial=details | {f"seen_{name}": value for name, value in details.items()}),
        "answer_form": RequestAnswerForm(initial={"answered_on": today, seen.FIELD: details_mark(line.request)}),
        "extension_form": ExtensionForm(initial={"told_on": today}),
        "lift_form": LiftForm(initial={"lifted_on": today}),
        "crumbs": [("Anfragen", link(request.agreement, "requests")), (line.title, None)],
        **bound,
        "form": next(iter(bound.values()), None),
    }
    return render(request, PAGE, context)


def _details(asked: "DataSubjectRequest") -> dict[str, str]:
    """What was found out so far, as it is typed."""
    return {"case_ref": asked.case_ref, "identity_checked_on": day(asked.identity_checked_on)}


def line_or_404(request: SealedRequest, pk: UUID) -> RequestLine:
    """A request that the own partner answers."""
    lines = lines_of(requests_visible_to(request.access).filter(pk=pk), clock.today())
    return or_404(next(iter(lines), None))


def _case_ref_in_address(request: SealedRequest) -> str:
    try:
        pk = UUID(request.GET.get("fall", ""))
    except ValueError:
        return ""
    case = cases_visible_to(request.access).filter(pk=pk).first()
    return case.case_ref if case else ""
