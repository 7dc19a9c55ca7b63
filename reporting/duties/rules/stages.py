"""Which reminder stands on a day (domain.md 2.7): -90, -30, -14, -3, 0, +1, then weekly.

Stages up to 0 count from the nominal day, later ones from the effective day. Only the latest stage reached stands:
whoever was away for a week finds one reminder, not four.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from kok.words import counted
from reporting.duties.rules.codes import ReminderRecipient
from reporting.duties.rules.occurrences import OPEN_BEFORE, Occurrence

BEFORE = (-OPEN_BEFORE, -30, -14, -3, 0)
WEEK = 7


@dataclass(frozen=True)
class Stage:
    """A reminder: `offset` in days from its date, which is the day on which it is first sent."""

    offset: int
    remind_on: date

    @property
    def name(self) -> str:
        """`-90`, `0`, `+8`: part of the key that keeps a reminder from being sent twice."""
        return f"{self.offset:+d}" if self.offset else "0"

    @property
    def recipients(self) -> tuple[ReminderRecipient, ...]:
        """The debtor; from +1 on also the secretariat."""
        return tuple(ReminderRecipient) if self.offset > 0 else (ReminderRecipient.DEBTOR,)


def stage_label(offset: int) -> str:
    """A stage in words."""
    if offset == 0:
        return "am Tag der Frist"
    return f"{-offset} Tage vorher" if offset < 0 else counted(offset, "am ersten Tag danach", "Tage danach")


def stage_on(occurrence: Occurrence, today: date) -> Stage | None:
    """The latest stage reached on `today`, or None before the first one.

    Whether reminders go out at all is for the state to say (`OccurrenceState.is_reminded`).
    """
    nominal, effective = occurrence.nominal_due_on, occurrence.effective_due_on
    if today > effective:
        weeks = ((today - effective).days - 1) // WEEK
        offset = 1 + weeks * WEEK
        return Stage(offset, effective + timedelta(days=offset))
    reached = [offset for offset in BEFORE if nominal + timedelta(days=offset) <= today]
    return Stage(reached[-1], nominal + timedelta(days=reached[-1])) if reached else None
