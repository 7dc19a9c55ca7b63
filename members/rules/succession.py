"""Who follows whom on a seat (Punkt 1, Anlage 1): a change of person is no amendment of the agreement.

Periods are half-open: `ends_before` is the first day after, None when the end is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from kok import words
from kok.errors import require
from members.rules.leaving import NOTHING_CHANGED, Span


@dataclass(frozen=True)
class Holding:
    """Somebody on a seat in one capacity. `key` and `person` are numbers."""

    key: int
    person: int
    name: str
    starts_on: date
    ends_before: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this is in force on a day."""
        return Span(self.starts_on, self.ends_before).covers(day)


def predecessor(holdings: Iterable[Holding], *, person: int, from_on: date) -> Holding | None:
    """The holding that ends on the day before `from_on`, or None where the seat is vacant then.

    Raises Refused when the person already holds the seat on that day, when somebody began on exactly that day
    (his period would be empty), or when somebody is to begin later.
    """
    holdings = list(holdings)
    current = next((holding for holding in holdings if holding.covers(from_on)), None)
    if current:
        require(
            current.person != person,
            f"{current.name} ist an diesem Tag schon eingetragen, seit dem {words.day(current.starts_on)}. "
            f"{NOTHING_CHANGED}",
        )
        require(
            current.starts_on != from_on,
            f"{current.name} ist seit genau diesem Tag eingetragen. {NOTHING_CHANGED} Wählen Sie einen späteren "
            "Beginn.",
        )
    for later in sorted(holdings, key=attrgetter("starts_on")):
        require(
            later.starts_on <= from_on,
            f"Ab dem {words.day(later.starts_on)} ist schon {later.name} eingetragen. {NOTHING_CHANGED} "
            "Wählen Sie einen Beginn nach diesem Tag.",
        )
    return current


def end_after(last_on: date, *, starts_on: date, ends_before: date | None, may_go_on: bool = False) -> date:
    """The new exclusive end of something that shall last until `last_on` inclusive.

    Raises Refused when it would end before it began, or when it ends on that day or earlier anyway. Where it may go on
    after all, because its end can be taken back, the same day is an end of its own.
    """
    require(
        last_on >= starts_on,
        f"Dieser Tag liegt vor dem Beginn am {words.day(starts_on)}. {NOTHING_CHANGED} Wählen Sie einen späteren Tag.",
    )
    ends_on = (ends_before or date.max) - timedelta(days=1)
    require(
        last_on < ends_on or (may_go_on and last_on == ends_on),
        f"Das endet schon am {words.day(ends_on)}. {NOTHING_CHANGED} Wählen Sie einen früheren Tag.",
    )
    return last_on + timedelta(days=1)


def check_seat_exists(from_on: date, *, starts_on: date, ends_before: date | None) -> None:
    """Raises Refused for a day on which the seat does not exist."""
    require(
        from_on >= starts_on,
        f"Diesen Sitz gibt es erst seit dem {words.day(starts_on)}. {NOTHING_CHANGED} Wählen Sie einen späteren Tag.",
    )
    ends_on = (ends_before or date.max) - timedelta(days=1)
    require(
        from_on <= ends_on,
        f"Diesen Sitz gibt es nur bis zum {words.day(ends_on)}. {NOTHING_CHANGED} "
        "Wählen Sie einen früheren Tag oder legen Sie einen neuen Sitz an.",
    )
