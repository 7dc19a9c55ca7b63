"""Changes of sealed rows by SQL that were put back before anybody looked.

A seal says whether a row stands as the application wrote it, at the moment of looking. Who changes a row for a minute,
lets somebody act on it and puts it back would leave no trace. So the database itself writes down every change of a
sealed row, with its transaction, and the night compares: what the application changed was sealed in the same
transaction. Nobody but the owner of the tables can keep the trigger from writing, and his own changes are not written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from psycopg import sql

from kok.database import rights
from kok.models import RowChange, Seal, Sealing
from kok.models.sealing import AT_ONCE, batches, sealings
from kok.readable import readable

MOST_SINCE = 1000  # changes within an act; the application makes some


@dataclass(frozen=True)
class Unsealed:
    """A row that was changed past the application: the first of these changes that is still kept."""

    number: str
    at: datetime
    role: str


def unsealed(sealing: Sealing) -> Iterator[Unsealed]:
    """The rows that somebody changed without a seal of ours, however they stand now. Raises KeyLost.

    Whoever changes a row can make up a line of `Seal` in the same transaction: only what the application sealed counts.
    """
    changes = RowChange.objects.filter(chain=sealing.slug).order_by("object_id", "pk")
    told = ""
    for part in batches(changes.iterator(chunk_size=AT_ONCE), AT_ONCE):
        ours = _sealed(sealing, part)
        for change in part:
            if change.object_id != told and (change.object_id, change.transaction) not in ours:
                told = change.object_id
                yield Unsealed(change.object_id, change.at, change.role)


def _sealed(sealing: Sealing, changes: list[RowChange]) -> set[tuple[str, int | None]]:
    """Row and transaction of the lines that the application wrote together with these changes."""
    lines = Seal.objects.filter(
        chain=sealing.slug,
        object_id__in={change.object_id for change in changes},
        transaction__in={change.transaction for change in changes},
    )
    found = readable(lines.order_by("pk"), lambda number: None)
    return {(line.object_id, line.transaction) for line in found if line.is_ours()}


def moment() -> str:
    """Which transactions are through now, for `is_changed_since`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])


def is_changed_since(before: str, kinds: Iterable[Sealing]) -> bool:
    """Whether a row of these kinds was changed past the application, by somebody who is through since that moment.

    Each statement reads what is through when it begins. So what an act read between this moment and now was changed by
    nobody else in between, or the change stands here, also where it was put back. Raises KeyLost.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SINCE, {"before": before, "chains": [each.slug for each in kinds]})
        changes = set(cursor.fetchall())
    if not changes or len(changes) > MOST_SINCE:
        return bool(changes)
    of_rows = Seal.objects.filter(transaction__in={transaction for *_, transaction in changes})
    lines = list(of_rows.filter(object_id__in={number for _, number, _ in changes})[: MOST_SINCE + 1])
    ours = {(line.chain, line.object_id, line.transaction) for line in lines if line.is_ours()}
    return len(lines) > MOST_SINCE or not changes <= ours


def give() -> None:
    """Has the database write down the changes of sealed tables, as the owner; anew, as their columns are now.

    Not of rows that are erased by age: nobody takes them away before, and their chain shows each gap.
    """
    owner = sql.Literal(rights.role())
    with connection.cursor() as cursor:
        for sealing in (each for each in sealings() if each.kept is None):
            for act, when in (("INSERT", _ALWAYS), ("UPDATE", _is_changed(sealing)), ("DELETE", _ALWAYS)):
                cursor.execute(_TRIGGER.format(
                    name=sql.Identifier(f"kok_journal_{act.lower()}"), act=sql.SQL(act), owner=owner, when=when,
                    table=sql.Identifier("public", sealing.model._meta.db_table), chain=sql.Literal(sealing.slug),
                    key=sql.Literal(str(sealing.model._meta.pk.column)),
                ))  # fmt: skip


def _is_changed(sealing: Sealing) -> sql.Composed:
    """Whether something is other that is sealed."""
    columns = (sql.Identifier(field.column) for field in sealing.kept_fields())
    return sql.SQL(" OR ").join(sql.SQL("OLD.{0} IS DISTINCT FROM NEW.{0}").format(column) for column in columns)


# Not what this transaction itself wrote.
_SINCE = """
SELECT DISTINCT chain, object_id, transaction FROM kok_rowchange
WHERE chain = ANY(%(chains)s) AND transaction >= pg_snapshot_xmin(%(before)s::pg_snapshot)::text::bigint
  AND NOT pg_visible_in_snapshot(transaction::text::xid8, %(before)s::pg_snapshot)
  AND transaction IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint
"""
_ALWAYS = sql.SQL("true")
_TRIGGER = sql.SQL(
    "CREATE OR REPLACE TRIGGER {name} AFTER {act} ON {table} FOR EACH ROW"
    " WHEN (NOT pg_has_role(current_user, {owner}, 'MEMBER') AND ({when})) EXECUTE FUNCTION kok_journal({chain}, {key})"
)
