"""R-MEET: whether the conference meets often enough (Punkt 5; domain.md 2.4).

"Die KoK tagt in regelmäßigen Abständen, mindestens zweimal jährlich": how often is a number of the agreement. Counted
are days of held meetings at which all partners were present, in a calendar year; two meetings on one day count once, a
cancelled one never. The colours, the early warning and the gap of eight months are proposals of the rule book.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kok import words
from kok.codes import Code
from kok.durations import months
from kok.words import counted
from meetings.convening.rules.codes import MeetingState

WIDEST_GAP = months(8)
HELD_STATES = (MeetingState.RUNNING, MeetingState.HELD, MeetingState.CLOSED)
OPEN_STATES = (MeetingState.PLANNED, MeetingState.INVITED)


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


class Light(Code):
    """How safe the meetings of a year are; a colour alone says nothing. Yellow is quiet until it warns."""

    GREEN = "GREEN", "gesichert", "success"
    YELLOW = "YELLOW", "noch nicht gesichert", "info"
    RED = "RED", "gefährdet", "danger"
    BREACH = "BREACH", "verfehlt", "danger"


@dataclass(frozen=True)
class MeetingYear:
    """The state of one calendar year on a day; `held`, `invited` and `planned` count days, each day once.

    `warns` is set when all partners should be told. `notes` are further German sentences. `clause`: the Punkt that
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

    @property
    def tone(self) -> str:
        """The tone of the badge."""
        return "warning" if self.warns and self.light is Light.YELLOW else self.light.tone


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
    of_year = [each for each in every if each.meets_on.year == year]
    held = _held_days(of_year)
    invited = _coming_days(of_year, today, MeetingState.INVITED) - held
    planned = _coming_days(of_year, today, MeetingState.PLANNED) - held - invited
    coming = len(held) + len(invited) + len(planned)
    owed_by = f"Punkt {clause}" if clause else "die Vereinbarung"
    light = _light(len(held), len(held) + len(invited), coming, minimum, year, today)
    return MeetingYear(
        year=year,
        minimum=minimum,
        held=len(held),
        invited=len(invited),
        planned=len(planned),
        light=light,
        warns=light in (Light.RED, Light.BREACH) or (coming < minimum and today >= date(year, 9, 1)),
        sentence=_sentence(light, len(held), coming, minimum, year, owed_by),
        notes=_notes(every, year, today, in_force_on or date.min),
        clause=clause,
    )


def fulfilled_on(meetings: Iterable[CountedMeeting], year: int, minimum: int) -> date | None:
    """The day on which the year had its last necessary meeting, or None as long as one is missing."""
    days = sorted(_held_days(each for each in meetings if each.meets_on.year == year))
    return days[minimum - 1] if 0 < minimum <= len(days) else None


def wide_gap(meetings: Iterable[CountedMeeting], today: date) -> str | None:
    """A sentence when more than eight months lie between the last held meeting and the next one, or today.

    "In regelmäßigen Abständen" (Punkt 5) has no number in the agreement; eight months are a proposal.
    """
    every = tuple(meetings)
    held, ahead = _held_days(every), _coming_days(every, today, *OPEN_STATES)
    last, coming = max(held, default=today), min(ahead, default=today)
    if not held or coming <= WIDEST_GAP.after(last):
        return None
    if not ahead:
        return (
            f"Die letzte Sitzung war am {words.day(last)}, vor mehr als {WIDEST_GAP.spelled}n. Eine neue ist nicht "
            "geplant. Planen Sie eine Sitzung."
        )
    return (
        f"Zwischen der letzten Sitzung am {words.day(last)} und der nächsten am {words.day(coming)} liegen mehr als "
        f"{WIDEST_GAP.spelled}. Prüfen Sie, ob ein früherer Tag möglich ist."
    )


def _held_days(meetings: Iterable[CountedMeeting]) -> set[date]:
    return {each.meets_on for each in meetings if each.counts}


def _coming_days(meetings: Iterable[CountedMeeting], today: date, *states: MeetingState) -> set[date]:
    return {each.meets_on for each in meetings if each.state in states and each.meets_on >= today}


def _light(held: int, invited: int, coming: int, minimum: int, year: int, today: date) -> Light:
    """`invited` and `coming` include what comes before them."""
    if today.year > year and held < minimum:
        return Light.BREACH
    if invited >= minimum:
        return Light.GREEN
    return Light.RED if coming < minimum and today >= date(year, 10, 1) else Light.YELLOW


def _sentence(light: Light, held: int, coming: int, minimum: int, year: int, owed_by: str) -> str:
    if light is Light.BREACH:
        kept = f"{owed_by[0].upper()}{owed_by[1:]} ist nicht eingehalten."
        return f"{year} gab es {_meetings(held)} von mindestens {minimum}. {kept}"
    if held >= minimum:
        return f"{year} gab es schon {_meetings(held)}. Das genügt für {owed_by}."
    known = f"{year} sind {minimum} Sitzungen nötig, {held} gehalten und {coming - held} vorgesehen."
    if light is Light.GREEN:
        return f"{known} Zu den nötigen ist eingeladen."
    if coming >= minimum:
        return f"{known} Eingeladen ist noch nicht zu allen."
    return f"{known} Planen Sie noch {_meetings(minimum - coming)} bis zum 31.12.{year}."


def _meetings(number: int) -> str:
    return counted(number, "eine Sitzung", "Sitzungen") if number else "keine Sitzung"


def _notes(meetings: Iterable[CountedMeeting], year: int, today: date, in_force_on: date) -> tuple[str, ...]:
    short = (
        f"Rumpfjahr: Die Vereinbarung gilt erst seit dem {words.day(in_force_on)}. Die Zahl der Sitzungen gilt "
        "trotzdem ungekürzt."
    )
    is_short = date(year, 1, 1) < in_force_on <= date(year, 12, 31)
    gap = wide_gap(meetings, today) if year == today.year else None
    return tuple(filter(None, (short if is_short else "", gap)))
