"""The XLSX of `kok.sheets.write`, apart from it so that only those who write one load the library."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from io import BytesIO
from itertools import zip_longest

from openpyxl import Workbook
from openpyxl.cell import Cell as XlsxCell
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.worksheet.datavalidation import DataValidation

from kok.by_class import Classes, of_class
from kok.sheets.write import Cell, harmless, yes_or_no

NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")
LONGEST_SHEET_NAME = 31
DAY, MOMENT, TEXT = "DD.MM.YYYY", "DD.MM.YYYY HH:MM", "@"
NARROW, WIDE = 10, 40
CHOICES = "Auswahl"
LAST_CHOICE = 5_000  # the last row that offers a choice


def new_workbook(
    title: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    widths: Sequence[int] | None,
    choices: Mapping[str, Sequence[str]],
) -> bytes:
    """See `write_xlsx`."""
    book = Workbook(write_only=True)
    book.properties.creator = book.properties.lastModifiedBy = "KoK"
    book.properties.title = title
    sheet = book.create_sheet(NOT_IN_SHEET_NAMES.sub(" ", title)[:LONGEST_SHEET_NAME].strip() or "Tabelle")
    sheet.freeze_panes = "A2"
    wide = widths or [min(max(len(heading) + 4, NARROW), WIDE) for heading in header]
    for place, width in enumerate(wide, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.width = width
        if choices:  # people type into it: 060318300 stays a telephone number, 06440008 a key
            column.number_format = TEXT
    sheet.append([_bold(sheet, heading) for heading in header])
    count = 1
    for count, row in enumerate(rows, start=2):  # noqa: B007  the number of the last row, for the filter
        sheet.append([of_class(cell, _XLSX)(sheet, cell) for cell in row])
    sheet.auto_filter.ref = f"A1:{get_column_letter(max(len(header), 1))}{count}"
    if choices:
        _offer(book, sheet, header, choices)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _offer(
    book: Workbook, sheet: WriteOnlyWorksheet, header: Sequence[str], choices: Mapping[str, Sequence[str]]
) -> None:
    """Drop-down lists that advise and do not refuse: their words stand on a sheet of their own, under the heading.

    Not in the rule of the cell itself: that takes 255 characters and parts words at commas.
    """
    words = book.create_sheet(CHOICES)
    words.append([_bold(words, heading) for heading in choices])
    for row in zip_longest(*choices.values(), fillvalue=""):
        words.append([_text_cell(words, word) for word in row])
    for place, (heading, offered) in enumerate(choices.items(), start=1):
        column = get_column_letter(place)
        words.column_dimensions[column].width = WIDE
        rule = DataValidation(
            type="list",
            formula1=f"{quote_sheetname(CHOICES)}!${column}$2:${column}${len(offered) + 1}",
            allow_blank=True,
            showErrorMessage=True,
            errorStyle="warning",
            errorTitle="Dieses Wort steht nicht in der Liste",
            error="Wählen Sie ein Wort aus der Liste aus.",
        )
        at = get_column_letter(list(header).index(heading) + 1)
        rule.add(f"{at}2:{at}{LAST_CHOICE}")
        sheet.data_validations.append(rule)


def _bold(sheet: WriteOnlyWorksheet, heading: str) -> XlsxCell:
    cell = _text_cell(sheet, heading)
    cell.font = Font(bold=True)
    return cell


def _text_cell(sheet: WriteOnlyWorksheet, text: str) -> XlsxCell:
    cell = WriteOnlyCell(sheet, value=harmless(text))
    cell.data_type = "s"  # also for #NV and the like, which the library takes for errors
    return cell


def _in_format(number_format: str, sheet: WriteOnlyWorksheet, day: date) -> XlsxCell:
    cell = WriteOnlyCell(sheet, value=day)
    cell.number_format = number_format
    return cell


_XLSX: tuple[tuple[Classes, Callable[..., object]], ...] = (
    (bool, lambda _, value: yes_or_no(value)),
    (str, _text_cell),
    (datetime, partial(_in_format, MOMENT)),
    (date, partial(_in_format, DAY)),
    (object, lambda _, value: value),
)
