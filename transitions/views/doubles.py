"""Two cases that look like one person: somebody of the county says that they are two."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kok import clock
from kok.access import Permission
from kok.errors import Refused
from transitions.actions import doubles as actions
from transitions.forms.review import ReviewFilterForm, TwoPeopleForm
from transitions.queries.visibility import cases_visible_to
from transitions.views.area import sealed
from transitions.views.found import draft_or_404, page_of
from transitions.views.stay import SealedRequest


@sealed(Permission.CASES_ENTER)
@require_POST
def two_people(request: SealedRequest, version: UUID) -> HttpResponse:
    """Marks two cases as two people, or takes that back; leads back to where they were compared."""
    draft = draft_or_404(request, version)
    form = TwoPeopleForm(request.POST)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    cases = list(cases_visible_to(request.access).select_related("transition_list").filter(pk__in=_both(told)))
    try:
        if told["again"]:
            actions.compare_again(cases=cases, by=request.access, now=clock.now())
            messages.success(request, f"{_names(cases)} werden wieder als vielleicht doppelt gezeigt.")
        else:
            actions.say_two_people(cases=cases, by=request.access, now=clock.now())
            messages.success(
                request, f"{_names(cases)} sind als zwei Personen vermerkt. Der Hinweis erscheint nicht mehr."
            )
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(_back(request, draft, told, cases))


def _both(told: dict[str, Any]) -> tuple[UUID, UUID]:
    return told["one"], told["other"]


def _names(cases: list[Any]) -> str:
    return "Die Fälle " + " und ".join(sorted(case.case_ref for case in cases))


def _back(request: SealedRequest, draft: Any, told: dict[str, Any], cases: list[Any]) -> str:
    """The page as it was filtered, at the case; nothing else of what was sent stands in the address.

    Where the list is filtered, or is none of cases in full, the case may not be there: then at the head of the cases.
    """
    given = QueryDict(told["query"])
    kept = QueryDict(mutable=True)
    for name in ReviewFilterForm.base_fields:
        if given.get(name):
            kept[name] = given[name]
    address = page_of(request, draft, told["page"])
    one = next((case for case in cases if case.pk == told["one"]), None)
    stays = one is not None and told["page"] == "release" and not kept.get("zeigen")
    place = f"fall-{one.case_ref}" if one and stays else "faelle"
    return f"{address}?{kept.urlencode()}#{place}" if kept else f"{address}#{place}"
