"""The way of a meeting: Vorbereiten, Einladen, Durchführen, Protokoll, Genehmigt, and what the next step lacks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from kok.words import clock, day, days_until, weekday
from meetings.convening.models import Meeting

if TYPE_CHECKING:
    from meetings.record.models import Minutes

State = Meeting.State
Url = Callable[[str], str]

ORDER = ("Vorbereiten", "Einladen", "Durchführen", "Protokoll", "Genehmigt")
# The place of the step that comes next; what is prepared or written already is one further.
NEXT = {State.PLANNED: 0, State.INVITED: 2, State.RUNNING: 2, State.HELD: 3, State.CLOSED: 5}


@dataclass(frozen=True)
class HeadStep:
    """One step: done, current or todo, with a note of what is missing or when it was done."""

    label: str
    state: str
    note: str = ""
    url: str = ""


def steps_of(
    meeting: Meeting, *, invite_by: date | None, missing: Sequence[str], may: frozenset[str], today: date, url: Url
) -> tuple[HeadStep, ...]:
    """The five steps; none for a cancelled meeting and for one that was entered later.

    `meeting` carries the annotations of the page's head.

    `invite_by` is the last day for the invitation, as long as one is to be sent; `missing` are the partners that have
    not approved the minutes.
    """
    if meeting.is_cancelled or meeting.is_entered_later:
        return ()
    minutes: Minutes | None = getattr(meeting, "minutes", None)
    current = _current(meeting, minutes)
    notes = (
        _agenda_note(meeting),
        _invitation_note(meeting, invite_by, today),
        _day_note(meeting, today),
        *_minutes_notes(minutes, missing, today),
    )
    states = ("done",) * current + ("current",) + ("todo",) * len(ORDER)
    invite = url("invite") if "invite" in may and current == 1 else ""
    return tuple(map(HeadStep, ORDER, states, notes, ("", invite, "", "", "")))


def _current(meeting: Meeting, minutes: "Minutes | None") -> int:
    """The place of the step that comes next; 5 when nothing is left."""
    further = {
        State.PLANNED: meeting.items_count > 0,
        State.HELD: minutes is not None and not minutes.is_draft,
    }
    return NEXT[State(meeting.state)] + further.get(State(meeting.state), False)


def _agenda_note(meeting: Meeting) -> str:
    """While it is prepared."""
    if not meeting.is_planned:
        return ""
    return f"{meeting.items_count} TOP" if meeting.items_count else "Es fehlt die Tagesordnung."


def _invitation_note(meeting: Meeting, invite_by: date | None, today: date) -> str:
    """Until when it goes out, or when it did."""
    if invite_by is None:
        return _sent_note(meeting)
    if meeting.meets_on < today:
        return "Der Tag ist vorbei."
    again = "Für den neuen Termin neu einladen: " if meeting.invited_at else ""
    return f"{again}bis {weekday(invite_by)}, {days_until(invite_by, today)}"


def _sent_note(meeting: Meeting) -> str:
    """When people were invited to the day, and told of the last change."""
    if not meeting.invited_at:
        return ""
    first, last = day(meeting.invited_at), day(meeting.invited_again_at)
    return f"versandt am {first}" if first == last else f"versandt am {first}, zuletzt geändert am {last}"


def _day_note(meeting: Meeting, today: date) -> str:
    """When it is or was; while it runs since when, and after its day that its end is missing."""
    if meeting.is_running and meeting.meets_on == today:
        return meeting.standing
    if meeting.is_running:
        return f"begonnen am {weekday(meeting.meets_on)}, {clock(meeting.minutes.began_at)}. Das Ende fehlt."
    ahead = f", {days_until(meeting.meets_on, today)}" if meeting.meets_on > today else ""
    return f"am {weekday(meeting.meets_on)}{ahead}"


def _minutes_notes(minutes: "Minutes | None", missing: Sequence[str], today: date) -> tuple[str, str]:
    """Of writing and of approving."""
    if minutes is None:
        return "", ""
    if minutes.is_draft:
        return _draft_note(minutes, today), ""
    holds = "gilt in der" if minutes.is_approved else "jetzt in der"  # what is not approved holds nothing yet
    again = f", {holds} Fassung {minutes.version}" if minutes.version > 1 else ""
    approved = f"am {day(minutes.approved_at)}" if minutes.is_approved else f"Es fehlt: {', '.join(missing)}"
    return f"versandt am {day(minutes.circulated_at)}{again}", approved


def _draft_note(minutes: "Minutes", today: date) -> str:
    if minutes.circulated_at:
        return f"Fassung {minutes.version} in Arbeit"
    return f"bis {weekday(minutes.due_on)} versenden, {days_until(minutes.due_on, today)}"
