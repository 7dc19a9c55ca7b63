"""A table as a file."""

from collections.abc import Iterable, Sequence

from django.http import Http404, HttpResponse

from kok import sheets
from kok.requests import file_response


def table_response(
    title: str, header: Sequence[str], rows: Iterable[Sequence[sheets.Cell]], name: str, kind: str
) -> HttpResponse:
    """As CSV or XLSX; 404 for any other kind of file. `title` is that of the sheet, `name` that of the file."""
    if kind == "csv":
        return file_response(sheets.write_csv(header, rows), f"{name}.csv", sheets.CSV_TYPE)
    if kind == "xlsx":
        return file_response(sheets.write_xlsx(title, header, rows), f"{name}.xlsx", sheets.XLSX_TYPE)
    raise Http404
