"""What a correction changed: only the changed values, side by side, found by the key of the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.rules.formats import Format

KEY = (
    "comparison_group", "indicator", "sex", "age_group", "location", "service", "setting", "disability",
)  # fmt: skip
VALUES = {
    "value": "Wert",
    "flag": "Zeichen",
    "numerator": "Zähler",
    "denominator": "Nenner",
    "unit": "Einheit",
    "remark": "Bemerkung",
}
MOST_SHOWN = 500


@dataclass(frozen=True)
class CellChange:
    """One changed part of a value; empty where the row was not there."""

    title: str
    old: str
    new: str


@dataclass(frozen=True)
class Difference:
    """A row that differs: what it is about, whether it came or went, and what changed."""

    about: str
    is_new: bool
    is_gone: bool
    changes: tuple[CellChange, ...]


@dataclass(frozen=True)
class Comparison:
    """The first differences by row, and how many there are."""

    differences: tuple[Difference, ...]
    count: int


def comparison_of(old: DatasetRevision, new: DatasetRevision, found: Format | None) -> Comparison:
    """What `new` changed against `old`; one query, however many values they have."""
    with connection.cursor() as cursor:
        cursor.execute(_query(old.pk, new.pk))
        rows = cursor.fetchall()
    count = rows[0][-1] if rows else 0
    return Comparison(tuple(_difference(row, found) for row in rows), count)


def _query(old: int, new: int) -> str:
    columns: list[Composable] = [SQL("coalesce(b.{0}, a.{0})").format(Identifier(name)) for name in KEY]
    columns += [SQL("{}.{}").format(Identifier(side), Identifier(name)) for side in "ab" for name in ("row", *VALUES)]
    query = SQL(
        "SELECT {columns}, count(*) OVER () FROM (SELECT * FROM {cells} WHERE revision_id = {old}) a"
        " FULL JOIN (SELECT * FROM {cells} WHERE revision_id = {new}) b ON {same}"
        " WHERE ({old_values}) IS DISTINCT FROM ({new_values}) ORDER BY coalesce(b.row, a.row) LIMIT {most}"
    ).format(
        columns=SQL(", ").join(columns),
        cells=Identifier(DataCell._meta.db_table),
        old=Literal(old),
        new=Literal(new),
        same=SQL(" AND ").join(SQL("a.{0} = b.{0}").format(Identifier(name)) for name in KEY),
        old_values=SQL(", ").join(Identifier("a", name) for name in VALUES),
        new_values=SQL(", ").join(Identifier("b", name) for name in VALUES),
        most=Literal(MOST_SHOWN),
    )
    return query.as_string(None)  # text, so that the guard of reading pages can read it


def _difference(row: Sequence[Any], found: Format | None) -> Difference:
    size = len(VALUES) + 1
    key, rest = row[: len(KEY)], row[len(KEY) : -1]
    (old_row, *old), (new_row, *new) = rest[:size], rest[size:]
    is_new, is_gone = old_row is None, new_row is None
    shown = ("value", "flag") if is_new or is_gone else tuple(VALUES)
    changes = [
        CellChange(VALUES[name], "" if is_new else _text(before), "" if is_gone else _text(after))
        for name, before, after in zip(VALUES, old, new, strict=True)
        if name in shown and before != after and {before, after} != {None, ""}
    ]
    return Difference(_about(key, found), is_new, is_gone, tuple(changes))


def _about(key: Sequence[str], found: Format | None) -> str:
    """The dimensions in words; totals are left out unless all are."""
    words = [_word(name, code, found) for name, code in zip(KEY, key, strict=True) if code not in ("", "T")]
    return ", ".join(words) or "insgesamt"


def _word(name: str, code: str, found: Format | None) -> str:
    column = found.cell_column(name) if found else None
    codes = found.codes(column.name) if found and column else {}
    return str(codes[code].title) if code in codes else code


def _text(value: Any) -> str:
    if value is None or value == "":
        return "keine Angabe"
    if isinstance(value, Decimal):
        whole, _, rest = f"{value:,f}".partition(".")
        rest = rest.rstrip("0")
        return whole.replace(",", ".") + (f",{rest}" if rest else "")
    return str(value)
