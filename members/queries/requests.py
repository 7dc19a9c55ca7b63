"""Requests as a person sees them: what waits for whom, what was decided lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from kok.models import User
from members.models import AccountRequest
from members.queries.power import PowerRegister, names_of
from members.rules import power
from members.rules.codes import AccountRequestState


@dataclass(frozen=True)
class AccountRequestLine:
    """An open request as it concerns one person: whether he confirms it, why not, and who does."""

    request: AccountRequest
    may_confirm: bool
    is_own: bool
    obstacle: str
    confirmers: tuple[str, ...]

    @property
    def ends_at(self) -> datetime:
        """Until when it can be confirmed."""
        return power.ends_at(self.request.given_at)


SHOWN_FOR = timedelta(days=30)
_SHOWN = ("user__person", "given_by__person", "partner__authority", "partner__agreement", "authority", "agreement")


def _shown(requests: QuerySet[AccountRequest]) -> QuerySet[AccountRequest]:
    return requests.select_related(*_SHOWN)


def _line(register: PowerRegister, request: AccountRequest, user: User) -> AccountRequestLine:
    confirmers = register.confirmers(request)
    return AccountRequestLine(
        request=request,
        may_confirm=user.pk in confirmers,
        is_own=user.pk == request.given_by_id,
        obstacle=register.obstacle(request, user),
        confirmers=tuple(names_of(confirmers)),
    )


def requests_of(user: User, now: datetime) -> list[AccountRequestLine]:
    """The open requests that concern a person; one query where there is none in the whole installation."""
    register = PowerRegister(now)
    return [
        _line(register, row, user)
        for row in _shown(AccountRequest.objects.waiting(now))
        if register.concerns(row, user)
    ]


def waiting_for(account: User, user: User, now: datetime) -> list[AccountRequest]:
    """What waits for an account, of what this person may know: his own account, and what concerns him."""
    rows, register = _shown(AccountRequest.objects.waiting(now).filter(user=account)), PowerRegister(now)
    return [row for row in rows if account == user or register.concerns(row, user)]


def request_for(user: User, pk: int, now: datetime) -> AccountRequest | None:
    """A request that concerns this person, decided or not; None where there is none for him."""
    found = _shown(AccountRequest.objects.filter(pk=pk)).first()
    return found if found and PowerRegister(now).concerns(found, user) else None


def decided_lately(user: User, now: datetime) -> list[AccountRequest]:
    """What became of the requests that this person asked for or decided, in the last 30 days.

    Of those that lapsed also what he could have confirmed.
    """
    wanted = Q(given_by=user) | Q(decided_by=user) | Q(state=AccountRequestState.LAPSED)
    found = AccountRequest.objects.filter(wanted, decided_at__gt=now - SHOWN_FOR).order_by("-decided_at")
    rows, register = _shown(found).select_related("decided_by__person"), PowerRegister(now)
    return [row for row in rows if user.pk in (row.given_by_id, row.decided_by_id) or register.concerns(row, user)]


def requests_by(user: User, now: datetime) -> dict[str, int]:
    """How many requests of a person wait, and how many he asked in the last 24 hours."""
    asked = AccountRequest.objects.filter(given_by=user, given_at__gt=now - timedelta(days=1))
    return {"waiting": AccountRequest.objects.waiting(now).filter(given_by=user).count(), "asked_lately": asked.count()}


def requests_to_confirm(user: User, now: datetime) -> int:
    """How many requests wait for this person."""
    return sum(line.may_confirm for line in requests_of(user, now))
