"""The people of the registrar's own partner: who they are and how to reach them."""

from dataclasses import asdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import ROLES, Permission, can, requires
from kok.requests import Request
from members import actions
from members.forms import NewPersonForm, PersonChangeForm, PersonDetailsForm
from members.queries.access import own_partners
from members.queries.accounts import account_line
from members.queries.addresses import waiting_address
from members.queries.identities import people_alike
from members.queries.leaving import accounts_to_close, latest_departure, left_for_good
from members.queries.people import persons_of_partners, persons_with_seats, seats_of_person
from members.queries.seatless import seatless_among
from members.queries.seats import seats_of_registrar
from members.queries.versions import holds_since
from members.views.steps import Act, in_one_step, in_two_steps
from members.views.tabs import tabs

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _partners(request: Request) -> list[Any]:
    return own_partners(request.user, Permission.SEATS_MANAGE, request.agreement)


@requires(Permission.SEATS_MANAGE)
@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody of the own partner, with seats, address and account."""
    partners = _partners(request)
    lines = persons_with_seats(partners, clock.today())
    context = {
        "lines": lines,
        "partners": partners,
        "agreement_since": holds_since(request.agreement, clock.today()),
        "without_address": sum(not line.person.email for line in lines if line.assignments),
        "tabs": tabs(request),
        "crumbs": _crumbs(request, ("Personen", None)),
    }
    return render(request, "members/people.html", context)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def create(request: Request) -> HttpResponse:
    """Somebody new, without account; asked for from a seat (`?sitz=`), it goes on there.

    Who may be there already is shown first.
    """
    partners = _partners(request)
    seat = _seat_in_address(request, partners)
    form = NewPersonForm(request.POST or None, partners=[seat.partner] if seat else partners)
    overview = reverse("members:people", args=[request.agreement.slug])
    seat_url = reverse("members:assign", args=[request.agreement.slug, seat.pk]) if seat else ""
    alike = _alike(form) if form.is_valid() else []

    def url_of(known: Any) -> str:
        own = reverse("members:person", args=[request.agreement.slug, known.pk])
        return f"{seat_url}?person={known.pk}" if seat else own

    def perform() -> tuple[str, str]:
        partner = form.cleaned_data["partner"]
        person = actions.add_person(partner=partner, details=form.details, by=request.user, now=clock.now())
        return f"{person} ist angelegt.", url_of(person) if seat else overview

    act = Act(
        heading="Person anlegen",
        submit="Person anlegen",
        consequences=lambda: ["Die Person wird zusätzlich angelegt, ohne Sitz und ohne Konto."],
        perform=perform,
        cancel_url=seat_url or overview,
        crumbs=_crumbs(request, ("Personen", overview), ("Person anlegen", None)),
        page="members/person_alike.html",
        shown=lambda: {"alike": [(known, url_of(known)) for known in alike]},
    )
    return (in_two_steps if alike else in_one_step)(request, form, act)


def _alike(form: NewPersonForm) -> list[Any]:
    details = form.details
    name = f"{details.given_name} {details.family_name}"
    return people_alike(form.cleaned_data["partner"], name=name, email=details.email)


def _seat_in_address(request: Request, partners: list[Any]) -> Any | None:
    pk = request.GET.get("sitz", "")
    return seats_of_registrar(request.agreement, partners).filter(pk=pk).first() if pk.isdecimal() else None


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def person(request: Request, pk: int) -> HttpResponse:
    """Mends name and address; seats and account are shown beside."""
    partners = _partners(request)
    found = get_object_or_404(persons_of_partners(partners), pk=pk)
    stored = {name: getattr(found, name) for name in PersonDetailsForm.base_fields}
    form = PersonChangeForm(request.POST or None, initial=stored)
    here = reverse("members:person", args=[request.agreement.slug, found.pk])

    def perform() -> tuple[str, str]:
        try:
            waits = actions.change_person(
                person=found,
                details=form.details,
                by=request.user,
                agreement=request.agreement,
                now=clock.now(),
                opened=form.opened_details,
            )
        except actions.PersonOvertaken as overtaken:
            form.take_over(asdict(overtaken.current))
            raise
        more = " Die neue Adresse gilt, sobald die Person sie über den Link in der Mail bestätigt." if waits else ""
        return f"Die Angaben sind gespeichert.{more}", here

    overview = reverse("members:people", args=[request.agreement.slug])
    act = Act(
        heading=str(found),
        submit="Angaben speichern",
        consequences=list,
        perform=perform,
        cancel_url=overview,
        crumbs=_crumbs(request, ("Personen", overview), (str(found), None)),
    )
    context = {
        "person": found,
        "assignments": seats_of_person(found),
        "waiting": waiting_address(found.user, clock.now()),
        "may_invite": can(request.user, Permission.ACCOUNTS_MANAGE, request.agreement),
        "roles": _roles(found, partners),
        "departure": latest_departure(found),
        "has_left": left_for_good(found, clock.today()) is not None,
        "waits_for_technik": _waits(found),
        "is_own": found.user_id == request.user.pk,
    }
    return in_one_step(request, form, act, "members/person.html", context)


def _waits(person: Any) -> bool:
    """Whether the last day is over and Technik has still to close the account."""
    return accounts_to_close(clock.now()).filter(person=person).exists()


def _roles(person: Any, partners: list[Any]) -> list[tuple[Any, str, bool]]:
    """The roles that are not over, each with its title and whether it lacks a seat."""
    if person.user is None:
        return []
    line, today = account_line(person.user, partners), clock.today()
    found = seatless_among([line], today)
    return [(role, ROLES[role.role].title, role.pk in found.roles) for role in line.roles_lasting(today)]


def _crumbs(request: Request, *more: tuple[str, str | None]) -> list[tuple[str, str | None]]:
    return [("Mitglieder und Gremien", reverse("members:seats", args=[request.agreement.slug])), *more]
