"""What the page of one version shows beside its cases: how far it is, until when, what is new, what proves it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from kok.articles import den
from kok.workdays import urged_on
from transitions.models import CaseEntry, TransitionCase, TransitionList, TransitionListVersion
from transitions.pages.case_lines import CaseLine
from transitions.queries.due_days import list_due_day_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.version import alike_elsewhere
from transitions.rules import people


@dataclass(frozen=True)
class Deadline:
    """The nominal and the effective day of a list, to which of them people are urged, and how much of the year until
    then has passed.
    """

    due_on: date
    effective_on: date
    urged_on: date
    days_passed: int
    days_total: int


def steps_of(version: TransitionListVersion, gaps: int, total: int) -> list[dict[str, Any]]:
    """Entwurf, Vorgelegt, Freigegeben, Empfang bestätigt (0.3), with what is missing for the next one."""
    receipt = None if version.is_draft else version.receipt
    acknowledged = receipt is not None and hasattr(receipt, "acknowledgement")
    reached = 1 if version.submitted_at else 0
    reached = (4 if acknowledged else 3) if receipt else reached
    done = "vollständig" if total else "noch leer"
    missing = f"{gaps} Angaben fehlen noch" if gaps > 1 else "eine Angabe fehlt noch" if gaps else done
    waits = f"wartet auf {den(receipt.recipient.short_name)}" if receipt else ""
    notes = (missing, "wartet auf die Freigabe", "", waits)
    return [
        {
            "label": label,
            "state": "done" if place < reached else "current" if place == reached else "todo",
            "note": notes[place] if place == reached else "",
            "url": "",
        }
        for place, label in enumerate(("Entwurf", "Vorgelegt", "Freigegeben", "Empfang bestätigt"))
    ]


def deadline(wanted: TransitionList, today: date) -> Deadline:
    """How far the year has come on its way to the last day of this list (2.2)."""
    due_on, effective_on = list_due_day_of(wanted.agreement).of_year(wanted.year)
    until = urged_on(due_on, effective_on, today)
    start = date(wanted.year, 1, 1)
    total = (until - start).days
    return Deadline(due_on, effective_on, until, min(max((today - start).days, 0), total), total)


@dataclass(frozen=True)
class Alike:
    """A case of the draft and another one that probably mean one person, each by name.

    `known`: the second, where it does not stand on this draft; else `other_entry` is where it stands.
    """

    one: TransitionCase
    other: TransitionCase
    entry: CaseEntry
    name: str
    known: Known | None = None
    other_entry: CaseEntry | None = None
    other_name: str = ""
    is_day_off: bool = False


def pairs_of(lines: Iterable[CaseLine], known: KnownPeople) -> list[Alike]:
    """Each pair once; those first of whom one left its list or stands on another one."""
    rows = [line.row for line in lines]
    told = {row.entry.pk: (row.data, people.called(row.data)) for row in rows if row.data}
    found: dict[object, Alike] = {}
    for row in rows:
        for other in row.duplicates:
            (data, name), (theirs, other_name) = told[row.entry.pk], told[other.pk]
            is_day_off = people.is_day_off(data, theirs)
            twins = Alike(row.case, other.case, row.entry, name, None, other, other_name, is_day_off)
            found.setdefault(frozenset((row.entry.pk, other.pk)), twins)
    others = alike_elsewhere(rows, known)
    return [
        *(Alike(entry.case, other.case, entry, told[entry.pk][1], other) for entry, other in others),
        *found.values(),
    ]
