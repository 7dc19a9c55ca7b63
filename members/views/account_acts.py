"""What is done to an account itself: closed, opened, its lost factor mended. The same for registrars and for Technik.

Whoever does not administer the account alone asks for it, and a second person confirms.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from kok import clock
from kok.access import Permission, installation, requires
from kok.requests import Crumbs, Request
from kok.step_pages import Act, Done, after_asking, turned_back
from members import actions
from members.queries import accounts as queries
from members.queries.power import PowerRegister
from members.rules.power import WAITS, AccountStanding
from members.views.lookup import account_crumbs, require_read_or_post, url_of, user_or_404

if TYPE_CHECKING:
    from kok.models import User

TWO = (
    "Das können Sie nicht allein: Sie beantragen es, und eine zweite Person bestätigt es innerhalb von "
    f"{WAITS.days} Tagen."
)


class AccountDesk:
    """Where somebody acts on an account: on its page in an agreement, or on the list of the installation."""

    def __init__(self, request: Request, user: "User", here: str, requests: str, above: Crumbs) -> None:
        self.request, self.user, self.here, self.requests, self.above = request, user, here, requests, above

    def act(
        self,
        heading: str,
        consequences: list[str],
        perform: Callable[[], Done],
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


def _in_agreement(request: Request, pk: int) -> AccountDesk:
    user, here = user_or_404(request, pk), url_of(request, "account", pk)
    above = account_crumbs(request, (user.username, here))[1:]
    return AccountDesk(request, user, here, url_of(request, "requests"), above)


def _of_installation(request: Request, pk: int) -> AccountDesk:
    user, here = get_object_or_404(queries.accounts(), pk=pk), reverse("accounts:list")
    return AccountDesk(request, user, here, reverse("accounts:requests"), [("Konten", here)])


def _close(desk: AccountDesk) -> HttpResponse:
    user, by = desk.user, desk.request.user

    def perform() -> Done:
        actions.close_account(user=user, by=by, now=clock.now())
        return f"Das Konto „{user.username}“ ist gesperrt.", desk.here

    told = [
        "Wer gerade angemeldet ist, kommt mit dem nächsten Klick nicht weiter.",
        "Nichts wird gelöscht. Wer das Konto verwaltet, kann es wieder freigeben.",
    ]
    return desk.act("Konto sperren", told, perform, lambda: actions.check_closing(user=user, by=by, now=clock.now()))


def _open(desk: AccountDesk) -> HttpResponse:
    user, by, now = desk.user, desk.request.user, clock.now()
    is_alone = PowerRegister(now).standing(by, user) is AccountStanding.ALONE
    opens_alone = is_alone and not actions.is_closed_in_a_hurry(user, now)
    told = ["Das Konto kann sich wieder anmelden, mit seinem Passwort und seinen Rollen."]

    def opened() -> Done:
        actions.open_account(user=user, by=by, now=clock.now())
        return f"Das Konto „{user.username}“ ist freigegeben.", desk.here

    def asked() -> Done:
        actions.ask_opening(user=user, by=by, now=clock.now())
        return f"Die Freigabe von „{user.username}“ ist beantragt.", desk.requests

    def check() -> None:
        actions.check_opening(user=user, by=by)

    if opens_alone:
        return desk.act("Konto freigeben", told, opened, check)
    return desk.act("Freigabe beantragen", [*told, TWO], asked, check)


def _factor(desk: AccountDesk) -> HttpResponse:
    user, by = desk.user, desk.request.user

    def perform() -> Done:
        actions.ask_factor(user=user, by=by, now=clock.now())
        return f"Für „{user.username}“ ist beantragt, den zweiten Faktor zu entfernen.", desk.requests

    told = [
        "Der zweite Faktor wird entfernt, alle Sitzungen des Kontos enden.",
        "Danach richtet die Person mit ihrem Passwort einen neuen ein.",
        TWO,
    ]
    heading = "Verlorenen zweiten Faktor melden"
    return desk.act(heading, told, perform, lambda: actions.check_factor(user=user, by=by))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def close(request: Request, pk: int) -> HttpResponse:
    """Closes an account at once."""
    return _close(_in_agreement(request, pk))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def open_again(request: Request, pk: int) -> HttpResponse:
    """Opens a closed account, or asks for it."""
    return _open(_in_agreement(request, pk))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def factor(request: Request, pk: int) -> HttpResponse:
    """Asks that a lost factor is taken off."""
    return _factor(_in_agreement(request, pk))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def close_by_technik(request: Request, pk: int) -> HttpResponse:
    """Closes an account at once: somebody must be able to in a hurry."""
    return _close(_of_installation(request, pk))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def open_by_technik(request: Request, pk: int) -> HttpResponse:
    """Opens a closed account of Technik, asks for that of others."""
    return _open(_of_installation(request, pk))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def factor_by_technik(request: Request, pk: int) -> HttpResponse:
    """Asks that a lost factor is taken off, such as that of the only registrar of a partner."""
    return _factor(_of_installation(request, pk))
