"""Accounts of the registrar's own partner."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import ROLES, Permission, requires
from kok.requests import Request
from kok.step_pages import Act, Done, after_asking, in_two_steps, turned_back
from kok.words import day
from members import actions
from members.forms import AccountInviteForm
from members.pages.accounts import account_list, roles_to_end, state_of
from members.pages.waiting import in_words
from members.queries.accounts import account_line
from members.queries.people import persons_of_partners
from members.queries.power import PowerRegister
from members.queries.requests import waiting_for
from members.rules.power import SHIELDED_FOR, AccountStanding, needs_two
from members.views.lookup import (
    account_crumbs,
    administered,
    crumbs,
    person_crumbs,
    require_read_or_post,
    url_of,
    user_or_404,
)
from members.views.tabs import tabs


@requires(Permission.ACCOUNTS_MANAGE)
@require_safe
def accounts(request: Request) -> HttpResponse:
    """Who of the own partner can sign in, and what for."""
    partners = administered(request)
    only_seatless = "ohne-sitz" in request.GET
    context = {
        "accounts": account_list(partners, clock.today(), only_seatless=only_seatless),
        "only_seatless": only_seatless,
        "partners": partners,
        "tabs": tabs(request),
        "crumbs": crumbs(request, ("Konten und Rollen", None)),
    }
    return render(request, "members/accounts.html", context)


@requires(Permission.ACCOUNTS_MANAGE)
@require_safe
def account(request: Request, pk: int) -> HttpResponse:
    """One account with its roles, those that ended too."""
    user, by, now, partners = user_or_404(request, pk), request.user, clock.now(), administered(request)
    line, register = account_line(user, partners), PowerRegister(now)
    standing = register.standing(by, user)
    is_alone = standing is AccountStanding.ALONE
    context = {
        "line": line,
        "state": state_of(user),
        "is_alone": is_alone,
        "is_own": user.pk == by.pk,
        "may_close": not actions.refusal(lambda: actions.check_closing(user=user, by=by, now=now)),
        "has_factor": not actions.refusal(lambda: actions.check_factor(user=user, by=by)),
        "may_ask": standing is not AccountStanding.NONE,
        "who_can": "" if is_alone else actions.who_administers(register.administrators(user)),
        "roles": roles_to_end(line, by, partners, register),
        "asked": [in_words(row) for row in waiting_for(user, by, now) if row.is_role],
        "shielded_for": SHIELDED_FOR.days,
        "partners": partners,
        "crumbs": account_crumbs(request, (user.username, None)),
    }
    return render(request, "members/account.html", context)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def invite(request: Request, pk: int) -> HttpResponse:
    """Opens an account for a person: user name, first role, mail with a link."""
    partners = {partner.authority_id: partner for partner in administered(request)}
    person = get_object_or_404(persons_of_partners(partners.values()), pk=pk)
    partner = partners[person.employer_id]
    form = AccountInviteForm(request.POST or None, partner=partner, initial={"address": person.email})
    here = url_of(request, "person", person.pk)

    def perform() -> Done:
        person.email = form.cleaned_data["address"]
        actions.invite_account(person=person, place=partner, **form.first_role, by=request.user, now=clock.now())
        return f"Das Konto „{form.cleaned_data['username']}“ ist angelegt. Die Einladung wird zugestellt.", here

    def consequences() -> list[str]:
        typed = form.cleaned_data
        actions.check_invitation(
            person=person,
            username=typed["username"],
            role=typed["role"],
            address=typed["address"],
            by=request.user,
            now=clock.now(),
        )
        waits = "Diese Rolle gilt erst, wenn eine andere Person sie bestätigt hat. Bis dahin hat das Konto keine Rolle."
        until = f" bis zum {day(typed['last_on'])}" if typed["last_on"] else ""
        return [
            f"{person} bekommt das Konto „{typed['username']}“ mit der Rolle {ROLES[typed['role']].title}{until}.",
            *([waits] if needs_two(typed["role"]) else []),
            f"An {person.email} geht eine Mail mit einem Link. Damit legt die Person ihr Passwort fest.",
            "Bis dahin kann sich niemand mit diesem Konto anmelden.",
        ]

    act = Act(
        heading="Konto einladen",
        above=f"{person}, {partner.short_name}",
        submit="Konto anlegen und Einladung senden",
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=person_crumbs(request, person, "Konto einladen"),
    )
    return in_two_steps(request, form, act)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def invite_again(request: Request, pk: int) -> HttpResponse:
    """A fresh link for somebody whose link has expired."""
    user = user_or_404(request, pk)
    here = url_of(request, "account", user.pk)

    def perform() -> Done:
        actions.invite_again(user=user, agreement=request.agreement, by=request.user, now=clock.now())
        return "Die Einladung wird noch einmal zugestellt.", here

    def check() -> None:
        actions.check_invitation_again(user=user, by=request.user, now=clock.now())

    if sentence := actions.refusal(check):
        return turned_back(request, sentence, here)
    act = Act(
        heading="Einladung noch einmal senden",
        submit="Einladung senden",
        consequences=lambda: [f"An {user.email or 'das Konto'} geht eine Mail mit einem neuen Link."],
        perform=perform,
        cancel_url=here,
        crumbs=account_crumbs(request, (user.username, here), ("Einladung", None)),
    )
    return after_asking(request, act)
