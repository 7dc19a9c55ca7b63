"""Where everybody begins."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request
from reporting.overview.pages.overview import overview_of


@requires(Permission.AGREEMENT_READ)
@require_safe
def overview(request: Request) -> HttpResponse:
    """Where everybody begins."""
    today = clock.today()
    found = overview_of(request.user, request.agreement, today)
    return render(request, "reporting/overview/overview.html", {"overview": found, "today": today})
