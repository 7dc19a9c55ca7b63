"""Who is reminded of requests that wait for a second person: those who may confirm, and then who asked."""

from collections.abc import Iterator
from datetime import date, datetime, time

from kok.clock import BERLIN
from kok.reminders import Due
from members.models import AccountRequest
from members.queries.power import Register, undecided
from members.rules.power import REMIND_BEFORE, TELL_FOR, ends_at

ENDING, TOLD, ENDED = "reminder.request", "power.told", "request-ended"


def reminders_due(today: date) -> Iterator[Due]:
    """Three days before a request ends, those who may confirm it; on the day after its end, who asked for it."""
    requests = [(request, _last_day(request)) for request in undecided()]
    yield from _endings([pair for pair in requests if pair[1] - REMIND_BEFORE <= today <= pair[1]], today)
    for request, last_on in requests:
        if last_on < today <= last_on + TELL_FOR:
            yield _due(TOLD, request, last_on, "ended", request.given_by_id)


def _endings(requests: list[tuple[AccountRequest, date]], today: date) -> Iterator[Due]:
    if not requests:
        return
    register = Register(datetime.combine(today, time(), BERLIN))
    for request, last_on in requests:
        for user in sorted(register.confirmers(request) if register.may_ask(request) else ()):
            yield _due(ENDING, request, last_on, "ending", user)


def _last_day(request: AccountRequest) -> date:
    """The day in whose course it ends."""
    return ends_at(request.given_at).astimezone(BERLIN).date()


def _due(kind: str, request: AccountRequest, last_on: date, stage: str, user: int) -> Due:
    """The address is looked up when the mail goes out."""
    context = {"user": user, "what": ENDED, "is_own": False, "object": request.pk}
    return Due(kind, f"request-{request.pk}", last_on, stage, str(user), "", context)
