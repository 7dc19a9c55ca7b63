"""The cases of one version, opened, with what is missing and who seems to stand there twice."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from kok.alphabet import sort_key
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.doubles import Pair, pair, told_apart
from transitions.rules import completeness, people
from transitions.rules.case import CaseData


@dataclass(frozen=True)
class CaseRow:
    """One case of a version. `data` is None where it was erased, leaves the list, or may only be kept."""

    entry: CaseEntry
    case: TransitionCase
    data: CaseData | None
    missing: tuple[tuple[str, str], ...]
    duplicates: tuple[CaseEntry, ...]

    @property
    def is_hidden(self) -> bool:
        """Whether there are data that this person does not see."""
        return self.data is None and bool(self.entry.content)


def rows_of(version: TransitionListVersion, hidden: Collection[str] = ()) -> list[CaseRow]:
    """Every case by name, in one query; those without a name last. Raises vault.KeyLost.

    `hidden` are the Fallzeichen that stay closed (`queries.restriction.hidden_refs`).
    """
    entries = list(CaseEntry.objects.filter(version=version).select_related("case"))  # never a deferred content
    opened = {entry.pk: entry.data for entry in entries if entry.content and entry.case.case_ref not in hidden}
    staying = people.Lookup((entry, opened[entry.pk]) for entry in entries if entry.pk in opened and not entry.ending)
    apart = told_apart(version)
    rows = [_row(entry, opened.get(entry.pk), staying, apart) for entry in entries]
    return sorted(rows, key=_by_name)


def _row(entry: CaseEntry, data: CaseData | None, staying: people.Lookup[CaseEntry], apart: frozenset[Pair]) -> CaseRow:
    if data is None or entry.ending:
        return CaseRow(entry, entry.case, data, (), ())
    alike = (each for each in staying.alike(data, but=entry) if pair(entry.case_id, each.case_id) not in apart)
    return CaseRow(entry, entry.case, data, completeness.missing(data), tuple(alike))


def _by_name(row: CaseRow) -> tuple[bool, str, str, str]:
    data = row.data
    names = (sort_key(data.family_name), sort_key(data.given_name)) if data else ("", "")
    return (data is None, *names, row.case.case_ref)


def duplicates_of(entry: CaseEntry) -> list[CaseEntry]:
    """The other current entries of the sender that probably mean the same person. A hint, never a hindrance."""
    return alike_to(entry.data, entry.version, entry) if entry.content else []


def alike_to(data: CaseData, version: TransitionListVersion, entry: CaseEntry | None = None) -> list[CaseEntry]:
    """The same of what is to be said about a person: by the entry of a draft, or, without one, by a new one."""
    others = version.entries.exclude(content="").filter(ending="").select_related("case")
    apart = told_apart(version) if entry else frozenset()
    return [
        other
        for other in (*others, *_on_other_lists(version))
        if people.same_person(data, other.data) and (entry is None or _may_be_one(entry, other, apart))
    ]


def _may_be_one(entry: CaseEntry, other: CaseEntry, apart: frozenset[Pair]) -> bool:
    return entry.pk != other.pk and pair(entry.case_id, other.case_id) not in apart


def alike_on_other_lists(version: TransitionListVersion, rows: Iterable[CaseRow]) -> list[tuple[CaseEntry, CaseEntry]]:
    """Each case of the version with the one of another current list that probably means the same person."""
    others = people.Lookup((entry, entry.data) for entry in _on_other_lists(version))
    apart = told_apart(version)
    return [
        (row.entry, other)
        for row in rows
        if row.data and not row.entry.ending
        for other in others.alike(row.data)
        if pair(row.entry.case_id, other.case_id) not in apart
    ]


def _on_other_lists(version: TransitionListVersion) -> QuerySet[CaseEntry]:
    """Who stands on the newest version of each other list of the sender; whom a proposal brings has left his."""
    newest = TransitionListVersion.objects.filter(transition_list=OuterRef("version__transition_list"))
    return (
        CaseEntry.objects.filter(version__transition_list__sender=version.transition_list.sender_id, ending="")
        .filter(version__number=Subquery(newest.order_by("-number").values("number")[:1]))
        .exclude(version__transition_list=version.transition_list_id)
        .exclude(content="")
        .select_related("case")
    )


def gaps_of(version: TransitionListVersion) -> int:
    """How many cases of a draft lack something that a release needs."""
    return sum(bool(row.missing) for row in rows_of(version))
