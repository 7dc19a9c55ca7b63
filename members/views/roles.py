"""Roles of the registrar's own partner: given, asked for, ended."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from kok import clock
from kok.access import ROLES, Permission, authorities_of, requires
from kok.requests import Request, or_404
from kok.step_pages import Act, Done, in_two_steps, turned_back
from kok.words import day, last_day
from members import actions
from members.forms import EndRoleForm, RoleForm
from members.queries.access import covers
from members.queries.accounts import roles_administered_by
from members.queries.power import PowerRegister
from members.rules.power import WAITS, needs_two
from members.views.lookup import account_crumbs, administered, require_read_or_post, url_of, user_or_404

if TYPE_CHECKING:
    from members.models import RoleAssignment

T = TypeVar("T")
TWO = (
    "Diese Rolle geben zwei Personen: Sie beantragen sie, und eine andere bestätigt sie innerhalb von "
    f"{WAITS.days} Tagen. "
    "Bis dahin gilt sie nicht."
)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def give_role(request: Request, pk: int, partner: str) -> HttpResponse:
    """One more role for an account of the own partner; one of power is asked for."""
    user, by = user_or_404(request, pk), request.user
    own = or_404(next((each for each in administered(request) if each.slug == partner), None))
    spans = own.authority_id in authorities_of(by, Permission.ACCOUNTS_MANAGE, spanning=True)
    covered = covers(by, Permission.ACCOUNTS_MANAGE, own.authority)
    here = url_of(request, "account", user.pk)
    if user.pk == by.pk:
        return turned_back(request, "Rollen für Ihr eigenes Konto gibt eine andere Person, die Konten pflegt.", here)
    form = RoleForm(request.POST or None, partner=own, spans=spans, covers=covered, initial={"from_on": clock.today()})

    def wanted(act: Callable[..., T]) -> T:
        place = own.authority if form.is_everywhere else own
        return act(user=user, role=form.slug, place=place, **form.period, by=by, now=clock.now())

    def perform() -> Done:
        role = ROLES[form.slug]
        if needs_two(role.slug):
            wanted(actions.ask_role)
            return f"Die Rolle {role.title} ist für „{user.username}“ beantragt.", url_of(request, "requests")
        wanted(actions.give_role)
        return f"„{user.username}“ hat {form.in_words} die Rolle {role.title}.", here

    def consequences() -> list[str]:
        role = ROLES[form.slug]
        where = " in allen Vereinbarungen" if form.is_everywhere else ""
        told = [
            f"„{user.username}“ hat {form.in_words} die Rolle {role.title} für {own.short_name}{where}.",
            f"Dafür ist sie da: {role.who}",
        ]
        if needs_two(role.slug):
            wanted_role = wanted(actions.check_request)
            return [*told, *PowerRegister(clock.now()).warnings(wanted_role), TWO]
        wanted(actions.check_gift)
        return told

    act = Act(
        heading="Rolle geben",
        above=f"Konto „{user.username}“, {own.short_name}",
        submit="Rolle geben",
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=account_crumbs(request, (user.username, here), ("Rolle geben", None)),
    )
    return in_two_steps(request, form, act)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def end_role(request: Request, pk: int) -> HttpResponse:
    """Takes a role away at once or on a day, or lets it go on longer where one person may."""
    role = get_object_or_404(roles_administered_by(request.user, administered(request)), pk=pk)
    here, title, name = url_of(request, "account", role.user_id), ROLES[role.role].title, f"„{role.user.username}“"
    end, has_power = role.period.upper, needs_two(role.role)
    may_go_on = bool(end) and not has_power and role.user_id != request.user.pk
    form = EndRoleForm(request.POST or None, may_go_on=may_go_on, initial={"when": EndRoleForm.NOW})

    def told() -> str:
        if form.is_at_once:
            return f"{name} hat die Rolle {title} nicht mehr."
        last_on = form.cleaned_data["last_on"]
        until = f"bis zum {day(last_on)}" if last_on else "bis auf Weiteres"
        return f"{name} hat die Rolle {title} {until}."

    def goes_on() -> bool:
        return may_go_on and form.is_after(end)

    def typed(act: Callable[..., object]) -> None:
        act(assignment=role, last_on=form.cleaned_data["last_on"], by=request.user, now=clock.now())

    def perform() -> Done:
        typed(actions.extend_role if goes_on() else actions.end_role)
        return told(), here

    def consequences() -> list[str]:
        typed(actions.check_extension if goes_on() else actions.check_end)
        first = f"{told()[:-1]}, für {role.whom}."
        if form.is_at_once:
            first = f"{name} verliert sofort die Rolle {title} für {role.whom}. {_was_in_force(role.period.lower)}"
        return [first, "Was mit dieser Rolle getan wurde, bleibt. Das Konto und andere Rollen bleiben auch."]

    act = Act(
        heading=f"Rolle {title} beenden",
        notes=[*filter(None, [_lasts_until(role)])],
        above=f"Konto {name}, {role.whom}",
        submit="So eintragen",
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=account_crumbs(request, (role.user.username, here), ("Rolle beenden", None)),
    )
    return in_two_steps(request, form, act)


def _was_in_force(begins_on: date | None) -> str:
    has_begun = (begins_on or clock.today()) <= clock.today()
    return "Sie galt bis jetzt." if has_begun else "Sie hat noch nicht begonnen und galt dann nie."


def _lasts_until(role: "RoleAssignment") -> str:
    last_on = last_day(role.period)
    if last_on is None:
        return ""
    longer = "Länger gilt sie nur, wenn Sie sie für die Zeit danach beantragen und eine andere Person das bestätigt."
    return f"Diese Rolle gilt bis zum {day(last_on)}. {longer if needs_two(role.role) else ''}".strip()
