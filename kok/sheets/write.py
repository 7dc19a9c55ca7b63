"""Writing CSV and XLSX for German spreadsheets. No text can become a formula when the file is opened."""

import csv
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from types import NoneType

from kok.by_class import Classes, of_class
from kok.sheets.table import NO_TEXT

Cell = str | int | float | Decimal | date | datetime | bool | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = re.compile(r"'*[=+\-@\t\r]")


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with mark, `;`, CRLF, decimal comma, dates as TT.MM.JJJJ: opens in German Excel by a double click."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow([harmless(heading) for heading in header])
    writer.writerows([of_class(cell, _CSV)(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def write_xlsx(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int] | None = None,
    choices: Mapping[str, Sequence[str]] | None = None,
) -> bytes:
    """One sheet with a fixed bold header and filters; numbers stay numbers, dates dates, bool becomes ja or nein.

    `title` names sheet and document, `widths` are characters for each column, `choices` the words that the column
    below a heading offers in a drop-down list: a second sheet holds them, and every column takes what is typed as text.
    The file names no person as author.
    """
    from kok.sheets.new_workbook import new_workbook  # noqa: PLC0415  loads arrays, which few requests need

    return new_workbook(title, header, rows, widths, choices or {})


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula; `kok.sheets.read` takes the apostrophe away again."""
    text = NO_TEXT.sub("", text)
    return f"'{text}" if RISKY.match(text) else text


def yes_or_no(cell: object) -> str:
    """How a truth is written in a sheet."""
    return "ja" if cell else "nein"


_CSV: tuple[tuple[Classes, Callable[..., str]], ...] = (
    (NoneType, lambda cell: ""),
    (bool, yes_or_no),
    (datetime, lambda cell: f"{cell:%d.%m.%Y %H:%M}"),
    (date, lambda cell: f"{cell:%d.%m.%Y}"),
    (str, harmless),
    (Decimal, lambda cell: format(cell, "f").replace(".", ",")),
    (object, lambda cell: str(cell).replace(".", ",")),
)
