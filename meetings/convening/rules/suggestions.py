"""Days that the application proposes: nothing here is law or agreed."""

from collections.abc import Iterable
from datetime import date, timedelta

from kok.workdays import Policy, due

ANSWER_DAYS = 7


def days_near(day: date, today: date, extra_holidays: Iterable[date] = ()) -> tuple[date, ...]:
    """The workdays before and after a day on which nobody meets, none of them in the past.

    Raises Refused outside 1991 to 2100.
    """
    extra = frozenset(extra_holidays)
    wished = max(day, today + timedelta(days=1))
    found = {due(wished, Policy.ROLL_BACK, extra), due(wished, Policy.ROLL_FORWARD, extra)}
    return tuple(sorted(near for near in found if near > today))


def answer_by(meets_on: date, dispatch_on: date, extra_holidays: Iterable[date] = ()) -> date | None:
    """Until when an answer is asked for: a week before the meeting; None when that is too soon after dispatch."""
    asked = due(meets_on - timedelta(days=ANSWER_DAYS), Policy.ROLL_BACK, extra_holidays)
    return asked if asked > dispatch_on else None
