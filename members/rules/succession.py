"""Who follows whom on a seat (Punkt 1, Anlage 1): a change of person is no amendment of the agreement.

Periods are half-open: `ends_before` is the first day after, None when the end is open.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from kok.errors import Refused, require

NOTHING_CHANGED = "Es wurde nichts geändert."


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
        return self.starts_on <= day and (self.ends_before is None or day < self.ends_before)


def predecessor(holdings: Iterable[Holding], *, person: int, from_on: date) -> Holding | None:
    """The holding that ends on the day before `from_on`, or None where the seat is vacant then.

    Raises Refused when the person already holds the seat on that day, when somebody began on exactly that day
    (his period would be empty), or when somebody is to begin later.
    """
    holdings = list(holdings)
    current = next((holding for holding in holdings if holding.covers(from_on)), None)
    if current and current.person == person:
        raise Refused(
            f"{current.name} ist an diesem Tag schon eingetragen, seit dem {current.starts_on:%d.%m.%Y}. "
            f"{NOTHING_CHANGED}"
        )
    if current and current.starts_on == from_on:
        raise Refused(
            f"{current.name} ist seit genau diesem Tag eingetragen. {NOTHING_CHANGED} Wählen Sie einen späteren Beginn."
        )
    later = min((holding for holding in holdings if holding.starts_on > from_on), key=_start, default=None)
    if later:
        raise Refused(
            f"Ab dem {later.starts_on:%d.%m.%Y} ist schon {later.name} eingetragen. {NOTHING_CHANGED} "
            "Wählen Sie einen Beginn nach diesem Tag."
        )
    return current


def _start(holding: Holding) -> date:
    return holding.starts_on


def end_after(last_on: date, *, starts_on: date, ends_before: date | None, may_go_on: bool = False) -> date:
    """The new exclusive end of something that shall last until `last_on` inclusive.

    Raises Refused when it would end before it began, or when it ends on that day or earlier anyway. Where it may go on
    after all, because its end can be taken back, the same day is an end of its own.
    """
    require(
        last_on >= starts_on,
        f"Dieser Tag liegt vor dem Beginn am {starts_on:%d.%m.%Y}. {NOTHING_CHANGED} Wählen Sie einen späteren Tag.",
    )
    end = last_on + timedelta(days=1)
    if ends_before is not None and (end > ends_before or (end == ends_before and not may_go_on)):
        raise Refused(
            f"Das endet schon am {ends_before - timedelta(days=1):%d.%m.%Y}. {NOTHING_CHANGED} "
            "Wählen Sie einen früheren Tag."
        )
    return end


def check_seat_exists(from_on: date, *, starts_on: date, ends_before: date | None) -> None:
    """Raises Refused for a day on which the seat does not exist."""
    require(
        from_on >= starts_on,
        f"Diesen Sitz gibt es erst seit dem {starts_on:%d.%m.%Y}. {NOTHING_CHANGED} Wählen Sie einen späteren Tag.",
    )
    if ends_before is not None and from_on >= ends_before:
        raise Refused(
            f"Diesen Sitz gibt es nur bis zum {ends_before - timedelta(days=1):%d.%m.%Y}. {NOTHING_CHANGED} "
            "Wählen Sie einen früheren Tag oder legen Sie einen neuen Sitz an."
        )
