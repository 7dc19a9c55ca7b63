"""What one may do oneself, for whom and how long: the page to which mails about the own account lead."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import signed_in
from kok.requests import Request
from members.pages.own import own_roles
from members.pages.requests import summary
from members.queries.leaving import pending_departure
from members.queries.requests import waiting_for
from members.rules.power import ends_at


@signed_in
@require_safe
def roles(request: Request) -> HttpResponse:
    """The own roles, those in force and those that are over, what waits for a second person, and a planned leaving."""
    user, now = request.user, clock.now()
    lasting, over = own_roles(user, clock.today())
    context = {
        "lines": lasting,
        "over": over,
        "waiting": [(summary(row), row, ends_at(row.given_at)) for row in waiting_for(user, user, now)],
        "departure": pending_departure(user=user),
        "crumbs": [("Meine Rollen", None)],
    }
    return render(request, "members/own_roles.html", context)
