"""What somebody typed about a person stays where the draft or the case went meanwhile, and a way on is offered."""

from functools import wraps
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from kok import clock
from kok.access import View
from kok.requests import act
from transitions.actions.lists import open_draft
from transitions.forms.entry import CaseForm
from transitions.pages.links import link
from transitions.pages.titles import version_title
from transitions.queries.versions import draft_beside
from transitions.views.area_session import SealedRequest
from transitions.views.lookup import start
from transitions.views.overtaken import FIELD, DraftGone

if TYPE_CHECKING:
    from transitions.models import TransitionCase, TransitionListVersion

BEGIN = "fassung"  # the value of the button that begins the next version


def keeping(view: View) -> View:
    """A page on which somebody types: where its draft or case went meanwhile, all of it is shown, stored nowhere.

    Who only wanted to read is led on (`views.area`).
    """

    @wraps(view)
    def kept(request: SealedRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            return view(request, *args, **kwargs)
        except DraftGone as gone:
            if request.method != "POST":
                raise
            return _kept(request, gone)

    return kept


def _kept(request: SealedRequest, gone: DraftGone) -> HttpResponse:
    """What was typed, and a way on."""
    version, refused = gone.version, ""
    if version and not version.is_draft and request.POST.get("weiter") == BEGIN:
        refused = _begun(request, version)
    draft = version if version is None or version.is_draft else draft_beside(version, request.access)
    context = {
        "gone": gone,
        "refused": refused,
        "version": version,
        "preline": version_title(version) if version else "",
        "draft": draft,
        "case_ref": request.POST.get(FIELD, ""),
        "form": CaseForm(
            list_year=gone.year,
            today=clock.today(),
            municipalities=request.agreement.municipality_names,
            initial=request.POST.dict(),
        ),
        "target": _target(request, draft, gone.case) if draft else "",
        "begin": BEGIN,
        "crumbs": [start(request), ("Fall", None)],
    }
    return render(request, "transitions/entry_kept.html", context)


def _begun(request: SealedRequest, version: "TransitionListVersion") -> str:
    """Opens the draft of the next version; why not, where it cannot be."""
    of_list = version.transition_list
    with act() as attempt:
        open_draft(sender=of_list.sender, year=of_list.year, by=request.access, now=clock.now())
    return attempt.sentence


def _target(request: SealedRequest, draft: "TransitionListVersion", case: "TransitionCase | None") -> str:
    """Where what was typed can be saved: at the same case of the draft, else as one more."""
    entry = draft.entries.filter(case=case).first() if case else None
    return link(request.agreement, "entry", entry.pk) if entry else link(request.agreement, "entry-new", draft.pk)
