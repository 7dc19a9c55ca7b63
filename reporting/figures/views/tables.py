"""A table as a file."""

from collections.abc import Iterable, Sequence
from functools import partial

from django.http import HttpResponse

from kok import sheets
from kok.requests import file_response, or_404


def table_response(
    title: str, header: Sequence[str], rows: Iterable[Sequence[sheets.Cell]], name: str, kind: str
) -> HttpResponse:
    """As CSV or XLSX; 404 for any other kind of file. `title` is that of the sheet, `name` that of the file."""
    kinds = {
        "csv": (partial(sheets.write_csv, header, rows), sheets.CSV_TYPE),
        "xlsx": (partial(sheets.write_xlsx, title, header, rows), sheets.XLSX_TYPE),
    }
    written, content_type = or_404(kinds.get(kind))
    return file_response(written(), f"{name}.{kind}", content_type)
