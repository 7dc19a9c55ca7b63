"""R-MEET: whether the conference meets often enough (Punkt 5; domain.md 2.4).

"Die KoK tagt in regelmäßigen Abständen, mindestens zweimal jährlich": how often is a number of the agreement. Counted
are days of held meetings at which all partners were present, in a calendar year; two meetings on one day count once, a
cancelled one never. The colours, the early warning and the gap of eight months are proposals of the rule book.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kok import words
from kok.months import months_later
from meetings.convening.rules.codes import MeetingState

WIDEST_GAP_MONTHS = 8
HELD_STATES = (MeetingState.HELD, MeetingState.CLOSED)


@dataclass(frozen=True)
class CountedMeeting:
    """A meeting of the conference, as far as counting needs it. `is_quorate`: all partners were present."""

    meets_on: date
    state: MeetingState
    is_quorate: bool = True

    @property
    def counts(self) -> bool:
        """Whether it was held, by all partners."""
        return self.state in HELD_STATES and self.is_quorate

    @property
    def is_open(self) -> bool:
        """Whether it is still to come, with or without an invitation."""
        return self.state in (MeetingState.PLANNED, MeetingState.INVITED)


class Light(StrEnum):
    """How safe the meetings of a year are."""

    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"
    BREACH = "BREACH"

    @property
    def label(self) -> str:
        """The word for people; a colour alone says nothing."""
        return {"GREEN": "gesichert", "YELLOW": "noch nicht gesichert", "RED": "gefährdet", "BREACH": "verfehlt"}[self]


@dataclass(frozen=True)
class MeetingYear:
    """The state of one calendar year on a day; `held`, `invited` and `planned` count days, each day once.

    `warns` is set when both partners should be told. `notes` are further German sentences. `clause`: the Punkt that
    owes the meetings, "" where the agreement names none.
    """

    year: int
    minimum: int
    held: int
    invited: int
    planned: int
    light: Light
    warns: bool
    sentence: str
    notes: tuple[str, ...] = ()
    clause: str = ""


def meeting_year_state(
    meetings: Iterable[CountedMeeting],
    year: int,
    today: date,
    minimum: int,
    in_force_on: date | None = None,
    *,
    clause: str = "",
) -> MeetingYear:
    """The state of a year: green, yellow, red from 01.10., breach from 01.01. of the next year (R-MEET).

    Green: held and invited ones suffice. Yellow: planned ones are needed, or (a reading of this module, the rule
    book is silent) too few are planned but there is time until 01.10. From 01.09. on it warns in the latter case.
    Planned and invited ones count from today on. The year of entry into force has the full duty, with a note.
    """
    every = tuple(meetings)
    held = _held_days(every, year)
    invited = _coming_days(every, year, today, MeetingState.INVITED) - held
    planned = _coming_days(every, year, today, MeetingState.PLANNED) - held - invited
    coming = len(held) + len(invited) + len(planned)
    light = _light(len(held), len(held) + len(invited), coming, minimum, year, today)
    return MeetingYear(
        year=year,
        minimum=minimum,
        held=len(held),
        invited=len(invited),
        planned=len(planned),
        light=light,
        warns=light in (Light.RED, Light.BREACH) or (coming < minimum and today >= date(year, 9, 1)),
        sentence=_sentence(light, len(held), coming, minimum, year, f"Punkt {clause}" if clause else ""),
        notes=_notes(every, year, today, in_force_on),
        clause=clause,
    )


def fulfilled_on(meetings: Iterable[CountedMeeting], year: int, minimum: int) -> date | None:
    """The day on which the year had its last necessary meeting, or None as long as one is missing."""
    days = sorted(_held_days(meetings, year))
    return days[minimum - 1] if 0 < minimum <= len(days) else None


def wide_gap(meetings: Iterable[CountedMeeting], today: date) -> str | None:
    """A sentence when more than eight months lie between the last held meeting and the next one, or today.

    "In regelmäßigen Abständen" (Punkt 5) has no number in the agreement; eight months are a proposal.
    """
    every = tuple(meetings)
    last = max((each.meets_on for each in every if each.counts), default=None)
    coming = min((each.meets_on for each in every if each.is_open and each.meets_on >= today), default=None)
    if last is None or (coming or today) <= months_later(last, WIDEST_GAP_MONTHS):
        return None
    if coming is None:
        return (
            f"Die letzte Sitzung war am {words.day(last)}, vor mehr als acht Monaten. Eine neue ist nicht geplant. "
            "Planen Sie eine Sitzung."
        )
    return (
        f"Zwischen der letzten Sitzung am {words.day(last)} und der nächsten am {words.day(coming)} liegen mehr als "
        "acht Monate. Prüfen Sie, ob ein früherer Tag möglich ist."
    )


def _held_days(meetings: Iterable[CountedMeeting], year: int) -> set[date]:
    return {m.meets_on for m in meetings if m.meets_on.year == year and m.counts}


def _coming_days(meetings: Iterable[CountedMeeting], year: int, today: date, state: MeetingState) -> set[date]:
    return {m.meets_on for m in meetings if m.meets_on.year == year and m.state == state and m.meets_on >= today}


def _light(held: int, invited: int, coming: int, minimum: int, year: int, today: date) -> Light:
    """`invited` and `coming` include what comes before them."""
    if today.year > year and held < minimum:
        return Light.BREACH
    if invited >= minimum:
        return Light.GREEN
    if coming < minimum and today >= date(year, 10, 1):
        return Light.RED
    return Light.YELLOW


def _sentence(light: Light, held: int, coming: int, minimum: int, year: int, owed_by: str) -> str:
    if light is Light.BREACH:
        kept = f"{owed_by or 'Die Vereinbarung'} ist nicht eingehalten."
        return f"{year} gab es {_meetings(held)} von mindestens {minimum}. {kept}"
    if held >= minimum:
        return f"{year} gab es schon {_meetings(held)}. Das genügt für {owed_by or 'die Vereinbarung'}."
    known = f"{year} sind {minimum} Sitzungen nötig, {held} gehalten und {coming - held} vorgesehen."
    if light is Light.GREEN:
        return f"{known} Zu den nötigen ist eingeladen."
    if coming >= minimum:
        return f"{known} Eingeladen ist noch nicht zu allen."
    return f"{known} Planen Sie noch {_meetings(minimum - coming)} bis zum 31.12.{year}."


def _meetings(number: int) -> str:
    return {0: "keine Sitzung", 1: "eine Sitzung"}.get(number, f"{number} Sitzungen")


def _notes(meetings: Iterable[CountedMeeting], year: int, today: date, in_force_on: date | None) -> tuple[str, ...]:
    notes = []
    if in_force_on and in_force_on.year == year and in_force_on > date(year, 1, 1):
        notes.append(
            f"Rumpfjahr: Die Vereinbarung gilt erst seit dem {words.day(in_force_on)}. Die Zahl der Sitzungen gilt "
            "trotzdem ungekürzt."
        )
    if year == today.year and (gap := wide_gap(meetings, today)):
        notes.append(gap)
    return tuple(notes)
