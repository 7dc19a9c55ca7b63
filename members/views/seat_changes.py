"""What the registrar of a partner changes at the seats of that partner; the seats of others do not exist here."""

from datetime import timedelta
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst

from kok import clock
from kok.access import Permission, requires
from kok.articles import der
from kok.requests import Crumbs, Request
from kok.step_pages import Act, Done, in_two_steps
from kok.words import day
from members import actions
from members.forms import AssignForm, LastDayForm, SeatForm
from members.queries import bodies_on
from members.queries.leaving import contradictions, left_for_good
from members.queries.seats import assignments_of_registrar, seats_of_registrar
from members.rules.codes import Capacity
from members.rules.leaving import cut_after
from members.views.lookup import crumbs, maintained, require_read_or_post, url_of
from members.views.seats import crumbs_to

if TYPE_CHECKING:
    from members.models import Seat


NOT_IN_THE_LIST = (
    'Steht die Person noch nicht in der Liste? <a href="{}">Legen Sie sie zuerst an.</a> Danach geht es hier weiter.'
)


def seat_or_404(request: Request, pk: int) -> "Seat":
    """One of the seats that this registrar maintains."""
    return get_object_or_404(seats_of_registrar(request.agreement, maintained(request)), pk=pk)


def seat_url(seat: "Seat") -> str:
    """The page of a seat."""
    return reverse("members:seat", args=[seat.body.agreement.slug, seat.pk])


def seat_crumbs(seat: "Seat", here: str) -> Crumbs:
    """The way to a page of an act on a seat."""
    return [*crumbs_to(seat), (str(seat), seat_url(seat)), (here, None)]


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def assign(request: Request, pk: int) -> HttpResponse:
    """Puts somebody on a seat; whoever was there ends the day before."""
    seat = seat_or_404(request, pk)
    initial = {"capacity": Capacity.HOLDER, "from_on": clock.today(), "person": request.GET.get("person")}
    form = AssignForm(request.POST or None, seat=seat, initial=initial)

    def perform() -> Done:
        typed = form.cleaned_data
        assignment = actions.assign_seat(
            seat=seat,
            person=typed["person"],
            capacity=typed["capacity"],
            from_on=typed["from_on"],
            by=request.user,
            now=clock.now(),
        )
        return f"{assignment.person} ist ab dem {day(typed['from_on'])} eingetragen.", seat_url(seat)

    act = Act(
        heading="Sitz besetzen",
        above=f"{seat}, {seat.partner.short_name}",
        notes=[format_html(NOT_IN_THE_LIST, f"{url_of(request, 'person-new')}?sitz={seat.pk}")],
        submit="Sitz so besetzen",
        consequences=lambda: _consequences(seat, form),
        perform=perform,
        cancel_url=seat_url(seat),
        crumbs=seat_crumbs(seat, "Besetzen"),
    )
    return in_two_steps(request, form, act)


def _consequences(seat: "Seat", form: AssignForm) -> list[str]:
    person, capacity, from_on = (form.cleaned_data[name] for name in ("person", "capacity", "from_on"))
    previous = actions.check_assignment(seat=seat, person=person, capacity=capacity, from_on=from_on)
    told = [f"{person} ist ab dem {day(from_on)} {Capacity(capacity).label}."]
    if previous:
        last_on = from_on - timedelta(days=1)
        told.insert(0, f"{previous.name} scheidet aus. Der letzte Tag ist der {day(last_on)}.")
        told.append(f"In älteren Protokollen bleibt {previous.name} stehen.")
        told += contradictions([seat.assignments.get(pk=previous.key)], from_on)
    if left := left_for_good(person, clock.today()):
        told.append(
            f"{person} ist zum {day(left.last_on)} ausgeschieden und wäre damit wieder da. Prüfen Sie, ob Sie "
            "diese Person meinen. Ein gesperrtes Konto bleibt gesperrt, bis es jemand freigibt."
        )
    if not person.email:
        told.append(f"Bei {person} fehlt die E-Mail-Adresse. Einladungen kommen erst an, wenn Sie sie eintragen.")
    return told


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def end_assignment(request: Request, pk: int) -> HttpResponse:
    """Somebody leaves and no successor is known yet."""
    own = assignments_of_registrar(request.agreement, maintained(request))
    assignment = get_object_or_404(own, pk=pk)
    seat = assignment.seat
    form = LastDayForm(request.POST or None, initial={"last_on": clock.today()})

    def perform() -> Done:
        last_on = form.cleaned_data["last_on"]
        actions.end_assignment(assignment=assignment, last_on=last_on, by=request.user, now=clock.now())
        return f"{assignment.person} scheidet mit dem {day(last_on)} aus.", seat_url(seat)

    def consequences() -> list[str]:
        last_on = form.cleaned_data["last_on"]
        actions.check_assignment_end(assignment=assignment, last_on=last_on)
        told = [f"{assignment.person} ist bis einschließlich {day(last_on)} {assignment.get_capacity_display()}."]
        if assignment.capacity == Capacity.HOLDER:
            told.append(
                "Danach ist der Sitz nicht besetzt, bis Sie jemanden eintragen. Einladungen entfallen so lange."
            )
        told.append("In älteren Protokollen bleibt der Name stehen.")
        return [*told, *contradictions([assignment], cut_after(last_on))]

    act = Act(
        heading="Besetzung beenden",
        above=f"{assignment.person}, {seat}",
        submit="Besetzung beenden",
        consequences=consequences,
        perform=perform,
        cancel_url=seat_url(seat),
        crumbs=seat_crumbs(seat, "Besetzung beenden"),
    )
    return in_two_steps(request, form, act)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def create(request: Request) -> HttpResponse:
    """A further function, vacant at first."""
    agreement, today = request.agreement, clock.today()
    bodies = bodies_on(agreement, today)
    form = SeatForm(
        request.POST or None,
        partners=maintained(request),
        bodies=bodies,
        initial={"from_on": today, "body": bodies[0].pk if bodies else None},
    )
    overview = url_of(request, "seats")

    def perform() -> Done:
        seat = actions.create_seat(**form.cleaned_data, by=request.user, now=clock.now())
        return f"Der Sitz „{seat}“ ist angelegt. Er ist noch nicht besetzt.", overview

    def consequences() -> list[str]:
        typed = form.cleaned_data
        actions.check_new_seat(body=typed["body"], from_on=typed["from_on"])
        unit = f", {typed['unit']}" if typed["unit"] else ""
        partner, body = typed["partner"].short_name, typed["body"].short_name
        return [
            f"{capfirst(der(partner))} hat ab dem {day(typed['from_on'])} einen weiteren Sitz ({body}).",
            f"Der Sitz heißt „{typed['function']}{unit}“. Er ist zunächst nicht besetzt.",
        ]

    act = Act(
        heading="Sitz anlegen",
        submit="Sitz anlegen",
        consequences=consequences,
        perform=perform,
        cancel_url=overview,
        crumbs=crumbs(request, ("Sitz anlegen", None)),
    )
    return in_two_steps(request, form, act)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def end_seat(request: Request, pk: int) -> HttpResponse:
    """A function ends, and with it whoever holds it."""
    seat = seat_or_404(request, pk)
    form = LastDayForm(request.POST or None, initial={"last_on": clock.today()})

    def perform() -> Done:
        last_on = form.cleaned_data["last_on"]
        actions.end_seat(seat=seat, last_on=last_on, by=request.user, now=clock.now())
        return f"Der Sitz „{seat}“ besteht bis zum {day(last_on)}.", seat_url(seat)

    def consequences() -> list[str]:
        last_on = form.cleaned_data["last_on"]
        _, assignments = actions.check_seat_end(seat=seat, last_on=last_on)
        return [
            f"Den Sitz „{seat}“ gibt es bis einschließlich {day(last_on)}.",
            "Wer ihn hat oder vertritt, scheidet am selben Tag aus.",
            "Für die Zeit davor bleibt alles sichtbar. Einen beendeten Sitz können Sie nicht wieder öffnen.",
            *contradictions(assignments, cut_after(last_on)),
        ]

    act = Act(
        heading="Sitz beenden",
        above=f"{seat}, {seat.partner.short_name}",
        submit="Sitz beenden",
        consequences=consequences,
        perform=perform,
        cancel_url=seat_url(seat),
        crumbs=seat_crumbs(seat, "Sitz beenden"),
    )
    return in_two_steps(request, form, act)
