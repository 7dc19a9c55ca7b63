"""What stands in any column is something that Python reads: every table is bounded in the database itself.

PostgreSQL knows 'infinity', the years 0 and 294276, the time 24:00, NaN, arrays of arrays, and JSON of a thousand
brackets or with numbers of ten thousand digits; a single such value, written past the application, would stop whatever
reads its row. Texts and files of a gigabyte would fill the memory of whoever reads some rows at once. `manage.py
migrate` bounds each column of such a type that has no bounds yet, so none is forgotten.
"""

from django.apps import apps
from django.db import connection, models
from psycopg import sql

FIRST, LAST = "1900-01-01", "2200-01-01"
_NAME = "bounded_"
_POINT = "{column} BETWEEN {first} AND {last}"
_RANGE = (
    "(lower_inf({column}) OR lower({column}) BETWEEN {first} AND {last})"
    " AND (upper_inf({column}) OR upper({column}) BETWEEN {first} AND {last})"
)
MOST = 1_000_000  # bytes of a JSON value, far more than any that is ever written
MOST_OF_TEXT = 5_000_000  # bytes, where the field does not say how many characters: fifty Punkte of 100,000 each
MOST_OF_FILE = 25_000_000  # bytes: what is uploaded or made has 20 million at most
MOST_COUNTED = 1_000_000_000  # half of what the column takes: whoever adds to it has room
MOST_OF_ARRAY = 10_000  # numbers; the cases of a draft, 2,000 of each file
# At most 20 levels deep, no number that is too long to be read, and not so long that some rows fill the memory.
_JSON = (
    f"octet_length({{column}}::text) <= {MOST} AND"
    " NOT jsonb_path_exists({column}, '$.**{{20}}') AND NOT jsonb_path_exists({column},"
    """ '$.** ? (@.type() == "number" && (@ > 1000000000000000000 || @ < -1000000000000000000))')"""
)
_ARRAY = (
    f"cardinality({{column}}) <= {MOST_OF_ARRAY} AND"
    " COALESCE(array_ndims({column}), 1) = 1 AND COALESCE(array_lower({column}, 1), 1) = 1"
    " AND array_position({column}, NULL) IS NULL"
)
_WITHIN = {
    "date": _POINT,
    "timestamptz": _POINT,
    "daterange": _RANGE,
    "tstzrange": _RANGE,
    "time": "{column} < '24:00'",
    "int4": f"{{column}} BETWEEN 0 AND {MOST_COUNTED}",
    "int2": "{column} BETWEEN 0 AND 2200",  # days, months and years to be reckoned with
    "year": "{column} BETWEEN 1900 AND 2200",
    "numeric": "abs({column}) < 1e30",  # NaN counts as more than any number
    "jsonb": _JSON,
    "_int8": _ARRAY,
    "_varchar": _ARRAY,
    "text": f"octet_length({{column}}) <= {MOST_OF_TEXT}",
    "bytea": f"octet_length({{column}}) <= {MOST_OF_FILE}",
}
# Of these types Python reads whatever PostgreSQL holds; one that stands nowhere here is named by the night.
_READABLE = ("bool", "bpchar", "int8", "uuid", "varchar")


def give() -> None:
    """Bounds what has no bounds yet, as the owner."""
    declared = _declared()
    with connection.cursor() as cursor:
        for table, column, kind in _unbounded():
            if within := declared.get((table, column)) or _WITHIN.get(kind):
                cursor.execute(
                    sql.SQL("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK (" + within + ")").format(
                        table=sql.Identifier("public", table), name=sql.Identifier(f"{_NAME}{column}"),
                        column=sql.Identifier(column), first=sql.Literal(FIRST), last=sql.Literal(LAST),
                    )
                )  # fmt: skip


def problems() -> list[str]:
    """A German sentence for each column that is not bounded."""
    return [f"In der Tabelle {table} ist die Spalte {column} nicht begrenzt." for table, column, _ in _unbounded()]


def _declared() -> dict[tuple[str, str], str]:
    """The texts whose field says how many characters they have at most: Django asks that in forms only."""
    fields = (field for model in apps.get_models() for field in model._meta.local_concrete_fields)
    return {
        (field.model._meta.db_table, str(field.column)): f"char_length({{column}}) <= {field.max_length}"
        for field in fields
        if isinstance(field, models.TextField) and field.max_length
    }


def _unbounded() -> list[tuple[str, str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS, [list(_READABLE), _NAME])
        return list(cursor.fetchall())


_COLUMNS = """
SELECT relname, attname,
  CASE WHEN typname = 'int2' AND attname ~ '(^|_)year$' AND attname !~ 'per_year$' THEN 'year'
    WHEN typname = 'varchar' AND atttypmod = -1 THEN 'text' ELSE typname END
FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid JOIN pg_type ON pg_type.oid = atttypid
WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND attnum > 0 AND NOT attisdropped
  AND (typname <> ALL(%s) OR typname = 'varchar' AND atttypmod = -1) AND NOT EXISTS (
    SELECT FROM pg_constraint WHERE conrelid = attrelid AND conname = %s || attname AND convalidated
  )
ORDER BY relname, attnum
"""
