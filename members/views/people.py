"""The people of the registrar's own partner: who they are and how to reach them."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request, whole_number
from kok.step_pages import Act, Done, after_asking, in_one_step, in_two_steps, turned_back
from members import actions
from members.forms import NewPersonForm, PersonChangeForm, PersonDetailsForm
from members.pages.accounts import HeldRole, held
from members.queries.accounts import account_line
from members.queries.addresses import waiting_address
from members.queries.identities import people_alike
from members.queries.leaving import accounts_to_close, latest_departure, left_for_good
from members.queries.people import persons_with_seats, seats_of_person
from members.queries.seatless import seatless_among
from members.queries.seats import seats_of_registrar
from members.queries.unused import uses_of
from members.queries.versions import holds_since
from members.views.lookup import crumbs, maintained, person_crumbs, person_or_404, require_read_or_post, url_of
from members.views.tabs import tabs

if TYPE_CHECKING:
    from members.models import Partner, Person, Seat


@requires(Permission.SEATS_MANAGE)
@require_safe
def people(request: Request) -> HttpResponse:
    """Everybody of the own partner, with seats, address and account."""
    partners = maintained(request)
    lines = persons_with_seats(partners, clock.today())
    context = {
        "lines": lines,
        "partners": partners,
        "agreement_since": holds_since(request.agreement, clock.today()),
        "without_address": sum(not line.person.email for line in lines if line.assignments),
        "tabs": tabs(request),
        "crumbs": crumbs(request, ("Personen", None)),
    }
    return render(request, "members/people.html", context)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def create(request: Request) -> HttpResponse:
    """Somebody new, without account; asked for from a seat (`?sitz=`), it goes on there.

    Who may be there already is shown first.
    """
    partners = maintained(request)
    seat = _seat_in_address(request, partners)
    form = NewPersonForm(request.POST or None, partners=[seat.partner] if seat else partners)
    overview = url_of(request, "people")
    seat_url = url_of(request, "assign", seat.pk) if seat else ""
    alike = _alike(form) if form.is_valid() else []

    def page_of(person: "Person") -> str:
        return f"{seat_url}?person={person.pk}" if seat else url_of(request, "person", person.pk)

    def perform() -> Done:
        partner = form.cleaned_data["partner"]
        person = actions.add_person(partner=partner, details=form.details, by=request.user, now=clock.now())
        return f"{person} ist angelegt.", page_of(person) if seat else overview

    act = Act(
        heading="Person anlegen",
        submit="Person anlegen",
        consequences=lambda: ["Die Person wird zusätzlich angelegt, ohne Sitz und ohne Konto."],
        perform=perform,
        cancel_url=seat_url or overview,
        crumbs=crumbs(request, ("Personen", overview), ("Person anlegen", None)),
        shown=lambda: {"alike": [(known, page_of(known)) for known in alike]},
        check="members/confirm.html",
    )
    return (in_two_steps if alike else in_one_step)(request, form, act)


def _alike(form: NewPersonForm) -> "list[Person]":
    details = form.details
    return people_alike(form.cleaned_data["partner"], name=" ".join(details.name), email=details.email)


def _seat_in_address(request: Request, partners: "list[Partner]") -> "Seat | None":
    pk = whole_number(request.GET.get("sitz", ""))
    return seats_of_registrar(request.agreement, partners).filter(pk=pk or 0).first()


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def person(request: Request, pk: int) -> HttpResponse:
    """Mends name and address; seats and account are shown beside."""
    partners = maintained(request)
    person = person_or_404(request, pk)
    form = PersonChangeForm(request.POST or None, initial=model_to_dict(person, PersonDetailsForm.base_fields))
    here = url_of(request, "person", person.pk)

    def perform() -> Done:
        try:
            waits = actions.change_person(
                person=person,
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

    overview = url_of(request, "people")
    act = Act(
        heading=str(person),
        submit="Angaben speichern",
        consequences=list,
        perform=perform,
        cancel_url=overview,
        crumbs=crumbs(request, ("Personen", overview), (str(person), None)),
    )
    context = {
        "person": person,
        "assignments": seats_of_person(person),
        "waiting": waiting_address(person.user, clock.now()),
        "may_invite": can(request.user, Permission.ACCOUNTS_MANAGE, request.agreement),
        "roles": _roles(person, partners),
        "departure": latest_departure(person),
        "has_left": left_for_good(person, clock.today()) is not None,
        "waits_for_technik": accounts_to_close(clock.now()).filter(person=person).exists(),
        "kept_by": uses_of(person),
        "is_own": person.user_id == request.user.pk,
    }
    return in_one_step(request, form, act, "members/person.html", **context)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def delete(request: Request, pk: int) -> HttpResponse:
    """Somebody who was entered in vain goes; of whoever was anywhere the page says why not."""
    person, overview, heading = person_or_404(request, pk), url_of(request, "people"), "Person löschen"
    here = url_of(request, "person", pk)

    def check() -> None:
        actions.check_unused(person=person, by=request.user, now=clock.now())

    def perform() -> Done:
        actions.delete_person(person=person, by=request.user, agreement=request.agreement, now=clock.now())
        return "Die Person ist gelöscht.", overview

    if sentence := actions.refusal(check):
        return turned_back(request, sentence, here)
    act = Act(
        heading=heading,
        above=str(person),
        submit=heading,
        consequences=lambda: [
            f"Name, Adresse und Telefon von {person} werden gelöscht. Das können Sie nicht zurücknehmen.",
            "Die Person hatte nie einen Sitz, der galt, und kein Konto. Sie steht in keinem Protokoll.",
        ],
        perform=perform,
        cancel_url=here,
        crumbs=person_crumbs(request, person, heading),
    )
    return after_asking(request, act)


def _roles(person: "Person", partners: "list[Partner]") -> list[HeldRole]:
    """The roles that are not over."""
    if person.user is None:
        return []
    line, today = account_line(person.user, partners), clock.today()
    return held(line.roles_lasting(today), seatless_among([line], today))
