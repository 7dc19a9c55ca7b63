"""A page with one form: what it is about, what will happen, and the button that does it.

Most acts have such a page. It is drawn by one template (`step.html`, in the sealed area one like it), so
that an act brings its words and no layout; what needs more has a template of its own that extends one of these.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from kok.requests import Crumbs

Words = str | SafeString


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


def step_page(
    request: HttpRequest,
    step: StepPage,
    form: BaseForm | None = None,
    *,
    crumbs: Crumbs | None = None,
    template: str = "step.html",
    more: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """The page of an act, with a form where it asks for something."""
    context = {"step": step, "form": form, "crumbs": crumbs or [], **(more or {})}
    return render(request, template, context)
