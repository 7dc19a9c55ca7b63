"""Changes of sealed rows by SQL that were put back before anybody looked.

A seal says whether a row stands as the application wrote it, at the moment of looking. Who changes a row for a minute,
lets somebody act on it and puts it back would leave no trace. So the database itself writes down every change of a
sealed row, with its transaction, and the night compares: what the application changed was sealed in the same
transaction. Nobody but the owner of the tables can keep the trigger from writing, and his own changes are not written.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain as chained
from itertools import groupby, product
from operator import attrgetter

from django.db import connection
from psycopg import sql

from kok.database import rights
from kok.models import RowChange, Seal, Sealing
from kok.models.seal_lines import batches
from kok.models.sealing import AT_ONCE, sealings
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
    parts = batches(changes.iterator(chunk_size=AT_ONCE), AT_ONCE)
    found = chained.from_iterable(_without_seal(sealing, part) for part in parts)
    for number, of_row in groupby(found, key=attrgetter("object_id")):
        first = next(of_row)
        yield Unsealed(number, first.at, first.role)


_act_on = attrgetter("object_id", "transaction")  # of a change and of a line of `Seal`


def _without_seal(sealing: Sealing, changes: list[RowChange]) -> list[RowChange]:
    """Of these changes those for which the application wrote no line in the same transaction."""
    rows, transactions = zip(*map(_act_on, changes), strict=True)
    lines = Seal.objects.filter(chain=sealing.slug, object_id__in=set(rows), transaction__in=set(transactions))
    ours = set(map(_act_on, filter(Seal.is_ours, readable(lines.order_by("pk")))))
    return [change for change in changes if _act_on(change) not in ours]


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
    return bool(changes) and (len(changes) > MOST_SINCE or not _are_ours(changes))


def _are_ours(changes: set[tuple[str, str, int]]) -> bool:
    """Whether the application wrote a line of `Seal` for each: chain, row and transaction."""
    _, rows, transactions = zip(*changes, strict=True)
    found = Seal.objects.filter(transaction__in=set(transactions), object_id__in=set(rows))
    lines = list(found[: MOST_SINCE + 1])
    ours = map(attrgetter("chain", "object_id", "transaction"), filter(Seal.is_ours, lines))
    return len(lines) <= MOST_SINCE and changes.issubset(ours)


def give() -> None:
    """Has the database write down the changes of sealed tables, as the owner; anew, as their columns are now.

    Not of rows that are erased by age: nobody takes them away before, and their chain shows each gap.
    """
    owner = sql.Literal(rights.role())
    watched = [sealing for sealing in sealings() if sealing.kept is None]
    with connection.cursor() as cursor:
        for sealing, act in product(watched, ("INSERT", "UPDATE", "DELETE")):
            cursor.execute(_TRIGGER.format(
                name=sql.Identifier(f"kok_journal_{act.lower()}"), act=sql.SQL(act), owner=owner,
                when=_is_changed(sealing) if act == "UPDATE" else _ALWAYS,
                table=sql.Identifier("public", sealing.model._meta.db_table), chain=sql.Literal(sealing.slug),
                key=sql.Literal(str(sealing.model._meta.pk.column)),
            ))  # fmt: skip


def _is_changed(sealing: Sealing) -> sql.Composed:
    """Whether something is other that is sealed."""
    columns = (sql.Identifier(str(field.column)) for field in sealing.kept_fields())
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
