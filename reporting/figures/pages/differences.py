"""What a correction changed: only the changed values, side by side, found by the key of the rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import starmap

from django.db import connection
from psycopg.sql import SQL, Identifier, Literal

from kok.words import number
from reporting.figures.models import DataCell, DatasetRevision
from reporting.figures.queries.delivered import ALL
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
NUMBER = {name: VALUES[name] for name in ("value", "flag")}
MOST_SHOWN = 500


@dataclass(frozen=True)
class CellChange:
    """One changed part of a value."""

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


def comparison_of(old: DatasetRevision, new: DatasetRevision, found: Format) -> Comparison:
    """What `new` changed against `old`; one query, however many values they have."""
    with connection.cursor() as cursor:
        cursor.execute(_query(old.pk, new.pk))
        rows = cursor.fetchall()
    count = rows[0][-1] if rows else 0
    return Comparison(tuple(_difference(row, found) for row in rows), count)


def _query(old: int, new: int) -> str:
    key = [SQL("coalesce(b.{0}, a.{0})").format(Identifier(name)) for name in KEY]
    of_old, of_new = (partial(Identifier, side) for side in "ab")
    query = SQL(
        "SELECT {columns}, count(*) OVER () FROM (SELECT * FROM {cells} WHERE revision_id = {old}) a"
        " FULL JOIN (SELECT * FROM {cells} WHERE revision_id = {new}) b ON {same}"
        " WHERE ({old_values}) IS DISTINCT FROM ({new_values}) ORDER BY coalesce(b.row, a.row) LIMIT {most}"
    ).format(
        columns=SQL(", ").join([*key, *map(of_old, ("row", *VALUES)), *map(of_new, ("row", *VALUES))]),
        cells=Identifier(DataCell._meta.db_table),
        old=Literal(old),
        new=Literal(new),
        same=SQL(" AND ").join(SQL("a.{0} = b.{0}").format(Identifier(name)) for name in KEY),
        old_values=SQL(", ").join(map(of_old, VALUES)),
        new_values=SQL(", ").join(map(of_new, VALUES)),
        most=Literal(MOST_SHOWN),
    )
    return query.as_string(None)  # text, so that the guard of reading pages can read it


def _difference(row: Sequence[object], found: Format) -> Difference:
    """Of a row that came or went only the number counts, or why there is none."""
    size = len(VALUES) + 1
    key, rest = row[: len(KEY)], row[len(KEY) : -1]
    (old_row, *old), (new_row, *new) = rest[:size], rest[size:]
    titles = VALUES if old_row and new_row else NUMBER
    told = zip(VALUES, map(_text, old), map(_text, new), strict=True)
    changes = [CellChange(titles[name], before, after) for name, before, after in told if name in titles]
    differing = tuple(each for each in changes if each.old != each.new)
    return Difference(_about(map(str, key), found), not old_row, not new_row, differing)


def _about(key: Iterable[str], found: Format) -> str:
    """The dimensions in words; totals are left out unless all are."""
    told = [(found.name_of(name), code) for name, code in zip(KEY, key, strict=True) if code not in ALL]
    return ", ".join(starmap(found.title_of, told)) or "insgesamt"


def _text(value: object) -> str:
    if value in (None, ""):
        return "keine Angabe"
    return number(value.normalize()) if isinstance(value, Decimal) else str(value)
