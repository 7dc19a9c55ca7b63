"""Rows of a file: held sealed beside the draft until somebody takes them over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kok import erasure
from kok.errors import require
from kok.seen import check_shown
from transitions.actions.drafts import note_author, writable_draft
from transitions.actions.entries import add_entries, change_entry
from transitions.actions.log import record_access
from transitions.models import PendingImport, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.imports import WaitingRows, mark_of, opened, sealed, waiting_in
from transitions.queries.matching import Matched, RowStanding, match_rows
from transitions.queries.restriction import restricted_refs
from transitions.rules.case import CaseData
from transitions.rules.codes import LogAction
from transitions.rules.retention import PENDING_IMPORTS

OTHER_ROWS = (
    "Inzwischen hat jemand eine andere Datei eingelesen. Es wurde nichts geändert. Sehen Sie sich die Zeilen an, die "
    "jetzt warten, und entscheiden Sie dann."
)
OTHER_DRAFT = (
    "Der Entwurf hat sich geändert, seit Sie die Zeilen angesehen haben. Es wurde nichts übernommen. Sehen Sie nach, "
    "wie sie jetzt zum Entwurf passen, und entscheiden Sie dann."
)
NEW_ROWS = (
    "Inzwischen hat jemand eine andere Datei eingelesen; ihre Zeilen stehen oben. Ihre Datei ist nicht eingelesen. "
    "Soll sie diese Zeilen ersetzen, wählen Sie sie noch einmal aus."
)
NOTHING_WAITS_NOW = (
    "Die Zeilen, die Ihre Datei ersetzen sollte, hat inzwischen jemand in den Entwurf genommen oder verworfen. Ihre "
    "Datei ist nicht eingelesen. Wählen Sie sie noch einmal aus, wenn sie noch gebraucht wird."
)
NOTHING_WAITS = (
    "Hier warten keine Zeilen mehr. Jemand hat sie schon in den Entwurf genommen oder verworfen. Es wurde nichts "
    "geändert."
)


@dataclass(frozen=True)
class TakenOver:
    """How many cases came into the draft, and how many of it were changed."""

    added: int
    changed: int


@transaction.atomic
def hold_rows(
    *,
    version: TransitionListVersion,
    rows: Sequence[tuple[CaseData, bool]],
    seen: str | None = None,
    by: Access,
    now: datetime,
) -> PendingImport:
    """Keeps judged rows, 1 to 2,000, in place of those that waited before. Raises Refused when it is no draft.

    `seen`: the number of those, "" for none; without a page None. Raises Changed where others wait, which somebody read
    in meanwhile. What is replaced is forgotten also in what a backup brings back.
    """
    draft = writable_draft(version, by)
    before = waiting_in(draft)
    check_shown(seen, before, NEW_ROWS if before else NOTHING_WAITS_NOW)
    if before:
        erasure.erase_at_once(PENDING_IMPORTS, [before], now=now)
    pending = PendingImport.objects.create(
        version=draft,
        content=sealed(WaitingRows(tuple(rows), by.user.pk, now), draft),
        row_count=len(rows),
        uploaded_at=now,
    )
    record_access(by=by, action=LogAction.IMPORT, version=draft, now=now)
    return pending


@transaction.atomic
def take_over(
    *, version: TransitionListVersion, seen: str, only_new: bool = False, by: Access, now: datetime
) -> TakenOver:
    """Takes the waiting rows, which were `seen`, into the draft: who is new as a case, and what differs of the others.

    With `only_new` those who stand there stay as they are. A second click finds nothing, and rows that somebody put in
    place of those, or a draft that changed since, are not touched. Raises Refused; then nothing was taken.
    Who brought the file is an author too and may not be the second person (scenario 14).
    """
    draft = writable_draft(version, by)
    pending = _waiting(draft, seen)
    require(seen == mark_of(pending, draft), OTHER_DRAFT)
    waiting = opened(pending)
    rows = match_rows(draft, waiting.rows, restricted_refs(by))
    new = [(row.data, row.is_late) for row in rows if row.standing is RowStanding.NEW]
    if new:
        add_entries(version=draft, rows=new, by=by, now=now, read_in_at=waiting.at)
    changed = 0 if only_new else _change(rows, by, now)
    if new or changed:
        note_author(draft, waiting.by)
    pending.delete()
    return TakenOver(len(new), changed)


def _change(rows: Iterable[Matched], by: Access, now: datetime) -> int:
    """Corrects who stands in the draft with other data; how many."""
    changed = [
        change_entry(entry=row.entry, data=row.data, is_late=row.is_late, seen=row.entry.changed_at, by=by, now=now)
        for row in rows
        if row.entry and row.standing is RowStanding.DIFFERENT
    ]
    return len(changed)


@transaction.atomic
def discard_import(*, version: TransitionListVersion, seen: str, by: Access, now: datetime) -> None:
    """Forgets the waiting rows, which were `seen`, also in what a backup brings back.

    Raises Refused when there are none, or others.
    """
    draft = writable_draft(version, by)
    erasure.erase_at_once(PENDING_IMPORTS, [str(_waiting(draft, seen).pk)], now=now)
    record_access(by=by, action=LogAction.IMPORT, version=draft, now=now)


def _waiting(draft: TransitionListVersion, seen: str) -> PendingImport:
    pending = PendingImport.objects.select_for_update().filter(version=draft).first()
    pending = require(pending, NOTHING_WAITS)
    require(seen.partition(".")[0] == str(pending.pk), OTHER_ROWS)
    return pending
