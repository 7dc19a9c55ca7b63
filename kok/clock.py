"""The only module that asks the time. Everything else takes a moment or a day as an argument."""

import time
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings

BERLIN = ZoneInfo("Europe/Berlin")


@cache
def _shift(moved_to: str) -> timedelta:
    """How far `KOK_NOW` moves the clock, fixed at the first question so that time goes on running."""
    target = datetime.fromisoformat(moved_to)
    if target.tzinfo is None:
        target = target.replace(tzinfo=BERLIN)
    return target - datetime.fromtimestamp(time.time(), UTC)


def now() -> datetime:
    """The present moment in UTC; in demo and tests moved by `KOK_NOW` (ISO, Europe/Berlin when it names no zone)."""
    real = datetime.fromtimestamp(time.time(), UTC)
    return real + _shift(settings.KOK_NOW) if settings.KOK_NOW else real


def today() -> date:
    """The calendar day in Hessen."""
    return now().astimezone(BERLIN).date()
