"""When the demo's meetings were: two a year since the agreement is in force, counted back from today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from kok.workdays import Policy, due

SETTLED = timedelta(days=12)  # a meeting younger than this could not have been minuted and circulated
NEXT_IN = timedelta(weeks=8)


class Plot(StrEnum):
    """What happened at a meeting."""

    ORDINARY = "ordinary"
    CANCELLED = "cancelled"
    REPLACEMENT = "replacement"
    MOVED = "moved"
    NOT_QUORATE = "not-quorate"
    REVISED = "revised"
    LAST = "last"


@dataclass(frozen=True)
class Episode:
    """One meeting of the KoK in the past. `moved_from` is the day to which people were invited first, if another."""

    meets_on: date
    plot: Plot
    moved_from: date | None = None


def episodes(in_force_on: date, today: date) -> tuple[Episode, ...]:
    """Every meeting of the past in order; the last one still waits for an approval, the one before went out twice."""
    found = [
        episode
        for year in range(in_force_on.year, today.year + 1)
        for episode in _of_year(year, cancelled_in=today.year - 3, eventful=today.year - 2)
        if episode.meets_on <= today - SETTLED
    ]
    *before, last_but_one, last = found
    return (*before, Episode(last_but_one.meets_on, Plot.REVISED), Episode(last.meets_on, Plot.LAST))


def next_meeting_on(today: date) -> date:
    """The planned meeting, eight weeks ahead on a workday."""
    return due(today + NEXT_IN, Policy.ROLL_FORWARD)


def _of_year(year: int, *, cancelled_in: int, eventful: int) -> Iterator[Episode]:
    spring, autumn = _workday(year, 6, 2), _workday(year, 11, 3)
    if year == eventful:  # repeated, so that the year has two meetings that count; then the other one was moved
        yield Episode(spring, Plot.NOT_QUORATE)
        yield Episode(_later(spring, days=42), Plot.ORDINARY)
    else:
        yield Episode(spring, Plot.ORDINARY)
    if year == cancelled_in:
        yield Episode(autumn, Plot.CANCELLED)
        yield Episode(_later(autumn, days=21), Plot.REPLACEMENT)
    elif year == eventful:
        yield Episode(_later(autumn, days=7), Plot.MOVED, moved_from=autumn)
    else:
        yield Episode(autumn, Plot.ORDINARY)


def _workday(year: int, month: int, day: int) -> date:
    return due(date(year, month, day), Policy.ROLL_FORWARD)


def _later(day: date, *, days: int) -> date:
    return due(day + timedelta(days=days), Policy.ROLL_FORWARD)
