"""The facts of a Jahresbericht. They are written down once and never read anew: a version says for ever what it said.

It goes to bodies and guests (own rule): no names of people, figures in the rounded version only, of the transitions
no numbers at all (domain.md 5.4), and nothing of minutes that are not approved.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from kok.words import plural, said, spelled
from reporting.duties.rules.codes import OccurrenceState
from reporting.figures.rules.series import Series

KEPT = {
    OccurrenceState.FULFILLED: "eingehalten",
    OccurrenceState.FULFILLED_LATE: "verspätet erfüllt",
    OccurrenceState.OVERDUE: "nicht eingehalten",
    OccurrenceState.OPEN: "noch offen",
    OccurrenceState.UPCOMING: "noch offen",
    OccurrenceState.BEFORE_INTRODUCTION: "vor der Einführung dieser Anwendung abgelaufen",
}


@dataclass(frozen=True, kw_only=True)
class ReportSender:
    """The partner in office on the day of the report: the head of the paper."""

    name: str
    represented_by: str
    office: str
    address: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class MeetingFact:
    """A meeting of the KoK."""

    number: str
    meets_on: date
    state: str
    is_held: bool
    is_cancelled: bool
    is_quorate: bool
    guests: int
    minutes: str


@dataclass(frozen=True, kw_only=True)
class TermFact:
    """A term of the secretariat that touches the year; both days inclusive."""

    partner: str
    starts_on: date
    last_day: date
    begins_in_year: bool


@dataclass(frozen=True, kw_only=True)
class ResolutionFact:
    """A resolution of approved minutes, word by word."""

    body: str
    number: str
    decided_on: date
    text: str


@dataclass(frozen=True, kw_only=True)
class TaskFact:
    """An open task of approved minutes; who does it is told by partner, never by name."""

    body: str
    number: str
    what: str
    partner: str
    due_on: date | None


@dataclass(frozen=True, kw_only=True)
class BodyFact:
    """A body of Anlage 2: when it met, and when the KoK reported to it there."""

    name: str
    met_on: tuple[date, ...]
    informed_on: tuple[date, ...]


@dataclass(frozen=True, kw_only=True)
class DutyFact:
    """One duty that fell due in the year."""

    clause: str
    title: str
    who: str
    nominal_on: date
    effective_on: date
    fulfilled_on: date | None
    state: OccurrenceState
    word: str
    tone: str
    is_nil: bool


@dataclass(frozen=True, kw_only=True)
class TransitionFact:
    """A list of 8b, and whether it was released in time: its numbers are for members and case units (domain.md 5.4)."""

    year: int
    sender: str
    due_on: date
    released_on: date | None


@dataclass(frozen=True, kw_only=True)
class Facts:
    """Everything a report says. `as_of` is the day on which it was read."""

    year: int
    as_of: date
    region: str
    body: str
    sender: ReportSender
    in_force_on: date
    introduced_on: date
    minimum: int
    meetings: tuple[MeetingFact, ...]
    terms: tuple[TermFact, ...]
    resolutions: tuple[ResolutionFact, ...]
    tasks: tuple[TaskFact, ...]
    tasks_closed: int
    bodies: tuple[BodyFact, ...]
    feedback_on: tuple[date, ...]
    not_approved_on: tuple[date, ...]
    duties: tuple[DutyFact, ...]
    transitions: tuple[TransitionFact, ...]
    figures: tuple[Series, ...]
    not_delivered: tuple[str, ...]
    meetings_clause: str = ""  # the Punkt that owes the meetings

    @property
    def is_running(self) -> bool:
        """Was the year still running?"""
        return self.as_of <= date(self.year, 12, 31)


def meetings_sentence(facts: Facts) -> str:
    """Whether the conference met often enough: so many quorate meetings in a calendar year (R-MEET)."""
    number = len({each.meets_on for each in facts.meetings if each.is_held and each.is_quorate})
    met = plural(max(number, 1), "Sitzung", "Sitzungen")
    agreement = f"Punkt {facts.meetings_clause} der" if facts.meetings_clause else "Die"
    kept, *_ = said(
        (number >= facts.minimum, ". Die Vorgabe ist eingehalten."),
        (facts.is_running, ", das Jahr läuft noch."),
        (True, ". Die Vorgabe ist nicht eingehalten."),
    )
    return (
        f"{agreement} Vereinbarung verlangt mindestens {spelled(facts.minimum)} Sitzungen im Jahr. {facts.year} gab es "
        f"{spelled(number)} beschlussfähige {met}{kept}"
    )


def duties_sentence(duties: Sequence[DutyFact]) -> str:
    """How many deadlines were kept; none is left out."""
    if not duties:
        return "In diesem Jahr ist keine Frist fällig geworden."
    number = Counter(KEPT[each.state] for each in duties)
    told = [f"{spelled(number[words])} {words}" for words in dict.fromkeys(KEPT.values()) if number[words]]
    total = plural(len(duties), "Eine Frist war", f"{spelled(len(duties)).capitalize()} Fristen waren")
    return f"{total} fällig: {', '.join(told)}."
