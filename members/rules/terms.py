"""What one version of an agreement lays down in numbers, and which version answers for a day.

Nothing that was once true changes with a new version: what fell due under the old one keeps its rule.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Protocol, TypeVar


class Lasting(Protocol):
    """Something that holds from a day to a last day, both inclusive; without a last day until further notice."""

    @property
    def starts_on(self) -> date:
        """The first day."""

    @property
    def ends_on(self) -> date | None:
        """The last day, None while nothing follows."""


L = TypeVar("L", bound=Lasting)


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The numbers of one version (Punkte 5 and 12, domain.md 7.3). `id` is its key, days are calendar days."""

    id: int
    number: int
    starts_on: date
    ends_on: date | None
    meetings_per_year: int
    termination_months: int
    planning_days: int
    proposal_days: int
    notice_days: int
    paper_days: int
    draft_days: int
    minutes_days: int
    objection_days: int


@dataclass(frozen=True, kw_only=True)
class BodyName:
    """What an Anlage calls a body, and in which of its two categories."""

    starts_on: date
    ends_on: date | None
    name: str
    short_name: str
    scope: str


@dataclass(frozen=True, kw_only=True)
class Organ:
    """Which organ represents a partner."""

    starts_on: date
    ends_on: date | None
    organ: str


T = TypeVar("T", Terms, BodyName, Organ)
DAYS = ("starts_on", "ends_on")


def read(kind: type[T], rows: Iterable[Mapping[str, object]]) -> tuple[T, ...]:
    """What the database keeps beside a row as JSON, in the order of days."""
    made: Callable[..., T] = kind
    found = [made(**{name: _value(name, row[name]) for name in kind.__dataclass_fields__}) for row in rows]
    return tuple(sorted(found, key=attrgetter("starts_on")))


def _value(name: str, value: object) -> object:
    return date.fromisoformat(value) if isinstance(value, str) and name in DAYS else value


def on(versions: Sequence[L], day: date) -> L:
    """The version of a day: before the first one the first, in a gap and after the last the one before."""
    begun = bisect_right(versions, day, key=attrgetter("starts_on"))
    return versions[max(begun - 1, 0)]


def under(versions: Iterable[L], day_under: Callable[[L], date | None]) -> L | None:
    """Under which version something falls due, and by whose rule it stays judged for ever.

    `day_under` is the day that a version gives it, None where the version knows no such thing. It is the first version
    under which that day comes. Where a later version names a day before its own beginning, the one before still counts:
    nobody is late by a rule that did not hold yet. The last version goes on while nothing follows, whatever its end
    says: an end by itself takes no duty away.
    """
    before: L | None = None
    found = tuple(versions)
    for version in found:
        day = day_under(version)
        if day is None:
            before = None
            continue
        if day < version.starts_on and version is not found[0]:
            return before
        if version is found[-1] or day <= (version.ends_on or day):
            return version
        before = version
    return None
