"""Leaving and roles for a period: what is left of a period, and from when on nobody would hold a thing any more.

Periods are half-open: `ends_before` is the first day after, None when the end is open. Nothing of it stands in the
agreement; how far back a last day may lie is ours (proposal).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter

from kok import words
from kok.errors import require
from kok.roles import RoleSlug

FARTHEST_BACK = timedelta(days=366)
NOTHING_CHANGED = "Es wurde nichts geändert."
# Roles for people of Anlage 1: members, their deputies, and the heads who approve. All others need no seat.
SEAT_ROLES = frozenset({RoleSlug.MEMBER, RoleSlug.APPROVER})


@dataclass(frozen=True)
class Span:
    """A period of at least one day."""

    starts_on: date
    ends_before: date | None = None

    @property
    def end(self) -> date:
        """The first day after, the last of all days where the end is open."""
        return self.ends_before or date.max

    def covers(self, day: date) -> bool:
        """Whether this is in force on a day."""
        return self.starts_on <= day < self.end

    def lasts(self, day: date) -> bool:
        """Whether anything of it is left on or after a day."""
        return self.end > day

    def until(self, cut: date) -> "Span | None":
        """What of it lies before `cut`; None when it would begin only then."""
        if not self.lasts(cut):
            return self
        return Span(self.starts_on, cut) if self.starts_on < cut else None

    def overlaps(self, other: "Span") -> bool:
        """Whether both are in force on some day."""
        return self.lasts(other.starts_on) and other.lasts(self.starts_on)

    def lies_within(self, other: "Span") -> bool:
        """Whether no day of it lies outside another."""
        return other.starts_on <= self.starts_on and self.end <= other.end


def cut_after(last_on: date) -> date:
    """The first day after a last one."""
    return last_on + timedelta(days=1)


def last_day_before(end: date | None) -> date:
    """The last day of what lasts until `end`, the last of all days but one where that is open."""
    return (end or date.max) - timedelta(days=1)


def check_last_day(last_on: date, *, today: date) -> None:
    """Raises Refused for a last day so long ago that it must be a slip."""
    require(
        last_on >= today - FARTHEST_BACK,
        f"Der {words.day(last_on)} liegt mehr als ein Jahr zurück. {NOTHING_CHANGED} Prüfen Sie das Jahr, oder "
        "beenden Sie die Sitze einzeln.",
    )


def first_gap(wanted: Span, others: Iterable[Span]) -> date | None:
    """The first day of `wanted` on which none of the others is in force; None when they cover it."""
    day = wanted.starts_on
    for span in sorted(others, key=attrgetter("starts_on")):
        if span.starts_on > day:
            break
        day = max(day, span.end)
    return day if wanted.lasts(day) else None


def check_not_past(last_on: date, *, today: date) -> None:
    """Raises Refused for a last day that is over: what was done with a role by then was allowed."""
    require(
        last_on >= today,
        f"Der {words.day(last_on)} ist schon vorbei. {NOTHING_CHANGED} Wählen Sie heute oder einen späteren Tag, "
        "oder beenden Sie die Rolle sofort.",
    )


def later_end(last_on: date | None, *, span: Span, today: date) -> date | None:
    """The new end of a role whose end still lies ahead; None for no end.

    Raises Refused when it is over, when it has no end, and for a day that is no later one.
    """
    require(today < span.end < date.max, f"Diese Rolle hat kein Ende, das noch bevorsteht. {NOTHING_CHANGED}")
    if last_on is None:
        return None
    ends_on = span.end - timedelta(days=1)
    require(
        last_on > ends_on,
        f"Diese Rolle gilt schon bis zum {words.day(ends_on)}. {NOTHING_CHANGED} "
        "Wählen Sie einen späteren Tag, oder beenden Sie die Rolle früher.",
    )
    return cut_after(last_on)


def check_period(from_on: date, *, ends_before: date | None) -> None:
    """Raises Refused for a period of no day."""
    require(
        from_on < (ends_before or date.max),
        f"Der letzte Tag liegt vor dem Beginn am {words.day(from_on)}. {NOTHING_CHANGED} Wählen Sie einen "
        "späteren Tag.",
    )


def check_goes_on(name: str, left_on: date | None, *, ends_before: date | None) -> None:
    """Raises Refused for a seat or role beyond the last day of somebody who is about to leave (`left_on`)."""
    last_on = left_on or date.max - timedelta(days=1)
    require(
        (ends_before or date.max) <= cut_after(last_on),
        f"Für {name} ist eingetragen: scheidet zum {words.day(last_on)} aus. {NOTHING_CHANGED} Über diesen "
        "Tag hinaus geht es erst, wenn das Ausscheiden zurückgenommen ist.",
    )
