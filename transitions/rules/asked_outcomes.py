"""When the receiving unit is asked for outcomes that are missing, list by list.

Punkt 8b names no day for them, so the days are a proposal. The month in which school ends is sealed with the person,
and what reminds people opens nothing: it goes by the list, whose leavers are those of the following year (2.3).
"""

from dataclasses import dataclass
from datetime import date

from kok.workdays import Policy, due
from transitions.rules.retention import last_day_of


@dataclass(frozen=True)
class AskedOn:
    """One reminder: its name, and the workday from which it stands."""

    name: str
    day: date


def asked_on(list_year: int, today: date) -> AskedOn | None:
    """The latest reminder that stands on a day; None before the first, and when everybody on the list is erased.

    When the school year of the leavers is over (it ends on 31.07.), when their calendar year is, and half a year before
    their data go at the latest: an outcome that was not said then never is.
    """
    if today > last_day_of(list_year):
        return None
    leaving = list_year + 1
    days = {
        "school-year": date(leaving, 8, 1),
        "calendar-year": date(leaving + 1, 1, 1),
        "last-half-year": date(leaving + 1, 7, 1),
    }
    reached = [AskedOn(name, due(day, Policy.ROLL_FORWARD)) for name, day in days.items()]
    return next((each for each in reversed(reached) if each.day <= today), None)
