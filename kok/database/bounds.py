"""What stands in any column is something that Python reads: every table is bounded in the database itself.

PostgreSQL knows 'infinity', the years 0 and 294276, the time 24:00, NaN, arrays of arrays, and JSON of a thousand
brackets or with numbers of ten thousand digits; a single such value, written past the application, would stop whatever
reads its row. `manage.py migrate` bounds each column of such a type that has no bounds yet, so none is forgotten.
"""

from django.db import connection
from psycopg import sql

FIRST, LAST = "1900-01-01", "2200-01-01"
_NAME = "bounded_"
_POINT = "{column} BETWEEN {first} AND {last}"
_RANGE = (
    "(lower_inf({column}) OR lower({column}) BETWEEN {first} AND {last})"
    " AND (upper_inf({column}) OR upper({column}) BETWEEN {first} AND {last})"
)
MOST = 1_000_000  # bytes of a JSON value, far more than any that is ever written
# At most 20 levels deep, no number that is too long to be read, and not so long that some rows fill the memory.
_JSON = (
    f"octet_length({{column}}::text) <= {MOST} AND"
    " NOT jsonb_path_exists({column}, '$.**{{20}}') AND NOT jsonb_path_exists({column},"
    """ '$.** ? (@.type() == "number" && (@ > 1000000000000000000 || @ < -1000000000000000000))')"""
)
_ARRAY = (
    "COALESCE(array_ndims({column}), 1) = 1 AND COALESCE(array_lower({column}, 1), 1) = 1"
    " AND array_position({column}, NULL) IS NULL"
)
_WITHIN = {
    "date": _POINT,
    "timestamptz": _POINT,
    "daterange": _RANGE,
    "tstzrange": _RANGE,
    "time": "{column} < '24:00'",
    "int2": "{column} BETWEEN 0 AND 2200",  # days, months and years to be reckoned with
    "year": "{column} BETWEEN 1900 AND 2200",
    "numeric": "abs({column}) < 1e30",  # NaN counts as more than any number
    "jsonb": _JSON,
    "_int8": _ARRAY,
    "_varchar": _ARRAY,
}
# Of these types Python reads whatever PostgreSQL holds; one that stands nowhere here is named by the night.
_READABLE = ("bool", "bpchar", "bytea", "int4", "int8", "text", "uuid", "varchar")


def give() -> None:
    """Bounds what has no bounds yet, as the owner."""
    with connection.cursor() as cursor:
        for table, column, kind in _unbounded():
            if kind in _WITHIN:
                cursor.execute(
                    sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (" + _WITHIN[kind] + ")").format(
                        table=sql.Identifier("public", table), name=sql.Identifier(f"{_NAME}{column}"),
                        column=sql.Identifier(column), first=sql.Literal(FIRST), last=sql.Literal(LAST),
                    )
                )  # fmt: skip


def problems() -> list[str]:
    """A German sentence for each column that is not bounded."""
    return [f"In der Tabelle {table} ist die Spalte {column} nicht begrenzt." for table, column, _ in _unbounded()]


def _unbounded() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [list(_READABLE), _NAME])
        return list(cursor.fetchall())


_COLUMNS = """
SELECT relname, attname,
  CASE WHEN typname = 'int2' AND attname ~ '(^|_)year$' AND attname !~ 'per_year$' THEN 'year' ELSE typname END
FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
  AND typname <> ALL(%s) AND NOT EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = attrelid AND conname = %s || attname AND convalidated
  )
ORDER BY relname, attnum
"""
