"""What a new invitation changes, in the words in which people are told."""

from collections.abc import Sequence
from datetime import date, time
from operator import attrgetter
from typing import Protocol, TypedDict

from kok.words import weekday
from meetings.convening.rules.outgoing import LINK, PLACE


class FrozenItem(TypedDict):
    """An item of an agenda as it is kept with a round of invitations."""

    number: str
    title: str
    note: str
    level: int
    late: bool


class Appointed(Protocol):
    """When and where a meeting is, as it stands now or as a round told it."""

    meets_on: date
    starts_at: time
    ends_at: time | None
    place: str
    link: str


CHANGES = (
    ("Tag (bisher {})", attrgetter("meets_on")),
    ("Uhrzeit", attrgetter("starts_at", "ends_at")),
    (PLACE, attrgetter("place")),
    (LINK, attrgetter("link")),
)


def changes_of(before: Appointed, now: Appointed) -> tuple[str, ...]:
    """Each part of when and where that is another one."""
    return tuple(word.format(weekday(before.meets_on)) for word, part in CHANGES if part(before) != part(now))


def agenda_changes(before: Sequence[FrozenItem], now: Sequence[FrozenItem]) -> tuple[str, ...]:
    """Whether the agenda is another one, but for what was late: a moved day has none that is."""
    return () if _said_in(before) == _said_in(now) else ("Tagesordnung",)


def _said_in(agenda: Sequence[FrozenItem]) -> list[FrozenItem]:
    return [{**item, "late": False} for item in agenda]
