"""Two cases that look like one person: somebody of the county says that they are two."""

from operator import attrgetter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kok import clock
from kok.access import Permission
from kok.requests import act
from transitions.actions import doubles as actions
from transitions.forms.review import ReviewFilterForm, TwoPeopleForm
from transitions.queries.visibility import cases_visible_to
from transitions.views.area import sealed
from transitions.views.area_session import SealedRequest
from transitions.views.lookup import draft_or_404, page_of

if TYPE_CHECKING:
    from transitions.models import TransitionCase, TransitionListVersion

AGAIN = "{names} werden wieder als vielleicht doppelt gezeigt."
TOP = "faelle"  # the heading of the cases
APART = "{names} sind als zwei Personen vermerkt. Der Hinweis erscheint nicht mehr."


@sealed(Permission.CASES_ENTER)
@require_POST
def two_people(request: SealedRequest, version: UUID) -> HttpResponse:
    """Marks two cases as two people, or takes that back; leads back to where they were compared."""
    draft = draft_or_404(request, version)
    form = TwoPeopleForm(request.POST)
    if not form.is_valid():
        raise Http404
    told = form.cleaned_data
    pks = (told["one"], told["other"])
    cases = list(cases_visible_to(request.access).select_related("transition_list").filter(pk__in=pks))
    action, sentence = (actions.compare_again, AGAIN) if told["again"] else (actions.say_two_people, APART)
    with act(request):
        action(cases=cases, by=request.access, now=clock.now())
        refs = sorted(map(attrgetter("case_ref"), cases))
        messages.success(request, sentence.format(names=f"Die Fälle {' und '.join(refs)}"))
    return redirect(_back(request, draft, told, cases))


def _back(
    request: SealedRequest, draft: "TransitionListVersion", told: dict[str, Any], cases: "list[TransitionCase]"
) -> str:
    """The page as it was filtered, at the case; nothing else of what was sent stands in the address.

    Where the list is filtered, or is none of cases in full, the case may not be there: then at the head of the cases.
    """
    given = QueryDict(told["query"])
    kept = {name: given[name] for name in ReviewFilterForm.base_fields if given.get(name)}
    places = {case.pk: f"fall-{case.case_ref}" for case in cases}
    is_in_full = told["page"] == "release" and not kept.get("zeigen")
    place = places.get(told["one"], TOP) if is_in_full else TOP
    query = f"?{urlencode(kept)}" if kept else ""
    return f"{page_of(request, draft, told['page'])}{query}#{place}"
