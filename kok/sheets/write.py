"""Writing CSV and XLSX for German spreadsheets. No text can become a formula when the file is opened."""

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from kok.sheets.table import NO_TEXT

Cell = str | int | float | Decimal | date | datetime | bool | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RISKY = re.compile(r"'*[=+\-@\t\r]")
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
DAY, MOMENT = "DD.MM.YYYY", "DD.MM.YYYY HH:MM"
NARROW, WIDE = 10, 40


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with mark, `;`, CRLF, decimal comma, dates as TT.MM.JJJJ: opens in German Excel by a double click."""
    lines = StringIO(newline="")
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow([_harmless(heading) for heading in header])
    writer.writerows([_csv_text(cell) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def write_xlsx(
    title: str, header: Sequence[str], rows: Iterable[Sequence[Cell]], widths: Sequence[int] | None = None
) -> bytes:
    """One sheet with a fixed bold header and filters; numbers stay numbers, dates dates, bool becomes ja or nein.

    `title` names sheet and document, `widths` are characters for each column. The file names no person as author.
    """
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = "KoK"
    book.properties.title = title
    sheet = book.create_sheet(NOT_IN_SHEET_NAMES.sub(" ", title)[:LONGEST_SHEET_NAME].strip() or "Tabelle")
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(header):
        width = widths[place] if widths else min(max(len(heading) + 4, NARROW), WIDE)
        sheet.column_dimensions[get_column_letter(place + 1)].width = width
    sheet.append([_bold(sheet, heading) for heading in header])
    count = 1
    for count, row in enumerate(rows, start=2):  # noqa: B007  the number of the last row, for the filter
        sheet.append([_xlsx_cell(sheet, cell) for cell in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(header), 1))}{count}"
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula; `kok.sheets.read` takes the apostrophe away again."""
    text = NO_TEXT.sub("", text)
    return f"'{text}" if RISKY.match(text) else text


def _csv_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, datetime):
        return f"{cell:%d.%m.%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%d.%m.%Y}"
    if isinstance(cell, str):
        return _harmless(cell)
    return (format(cell, "f") if isinstance(cell, Decimal) else str(cell)).replace(".", ",")


def _bold(sheet: Any, heading: str) -> Any:
    cell = _text_cell(sheet, heading)
    cell.font = Font(bold=True)
    return cell


def _text_cell(sheet: Any, text: str) -> Any:
    cell = WriteOnlyCell(sheet, value=_harmless(text))
    cell.data_type = "s"  # also for #NV and the like, which the library takes for errors
    return cell


def _xlsx_cell(sheet: Any, cell: Cell) -> Any:
    if isinstance(cell, bool):
        return "ja" if cell else "nein"
    if isinstance(cell, str):
        return _text_cell(sheet, cell)
    if isinstance(cell, date):
        dated = WriteOnlyCell(sheet, value=cell)
        dated.number_format = MOMENT if isinstance(cell, datetime) else DAY
        return dated
    return cell
