"""Somebody leaves: entered in two steps that show what remains open, taken back until the day is over."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock, words
from kok.access import ROLES, Permission, requires
from kok.requests import Request
from members import actions
from members.forms import DepartureForm
from members.queries.access import own_partners
from members.queries.leaving import Leaving, contradictions, pending_departure, remaining
from members.queries.people import persons_of_partners
from members.views.steps import Act, Crumbs, after_asking, in_two_steps

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _person_or_404(request: Request, pk: int) -> Any:
    partners = own_partners(request.user, Permission.SEATS_MANAGE, request.agreement)
    return get_object_or_404(persons_of_partners(partners), pk=pk)


def _url(request: Request, person: Any) -> str:
    return reverse("members:person", args=[request.agreement.slug, person.pk])


def _crumbs(request: Request, person: Any, last: str) -> Crumbs:
    slug = request.agreement.slug
    return [
        ("Mitglieder und Gremien", reverse("members:seats", args=[slug])),
        ("Personen", reverse("members:people", args=[slug])),
        (str(person), _url(request, person)),
        (last, None),
    ]


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def leave(request: Request, pk: int) -> HttpResponse:
    """Ends all seats and roles of a person after a last day."""
    person = _person_or_404(request, pk)
    form = DepartureForm(request.POST or None)

    def values() -> dict[str, Any]:
        return {"person": person, "last_on": form.cleaned_data["last_on"], "by": request.user, "now": clock.now()}

    def perform() -> tuple[str, str]:
        done = actions.enter_departure(**values(), agreement=request.agreement)
        return f"Das Ausscheiden von {person} zum {words.day(done.last_on)} ist eingetragen.", _url(request, person)

    def consequences() -> list[str]:
        return _told(actions.check_departure(**values()))

    def shown() -> dict[str, Any]:
        leaving = Leaving(person, form.cleaned_data["last_on"], request.user, clock.today())
        return {"remaining": remaining(leaving)}

    act = Act(
        heading="Ausscheiden eintragen",
        lead=str(person),
        submit="Ausscheiden eintragen",
        consequences=consequences,
        perform=perform,
        cancel_url=_url(request, person),
        crumbs=_crumbs(request, person, "Ausscheiden eintragen"),
        page="members/leave_confirm.html",
        shown=shown,
    )
    return in_two_steps(request, form, act, "members/leave.html")


def _told(leaving: Leaving) -> list[str]:
    """What ends when, in sentences."""
    told = [f"Letzter Tag von {leaving.person} ist der {words.day(leaving.last_on)}."]
    for assignment in leaving.seats:
        what = f"{assignment.seat.body.short_name}: {assignment.seat} ({assignment.get_capacity_display()})"
        begun = assignment.period.lower < leaving.cut
        told.append(f"Der Sitz endet: {what}" if begun else f"Der Sitz hat noch nicht begonnen und entfällt: {what}")
    told += contradictions(leaving.seats, leaving.cut)
    for role in leaving.roles:
        what = f"{ROLES[role.role].title} für {role.whom}"
        begun = role.period.lower < leaving.roles_cut or role.period.lower <= leaving.today
        told.append(f"Die Rolle endet: {what}" if begun else f"Die Rolle hat noch nicht begonnen und entfällt: {what}")
    is_over = leaving.last_on < leaving.today
    if leaving.person.user:
        told.append("Anträge zu diesem Konto, die noch auf Bestätigung warten, verfallen.")
        told.append(_closing(leaving, is_over=is_over))
    told.append("Erinnerungen und Einladungen gehen danach nicht mehr an diese Person.")
    if is_over:
        told.append(
            "Rollen enden jetzt und galten bis jetzt. Der Tag liegt zurück, deshalb können Sie das nicht zurücknehmen."
        )
    else:
        told.append(f"Bis zum {words.day(leaving.last_on)} können Sie das zurücknehmen.")
    return told


def _closing(leaving: Leaving, *, is_over: bool) -> str:
    account = f"Das Konto „{leaving.person.user.username}“"  # type: ignore[union-attr]
    if leaving.is_shielded:
        return (
            f"{account} hat die Rolle Prüfung oder hatte sie in den letzten 30 Tagen. Es bleibt offen, bis die Technik "
            "es sperrt, höchstens 30 Tage nach dem Ende dieser Rolle. Die Technik und alle, die in Ihrem Haus Konten "
            "pflegen oder prüfen, bekommen eine Mail."
        )
    return f"{account} wird {'jetzt' if is_over else 'danach'} gesperrt."


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def stay(request: Request, pk: int) -> HttpResponse:
    """Takes a departure back."""
    person = _person_or_404(request, pk)
    departure = pending_departure(person=person)
    if departure is None:
        raise Http404

    def perform() -> tuple[str, str]:
        left = actions.withdraw_departure(
            departure=departure, by=request.user, agreement=request.agreement, now=clock.now()
        )
        told = f"Das Ausscheiden von {person} ist zurückgenommen."
        if left:
            told += f" Eintragungen, die inzwischen jemand geändert hat und die so bleiben: {left}."
        return told, _url(request, person)

    act = Act(
        heading="Ausscheiden zurücknehmen",
        lead=str(person),
        submit="Ausscheiden zurücknehmen",
        consequences=lambda: [
            f"{person} scheidet nicht zum {words.day(departure.last_on)} aus.",
            "Sitze und Rollen, die dadurch endeten, gelten weiter wie vorher.",
            "Das gilt auch für Rollen, die zwei Personen geben: Ihr Zeitraum war bestätigt und wurde nur gekürzt.",
            "Was inzwischen jemand geändert oder neu besetzt hat, bleibt so.",
            "Verfallene Anträge müssen neu gestellt werden.",
        ],
        perform=perform,
        cancel_url=_url(request, person),
        crumbs=_crumbs(request, person, "Ausscheiden zurücknehmen"),
    )
    return after_asking(request, act)
