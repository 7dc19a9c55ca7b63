"""Marks the names of open lists, so that a text can be asked for them without opening a list (domain.md 5.5)."""

from collections.abc import Iterable, Sequence
from itertools import starmap
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from transitions.models import CaseEntry, NameMarks, TransitionListVersion
from transitions.queries.names import AGREEMENT, marks_of
from transitions.queries.visibility import open_entries
from transitions.rules.case import CaseData

BATCH = 200


def mark(told: Iterable[tuple[CaseEntry, CaseData]]) -> int:
    """Marks what these entries say now, in place of what they said; how many. Raises vault.KeyLost."""
    marks = list(starmap(marks_of, told))
    NameMarks.objects.bulk_create(
        marks, update_conflicts=True, unique_fields=["entry"], update_fields=["family", "given", "proof"]
    )
    return len(marks)


def copy_marks(released: TransitionListVersion, entries: Sequence[CaseEntry]) -> None:
    """The marks of a released version for the entries of the draft that begins as its copy: a mark is of its case.

    Whoever comes from an older version is marked anew. Raises vault.KeyLost.
    """
    kept = {marks.entry.case_id: marks for marks in _of(released.entries.all()).select_related("entry")}
    NameMarks.objects.bulk_create(
        NameMarks(entry=entry, family=copied.family, given=copied.given, proof=copied.proof)
        for entry in entries
        if (copied := kept.get(entry.case_id))
    )
    mark((entry, entry.data) for entry in entries if entry.case_id not in kept)


def forget(entries: QuerySet[CaseEntry]) -> None:
    """Takes the marks of these entries away: the list was replaced, or the person erased."""
    _of(entries).delete()


def _of(entries: QuerySet[CaseEntry]) -> QuerySet[NameMarks]:
    return NameMarks.objects.filter(entry__in=entries)


def mark_anew() -> int:
    """Marks every entry of an open list, after a change of CASE_NAME_KEY; how many. Raises vault.KeyLost."""
    numbers = list(open_entries().told().values_list("pk", flat=True))
    return sum(_mark_batch(numbers[start : start + BATCH]) for start in range(0, len(numbers), BATCH))


@transaction.atomic
def _mark_batch(numbers: Sequence[UUID]) -> int:
    """Locked, so that nobody changes a name between reading and marking."""
    found = CaseEntry.objects.filter(pk__in=numbers).told()
    entries = found.select_related(AGREEMENT).select_for_update(of=("self",))
    return mark([(entry, entry.data) for entry in entries])
