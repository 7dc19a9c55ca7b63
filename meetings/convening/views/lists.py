"""All meetings of an agreement."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request
from meetings.convening.forms.filters import MeetingFilterForm
from meetings.convening.queries import listing

PER_PAGE = 50


@requires(Permission.MEETING_READ)
@require_safe
def meetings(request: Request) -> HttpResponse:
    """The list with its filters, the next meeting marked."""
    agreement = request.agreement
    user = request.user
    bodies = listing.bodies_of(agreement)
    form = MeetingFilterForm(
        request.GET or None,
        bodies={body.slug: body.name for body in bodies.values()},
        years=listing.years_of(user, agreement),
    )
    wanted = form.wanted if form.is_bound else listing.Filter()
    asked = request.GET.get("sortierung", "")
    sort = asked if asked in listing.SORTS else listing.NEWEST_FIRST
    found = Paginator(listing.meetings_listed(user, agreement, wanted, sort), PER_PAGE)
    page = found.get_page(request.GET.get("seite"))
    context = {
        "filter_form": form,
        "wanted": wanted,
        "sort": sort,
        "page": page,
        "meetings": listing.with_bodies(page, bodies),
        "next_meeting": listing.next_meeting(user, agreement, bodies, clock.today()),
        "today": clock.today(),
        "may_plan": can(user, Permission.MEETING_PLAN, agreement),
    }
    return render(request, "meetings/convening/list.html", context)
