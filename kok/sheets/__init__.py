"""The only door to CSV and XLSX: files of strangers in, within limits; files for German spreadsheets out.

`docs/adr/0009-spreadsheets.md` tells why two libraries stand behind it.

    table = sheets.read(upload, limits=sheets.Limits(rows=2_000, columns=30, cell_length=300))
    for row in table.rows:
        named = dict(zip(table.header, row.cells, strict=True))
"""

from typing import Protocol

from kok.sheets.delimited import read_csv
from kok.sheets.package import is_zip, refuse_other_kinds
from kok.sheets.table import Limits, Row, SheetRefused, Table, is_formula_like, refusal
from kok.sheets.workbook import read_xlsx
from kok.sheets.write import CSV_TYPE, XLSX_TYPE, Cell, write_csv, write_xlsx

__all__ = [
    "CSV_TYPE",
    "XLSX_TYPE",
    "Cell",
    "Limits",
    "Row",
    "SheetRefused",
    "Table",
    "is_formula_like",
    "read",
    "refusal",
    "write_csv",
    "write_xlsx",
]


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


def read(content: bytes | _Readable, *, limits: Limits = Limits(), sheet: str | None = None) -> Table:  # noqa: B008
    """The table in a CSV or XLSX file, recognised by its content, never by its name.

    `sheet` names the sheet of an XLSX that holds several; without it there may be only one that is filled.
    Cells are stripped text: dates as TT.MM.JJJJ, numbers with decimal comma, booleans as ja or nein; a number has
    lost its leading zeros. The apostrophe that `write_csv` and `write_xlsx` put before = + - @ is taken away again,
    so ask `is_formula_like` for every text. The rows can be read once and may refuse until the last: store nothing
    before. Raises SheetRefused (a Refused) with `reason` and, where there is one, `row`.
    """
    data = content if isinstance(content, bytes) else content.read(limits.bytes + 1)
    if len(data) > limits.bytes:
        advice = "Teilen Sie sie auf mehrere Dateien auf."
        raise refusal(f"Die Datei ist größer als {limits.bytes / 1_000_000:.0f} Megabyte.", advice, reason="bytes")
    if is_zip(data):
        return read_xlsx(data, limits, sheet)
    refuse_other_kinds(data)
    return read_csv(data, limits)
