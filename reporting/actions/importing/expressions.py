"""Pieces of SQL that the checks share. Names come from the parsed format only, values are always quoted."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import connection
from psycopg.sql import SQL, Composable, Identifier, Literal

from reporting.actions.importing.staging import ROW, STAGE, Staged, is_typed
from reporting.rules.checks import MOST_LISTED, TOTAL
from reporting.rules.formats import ColumnType

TRUE: Composable = SQL("TRUE")


def fetch(query: Composable) -> list[tuple[Any, ...]]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def listed(shown: Iterable[Composable], source: Composable) -> list[tuple[Any, ...]]:
    """The first rows that a check found, ordered by row, the last column being how many there are."""
    columns = SQL(", ").join([*shown, SQL("count(*) OVER ()")])
    return fetch(SQL("SELECT {} {} ORDER BY 1 LIMIT {}").format(columns, source, Literal(MOST_LISTED)))


def is_in(text: Composable, values: Iterable[str]) -> Composable:
    """Is a text one of these?"""
    return SQL("{} = ANY ({}::text[])").format(text, Literal(list(values)))


def german(number: Decimal | int | None) -> str:
    """A number with decimal comma and without useless zeros."""
    if number is None:
        return "keine Angabe"
    text = format(Decimal(number), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


class Expressions:
    """What to write for a column: its text, its number. A column that the file does not have is its default."""

    def __init__(self, staged: Staged) -> None:
        self.format = staged.format
        self._staged = staged
        self._present = staged.headings

    def has(self, name: str) -> bool:
        """Does the file have this column?"""
        return name in self._present

    def text(self, name: str, table: str = "") -> Composable:
        """The text of a column, or what stands for an empty one."""
        default = self.format.column(name).default
        if not self.has(name):
            return Literal(default) if default else SQL("NULL::text")
        raw = Identifier(table, name) if table else Identifier(name)
        return SQL("coalesce({}, {})").format(raw, Literal(default)) if default else raw

    def number(self, name: str, table: str = "") -> Composable:
        """The number of a column whose texts were found to be numbers."""
        raw, column = self.text(name, table), self.format.column(name)
        if self._staged.has_numbers and is_typed(self.format, column):
            return raw
        if column.type is ColumnType.INT:
            return SQL("({})::bigint").format(raw)
        return SQL("replace({}, ',', '.')::numeric").format(raw)

    def value(self, table: str = "") -> Composable:
        """The value of a row."""
        column = self.format.cell_column("value")
        assert column is not None  # noqa: S101  parse_format sees to it
        return self.number(column.name, table)

    @property
    def value_column(self) -> str:
        """What the column with the values is called."""
        column = self.format.cell_column("value")
        return column.name if column else ""

    def key(self, without: str = "") -> list[str]:
        """The columns of the key that can differ in this file."""
        return [name for name in self.format.key if name != without and self.has(name)]

    def where(self, codes: Mapping[str, str] | None) -> Composable:
        """Rows with these codes."""
        parts = [SQL("{} = {}").format(self.text(name), Literal(code)) for name, code in (codes or {}).items()]
        return SQL("({})").format(SQL(" AND ").join(parts)) if parts else TRUE

    def row_of(self, codes: Mapping[str, str]) -> dict[str, str]:
        """All dimensions of the row that `codes` stand for: T where nothing is named and T exists."""
        known = {name: TOTAL for name in self.format.key if TOTAL in self.format.codes(name)}
        return {**known, **codes}


__all__ = ["ROW", "STAGE", "TRUE", "Expressions", "fetch", "german", "is_in", "listed"]
