"""Requests that nobody can confirm any more: each lapses once, with a line in the trail, and is told.

At once where an act is the cause, and by the sweep where a day or hour comes.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kok import audit, clock
from kok.errors import Refused, first_problem
from kok.jobs import Work
from kok.models import User
from members.actions import notices
from members.actions.roles import asked_for, slug_of
from members.models import AccountRequest
from members.queries.power import PowerRegister, undecided
from members.rules.codes import AccountRequestState
from members.rules.power import WAITS, ends_at

TASK = "kok.lapse_request"
LEAVES = "Für die Person ist das Ausscheiden eingetragen."


def why_vain(request: AccountRequest, register: PowerRegister) -> str:
    """Why nobody can confirm an open request any more, as a sentence; "" while somebody can."""
    return first_problem(
        (register.now >= ends_at(request.given_at), f"In {WAITS.days} Tagen hat es niemand bestätigt."),
        (not register.may_ask(request), "Wer es beantragt hat, dürfte es heute nicht mehr."),
        (request.is_role and not request.user.is_active, "Das Konto ist gesperrt."),
    )


def check_open(request: AccountRequest) -> None:
    """Raises Refused for a request that is decided, and says of one that lapsed why."""
    if request.state == AccountRequestState.OPEN:
        return
    why = f": {request.reason}" if request.state == AccountRequestState.LAPSED else "."
    raise Refused(f"Dieser Antrag ist schon {request.get_state_display()}{why} Es wurde nichts geändert.")


def lapse(request: AccountRequest, *, reason: str, now: datetime) -> None:
    """Ends a locked open request; one whose time was over ended then. Part of a transaction."""
    is_expired = now >= ends_at(request.given_at)
    request.state, request.reason = AccountRequestState.LAPSED, reason
    request.decided_at = min(now, ends_at(request.given_at))
    request.save()
    note = f"{asked_for(request)}, beantragt von Konto {request.given_by_id}. {reason}"
    audit.record(by=None, action="request.lapsed", obj=request, agreement=slug_of(request), note=note, now=now)
    notices.tell_lapsed(request, is_expired=is_expired, now=now)


def lapse_vain(user: User, *, now: datetime) -> None:
    """Ends what became vain because somebody lost a role, or an account was closed: given by it or for it."""
    mine = undecided().filter(Q(given_by=user) | Q(user=user)).select_for_update(of=("self",))
    for request, reason in _vain(mine, now):
        lapse(request, reason=reason, now=now)


@transaction.atomic
def carry_out(number: str, now: datetime) -> None:
    """Ends a request that became vain by time; once, however often it is asked."""
    for request, reason in _vain(undecided().filter(pk=number).select_for_update(of=("self",)), now):
        lapse(request, reason=reason, now=now)


def vain_requests() -> list[str]:
    """The keys of open requests that nobody can confirm any more."""
    return [str(request.pk) for request, _ in _vain(undecided(), clock.now())]


def _vain(requests: Iterable[AccountRequest], now: datetime) -> list[tuple[AccountRequest, str]]:
    """Those of these that nobody can confirm any more, each with why."""
    register = PowerRegister(now)
    return [(request, reason) for request in requests if (reason := why_vain(request, register))]


WORK = Work(carry_out, vain_requests)
