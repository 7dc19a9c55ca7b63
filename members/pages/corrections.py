"""What an entry on a seat says, and what becomes of it and of what hangs on it, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.backends.postgresql.psycopg_any import DateRange

from kok.words import day, period
from members.models import Person, Seat, SeatAssignment, SeatCorrection
from members.queries.accounts import name_of
from members.queries.corrections import corrections_of
from members.queries.leaving import contradictions
from members.rules.codes import Capacity, CorrectionKind
from members.rules.corrections import lost
from members.rules.leaving import Span

DELETED = "eine Person, die gelöscht wurde"
STAYS = (
    "Was bisher da stand, der Grund, der Tag und Ihr Name bleiben beim Sitz unter „Berichtigungen“.",
    "Protokolle und Einladungen, die schon verschickt sind, bleiben, wie sie sind.",
)


@dataclass(frozen=True)
class CorrectionLine:
    """A correction as the page of the seat tells it."""

    row: SeatCorrection

    @property
    def what(self) -> str:
        """What was done."""
        return CorrectionKind(self.row.kind).label

    @property
    def before(self) -> str:
        """What stood there."""
        return _entry(self.row.was_person, self.row.capacity, self.row.was) if self.row.was else "nichts"

    @property
    def after(self) -> str:
        """What stands there since."""
        return _entry(self.row.became_person, self.row.capacity, self.row.became) if self.row.became else "nichts"

    @property
    def by(self) -> str:
        """Who did it."""
        return name_of(self.row.made_by) or "durch Befehl auf dem Server"


def correction_lines(seat: Seat) -> list[CorrectionLine]:
    """Everything that was corrected on a seat, the newest first."""
    return list(map(CorrectionLine, corrections_of(seat)))


def entry_in_words(assignment: SeatAssignment) -> str:
    """Who sits as what from when to when."""
    return _entry(assignment.person, assignment.capacity, assignment.period)


def _entry(person: Person | None, capacity: str, span: DateRange) -> str:
    return f"{person or DELETED}, {Capacity(capacity).label}, {period(span)}"


def speaks_against(assignment: SeatAssignment, before: Span, after: Span | None) -> Iterator[str]:
    """What minutes that went out note of somebody on days that no longer belong to the entry."""
    for span in lost(before, after):
        yield from contradictions([assignment], span.starts_on, span.ends_before)


def removed(assignment: SeatAssignment, kind: CorrectionKind, follows: SeatAssignment | None) -> list[str]:
    """What it means that an entry goes."""
    began = kind == CorrectionKind.STRUCK
    gone = "wird gestrichen: Sie gilt dann als nie dagewesen" if began else "entfällt, bevor sie beginnt"
    told = [f"Die Eintragung „{entry_in_words(assignment)}“ {gone}."]
    if follows:
        until = assignment.period.upper
        told.append(f"{follows.person} bleibt eingetragen{f', bis vor dem {day(until)}' if until else ', ohne Ende'}.")
    elif assignment.capacity == Capacity.HOLDER:
        told.append("Der Sitz ist in dieser Zeit nicht besetzt, bis Sie jemanden eintragen.")
    span = Span(assignment.period.lower, assignment.period.upper)
    return [*told, *STAYS, *speaks_against(assignment, span, None)]
