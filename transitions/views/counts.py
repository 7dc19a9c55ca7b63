"""The figures of the lists of Punkt 8b, and the way into the sealed area for those who work there."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request
from transitions.queries.counts import counts_of


@requires(Permission.CASES_COUNT)
@require_safe
def counts(request: Request) -> HttpResponse:
    """How many people each list named and what became of them; small numbers are hidden."""
    today = clock.today()
    context = {
        "page": counts_of(request.agreement, today),
        "today": today,
        "may_enter": can(request.user, Permission.CASES_ENTER, request.agreement),
    }
    return render(request, "transitions/counts.html", context)
