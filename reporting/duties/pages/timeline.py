"""The year as a picture: where each deadline and meeting stands between January and December, in percent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from members.rules.codes import Recurrence
from reporting.duties.queries.duties import Duty
from reporting.duties.queries.meetings import MeetingFacts
from reporting.duties.rules.clauses import listed

MONTHS = ("Jan", "Feb", "Mär", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
LANE, TOP = 56, 28  # height of a lane and of the months above, in pixels
LEFT = 14  # percent at the left for the names of the lanes
CLOSE = 10.0  # percent below which two labels would touch


@dataclass(frozen=True)
class TimelineMark:
    """One day in a lane: a deadline or a meeting."""

    x: str
    y: int
    label: str
    label_y: int
    anchor: str
    is_done: bool


@dataclass(frozen=True)
class Lane:
    """What belongs to one partner, to all, or to meetings."""

    label: str
    y: int
    marks: list[TimelineMark]

    @property
    def text(self) -> str:
        """The same in words."""
        return f"{self.label}: {', '.join(mark.label for mark in self.marks)}."


@dataclass(frozen=True)
class Timeline:
    """The picture; `text` says the same in words."""

    months: tuple[tuple[str, str], ...]
    lanes: list[Lane]
    height: int
    left: int
    today_x: str
    text: str


@dataclass(frozen=True)
class _Point:
    lane: str
    day: date
    label: str
    is_done: bool


def timeline_of(year: int, duties: Iterable[Duty], meetings: Iterable[MeetingFacts], today: date) -> Timeline:
    """Deadlines at their effective day, meetings at theirs; a day outside the year stands at its edge."""
    points: dict[str, list[_Point]] = defaultdict(list)
    for point in [*_meetings(meetings), *_duties(duties)]:
        points[point.lane].append(point)
    lanes = [_lane(name, number, points[name], year) for number, name in enumerate(points)]
    return Timeline(
        months=tuple((_x(date(year, n, 1), year), name) for n, name in enumerate(MONTHS, 1)),
        lanes=lanes,
        height=TOP + LANE * len(lanes) + 4,
        left=LEFT,
        today_x=_x(today, year) if today.year == year else "",
        text=" ".join(map(attrgetter("text"), lanes)),
    )


def _meetings(meetings: Iterable[MeetingFacts]) -> list[_Point]:
    return [
        _Point("Sitzungen", each.meets_on, each.meeting.body_short_name, each.is_held)
        for each in meetings
        if each.takes_place
    ]


def _duties(duties: Iterable[Duty]) -> list[_Point]:
    """Duties of one partner on one day share a mark; what every meeting brings would only crowd the picture."""
    days: dict[tuple[str, date], list[Duty]] = defaultdict(list)
    for duty in sorted(duties, key=lambda each: each.debtor.position if each.debtor else 99):
        if duty.rule.recurrence != Recurrence.PER_MEETING:
            days[duty.who, duty.occurrence.effective_due_on].append(duty)
    return [_point(who, day, same) for (who, day), same in days.items()]


def _point(who: str, day: date, duties: list[Duty]) -> _Point:
    label = listed(map(attrgetter("rule.clause"), duties), "Punkt", "Punkte")
    return _Point(who, day, label, all(map(attrgetter("fulfilled_on"), duties)))


def _lane(name: str, number: int, points: list[_Point], year: int) -> Lane:
    """Labels stand right of their mark, in the last months left of it; close ones in two rows."""
    y = TOP + LANE * number + LANE // 2
    marks, last_share, is_low = [], -100.0, False
    for point in sorted(points, key=lambda each: each.day):
        share = _place(point.day, year)
        is_low = not is_low if share - last_share < CLOSE else False
        last_share = share
        marks.append(
            TimelineMark(
                x=f"{share:.2f}",
                y=y,
                label=f"{point.day:%d.%m.} {point.label}",
                label_y=y + (21 if is_low else -11),
                anchor="end" if share > 88 else "start" if share < LEFT + 5 else "middle",
                is_done=point.is_done,
            )
        )
    return Lane(name, y, marks)


def _place(day: date, year: int) -> float:
    """Percent of the width; the year ends a little before the edge, where the last mark still has room."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return LEFT + (99 - LEFT) * (min(max(day, first), last) - first).days / 365


def _x(day: date, year: int) -> str:
    return f"{_place(day, year):.2f}"
