"""The way of a meeting: Vorbereiten, Einladen, Durchführen, Protokoll, Genehmigt, and what the next step lacks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kok.words import day, days_until, weekday
from meetings.convening.models import Meeting

State = Meeting.State
Url = Callable[[str], str]

ORDER = ("Vorbereiten", "Einladen", "Durchführen", "Protokoll", "Genehmigt")


@dataclass(frozen=True)
class HeadStep:
    """One step: done, current or todo, with a note of what is missing or when it was done."""

    label: str
    state: str
    note: str = ""
    url: str = ""


def steps_of(
    meeting: Any, *, invite_by: date | None, missing: Sequence[str], may: frozenset[str], today: date, url: Url
) -> tuple[HeadStep, ...]:
    """The five steps; none for a cancelled meeting. `meeting` carries the annotations of the page's head.

    `invite_by` is the last day for the invitation, as long as one is to be sent; `missing` are the partners that have
    not approved the minutes.
    """
    if meeting.state == State.CANCELLED:
        return ()
    notes = _notes(meeting, missing, invite_by, today)
    current = _current(meeting)
    links = {1: "invite"} if "invite" in may and current == 1 else {}
    return tuple(
        HeadStep(
            label,
            "done" if place < current else "current" if place == current else "todo",
            notes.get(place, ""),
            url(links[place]) if place in links else "",
        )
        for place, label in enumerate(ORDER)
    )


def _current(meeting: Any) -> int:
    """The place of the step that comes next; 5 when nothing is left."""
    minutes = getattr(meeting, "minutes", None)
    if meeting.state == State.PLANNED:
        return 1 if meeting.items_count else 0
    if meeting.state == State.INVITED:
        return 2
    if meeting.state == State.CLOSED:
        return len(ORDER)
    return 4 if minutes and not minutes.is_draft else 3


def _notes(meeting: Any, missing: Sequence[str], invite_by: date | None, today: date) -> dict[int, str]:
    """What stands below the names of the steps."""
    notes = {2: f"am {weekday(meeting.meets_on)}, {days_until(meeting.meets_on, today)}"}
    if meeting.invited_at:
        notes[1] = f"versandt am {day(meeting.invited_at)}"
    if meeting.state == State.PLANNED:
        notes[0] = f"{meeting.items_count} TOP" if meeting.items_count else "Es fehlt die Tagesordnung."
    if invite_by:
        again = "Für den neuen Termin neu einladen: " if meeting.invited_at else ""
        notes[1] = f"{again}bis {weekday(invite_by)}, {days_until(invite_by, today)}"
    if meeting.meets_on <= today:
        notes[2] = f"am {weekday(meeting.meets_on)}"
    return notes | _minutes_notes(meeting, missing, today)


def _minutes_notes(meeting: Any, missing: Sequence[str], today: date) -> dict[int, str]:
    minutes = getattr(meeting, "minutes", None)
    if minutes is None:
        return {}
    if minutes.is_draft and minutes.circulated_at:
        return {3: f"Fassung {minutes.version} in Arbeit"}
    if minutes.is_draft:
        return {3: f"bis {weekday(minutes.due_on)} versenden, {days_until(minutes.due_on, today)}"}
    again = f", gilt in der Fassung {minutes.version}" if minutes.version > 1 else ""
    notes = {3: f"versandt am {day(minutes.circulated_at)}{again}"}
    if minutes.is_approved:
        return notes | {4: f"am {day(minutes.approved_at)}"}
    return notes | {4: "Es fehlt: " + ", ".join(missing)}
