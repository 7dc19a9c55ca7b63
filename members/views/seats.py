"""Anlage 1 and Anlage 2 as of any day, and a seat through time."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, partners_of, requires
from kok.requests import Crumbs, Request
from members.pages.seats import body_list, seat_list, seat_through_time
from members.queries import bodies_of, conference_of
from members.queries.seats import seats_in
from members.rules.codes import BodyKind
from members.views.day import day_of
from members.views.lookup import crumbs, url_of
from members.views.tabs import tabs

if TYPE_CHECKING:
    from members.models import Body, Seat


@requires(Permission.AGREEMENT_READ)
@require_safe
def conference(request: Request) -> HttpResponse:
    """Anlage 1: who sits in the Kooperationskonferenz."""
    return _seats(request, conference_of(request.agreement), [("Mitglieder und Gremien", None)])


@requires(Permission.AGREEMENT_READ)
@require_safe
def body(request: Request, body: str) -> HttpResponse:
    """Who sits in a body of Anlage 2."""
    committee = get_object_or_404(bodies_of(request.agreement), slug=body)
    _, day = day_of(request)
    here = (committee.called_on(day).short_name, None)
    return _seats(request, committee, crumbs(request, ("Gremien", url_of(request, "bodies")), here))


def _seats(request: Request, body: "Body", crumbs: Crumbs) -> HttpResponse:
    """Body and partners are called as on that day."""
    form, day = day_of(request)
    context = {
        "list": seat_list(request.agreement, body, day),
        "form": form,
        "is_today": day == clock.today(),
        "maintained": partners_of(request.user, Permission.SEATS_MANAGE, request.agreement),
        "tabs": tabs(request),
        "crumbs": crumbs,
    }
    return render(request, "members/seats.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def bodies(request: Request) -> HttpResponse:
    """Anlage 2: both categories stand there, even when one is empty."""
    form, day = day_of(request)
    context = {
        "list": body_list(request.agreement, day),
        "form": form,
        "is_today": day == clock.today(),
        "conference": conference_of(request.agreement).called_on(day),
        "tabs": tabs(request),
        "crumbs": crumbs(request, ("Gremien", None)),
    }
    return render(request, "members/bodies.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def seat(request: Request, pk: int) -> HttpResponse:
    """A function and everybody who held it."""
    seat = get_object_or_404(seats_in(request.agreement), pk=pk)
    maintained = partners_of(request.user, Permission.SEATS_MANAGE, request.agreement)
    context = {
        "seat": seat,
        "page": seat_through_time(seat, clock.today()),
        "today": clock.today(),
        "may_manage": seat.partner_id in maintained,
        "crumbs": [*crumbs_to(seat), (str(seat), None)],
    }
    return render(request, "members/seat.html", context)


def crumbs_to(seat: "Seat") -> Crumbs:
    """The list in which a seat stands."""
    slug = seat.body.agreement.slug
    start = ("Mitglieder und Gremien", reverse("members:seats", args=[slug]))
    if seat.body.kind == BodyKind.CONFERENCE:
        return [start]
    return [start, (seat.body.short_name, reverse("members:body", args=[slug, seat.body.slug]))]
