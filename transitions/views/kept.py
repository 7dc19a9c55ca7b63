"""What somebody typed about a person stays where the draft or the case went meanwhile, and a way on is offered."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from kok import clock
from kok.errors import Refused
from transitions.actions.lists import open_draft
from transitions.forms.entry import CaseForm
from transitions.queries.versions import draft_beside
from transitions.views.overtaken import FIELD, Overtaken
from transitions.views.stay import SealedRequest

BEGIN = "fassung"  # the value of the button that begins the next version


def kept(request: SealedRequest, overtaken: Overtaken) -> HttpResponse:
    """The page with all that was typed, stored nowhere. Raises the same for who only wanted to read: he is led on."""
    if request.method != "POST":
        raise overtaken
    version, refused = overtaken.version, ""
    if version and not version.is_draft and request.POST.get("weiter") == BEGIN:
        refused = _begun(request, version)
    draft = version if version is None or version.is_draft else draft_beside(version, request.access)
    context = {
        "overtaken": overtaken,
        "refused": refused,
        "version": version,
        "draft": draft,
        "case_ref": request.POST.get(FIELD, ""),
        "form": CaseForm(
            list_year=overtaken.year,
            today=clock.today(),
            municipalities=request.agreement.municipality_names,
            initial=request.POST.dict(),
        ),
        "target": _target(request, draft, overtaken.case) if draft else "",
        "begin": BEGIN,
        "crumbs": [("Übergangslisten", reverse("transitions:lists", args=[request.agreement.slug])), ("Fall", None)],
    }
    return render(request, "transitions/entry_kept.html", context)


def _begun(request: SealedRequest, version: Any) -> str:
    """Opens the draft of the next version; why not, where it cannot be."""
    found = version.transition_list
    try:
        open_draft(sender=found.sender, year=found.year, by=request.access, now=clock.now())
    except Refused as refused:
        return refused.sentence
    return ""


def _target(request: SealedRequest, draft: Any, case: Any) -> str:
    """Where what was typed can be saved: at the same case of the draft, else as one more."""
    entry = draft.entries.filter(case=case).first() if case else None
    name, thing = ("entry", entry) if entry else ("entry-new", draft)
    return reverse(f"transitions:{name}", args=[request.agreement.slug, thing.pk])
