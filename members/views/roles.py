"""Roles of the registrar's own partner: given, asked for, ended."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import ROLES, Permission, authorities_of, requires
from members import actions
from members.forms import RoleForm
from members.queries.access import own_partners
from members.queries.accounts import roles_administered_by, users_of_partners
from members.rules.power import needs_two
from members.views.steps import Act, Crumbs, after_asking, in_two_steps

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
WAITS = (
    "Diese Rolle geben zwei Personen: Sie beantragen sie, und eine andere bestätigt sie innerhalb von 14 Tagen. "
    "Bis dahin gilt sie nicht."
)


def _partners(request: HttpRequest) -> list[Any]:
    return own_partners(request.user, Permission.ACCOUNTS_MANAGE, request.agreement)


def _url(request: HttpRequest, name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=[request.agreement.slug, *args])


def _crumbs(request: HttpRequest, user: Any, last: str) -> Crumbs:
    return [
        ("Mitglieder und Gremien", _url(request, "seats")),
        ("Konten und Rollen", _url(request, "accounts")),
        (user.username, _url(request, "account", user.pk)),
        (last, None),
    ]


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def give_role(request: HttpRequest, pk: int, partner: str) -> HttpResponse:
    """One more role for an account of the own partner; one of power is asked for."""
    user = get_object_or_404(users_of_partners(_partners(request)), pk=pk)
    own = next((found for found in _partners(request) if found.slug == partner), None)
    if own is None:
        raise Http404
    spans = own.authority_id in authorities_of(request.user, Permission.ACCOUNTS_MANAGE, spanning=True)
    form = RoleForm(request.POST or None, partner=own, may_everywhere=spans, initial={"from_on": clock.today()})
    here = _url(request, "account", user.pk)

    def place() -> Any:
        return own.authority if form.cleaned_data.get("everywhere") else own

    def perform() -> tuple[str, str]:
        role, from_on = form.cleaned_data["role"], form.cleaned_data["from_on"]
        values: Any = {"user": user, "role": role, "place": place(), "from_on": from_on}
        values |= {"by": request.user, "now": clock.now()}
        if needs_two(role):
            actions.ask_role(**values)
            return f"Die Rolle {ROLES[role].title} ist für „{user.username}“ beantragt.", _url(request, "requests")
        actions.give_role(**values)
        return f"„{user.username}“ hat ab dem {from_on:%d.%m.%Y} die Rolle {ROLES[role].title}.", here

    def consequences() -> list[str]:
        role, from_on = ROLES[form.cleaned_data["role"]], form.cleaned_data["from_on"]
        where = " in allen Vereinbarungen" if form.cleaned_data.get("everywhere") else ""
        told = [
            f"„{user.username}“ hat ab dem {from_on:%d.%m.%Y} die Rolle {role.title} für {own.short_name}{where}.",
            f"Dafür ist sie da: {role.who}",
        ]
        return [*told, WAITS] if needs_two(role.slug) else told

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
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a role away at once."""
    role = get_object_or_404(roles_administered_by(request.user, _partners(request)), pk=pk)
    title = ROLES[role.role].title
    here = _url(request, "account", role.user_id)

    def perform() -> tuple[str, str]:
        actions.end_role(assignment=role, by=request.user, now=clock.now())
        return f"„{role.user.username}“ hat die Rolle {title} nicht mehr.", here

    act = Act(
        heading=f"Rolle {title} beenden",
        submit="Rolle beenden",
        consequences=lambda: [
            f"„{role.user.username}“ verliert sofort die Rolle {title} für {role.whom}.",
            "Was mit dieser Rolle getan wurde, bleibt. Das Konto und andere Rollen bleiben auch.",
        ],
        perform=perform,
        cancel_url=here,
        crumbs=_crumbs(request, role.user, "Rolle beenden"),
    )
    return after_asking(request, act)
