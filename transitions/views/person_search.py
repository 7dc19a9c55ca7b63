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
from transitions.actions.person_search import check_search, search_person
from transitions.forms.requests import PersonForm
from transitions.views.area import sealed
from transitions.views.requests import line_or_404


@sealed(Permission.CASES_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: Any, pk: UUID) -> HttpResponse:
    """Asks for a name and a day, and answers with Fallzeichen or with nothing. No address holds what was typed."""
    line = line_or_404(request, pk)
    form = PersonForm(request.POST or None)
    found, obstacle = None, ""
    try:
        check_search(line.request, request.access)
        if request.method == "POST" and form.is_valid():
            asked = {"request": line.request, "by": request.access, "now": clock.now()}
            found = search_person(**form.cleaned_data, **asked)
    except Refused as refused:
        obstacle = refused.sentence
    slug = request.agreement.slug
    here = reverse("transitions:request", args=[slug, pk])
    context = {
        "line": line,
        "form": form,
        "found": found,
        "obstacle": obstacle,
        "crumbs": [
            ("Anfragen", reverse("transitions:requests", args=[slug])),
            (line.title, here),
            ("Person suchen", None),
        ],
    }
    return render(request, "transitions/person_search.html", context)
