"""What a file becomes, whatever its kind: a header and rows of text, within limits."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from kok.errors import Refused

KEPT = "Es wurde nichts übernommen."
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\ufffe\uffff]")
QUOTED = re.compile(r"'+[=+\-@\t\r]")
HARMLESS = re.compile(r"[+-]?[\d\s.,]*%?|\+\d+ [\d\s/()-]*")  # a telephone number has a blank after its country


class SheetRefused(Refused):
    """A file that cannot be read as a table.

    `reason` is a short stable word for tests and machines, `row` the row as the person sees it, where there is one.
    """

    def __init__(self, sentence: str, *, reason: str, row: int | None = None) -> None:
        super().__init__(sentence)
        self.reason = reason
        self.row = row


@dataclass(frozen=True)
class Limits:
    """How much of a file is read. Rows do not count the header; a cell is measured in characters."""

    bytes: int = 10_000_000
    rows: int = 100_000
    columns: int = 60
    cell_length: int = 1_000

    @property
    def unpacked(self) -> int:
        """Bytes that an XLSX may become when unpacked: tables of real life become eleven times as large."""
        return max(12 * self.bytes, 1_000_000)


class Row(NamedTuple):
    """One row: its number as the person sees it (the header is 1), and as many cells as the header has."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """The header, and the rows to be read once; reading them may raise SheetRefused until the last."""

    header: tuple[str, ...]
    rows: Iterator[Row]


Record = tuple[int, list[str]]


def refusal(what: str, advice: str, *, reason: str, row: int | None = None) -> SheetRefused:
    """What to raise: what is wrong, that nothing was taken over, what to do."""
    return SheetRefused(f"{what} {KEPT} {advice}", reason=reason, row=row)


def is_formula_like(text: str) -> bool:
    """Would a spreadsheet take this text for a formula? Numbers and telephone numbers are none (`-3,5`, `+49 60`)."""
    return text[:1] in {"=", "+", "-", "@", "\t", "\r"} and not HARMLESS.fullmatch(text)


def column_name(index: int) -> str:
    """The letters of a column, counted from 1: 1 is A, 27 is AA."""
    name = ""
    while index > 0:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def as_table(records: Iterable[Record], limits: Limits) -> Table:
    """A table from records of stripped text.

    Wholly empty rows are counted and left out, empty columns at the end are dropped. Raises SheetRefused.
    """
    rest = iter(records)
    for number, cells in rest:
        if any(cells):
            return Table(_header(number, cells, limits), _rows(rest, _width(cells), limits))
    raise refusal("Die Datei ist leer.", "Füllen Sie die Vorlage aus und versuchen Sie es noch einmal.", reason="empty")


def _width(cells: list[str]) -> int:
    return max(place for place, cell in enumerate(cells, start=1) if cell)


def _header(number: int, cells: list[str], limits: Limits) -> tuple[str, ...]:
    header = [_unquoted(cell) for cell in cells[: _width(cells)]]
    if len(header) > limits.columns:
        too_many_columns(limits)
    _check_cells(number, header, limits)
    seen: dict[str, int] = {}
    for place, heading in enumerate(header, start=1):
        if not heading:
            raise refusal(
                f"Die Spalte {column_name(place)} hat keine Überschrift.",
                "Ergänzen Sie die Überschrift oder löschen Sie die Spalte.",
                reason="header",
                row=number,
            )
        first = seen.setdefault(heading.casefold(), place)
        if first != place:
            raise refusal(
                f"Die Spalten {column_name(first)} und {column_name(place)} haben dieselbe Überschrift.",
                "Jede Überschrift darf nur einmal vorkommen.",
                reason="header",
                row=number,
            )
    return tuple(header)


def _rows(records: Iterator[Record], width: int, limits: Limits) -> Iterator[Row]:
    for number, cells in records:
        joined = "".join(cells)
        if not joined:
            continue
        if number > limits.rows + 1:
            too_many_rows(limits)
        if NO_TEXT.search(joined) or len(joined) > limits.cell_length:
            _check_cells(number, cells, limits)
        if len(cells) != width:
            _check_width(number, cells, width)
        if "'" in joined:
            cells = [_unquoted(cell) for cell in cells]  # noqa: PLW2901  only the few rows with an apostrophe
        yield Row(number, tuple(cells[:width]))


def _check_cells(number: int, cells: list[str], limits: Limits) -> None:
    for place, cell in enumerate(cells, start=1):
        where = f"Zeile {number}, Spalte {column_name(place)}"
        if len(cell) > limits.cell_length:
            raise refusal(
                f"{where}: Der Text ist länger als {limits.cell_length} Zeichen.",
                "Kürzen Sie ihn.",
                reason="cell-length",
                row=number,
            )
        if NO_TEXT.search(cell):
            raise refusal(
                f"{where}: Die Zelle enthält Zeichen, die kein Text sind.",
                "Speichern Sie die Tabelle als XLSX oder als „CSV UTF-8“ und versuchen Sie es noch einmal.",
                reason="encoding",
                row=number,
            )


def _check_width(number: int, cells: list[str], width: int) -> None:
    if len(cells) < width or any(cells[width:]):
        found = len(cells) if len(cells) < width else _width(cells)
        raise refusal(
            f"Zeile {number} hat {found} Spalten, die Kopfzeile {width}.",
            "Prüfen Sie die Trennzeichen und Anführungszeichen dieser Zeile.",
            reason="width",
            row=number,
        )


def _unquoted(cell: str) -> str:
    return cell[1:].strip() if QUOTED.match(cell) else cell


def too_many_rows(limits: Limits) -> NoReturn:
    """Raises: more rows than the limit."""
    most = f"{limits.rows:,}".replace(",", ".")
    advice = "Teilen Sie sie auf mehrere Dateien auf."
    raise refusal(f"Die Datei hat mehr als {most} Zeilen unter der Kopfzeile.", advice, reason="rows")


def too_many_columns(limits: Limits) -> NoReturn:
    """Raises: more columns than the limit."""
    advice = "Löschen Sie, was nicht zur Tabelle gehört."
    raise refusal(f"Die Datei hat mehr als {limits.columns} Spalten.", advice, reason="columns")
