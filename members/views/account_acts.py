"""What is done to an account itself: closed, opened, its lost factor mended. The same for registrars and for Technik.

Whoever does not administer the account alone asks for it, and a second person confirms.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, installation, requires
from kok.requests import Request
from members import actions
from members.queries import accounts as queries
from members.queries.access import own_partners
from members.queries.power import PowerRegister
from members.rules.power import AccountStanding
from members.views.steps import Act, Crumbs, after_asking, turned_back

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
TWO = "Das können Sie nicht allein: Sie beantragen es, und eine zweite Person bestätigt es innerhalb von 14 Tagen."


class AccountDesk:
    """Where somebody acts on an account: on its page in an agreement, or on the list of the installation."""

    def __init__(self, request: Request, pk: int) -> None:
        self.request = request
        agreement = getattr(request, "agreement", None)
        if agreement is None:
            self.user: Any = get_object_or_404(queries.accounts(), pk=pk)
            self.here = self.requests = reverse("accounts:list")
            self.requests = reverse("accounts:requests")
            self.above: Crumbs = [("Konten", self.here)]
            return
        partners = own_partners(request.user, Permission.ACCOUNTS_MANAGE, agreement)
        self.user = get_object_or_404(queries.users_of_partners(partners), pk=pk)
        self.here = reverse("members:account", args=[agreement.slug, pk])
        self.requests = reverse("members:requests", args=[agreement.slug])
        overview = reverse("members:accounts", args=[agreement.slug])
        self.above = [("Konten und Rollen", overview), (self.user.username, self.here)]

    @property
    def is_alone(self) -> bool:
        """Whether this person administers the account alone."""
        return PowerRegister(clock.now()).standing(self.request.user, self.user) is AccountStanding.ALONE

    def act(
        self,
        heading: str,
        consequences: list[str],
        perform: Callable[[], tuple[str, str]],
        check: Callable[[], None],
    ) -> HttpResponse:
        """The page that asks, unless `check` refuses already, and the act."""
        if self.request.method != "POST" and (sentence := actions.refusal(check)):
            return turned_back(self.request, sentence, self.here)
        act = Act(
            heading=f"{heading}: {self.user.username}",
            submit=heading,
            consequences=lambda: consequences,
            perform=perform,
            cancel_url=self.here,
            crumbs=[*self.above, (heading, None)],
        )
        return after_asking(self.request, act)


def _close(desk: AccountDesk) -> HttpResponse:
    def perform() -> tuple[str, str]:
        actions.close_account(user=desk.user, by=desk.request.user, now=clock.now())
        return f"Das Konto „{desk.user.username}“ ist gesperrt.", desk.here

    told = [
        "Wer gerade angemeldet ist, kommt mit dem nächsten Klick nicht weiter.",
        "Nichts wird gelöscht. Wer das Konto verwaltet, kann es wieder freigeben.",
    ]
    checked: Any = {"user": desk.user, "by": desk.request.user, "now": clock.now()}
    return desk.act("Konto sperren", told, perform, lambda: actions.check_closing(**checked))


def _open(desk: AccountDesk) -> HttpResponse:
    is_alone = desk.is_alone and not actions.is_closed_in_a_hurry(desk.user, clock.now())
    told = ["Das Konto kann sich wieder anmelden, mit seinem Passwort und seinen Rollen."]

    def perform() -> tuple[str, str]:
        values: Any = {"user": desk.user, "by": desk.request.user, "now": clock.now()}
        if is_alone:
            actions.open_account(**values)
            return f"Das Konto „{desk.user.username}“ ist freigegeben.", desk.here
        actions.ask_opening(**values)
        return f"Die Freigabe von „{desk.user.username}“ ist beantragt.", desk.requests

    heading = "Konto freigeben" if is_alone else "Freigabe beantragen"
    checked: Any = {"user": desk.user, "by": desk.request.user}
    return desk.act(heading, told if is_alone else [*told, TWO], perform, lambda: actions.check_opening(**checked))


def _factor(desk: AccountDesk) -> HttpResponse:
    def perform() -> tuple[str, str]:
        actions.ask_factor(user=desk.user, by=desk.request.user, now=clock.now())
        return f"Für „{desk.user.username}“ ist beantragt, den zweiten Faktor zu entfernen.", desk.requests

    told = [
        "Der zweite Faktor wird entfernt, alle Sitzungen des Kontos enden.",
        "Danach richtet die Person mit ihrem Passwort einen neuen ein.",
        TWO,
    ]
    checked: Any = {"user": desk.user, "by": desk.request.user}
    return desk.act("Verlorenen zweiten Faktor melden", told, perform, lambda: actions.check_factor(**checked))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def close(request: Request, pk: int) -> HttpResponse:
    """Closes an account at once."""
    return _close(AccountDesk(request, pk))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def open_again(request: Request, pk: int) -> HttpResponse:
    """Opens a closed account, or asks for it."""
    return _open(AccountDesk(request, pk))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def factor(request: Request, pk: int) -> HttpResponse:
    """Asks that a lost factor is taken off."""
    return _factor(AccountDesk(request, pk))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def close_by_technik(request: Request, pk: int) -> HttpResponse:
    """Closes an account at once: somebody must be able to in a hurry."""
    return _close(AccountDesk(request, pk))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def open_by_technik(request: Request, pk: int) -> HttpResponse:
    """Opens a closed account of Technik, asks for that of others."""
    return _open(AccountDesk(request, pk))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def factor_by_technik(request: Request, pk: int) -> HttpResponse:
    """Asks that a lost factor is taken off, such as that of the only registrar of a partner."""
    return _factor(AccountDesk(request, pk))
