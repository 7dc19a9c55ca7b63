"""Finding the person who asks: by exact name and day of birth, for an open request, and never a list of people."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission
from kok.errors import Refused
from transitions.actions.person_search import check_search, come_for_request, search_person
from transitions.forms.requests import PersonForm
from transitions.rules.codes import EntryReason
from transitions.views import stay as stays
from transitions.views.area import sealed
from transitions.views.requests import line_or_404
from transitions.views.stay import SealedRequest


@sealed(Permission.CASES_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Asks for a name and a day, and answers with Fallzeichen or with nothing. No address holds what was typed."""
    line = line_or_404(request, pk)
    form = PersonForm(request.POST or None)
    found, obstacle = None, ""
    try:
        if "grund" in request.POST:
            _come_for(request, line.request)
        check_search(line.request, request.access)
        if request.method == "POST" and form.is_valid():
            found = search_person(**form.cleaned_data, request=line.request, by=request.access, now=clock.now())
    except Refused as refused:
        obstacle = refused.sentence
    slug = request.agreement.slug
    here = reverse("transitions:request", args=[slug, pk])
    context = {
        "line": line,
        "form": form,
        "found": found,
        "obstacle": obstacle,
        "is_other_reason": request.access.reason != EntryReason.SUBJECT_REQUEST,
        "crumbs": [
            ("Anfragen", reverse("transitions:requests", args=[slug])),
            (line.title, here),
            ("Person suchen", None),
        ],
    }
    return render(request, "transitions/person_search.html", context)


def _come_for(request: SealedRequest, asked: Any) -> None:
    """Changes the reason of the stay; what was typed stays where it is."""
    now = clock.now()
    request.access = come_for_request(request=asked, by=request.access, now=now)
    request.stay = stays.change_reason(request, request.stay, request.access.reason, now)
