"""From a file of strangers to a table of texts in the database, row by row as the person sees them.

A CSV without quotes and without anything odd goes to the database as it stands, by COPY: that is all that speed
needs. Everything else, and every file the database cannot take, goes through the strict reader of `kok.sheets`, which
refuses with a sentence. Both fill the same temporary table: texts only, empty ones as NULL.
"""

import string
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import chain

from django.db import DatabaseError, connection, transaction
from psycopg import Error as PsycopgError
from psycopg.sql import SQL, Identifier

from kok import sheets
from kok.errors import Refused
from reporting.queries.formats import format_of
from reporting.rules.checks import Problem
from reporting.rules.formats import Column, ColumnType, Format

LIMITS = sheets.Limits(bytes=20_000_000, rows=150_000, columns=40, cell_length=1_000)
SHEET = "Daten"
STAGE, ROW = Identifier("kok_import"), Identifier("_row")
NO_FORMAT = (
    "Die Datei nennt ihr Format nicht. Es wurde nichts übernommen. Füllen Sie ab der zweiten Zeile die Spalten "
    "format_id und format_version aus, zum Beispiel mit KOK-8C und 1.0.0."
)
BLOCK = 1 << 18
CONTROL = bytes({*range(0x20), 0x7F} - {0x0A, 0x0D})
# Quotes, apostrophes, blanks at the edge of a cell, empty rows, characters that could not be decoded: rare, so slow.
ODD_ROWS = (b"\n\n", b"\n;")
ODD = (*ODD_ROWS, b"\n\r", b'"', b"'", b"\\", b" ;", b"; ", b" \n", b"\n ", b" \r", b";+", b"\xef\xbf\xbd")
SIMPLE = (string.ascii_letters + string.digits + "_.,:-;\n").encode()  # of which nothing odd is made but rows


@dataclass(frozen=True)
class Staged:
    """What lies in the table: the format, which of its columns the file has (by name), how many rows, the first."""

    format: Format
    headings: dict[str, str]  # as the file calls them
    rows: int
    first: dict[str, str]
    first_row: int
    constant: frozenset[str] = frozenset()  # columns found to be the same everywhere, which the table leaves out
    has_numbers: bool = False  # columns of whole numbers are numbers in the table


class HeaderWrong(Exception):
    """The columns of the file are not those of the format."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = list(problems)


@contextmanager
def staged(content: bytes) -> Iterator[Staged]:
    """The rows of a file in a temporary table, for as long as the context lasts.

    Raises SheetRefused for what is no table, Refused for an unknown format, HeaderWrong for columns.
    """
    table = sheets.read(content, limits=LIMITS, sheet=SHEET)
    first = next(table.rows, None)
    named = dict(zip(table.header, first.cells, strict=True)) if first else {}
    if not named or not {"format_id", "format_version"} <= named.keys():
        raise Refused(NO_FORMAT)
    found = format_of(named["format_id"], named["format_version"])
    names = _names(found, table.header)
    try:
        rows, left_out = _fill(found, names, content, table.header, chain([first] if first else [], table.rows))
        known = {name: named[heading] for name, heading in zip(names, table.header, strict=True)}
        headings = dict(zip(names, table.header, strict=True))
        constant = frozenset(names[: left_out or 0])
        yield Staged(
            found, headings, rows, known, first.number if first else 2, constant, has_numbers=left_out is not None
        )
    finally:
        with suppress(DatabaseError), connection.cursor() as cursor:
            cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(STAGE))


def _names(found: Format, header: Sequence[str]) -> list[str]:
    """The columns of the format in the order of the file."""
    by_heading = {name: each.name for each in found.columns for name in (each.name, *each.aliases)}
    names = [by_heading.get(heading, "") for heading in header]
    problems = [_unknown(heading, found) for heading, name in zip(header, names, strict=True) if not name]
    problems += [
        Problem(1, heading, "V-F01", f"Die Spalte {name} kommt unter zwei Namen vor. Löschen Sie eine davon.")
        for place, (heading, name) in enumerate(zip(header, names, strict=True))
        if name and name in names[:place]
    ]
    problems += [
        Problem(1, each.name, "V-F01", f"Die Spalte {each.name} ({each.title}) fehlt. Ergänzen Sie sie.")
        for each in found.columns
        if each.required and each.name not in names
    ]
    if found.cell_column("value") and (value := found.cell_column("value").name) not in names:  # type: ignore[union-attr]
        problems.append(Problem(1, value, "V-F01", f"Die Spalte {value} fehlt. Ergänzen Sie sie."))
    if problems:
        raise HeaderWrong(problems)
    return names


def _unknown(heading: str, found: Format) -> Problem:
    known = ", ".join(each.name for each in found.columns)
    return Problem(
        1, heading, "V-F01",
        f"Die Spalte „{heading}“ gibt es in {found.id} {found.version} nicht. Löschen oder berichtigen Sie sie. "
        f"Möglich sind: {known}.",
    )  # fmt: skip


def _fill(
    found: Format, names: list[str], content: bytes, header: Sequence[str], rows: Iterator[sheets.Row]
) -> tuple[int, int | None]:
    """Makes the table and fills it: how many rows, and how many leading columns were left out as constant.

    None for the latter means that all cells are texts.
    """
    body = _plain_body(content, header)
    if body is not None:
        with suppress(DatabaseError, PsycopgError), transaction.atomic():
            _make_table(found, with_numbers=True)
            return _copy_bytes(found, names, body)
    with transaction.atomic():
        _make_table(found, with_numbers=False)
        return _copy_rows(names, rows), None


def _make_table(found: Format, *, with_numbers: bool) -> None:
    def kind(column: Column) -> SQL:
        return SQL(" bigint") if with_numbers and is_typed(found, column) else SQL(" text")

    columns = SQL(", ").join(Identifier(each.name) + kind(each) for each in found.columns)
    with connection.cursor() as cursor:
        cursor.execute(SQL("DROP TABLE IF EXISTS {}").format(STAGE))
        cursor.execute(
            SQL("CREATE TEMP TABLE {} ({} integer GENERATED BY DEFAULT AS IDENTITY (START 2), {})").format(
                STAGE, ROW, columns
            )
        )


def is_typed(found: Format, column: Column) -> bool:
    """May the database read this column as whole numbers at once? A file it cannot read so comes as texts."""
    return column.type is ColumnType.INT and column.name not in found.constant_columns


def _plain_body(content: bytes, header: Sequence[str]) -> bytes | None:
    """What follows the header of a CSV that needs no reader, or None."""
    start = content.find(b"\n") + 1
    head = content[:start].removeprefix(b"\xef\xbb\xbf").rstrip(b"\r\n")
    if not start or head != ";".join(header).encode() or content.count(b"\n") > LIMITS.rows:
        return None
    return None if _is_odd(content) else content[start:]


def _is_odd(content: bytes) -> bool:
    """Does a CSV hold anything that only the strict reader understands? Most hold codes and numbers only."""
    if not content.translate(None, SIMPLE):
        return any(odd in content for odd in ODD_ROWS)
    if any(odd in content for odd in ODD) or len(content.translate(None, CONTROL)) != len(content):
        return True
    if content.count(b"\r") not in (0, content.count(b"\r\n")):
        return True
    try:
        content.decode()
    except UnicodeDecodeError:
        return True
    return False


def _copy_bytes(found: Format, names: list[str], body: bytes) -> tuple[int, int]:
    """What every row begins with is compared here and not sent."""
    end = body.find(b"\n")
    first = body[: end if end >= 0 else len(body)].split(b";")
    count = 0
    while names[count] in found.constant_columns and first[count]:
        count += 1
    start = b"".join(cell + b";" for cell in first[:count])
    if body.count(b"\n" + start) + 1 == body.count(b"\n") + (not body.endswith(b"\n")):
        body = body[len(start) :].replace(b"\n" + start, b"\n")
    else:
        count = 0
    copy_in = SQL("COPY {} ({}) FROM STDIN (FORMAT csv, DELIMITER ';', NULL '', ENCODING 'UTF8')").format(
        STAGE, SQL(", ").join(map(Identifier, names[count:]))
    )
    view = memoryview(body)
    with connection.cursor() as cursor:
        with cursor.copy(copy_in) as copy:
            for place in range(0, len(view), BLOCK):
                copy.write(view[place : place + BLOCK])
        return int(cursor.rowcount), count


def _copy_rows(names: list[str], rows: Iterator[sheets.Row]) -> int:
    copy_in = SQL("COPY {} ({}) FROM STDIN").format(STAGE, SQL(", ").join([ROW, *map(Identifier, names)]))
    count = 0
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for count, row in enumerate(rows, start=1):  # noqa: B007  the number of rows
            copy.write_row([row.number, *(cell or None for cell in row.cells)])
    return count
