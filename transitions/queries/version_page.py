"""What the page of one version shows beside its cases: how far it is, until when, what is new, what proves it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kok.articles import den
from kok.workdays import urged_on
from transitions.models import CaseEntry, TransitionCase, TransitionList, TransitionListVersion, TransmissionReceipt
from transitions.queries.access import Access
from transitions.queries.due_days import list_due_day_of
from transitions.queries.known import Known, KnownPeople
from transitions.queries.release import ending_words
from transitions.queries.restriction import RESTRICTED
from transitions.queries.version import CaseRow, alike_elsewhere, rows_of
from transitions.queries.visibility import versions_visible_to
from transitions.rules import people
from transitions.rules.months import month_words
from transitions.rules.municipalities import municipality_words
from transitions.rules.states import CaseState, Outcome, VersionState

NOT_AS_RELEASED = "nicht mehr wie übermittelt"


@dataclass(frozen=True)
class Line:
    """A case as a row of the table: the words beside what is stored."""

    row: CaseRow
    name: str
    municipality: str
    month: str
    sign: str
    tone: str
    ending: str

    @property
    def is_open(self) -> bool:
        """Whether it stands on the list and nobody said what became of it; not where the data may only be kept."""
        return bool(self.row.data) and not self.row.entry.ending and not self.row.case.outcome


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


def lines_of(version: TransitionListVersion, hidden: Collection[str] = ()) -> list[Line]:
    """The cases in the order of `rows_of`. Raises vault.KeyLost."""
    towns = version.transition_list.agreement.municipality_names
    return [_line(row, version, towns) for row in rows_of(version, hidden)]


def _line(row: CaseRow, version: TransitionListVersion, towns: Mapping[str, str]) -> Line:
    data = row.data
    sign, tone = _sign(row, version)
    return Line(
        row=row,
        name=people.called(data) if data else "",
        municipality=municipality_words(data.ga_municipality, towns) if data else "",
        month=month_words(data.expected_end_on) if data else "",
        sign=sign,
        tone=tone,
        ending=ending_words(row.entry),
    )


def _sign(row: CaseRow, version: TransitionListVersion) -> tuple[str, str]:
    """In a draft what is new in it, in a released version how the case stands."""
    case, entry = row.case, row.entry
    if row.is_hidden:
        return (NOT_AS_RELEASED, "danger") if row.is_forged else (RESTRICTED, "warning")
    if entry.ending:
        return ("wird von der Liste genommen" if version.is_draft else "nicht mehr auf der Liste"), "warning"
    if case.outcome:
        return Outcome(case.outcome).label, "success"
    if not version.is_draft:
        return CaseState(case.state).label, "neutral"
    if version.number == 1 or not entry.is_changed:
        return "", ""
    return ("berichtigt", "info") if case.named_at else ("neu", "info")


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


def shows_names(version: TransitionListVersion, access: Access) -> bool:
    """Whether names stand in this version: in a draft, and in the newest released one until it is erased."""
    if version.is_draft:
        return True
    later = versions_visible_to(access).filter(transition_list=version.transition_list_id, number__gt=version.number)
    return version.state != VersionState.ERASED and not later.exclude(state=VersionState.DRAFT).exists()


def receipts_of(wanted: TransitionList, access: Access) -> list[TransmissionReceipt]:
    """The proofs of all transmissions of a list that this person may see, the newest first."""
    versions = versions_visible_to(access).filter(transition_list=wanted, receipt__isnull=False).order_by("-number")
    return [
        each.receipt for each in versions.select_related("receipt__acknowledgement", "receipt__recipient__authority")
    ]


def newer_than(version: TransitionListVersion, access: Access) -> TransitionListVersion | None:
    """The newest released version that replaced this one."""
    later = versions_visible_to(access).filter(transition_list=version.transition_list_id, number__gt=version.number)
    return later.exclude(state=VersionState.DRAFT).order_by("-number").first()


def draft_beside(version: TransitionListVersion, access: Access) -> TransitionListVersion | None:
    """The draft that will replace a released version."""
    if version.is_draft:
        return None
    drafts = versions_visible_to(access).filter(transition_list=version.transition_list_id, state=VersionState.DRAFT)
    return drafts.first()


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


def pairs_of(lines: Iterable[Line], known: KnownPeople) -> list[Alike]:
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
