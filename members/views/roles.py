"""Roles of the registrar's own partner: given, asked for, ended."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock, words
from kok.access import ROLES, Permission, authorities_of, requires
from kok.requests import Request
from members import actions
from members.forms import EndRoleForm, RoleForm
from members.queries.access import covers, own_partners
from members.queries.accounts import roles_administered_by, users_of_partners
from members.queries.power import PowerRegister
from members.rules.leaving import cut_after
from members.rules.power import needs_two
from members.views.steps import Act, Crumbs, in_two_steps, turned_back

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
WAITS = (
    "Diese Rolle geben zwei Personen: Sie beantragen sie, und eine andere bestätigt sie innerhalb von 14 Tagen. "
    "Bis dahin gilt sie nicht."
)


def _partners(request: Request) -> list[Any]:
    return own_partners(request.user, Permission.ACCOUNTS_MANAGE, request.agreement)


def _partner_or_404(request: Request, slug: str) -> Any:
    for own in _partners(request):
        if own.slug == slug:
            return own
    raise Http404


def _url(request: Request, name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=[request.agreement.slug, *args])


def _crumbs(request: Request, user: Any, last: str) -> Crumbs:
    return [
        ("Mitglieder und Gremien", _url(request, "seats")),
        ("Konten und Rollen", _url(request, "accounts")),
        (user.username, _url(request, "account", user.pk)),
        (last, None),
    ]


def _told_of_two(wanted: Any) -> list[str]:
    return [*PowerRegister(clock.now()).warnings(wanted), WAITS]


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def give_role(request: Request, pk: int, partner: str) -> HttpResponse:
    """One more role for an account of the own partner; one of power is asked for."""
    user = get_object_or_404(users_of_partners(_partners(request)), pk=pk)
    own = _partner_or_404(request, partner)
    spans = own.authority_id in authorities_of(request.user, Permission.ACCOUNTS_MANAGE, spanning=True)
    covered = covers(request.user, Permission.ACCOUNTS_MANAGE, own.authority)
    here = _url(request, "account", user.pk)
    if user.pk == request.user.pk:
        return turned_back(request, "Rollen für Ihr eigenes Konto gibt eine andere Person, die Konten pflegt.", here)
    form = RoleForm(request.POST or None, partner=own, spans=spans, covers=covered, initial={"from_on": clock.today()})

    def place() -> Any:
        return own.authority if form.is_everywhere else own

    def perform() -> tuple[str, str]:
        role = form.slug
        values: Any = {"user": user, "role": role, "place": place(), **form.period}
        values |= {"by": request.user, "now": clock.now()}
        if needs_two(role):
            actions.ask_role(**values)
            return f"Die Rolle {ROLES[role].title} ist für „{user.username}“ beantragt.", _url(request, "requests")
        actions.give_role(**values)
        return f"„{user.username}“ hat {form.in_words} die Rolle {ROLES[role].title}.", here

    def consequences() -> list[str]:
        role = ROLES[form.slug]
        asked: Any = {"user": user, "role": role.slug, "place": place(), **form.period}
        (actions.check_request if needs_two(role.slug) else actions.check_gift)(
            **asked, by=request.user, now=clock.now()
        )
        where = " in allen Vereinbarungen" if place() is own.authority else ""
        told = [
            f"„{user.username}“ hat {form.in_words} die Rolle {role.title} für {own.short_name}{where}.",
            f"Dafür ist sie da: {role.who}",
        ]
        wanted = actions.wanted_role(**asked)
        return [*told, *_told_of_two(wanted)] if needs_two(role.slug) else told

    act = Act(
        heading="Rolle geben",
        lead=f"Konto „{user.username}“, {own.short_name}",
        submit="Rolle geben",
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=_crumbs(request, user, "Rolle geben"),
    )
    return in_two_steps(request, form, act)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def end_role(request: Request, pk: int) -> HttpResponse:
    """Takes a role away at once or on a day, or lets it go on longer where one person may."""
    role = get_object_or_404(roles_administered_by(request.user, _partners(request)), pk=pk)
    title = ROLES[role.role].title
    here = _url(request, "account", role.user_id)
    end = None if role.period.isempty else role.period.upper
    may_go_on = bool(end) and not needs_two(role.role) and role.user_id != request.user.pk
    form = EndRoleForm(request.POST or None, may_go_on=may_go_on, initial={"when": EndRoleForm.NOW})

    def told() -> str:
        when, last_on = form.cleaned_data["when"], form.cleaned_data["last_on"]
        name = f"„{role.user.username}“"
        if when == EndRoleForm.NOW:
            return f"{name} hat die Rolle {title} nicht mehr."
        until = f"bis zum {words.day(last_on)}" if last_on else "bis auf Weiteres"
        return f"{name} hat die Rolle {title} {until}."

    def is_later() -> bool:
        last_on = form.cleaned_data["last_on"]
        goes_on = may_go_on and last_on and cut_after(last_on) > end
        return bool(form.cleaned_data["when"] == EndRoleForm.NEVER or goes_on)

    def values() -> Any:
        typed = {"assignment": role, "last_on": form.cleaned_data["last_on"]}
        return {**typed, "by": request.user, "now": clock.now()}

    def perform() -> tuple[str, str]:
        (actions.extend_role if is_later() else actions.end_role)(**values())
        return told(), here

    def consequences() -> list[str]:
        (actions.check_extension if is_later() else actions.check_end)(**values())
        if form.cleaned_data["when"] == EndRoleForm.NOW:
            first = f"„{role.user.username}“ verliert sofort die Rolle {title} für {role.whom}. "
            begins_on = role.period.lower
            has_begun = begins_on is None or begins_on <= clock.today()
            first += "Sie galt bis jetzt." if has_begun else "Sie hat noch nicht begonnen und galt dann nie."
        else:
            first = f"{told()[:-1]}, für {role.whom}."
        return [first, "Was mit dieser Rolle getan wurde, bleibt. Das Konto und andere Rollen bleiben auch."]

    act = Act(
        heading=f"Rolle {title} beenden",
        lead=f"Konto „{role.user.username}“, {role.whom}",
        submit="So eintragen",
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=_crumbs(request, role.user, "Rolle beenden"),
    )
    more = {"ends_before": end, "has_power": needs_two(role.role)}
    return in_two_steps(request, form, act, "members/role_end.html", more)
