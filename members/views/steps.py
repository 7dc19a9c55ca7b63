"""What cannot be undone is shown before it happens: type, see what will happen, confirm. Without JavaScript."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render

from kok.requests import Crumbs, Request, act, done, is_sent

Done = tuple[str, str]  # a sentence for the person, and the address of the next page


@dataclass(frozen=True)
class Act:
    """One act: its heading, the words of its button, what it will do, and the doing.

    `notes` are paragraphs above its form. `shown` adds what the page shows before the confirmation.
    """

    heading: str
    submit: str
    consequences: Callable[[], list[str]]
    perform: Callable[[], Done]
    cancel_url: str
    crumbs: Crumbs
    lead: str = ""
    notes: Sequence[str] = ()
    shown: Callable[[], Mapping[str, Any]] = dict

    def asks(self, request: Request, **more: Any) -> HttpResponse:
        """The page that shows what will happen."""
        return render(request, "members/confirm.html", {"act": self, "crumbs": self.crumbs, **more, **self.shown()})

    def carry_out(self, request: Request) -> HttpResponse:
        """Does it, and goes on. Raises Refused."""
        return done(request, *self.perform())


def in_two_steps(
    request: Request, form: Form, wanted: Act, template: str = "members/form.html", **more: Any
) -> HttpResponse:
    """The form, then the page that shows what will happen, then the act. A refusal leads back to the form."""
    if is_sent(request, form):
        with act(form):
            if "confirmed" in request.POST:
                return wanted.carry_out(request)
            if "change" not in request.POST:
                return wanted.asks(request, hidden=form, consequences=wanted.consequences())
    return _form(request, form, wanted, "Weiter", template, more)


def in_one_step(
    request: Request, form: Form, wanted: Act, template: str = "members/form.html", **more: Any
) -> HttpResponse:
    """A form whose act can be mended later; a refusal stands above what was typed."""
    if is_sent(request, form):
        with act(form):
            return wanted.carry_out(request)
    return _form(request, form, wanted, wanted.submit, template, more)


def after_asking(request: Request, wanted: Act, **more: Any) -> HttpResponse:
    """A page that shows what will happen, and the act."""
    refused_because = ""
    if request.method == "POST":
        with act() as attempt:
            return wanted.carry_out(request)
        refused_because = attempt.sentence
    return wanted.asks(request, consequences=wanted.consequences(), refused_because=refused_because, **more)


def turned_back(request: Request, sentence: str, url: str) -> HttpResponse:
    """No form and no question for what could only be refused: the sentence, on the page one came from."""
    messages.error(request, sentence)
    return redirect(url)


def _form(
    request: Request, form: Form, wanted: Act, submit: str, template: str, more: Mapping[str, Any]
) -> HttpResponse:
    context = {"act": wanted, "form": form, "submit": submit, "crumbs": wanted.crumbs, **more}
    return render(request, template, context)
