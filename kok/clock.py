"""The only module that asks the time. Everything else takes a moment or a day as an argument."""

import time
from datetime import UTC, date, datetime, timedelta
from functools import cache

from django.conf import settings

from kok import words

BERLIN = words.BERLIN


@cache
def _shift(moved_to: str, since: float) -> timedelta:
    """How far `KOK_NOW` moves the clock, fixed at the first question so that time goes on running.

    `since` is when the clock was moved, on the clock of the machine (`time.monotonic`): web and worker must agree,
    or a mail of one lies in the future of the other. 0 means now.
    """
    target = _moment(moved_to)
    passed = timedelta(seconds=time.monotonic() - since if since else 0)
    return target + passed - datetime.fromtimestamp(time.time(), UTC)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)


def put_to() -> datetime | None:
    """The moment to which somebody put the clock when this demo started; None where it goes as it always did.

    No night passed between what was written down before and that moment.
    """
    return _moment(settings.KOK_NOW) if settings.KOK_NOW and settings.KOK_NOW_SINCE else None


def now() -> datetime:
    """The present moment in UTC; in demo and tests moved by `KOK_NOW` (ISO, Europe/Berlin when it names no zone)."""
    # The shift comes first: what fixing it takes has passed, or the first moment lies before the clock was moved.
    shift = _shift(settings.KOK_NOW, settings.KOK_NOW_SINCE) if settings.KOK_NOW else timedelta()
    return datetime.fromtimestamp(time.time(), UTC) + shift


def today() -> date:
    """The calendar day in Hessen."""
    return now().astimezone(BERLIN).date()


def machine_now() -> datetime:
    """The moment by the clock of the machine, in UTC: sessions and counted attempts last by it."""
    return datetime.fromtimestamp(time.time(), UTC)


def machine_seconds() -> float:
    """The clock of the machine in seconds, which nothing moves: one-time codes and their proofs count by it."""
    return time.time()


def seconds_since(moment: float) -> float:
    """How long ago a moment of `machine_seconds` is."""
    return time.time() - moment
