"""Who is reminded of requests that wait for a second person: those who may confirm. That one ended, `lapsing` tells."""

from collections.abc import Iterator
from datetime import date, datetime, time

from kok.clock import BERLIN
from kok.reminders import Due
from members.models import AccountRequest
from members.queries.power import PowerRegister, undecided
from members.rules.power import REMIND_BEFORE, ends_at

ENDING = "reminder.request"


def reminders_due(today: date) -> Iterator[Due]:
    """Three days before a request ends, those who may confirm it."""
    requests = [(request, _last_day(request)) for request in undecided()]
    ending = [pair for pair in requests if pair[1] - REMIND_BEFORE <= today <= pair[1]]
    register = PowerRegister(datetime.combine(today, time(), BERLIN)) if ending else None
    for request, last_on in ending:
        for user in sorted(register.confirmers(request) if register else ()):
            yield _due(request, last_on, user)


def _last_day(request: AccountRequest) -> date:
    """The day in whose course it ends."""
    return ends_at(request.given_at).astimezone(BERLIN).date()


def _due(request: AccountRequest, last_on: date, user: int) -> Due:
    """The address is looked up when the mail goes out."""
    context = {"user": user, "object": request.pk}
    return Due(ENDING, f"request-{request.pk}", last_on, "ending", str(user), "", context)
