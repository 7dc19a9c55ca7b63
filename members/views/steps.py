"""What cannot be undone is shown before it happens: type, see what will happen, confirm. Without JavaScript."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kok.errors import Refused
from kok.requests import Request

Crumbs = list[tuple[str, str | None]]


@dataclass(frozen=True)
class Act:
    """One act: its heading, the words of its button, what it will do, and the doing.

    `perform` answers with a sentence for the person and the address of the next page. `shown` adds what a page of its
    own (`page`) shows before the confirmation.
    """

    heading: str
    submit: str
    consequences: Callable[[], list[str]]
    perform: Callable[[], tuple[str, str]]
    cancel_url: str
    crumbs: Crumbs
    lead: str = ""
    page: str = "members/confirm.html"
    shown: Callable[[], Mapping[str, Any]] = dict


def in_two_steps(
    request: Request,
    form: Form,
    act: Act,
    template: str = "members/form.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The form, then the page that shows what will happen, then the act. A refusal leads back to the form."""
    if request.method == "POST" and form.is_valid():
        try:
            if "confirmed" in request.POST:
                return _done(request, act)
            if "change" not in request.POST:
                return _confirm(request, act, form=form, consequences=act.consequences())
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return _form(request, form, act, "Weiter", template, more)


def in_one_step(
    request: Request,
    form: Form,
    act: Act,
    template: str = "members/form.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A form whose act can be mended later; a refusal stands above what was typed."""
    if request.method == "POST" and form.is_valid():
        try:
            return _done(request, act)
        except Refused as refused:
            form.add_error(None, refused.sentence)
    return _form(request, form, act, act.submit, template, more)


def after_asking(request: Request, act: Act) -> HttpResponse:
    """A page that shows what will happen, and the act."""
    refused_because = ""
    if request.method == "POST":
        try:
            return _done(request, act)
        except Refused as refused:
            refused_because = refused.sentence
    return _confirm(request, act, form=None, consequences=act.consequences(), refused_because=refused_because)


def turned_back(request: Request, sentence: str, url: str) -> HttpResponse:
    """No form and no question for what could only be refused: the sentence, on the page one came from."""
    messages.error(request, sentence)
    return redirect(url)


def _form(
    request: Request, form: Form, act: Act, submit: str, template: str, more: Mapping[str, Any] | None
) -> HttpResponse:
    context = {"act": act, "form": form, "submit": submit, "crumbs": act.crumbs, **(more or {})}
    return render(request, template, context)


def _done(request: Request, act: Act) -> HttpResponse:
    sentence, next_url = act.perform()
    messages.success(request, sentence)
    return redirect(next_url)


def _confirm(
    request: Request, act: Act, *, form: Form | None, consequences: list[str], refused_because: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {
        "act": act,
        "hidden": form,
        "consequences": consequences,
        "refused_because": refused_because,
        "crumbs": act.crumbs,
        **act.shown(),
    }
    return render(request, act.page, context)
