"""Reading CSV: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252; separated by `;`, tab or `,`."""

import codecs
import csv
import re
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from io import BytesIO, TextIOWrapper

from kok.sheets.table import Limits, Record, Table, as_table, refusal, too_many_rows

# What a file may be written in by how it begins; without a mark German Excel writes Windows-1252.
MARKS = (
    (codecs.BOM_UTF8, ("utf-8-sig",)),
    (codecs.BOM_UTF16_LE, ("utf-16",)),
    (codecs.BOM_UTF16_BE, ("utf-16",)),
    (b"", ("utf-8", "cp1252")),
)
DELIMITERS = (";", "\t", ",")
MS_DOS = re.compile(rb"[A-Za-z][\x81\x84\x94][a-z]")  # ü, ä, ö of code page 850 within a word
SAVE_AS = "Speichern Sie die Tabelle als „CSV UTF-8“ oder als XLSX und versuchen Sie es noch einmal."


def read_csv(content: bytes, limits: Limits) -> Table:
    """The table in a CSV file. Raises SheetRefused: encoding, quotes, unequal columns, limits."""
    encoding = _encoding(content)
    most_lines = 10 * limits.rows + 1_000  # one for a row, many more for empty rows and for breaks within cells
    if max(content.count(b"\n"), content.count(b"\r")) > most_lines:  # rows without a word cost time too
        too_many_rows(limits)
    delimiter = max(DELIMITERS, key=lambda each: len(_first_record(content, encoding, each)))
    return as_table(_records(content, encoding, delimiter), limits)


def _encoding(content: bytes) -> str:
    """What the bytes are written in."""
    encodings = next(names for mark, names in MARKS if content.startswith(mark))
    if "utf-16" not in encodings and b"\0" in content:
        raise refusal("Die Datei ist keine Tabelle: Sie enthält Nullbytes.", SAVE_AS, reason="encoding")
    encoding = next(filter(partial(_is_written_in, content), encodings), None)
    if encoding is None:
        problem = "Die Umlaute der Datei sind nicht lesbar, ihr Zeichensatz ist unbekannt."
        raise refusal(problem, SAVE_AS, reason="encoding")
    return encoding


def _is_written_in(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return encoding != "cp1252" or not MS_DOS.search(content)


def _first_record(content: bytes, encoding: str, delimiter: str) -> list[str]:
    """The first row that is not made of delimiters alone."""
    rows = csv.reader(_lines(content, encoding), delimiter=delimiter)
    with suppress(csv.Error):
        return next((cells for cells in rows if "".join(cells).strip(" \t;,")), [])
    return []


def _lines(content: bytes, encoding: str) -> TextIOWrapper:
    return TextIOWrapper(BytesIO(content), encoding, newline="")


def _records(content: bytes, encoding: str, delimiter: str) -> Iterator[Record]:
    """Rows as a spreadsheet numbers them: a line break within quotes does not start a new one."""
    number = 0
    try:
        for number, cells in enumerate(
            csv.reader(_lines(content, encoding), delimiter=delimiter, strict=True), start=1
        ):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise refusal(
            f"Zeile {number + 1} ist nicht lesbar: Ein Anführungszeichen fehlt oder steht zu viel, oder ein Text"
            " hat kein Ende.",
            "Berichtigen Sie die Zeile oder speichern Sie die Tabelle als XLSX.",
            reason="quotes",
            row=number + 1,
        ) from error
