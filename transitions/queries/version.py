"""The cases of one version, opened, with what is missing and who seems to stand there twice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from operator import attrgetter

from kok.alphabet import sort_key
from kok.errors import Forged
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.doubles import Pair, pair, told_apart
from transitions.queries.known import Known, KnownPeople
from transitions.rules import completeness, people
from transitions.rules.case import CaseData

Gap = tuple[CaseEntry, str, str]
"""What a release lacks: of which entry, at which field, in which sentence."""


@dataclass(frozen=True)
class CaseRow:
    """One case of a version. `data` is None where it was erased, leaves the list, or may only be kept.

    So it is where it says something else than was released (`is_forged`).
    """

    entry: CaseEntry
    case: TransitionCase
    data: CaseData | None
    missing: tuple[tuple[str, str], ...]
    duplicates: tuple[CaseEntry, ...]
    is_forged: bool = False

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """What a release lacks here."""
        return tuple((self.entry, *gap) for gap in self.missing)

    @property
    def is_hidden(self) -> bool:
        """Whether there are data that this person does not see."""
        return self.data is None and bool(self.entry.content)


def rows_of(version: TransitionListVersion, hidden: Collection[str] = ()) -> list[CaseRow]:
    """Every case by name, in one query; those without a name last. Raises vault.KeyLost.

    `hidden` are the Fallzeichen that stay closed (`queries.restriction.hidden_refs`).
    """
    entries = list(CaseEntry.objects.filter(version=version).select_related("case"))  # never a deferred content
    told = {entry.pk: _told(entry, hidden) for entry in entries}
    read = ((entry, told[entry.pk].data) for entry in entries)
    staying = people.Lookup((entry, data) for entry, data in read if data and not entry.ending)
    apart = told_apart(version)
    return sorted((_row(entry, told[entry.pk], staying, apart) for entry in entries), key=_by_name)


@dataclass(frozen=True)
class ReadEntry:
    """What an entry says to whoever may read it."""

    data: CaseData | None
    is_forged: bool = False


def _told(entry: CaseEntry, hidden: Collection[str]) -> ReadEntry:
    """Nothing where it says something else than was released, which the page says. Raises vault.KeyLost."""
    if not entry.content or entry.case.case_ref in hidden:
        return ReadEntry(None)
    try:
        return ReadEntry(entry.data)
    except Forged:
        return ReadEntry(None, is_forged=True)


def _row(entry: CaseEntry, told: ReadEntry, staying: people.Lookup[CaseEntry], apart: frozenset[Pair]) -> CaseRow:
    data = told.data
    if data is None or entry.ending:
        return CaseRow(entry, entry.case, data, (), (), told.is_forged)
    alike = (each for each in staying.alike(data, but=(entry,)) if pair(entry.case_id, each.case_id) not in apart)
    return CaseRow(entry, entry.case, data, completeness.missing(data), tuple(alike))


def _by_name(row: CaseRow) -> tuple[bool, str, str, str]:
    data = row.data
    names = (sort_key(data.family_name), sort_key(data.given_name)) if data else ("", "")
    return (data is None, *names, row.case.case_ref)


def alike_elsewhere(rows: Iterable[CaseRow], known: KnownPeople) -> list[tuple[CaseEntry, Known]]:
    """Each case of a draft with those of the carrier beyond it that probably mean the same person."""
    return [
        (row.entry, other)
        for row in rows
        if row.data and not row.entry.ending
        for other in known.elsewhere(row.data, row.case)
    ]


def gaps_of(version: TransitionListVersion) -> int:
    """How many cases of a draft lack something that a release needs."""
    return len(list(filter(attrgetter("missing"), rows_of(version))))
