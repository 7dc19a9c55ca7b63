"""Anlage 1 and Anlage 2 as of any day, and a seat through time."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, partners_of, requires
from kok.requests import Request
from members.queries import bodies_of, bodies_on, conference_of
from members.queries.authorities import partners_as_of
from members.queries.seats import history_of, seats_in, seats_on
from members.queries.versions import annex_on, printed_on
from members.rules.codes import BodyKind
from members.rules.wording import BODIES, SEATS
from members.views.day import day_of
from members.views.tabs import tabs


@requires(Permission.AGREEMENT_READ)
@require_safe
def conference(request: Request) -> HttpResponse:
    """Anlage 1: who sits in the Kooperationskonferenz."""
    form, day = day_of(request)
    found = conference_of(request.agreement)
    return _seats(request, found, form, day, crumbs=[("Mitglieder und Gremien", None)])


@requires(Permission.AGREEMENT_READ)
@require_safe
def body(request: Request, body: str) -> HttpResponse:
    """Who sits in a body of Anlage 2."""
    found = get_object_or_404(bodies_of(request.agreement), slug=body)
    form, day = day_of(request)
    slug = request.agreement.slug
    crumbs = [
        ("Mitglieder und Gremien", reverse("members:seats", args=[slug])),
        ("Gremien", reverse("members:bodies", args=[slug])),
        (found.called_on(day).short_name, None),
    ]
    return _seats(request, found, form, day, crumbs=crumbs)


def _seats(request: Request, body: Any, form: Any, day: date, crumbs: list[tuple[str, str | None]]) -> HttpResponse:
    """Body and partners are called as on that day."""
    seats, partners = seats_on(body, day), partners_as_of(request.agreement, day)
    body.operator = next((partner for partner in partners if partner.pk == body.operator_id), None)
    groups = [(partner, [on_day for on_day in seats if on_day.seat.partner_id == partner.pk]) for partner in partners]
    is_conference = body.kind == BodyKind.CONFERENCE
    context = {
        "body": body,
        "called": body.called_on(day),
        "form": form,
        "day": day,
        "is_today": day == clock.today(),
        "seats": seats,
        "vacant": sum(on_day.is_vacant for on_day in seats),
        "groups": groups,
        "without_seat": [partner.short_name for partner, lines in groups if is_conference and not lines],
        "maintained": partners_of(request.user, Permission.SEATS_MANAGE, request.agreement),
        "annex": annex_on(request.agreement, SEATS, day) if is_conference else None,
        "tabs": tabs(request),
        "crumbs": crumbs,
    }
    return render(request, "members/seats.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def bodies(request: Request) -> HttpResponse:
    """Anlage 2: both categories stand there, even when one is empty."""
    form, day = day_of(request)
    agreement = request.agreement
    there = [body for body in bodies_on(agreement, day) if body.kind != BodyKind.CONFERENCE]
    partners = {partner.pk: partner for partner in partners_as_of(agreement, day)}
    for body in there:
        body.operator = partners.get(body.operator_id)
    named = [(body, body.called_on(day)) for body in there]
    scopes = [("CROSS", "Zielgruppenübergreifend"), ("SPECIFIC", "Zielgruppenspezifisch")]
    context = {
        "form": form,
        "day": day,
        "is_today": day == clock.today(),
        "groups": [
            (title, [(body, called) for body, called in named if called.scope == scope]) for scope, title in scopes
        ],
        "annex": annex_on(agreement, BODIES, day),
        "conference": conference_of(agreement).called_on(day),
        "tabs": tabs(request),
        "crumbs": [("Mitglieder und Gremien", reverse("members:seats", args=[agreement.slug])), ("Gremien", None)],
    }
    return render(request, "members/bodies.html", context)


@requires(Permission.AGREEMENT_READ)
@require_safe
def seat(request: Request, pk: int) -> HttpResponse:
    """A function and everybody who held it."""
    agreement = request.agreement
    found = get_object_or_404(seats_in(agreement), pk=pk)
    today = clock.today()
    history = history_of(found)
    context = {
        "seat": found,
        "history": history,
        "current": {a.capacity: a for a in history if _covers(a.period, today)},
        "today": today,
        "printed": printed_on(found, min(today, (found.period.upper or date.max) - timedelta(days=1))),
        "has_ended": found.period.upper is not None and found.period.upper <= today,
        "may_manage": found.partner_id in partners_of(request.user, Permission.SEATS_MANAGE, agreement),
        "crumbs": [*crumbs_to(found), (str(found), None)],
    }
    return render(request, "members/seat.html", context)


def crumbs_to(seat: Any) -> list[tuple[str, str | None]]:
    """The list in which a seat stands."""
    slug = seat.body.agreement.slug
    start = ("Mitglieder und Gremien", reverse("members:seats", args=[slug]))
    if seat.body.kind == BodyKind.CONFERENCE:
        return [start]
    return [start, (seat.body.short_name, reverse("members:body", args=[slug, seat.body.slug]))]


def _covers(period: Any, day: date) -> bool:
    return bool(period.lower <= day and (period.upper is None or day < period.upper))
