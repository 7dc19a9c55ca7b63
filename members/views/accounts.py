"""Accounts of the registrar's own partner."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock, words
from kok.access import ROLES, Permission, requires
from kok.requests import Request
from members import actions
from members.forms import AccountInviteForm
from members.queries.access import own_partners
from members.queries.accounts import account_line, accounts_of_partners, roles_administered_by, users_of_partners
from members.queries.people import persons_of_partners
from members.queries.power import PowerRegister
from members.queries.requests import waiting_for
from members.queries.seatless import seatless_among
from members.rules.leaving import cut_after
from members.rules.power import AccountStanding, needs_two
from members.views.steps import Act, Crumbs, after_asking, in_two_steps
from members.views.tabs import tabs
from members.waiting import in_words

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


def _partners(request: Request) -> list[Any]:
    return own_partners(request.user, Permission.ACCOUNTS_MANAGE, request.agreement)


def _url(request: Request, name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=[request.agreement.slug, *args])


def _crumbs(request: Request, *more: tuple[str, str | None]) -> Crumbs:
    start = ("Mitglieder und Gremien", _url(request, "seats"))
    return [start, ("Konten und Rollen", _url(request, "accounts") if more else None), *more]


def _user_or_404(request: Request, pk: int) -> Any:
    return get_object_or_404(users_of_partners(_partners(request)), pk=pk)


@requires(Permission.ACCOUNTS_MANAGE)
@require_safe
def accounts(request: Request) -> HttpResponse:
    """Who of the own partner can sign in, and what for."""
    partners = _partners(request)
    today = clock.today()
    lines = accounts_of_partners(partners)
    found = seatless_among(lines, today)
    only = "ohne-sitz" in request.GET
    context = {
        "lines": [
            (line, [(ROLES[role.role], role, role.pk in found.roles) for role in line.roles_on(today)])
            for line in lines
            if not only or found.concerns(line)
        ],
        "only_seatless": only,
        "seatless": sum(found.concerns(line) for line in lines),
        "left": len(found.left),
        "partners": partners,
        "tabs": tabs(request),
        "crumbs": _crumbs(request),
    }
    return render(request, "members/accounts.html", context)


@requires(Permission.ACCOUNTS_MANAGE)
@require_safe
def account(request: Request, pk: int) -> HttpResponse:
    """One account with its roles, those that ended too."""
    partners = _partners(request)
    line = account_line(_user_or_404(request, pk), partners)
    register = PowerRegister(clock.now())
    standing = register.standing(request.user, line.user)
    is_alone = standing is AccountStanding.ALONE
    today = clock.today()
    found = seatless_among([line], today)
    own = set(roles_administered_by(request.user, partners).values_list("pk", flat=True))
    acting: Any = {"user": line.user, "by": request.user}
    context = {
        "line": line,
        "is_alone": is_alone,
        "is_own": line.user.pk == request.user.pk,
        "may_close": not actions.refusal(lambda: actions.check_closing(**acting, now=clock.now())),
        "has_factor": not actions.refusal(lambda: actions.check_factor(**acting)),
        "may_ask": is_alone or standing is AccountStanding.TOGETHER,
        "who_can": "" if is_alone else actions.who_administers(register.administrators(line.user)),
        "roles": [
            (
                role,
                ROLES[role.role],
                role.pk in own and not role.has_ended(today),
                "" if role.pk in own or role.has_ended(today) else _who_ends(register, role),
                role.pk in found.roles,
            )
            for role in line.roles
        ],
        "asked": [in_words(row) for row in waiting_for(line.user, request.user, clock.now()) if row.is_role],
        "partners": partners,
        "crumbs": _crumbs(request, (line.user.username, None)),
    }
    return render(request, "members/account.html", context)


def _who_ends(register: PowerRegister, role: Any) -> str:
    """Who ends a role that this registrar may not end."""
    names = register.registrars_for(role)
    return ", ".join(names) or "eine Person mit der Rolle Stammdaten für die ganze Behörde, zurzeit niemand"


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def invite(request: Request, pk: int) -> HttpResponse:
    """Opens an account for a person: user name, first role, mail with a link."""
    partners = {partner.authority_id: partner for partner in _partners(request)}
    person = get_object_or_404(persons_of_partners(partners.values()), pk=pk)
    partner = partners[person.employer_id]
    form = AccountInviteForm(request.POST or None, partner=partner, initial={"address": person.email})

    def perform() -> tuple[str, str]:
        typed = {name: form.cleaned_data[name] for name in ("username", "role")}
        person.email = form.cleaned_data["address"]
        last_on = form.cleaned_data["last_on"]
        until_on = last_on and cut_after(last_on)
        actions.invite_account(
            person=person, place=partner, **typed, until_on=until_on, by=request.user, now=clock.now()
        )
        return f"Das Konto „{typed['username']}“ ist angelegt. Die Einladung wird zugestellt.", here

    def consequences() -> list[str]:
        typed = form.cleaned_data
        asked: Any = {name: typed[name] for name in ("username", "role", "address")}
        actions.check_invitation(person=person, **asked, by=request.user, now=clock.now())
        waits = "Diese Rolle gilt erst, wenn eine andere Person sie bestätigt hat. Bis dahin hat das Konto keine Rolle."
        until = f" bis zum {words.day(typed['last_on'])}" if typed["last_on"] else ""
        return [
            f"{person} bekommt das Konto „{typed['username']}“ mit der Rolle {ROLES[typed['role']].title}{until}.",
            *([waits] if needs_two(typed["role"]) else []),
            f"An {person.email} geht eine Mail mit einem Link. Damit legt die Person ihr Passwort fest.",
            "Bis dahin kann sich niemand mit diesem Konto anmelden.",
        ]

    here = _url(request, "person", person.pk)
    act = Act(
        heading="Konto einladen",
        lead=f"{person}, {partner.short_name}",
        submit="Konto anlegen und Einladung senden",
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=[
            ("Mitglieder und Gremien", _url(request, "seats")),
            ("Personen", _url(request, "people")),
            (str(person), here),
            ("Konto einladen", None),
        ],
    )
    return in_two_steps(request, form, act)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def invite_again(request: Request, pk: int) -> HttpResponse:
    """A fresh link for somebody whose link has expired."""
    user = _user_or_404(request, pk)

    def perform() -> tuple[str, str]:
        actions.invite_again(user=user, agreement=request.agreement, by=request.user, now=clock.now())
        return "Die Einladung wird noch einmal zugestellt.", here

    here = _url(request, "account", user.pk)
    act = Act(
        heading="Einladung noch einmal senden",
        submit="Einladung senden",
        consequences=lambda: [f"An {user.email or 'das Konto'} geht eine Mail mit einem neuen Link."],
        perform=perform,
        cancel_url=here,
        crumbs=_crumbs(request, (user.username, here), ("Einladung", None)),
    )
    return after_asking(request, act)
