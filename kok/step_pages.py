"""A page with one form: what it is about, what will happen, and the button that does it.

Most acts have such a page. It is drawn by one template (`step.html`, in the sealed area one like it), so
that an act brings its words and no layout; what needs more has a template of its own that extends one of these.
What cannot be undone is shown before it happens: type, see what will happen, confirm. Without JavaScript.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import SafeString

from kok.requests import Crumbs, act, done, is_sent

Words = str | SafeString
Done = tuple[str, str]  # a sentence for the person, and the address of the next page
TEMPLATE = "step.html"


@dataclass(frozen=True, kw_only=True)
class StepPage:
    """The words of the page of one act; all of them complete German sentences, headings and button aside."""

    heading: str
    submit: str
    cancel_url: str
    above: Words = ""  # what the act is about, over the heading
    title: str = ""  # of the tab in the browser, where it is not the heading
    lead: Words = ""
    facts: Sequence[tuple[str, Words]] = ()
    notes: Sequence[Words] = ()  # each a paragraph above the form
    hindrance: Words = ""  # why nothing can be done here: a title instead of the form
    hindrance_body: Words = ""
    back: str = "Zurück"  # the way on where something hinders
    seen: str = ""  # the mark of what the page shows (`kok.seen`)


@dataclass(frozen=True, kw_only=True)
class Act(StepPage):
    """The page of an act with the act: what it will do, the doing, and where the page stands.

    `shown` adds what the page that asks shows besides, for its own template (`check`).
    """

    perform: Callable[[], Done]
    crumbs: Crumbs
    consequences: Callable[[], Sequence[Words]] = list
    shown: Callable[[], Mapping[str, object]] = dict
    check: str = TEMPLATE

    def asks(self, request: HttpRequest, *, typed: BaseForm | None = None, refused: str = "") -> HttpResponse:
        """The page that shows what will happen, with what was typed before and why it did not happen yet."""
        asked = {"consequences": self.consequences(), "typed": typed, "refused": refused}
        page = replace(self, title=f"{self.heading}: bitte prüfen", notes=())
        return step_page(request, page, crumbs=self.crumbs, template=self.check, more={"asked": asked, **self.shown()})


def step_page(
    request: HttpRequest,
    step: StepPage,
    form: BaseForm | None = None,
    *,
    crumbs: Crumbs | None = None,
    template: str = TEMPLATE,
    more: Mapping[str, object] | None = None,
) -> HttpResponse:
    """The page of an act, with a form where it asks for something."""
    context = {"step": step, "form": form, "crumbs": crumbs or [], **(more or {})}
    return render(request, template, context)


def in_two_steps(request: HttpRequest, form: BaseForm, wanted: Act) -> HttpResponse:
    """The form, then the page that shows what will happen, then the act. A refusal leads back to the form."""
    if is_sent(request, form):
        with act(form):
            if "confirmed" in request.POST:
                return done(request, *wanted.perform())
            if "change" not in request.POST:
                return wanted.asks(request, typed=form)
    return step_page(request, replace(wanted, submit="Weiter"), form, crumbs=wanted.crumbs)


def in_one_step(
    request: HttpRequest, form: BaseForm, wanted: Act, template: str = TEMPLATE, **more: object
) -> HttpResponse:
    """A form whose act can be mended later; a refusal stands above what was typed."""
    if is_sent(request, form):
        with act(form):
            return done(request, *wanted.perform())
    return step_page(request, wanted, form, crumbs=wanted.crumbs, template=template, more=more)


def after_asking(request: HttpRequest, wanted: Act) -> HttpResponse:
    """A page that shows what will happen, and the act."""
    refused = ""
    if request.method == "POST":
        with act() as attempt:
            return done(request, *wanted.perform())
        refused = attempt.sentence
    return wanted.asks(request, refused=refused)


def turned_back(request: HttpRequest, sentence: str, url: str) -> HttpResponse:
    """No form and no question for what could only be refused: the sentence, on the page one came from."""
    messages.error(request, sentence)
    return redirect(url)
