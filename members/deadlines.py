"""Who is reminded of requests that wait for a second person: those who may confirm. That one ended, `lapsing` tells."""

from collections.abc import Iterator
from datetime import date, datetime, time

from kok.clock import BERLIN
from kok.reminders import Due
from kok.words import local_day
from members.models import AccountRequest
from members.queries.power import PowerRegister, undecided
from members.rules.power import REMIND_BEFORE, ends_at

ENDING = "reminder.request"


def reminders_due(today: date) -> Iterator[Due]:
    """Three days before a request ends, those who may confirm it."""
    register = PowerRegister(datetime.combine(today, time(), BERLIN))
    for request in undecided():
        last_on = local_day(ends_at(request.given_at))
        if last_on - REMIND_BEFORE <= today <= last_on:
            yield from (_due(request, last_on, user) for user in sorted(register.confirmers(request)))


def _due(request: AccountRequest, last_on: date, user: int) -> Due:
    """The address is looked up when the mail goes out."""
    context = {"user": user, "object": request.pk}
    return Due(ENDING, f"request-{request.pk}", last_on, "ending", str(user), "", context)
