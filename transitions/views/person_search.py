"""Finding the person who asks: by exact name and day of birth, for an open request, and never a list of people."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission
from kok.requests import act, is_sent
from transitions.actions.person_search import check_search, come_for_request, search_person
from transitions.forms.requests import PersonSearchForm
from transitions.pages.links import link
from transitions.rules.codes import EntryReason
from transitions.views import area_session as area_sessions
from transitions.views.area import sealed
from transitions.views.area_session import SealedRequest
from transitions.views.requests import line_or_404


@sealed(Permission.CASES_ENTER)
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: SealedRequest, pk: UUID) -> HttpResponse:
    """Asks for a name and a day, and answers with Fallzeichen or with nothing. No address holds what was typed."""
    line = line_or_404(request, pk)
    form = PersonSearchForm(request.POST or None)
    people = None
    with act() as attempt:
        if "grund" in request.POST:
            now = clock.now()  # what was typed stays where it is
            request.access = come_for_request(request=line.request, by=request.access, now=now)
            reason = request.access.reason
            request.area_session = area_sessions.change_reason(request, request.area_session, reason, now)
        check_search(line.request, request.access)
        if is_sent(request, form):
            people = search_person(**form.cleaned_data, request=line.request, by=request.access, now=clock.now())
    context = {
        "line": line,
        "form": form,
        "found": people,
        "obstacle": attempt.sentence,
        "is_other_reason": request.access.reason != EntryReason.SUBJECT_REQUEST,
        "crumbs": [
            ("Anfragen", link(request.agreement, "requests")),
            (line.title, link(request.agreement, "request", pk)),
            ("Person suchen", None),
        ],
    }
    return render(request, "transitions/person_search.html", context)
