"""What waits for a second person: seen, confirmed, refused, withdrawn, by registrars and by Technik."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, installation, requires
from kok.requests import Crumbs, Request, or_404
from kok.step_pages import Act, after_asking, in_two_steps, turned_back
from members import actions
from members.forms import RefuseForm
from members.pages.requests import (
    ENDS,
    address_in_words,
    asked_by,
    role_of,
    summary,
    what_happens,
    who_is_told,
    who_it_is,
)
from members.queries.accounts import name_of
from members.queries.identities import identities_of
from members.queries.power import PowerRegister
from members.queries.requests import SHOWN_FOR, AccountRequestLine, decided_lately, request_for, requests_of
from members.rules.power import WAITS
from members.views.lookup import require_read_or_post, url_of
from members.views.tabs import tabs

if TYPE_CHECKING:
    from members.models import AccountRequest


@dataclass(frozen=True)
class RequestDesk:
    """Where requests are decided: the pages of an agreement, or those of the installation."""

    request: Request
    space: str
    args: tuple[str, ...]
    above: tuple[str, str]

    def url(self, name: str, *args: object) -> str:
        """A page of this desk."""
        return reverse(f"{self.space}:{name}", args=[*self.args, *args])

    def crumbs(self, last: str) -> Crumbs:
        """The way to a page of this desk."""
        return [self.above, ("Zu bestätigen", self.url("requests")), (last, None)]

    def asked(self, pk: int) -> "AccountRequest":
        """The request with this number, as far as it concerns this person."""
        return or_404(request_for(self.request.user, pk, clock.now()))

    def turned_back(self, check: Callable[[], None]) -> HttpResponse | None:
        """No page that promises what the last click would refuse."""
        sentence = actions.refusal(check) if self.request.method != "POST" else ""
        return turned_back(self.request, sentence, self.url("requests")) if sentence else None

    def act(
        self, row: "AccountRequest", heading: str, told: list[str], do: Callable[[], None], done: str, seen: str = ""
    ) -> Act:
        """One way to decide; `done` continues what is asked for, and for whom."""

        def perform() -> tuple[str, str]:
            do()
            return f"{summary(row)} für „{row.user.username}“ ist {done}.", self.url("requests")

        return Act(
            heading=heading,
            above=f"{summary(row)}, Konto „{row.user.username}“",
            submit=heading,
            consequences=lambda: [*told, asked_by(row)],
            perform=perform,
            cancel_url=self.url("requests"),
            crumbs=self.crumbs(heading),
            seen=seen,
        )


def _in_agreement(request: Request) -> RequestDesk:
    above = ("Mitglieder und Gremien", url_of(request, "seats"))
    return RequestDesk(request, "members", (request.agreement.slug,), above)


def _of_installation(request: Request) -> RequestDesk:
    return RequestDesk(request, "accounts", (), ("Konten", reverse("accounts:list")))


def _list(desk: RequestDesk, **more: object) -> HttpResponse:
    request, now = desk.request, clock.now()
    context = {
        "lines": [_line(desk, line) for line in requests_of(request.user, now)],
        "decided": [(row, summary(row)) for row in decided_lately(request.user, now)],
        "waits": WAITS.days,
        "shown_for": SHOWN_FOR.days,
        "above": desk.above[0],
        "crumbs": [desk.above, ("Zu bestätigen", None)],
    }
    return render(request, "members/requests.html", context | more)


def _line(desk: RequestDesk, line: AccountRequestLine) -> dict[str, object]:
    row = line.request
    return {
        "line": line,
        "summary": summary(row),
        "opens": role_of(row)[1],
        "who": name_of(row.user),
        "giver": name_of(row.given_by),
        "urls": {act: desk.url(f"request-{act}", row.pk) for act in ("confirm", "refuse", "withdraw")},
    }


def _confirm(desk: RequestDesk, pk: int) -> HttpResponse:
    request, row, now = desk.request, desk.asked(pk), clock.now()
    people = identities_of(row, now)

    def do() -> None:
        actions.confirm(request=row, by=request.user, seen=request.POST.get("seen", ""), now=clock.now())

    if back := desk.turned_back(lambda: actions.check_confirmation(row, by=request.user, now=now)):
        return back
    told = [*what_happens(row, clock.today()), address_in_words(row.user), *who_it_is(people)]
    if row.is_role:
        told += PowerRegister(now).warnings(row)
    told.append(who_is_told(row.user))
    return after_asking(request, desk.act(row, "Bestätigen", told, do, "bestätigt", people.fingerprint))


def _refuse(desk: RequestDesk, pk: int) -> HttpResponse:
    request, row = desk.request, desk.asked(pk)
    form = RefuseForm(request.POST or None)

    def do() -> None:
        actions.refuse(request=row, reason=form.cleaned_data["reason"], by=request.user, now=clock.now())

    if back := desk.turned_back(lambda: actions.check_decision(row, by=request.user, now=clock.now())):
        return back
    told = [ENDS, "Wer es beantragt hat, bekommt eine Mail."]
    return in_two_steps(request, form, desk.act(row, "Ablehnen", told, do, "abgelehnt"))


def _withdraw(desk: RequestDesk, pk: int) -> HttpResponse:
    request, row = desk.request, desk.asked(pk)

    def do() -> None:
        actions.withdraw(request=row, by=request.user, now=clock.now())

    if back := desk.turned_back(lambda: actions.check_withdrawal(row, by=request.user)):
        return back
    return after_asking(request, desk.act(row, "Zurücknehmen", [ENDS], do, "nicht mehr beantragt"))


@requires(Permission.ACCOUNTS_MANAGE)
@require_safe
def waiting(request: Request) -> HttpResponse:
    """What waits for a registrar, or for somebody else because he asked for it."""
    return _list(_in_agreement(request), tabs=tabs(request))


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def confirm(request: Request, pk: int) -> HttpResponse:
    """The second pair of eyes."""
    return _confirm(_in_agreement(request), pk)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def refuse(request: Request, pk: int) -> HttpResponse:
    """Refuses with a reason."""
    return _refuse(_in_agreement(request), pk)


@requires(Permission.ACCOUNTS_MANAGE)
@require_read_or_post
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Takes one's own request back."""
    return _withdraw(_in_agreement(request), pk)


@installation(Permission.ACCOUNTS_ADMIN)
@require_safe
def waiting_for_technik(request: Request) -> HttpResponse:
    """What falls to Technik: where no other registrar may confirm, and roles of Technik."""
    return _list(_of_installation(request))


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def confirm_by_technik(request: Request, pk: int) -> HttpResponse:
    """The second pair of eyes."""
    return _confirm(_of_installation(request), pk)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def refuse_by_technik(request: Request, pk: int) -> HttpResponse:
    """Refuses with a reason."""
    return _refuse(_of_installation(request), pk)


@installation(Permission.ACCOUNTS_ADMIN)
@require_read_or_post
def withdraw_by_technik(request: Request, pk: int) -> HttpResponse:
    """Takes one's own request back."""
    return _withdraw(_of_installation(request), pk)
