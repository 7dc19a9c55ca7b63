"""The register of requests of the people concerned, its clock, and what to do about each of them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen, words
from kok.access import Permission
from kok.errors import Refused
from transitions.actions import subject_requests as actions
from transitions.forms.requests import AnswerForm, CompleteForm, ExtensionForm, LiftForm, RequestForm
from transitions.queries.receiving import place_of
from transitions.queries.requests import (
    RequestLine,
    details_mark,
    erasure_by,
    hindrance_of,
    lines_of,
    register_of,
    requests_visible_to,
)
from transitions.queries.restriction import restricted_refs
from transitions.queries.visibility import cases_visible_to
from transitions.rules.codes import RequestAnswer
from transitions.views.area import sealed
from transitions.views.stay import SealedRequest

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
    initial = {"case_ref": _case_ref_in_address(request), "received_on": words.day(clock.today())}
    form = RequestForm(request.POST or None, partners=partners, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.register_request(**form.cleaned_data, by=request.access, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Die Anfrage ist eingetragen. Die Frist läuft ab dem Tag des Eingangs.")
            return redirect(_url(request, "request", made.pk))
    context = {"form": form, "crumbs": [("Anfragen", _url(request, "requests")), ("Anfrage eintragen", None)]}
    return render(request, "transitions/request_new.html", context)


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
        told = {"touched": form.touched, "shown": form.shown}
        try:
            actions.complete_request(request=line.request, **told, by=request.access, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
            if refused.sentence == actions.OTHER_DETAILS:
                line = line_or_404(request, pk)
                form.see(_found(line))
        else:
            messages.success(request, "Die Angaben zur Anfrage sind gespeichert.")
            return redirect(_url(request, "request", pk))
    return _page(request, line, complete_form=form)


@sealed(Permission.CASES_ENTER)
@require_POST
def answer(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Notes the answer; the clock stops."""
    done = "Die Antwort ist eingetragen. Die Frist ist erledigt."
    return _act(request, pk, "answer_form", AnswerForm(request.POST), actions.answer_request, done)


@sealed(Permission.CASES_ENTER)
@require_POST
def extend(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Extends the month, after the person was told."""
    done = "Die Frist ist verlängert."
    return _act(request, pk, "extension_form", ExtensionForm(request.POST), actions.extend_request, done)


@sealed(Permission.CASES_ENTER)
@require_POST
def lift(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Ends a restriction, after the person was told."""
    done = "Die Einschränkung ist aufgehoben. Der Fall wird wieder geführt wie alle anderen."
    return _act(request, pk, "lift_form", LiftForm(request.POST), actions.lift_restriction, done)


@sealed(Permission.CASES_ENTER)
@require_POST
def correct(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Takes a request up anew whose answer was wrong, and leads to the new line."""
    line = line_or_404(request, pk)
    try:
        anew = actions.correct_answer(request=line.request, by=request.access, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(_url(request, "request", pk))
    messages.success(request, "Die Anfrage ist neu aufgenommen und wieder offen. Die alte Antwort bleibt im Register.")
    return redirect(_url(request, "request", anew.pk))


def _act(
    request: SealedRequest, pk: UUID, name: str, form: Any, action: Callable[..., None], done: str
) -> HttpResponse:
    """Carries out what a form of the page asks for, and says so; or shows the page with the form and what is wrong."""
    line = line_or_404(request, pk)
    if form.is_valid():
        given = {field: value for field, value in form.cleaned_data.items() if field != "is_told"}
        try:
            action(request=line.request, **given, by=request.access, now=clock.now())
        except Refused as refused:
            seen.refuse(form, refused)
        else:
            messages.success(request, done)
            return redirect(_url(request, "request", pk))
    return _page(request, line, **{name: form})


def _page(request: SealedRequest, line: RequestLine, **bound: Any) -> HttpResponse:
    """The page of a request. It names no person, so that nothing of it is logged as a look at a case."""
    stored = line.request
    case = cases_visible_to(request.access).filter(case_ref=stored.case_ref).first() if stored.case_ref else None
    found = _found(line)
    context = {
        "line": line,
        "asked": stored,
        "case": case,
        "place": place_of(request.access, case) if case else None,
        "is_receiver": bool(request.access.partners(Permission.CASES_RECEIVE)),
        "complete_form": CompleteForm(initial=found | {f"seen_{name}": value for name, value in found.items()}),
        "answer_form": AnswerForm(initial={"answered_on": _as_typed(clock.today()), seen.FIELD: details_mark(stored)}),
        "extension_form": ExtensionForm(initial={"told_on": _as_typed(clock.today())}),
        "lift_form": LiftForm(initial={"lifted_on": _as_typed(clock.today())}),
        "is_restricted": case is not None and case.case_ref in restricted_refs(request.access),
        "not_done": "" if line.answer else hindrance_of(stored, RequestAnswer.GRANTED),
        "erasure": erasure_by(line, case) if case else None,
        "today": clock.today(),
        "crumbs": [("Anfragen", _url(request, "requests")), (line.title, None)],
        **bound,
        "form": next(iter(bound.values()), None),
    }
    return render(request, PAGE, context)


def _found(line: RequestLine) -> dict[str, str]:
    """What was found out so far, as it is typed."""
    stored = line.request
    return {"case_ref": stored.case_ref, "identity_checked_on": _as_typed(stored.identity_checked_on)}


def _as_typed(day: Any) -> str:
    return words.day(day)


def line_or_404(request: SealedRequest, pk: UUID) -> RequestLine:
    found = lines_of(requests_visible_to(request.access).filter(pk=pk), clock.today())
    if not found:
        raise Http404
    return found[0]


def _case_ref_in_address(request: SealedRequest) -> str:
    try:
        pk = UUID(request.GET.get("fall", ""))
    except ValueError:
        return ""
    found = cases_visible_to(request.access).filter(pk=pk).first()
    return found.case_ref if found else ""


def _url(request: SealedRequest, name: str, *args: Any) -> str:
    return reverse(f"transitions:{name}", args=[request.agreement.slug, *args])
