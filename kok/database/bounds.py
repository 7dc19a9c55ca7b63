"""Days and moments stay where Python can read them: every such column of every table is bounded in the database itself.

PostgreSQL knows 'infinity' and the year 294276; a single such value, written past the application, would stop whatever
reads its row. `manage.py migrate` bounds each column that has no bounds yet, so none is forgotten.
"""

from django.db import connection
from psycopg import sql

FIRST, LAST = "1900-01-01", "2200-01-01"
_NAME = "bounded_"
_POINTS, _RANGES = ("date", "timestamptz"), ("daterange", "tstzrange")


def give() -> None:
    """Bounds what has no bounds yet, as the owner."""
    with connection.cursor() as cursor:
        for table, column, kind in _unbounded():
            within = _WITHIN_RANGE if kind in _RANGES else _WITHIN
            cursor.execute(
                sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (" + within + ")").format(
                    table=sql.Identifier("public", table), name=sql.Identifier(f"{_NAME}{column}"),
                    column=sql.Identifier(column), first=sql.Literal(FIRST), last=sql.Literal(LAST),
                )
            )  # fmt: skip


def problems() -> list[str]:
    """A German sentence for each column that is not bounded."""
    return [f"In der Tabelle {table} ist die Spalte {column} nicht begrenzt." for table, column, _ in _unbounded()]


def _unbounded() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [[*_POINTS, *_RANGES], _NAME])
        return list(cursor.fetchall())


_WITHIN = "{column} BETWEEN {first} AND {last}"
_WITHIN_RANGE = (
    "(lower_inf({column}) OR lower({column}) BETWEEN {first} AND {last})"
    " AND (upper_inf({column}) OR upper({column}) BETWEEN {first} AND {last})"
)
_COLUMNS = """
SELECT relname, attname, typname FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
  AND typname = ANY(%s) AND NOT EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = attrelid AND conname = %s || attname AND convalidated
  )
ORDER BY relname, attnum
"""
