"""Files with the list, good and bad, made for tests of reading them."""

import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from transitions.rules.columns import HEADINGS

ROW = {
    "Familienname": "Zirbelnuss", "Vorname": "Malwine", "Geburtsdatum": "14.03.2010", "Anrede": "",
    "Gemeinde (AGS)": "06440008", "Einrichtung": "Internat Haus Lindenhöhe", "Ort der Einrichtung": "Bad Nauheim",
    "Grundlage": "§ 134 SGB IX, minderjährig", "Grund bei ähnlicher Einrichtung": "", "Bildung": "Schulbildung",
    "Ende (Monat)": "7.2028", "Sicherheit": "voraussichtlich", "Zuständigkeit des LWV": "wahrscheinlich",
    "Ansprechstelle": "Fachdienst Soziale Hilfen", "Telefon": "06031 83-0", "Gesetzliche Vertretung": "Eltern",
    "Informiert am": "20.01.2027", "Verfahren der Bundesagentur begonnen": "", "LWV daran beteiligt": "",
    "Nachmeldung": "",
}  # fmt: skip
"""A row that says what `world.case_data()` says."""


def lines(*rows: Mapping[str, str], separator: str = ";", header: Iterable[str] = HEADINGS) -> str:
    """A CSV file of rows that differ from ROW by these cells."""
    header = list(header)
    cells = [header, *([(ROW | row)[heading] for heading in header] for row in rows)]
    return "".join(separator.join(f'"{cell}"' for cell in line) + "\r\n" for line in cells)


def a_csv(*rows: Mapping[str, str]) -> bytes:
    """As German spreadsheets save it."""
    return lines(*rows).encode("utf-8-sig")


def a_sheet(*rows: Mapping[str, Any]) -> Any:
    """A workbook that is not saved yet; cells may be dates and numbers."""
    book = Workbook()
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append([(ROW | row)[heading] for heading in HEADINGS])
    return book


def saved(book: Any, **parts: bytes) -> bytes:
    """The bytes of a workbook, with more parts if there are any."""
    file = BytesIO()
    book.save(file)
    with ZipFile(file, "a") as package:
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".bin", content)
    return file.getvalue()


def with_rows(content: bytes, count: int) -> bytes:
    """A workbook with the row below its header so often: a library would make each cell anew."""
    file = BytesIO()
    with ZipFile(BytesIO(content)) as old, ZipFile(file, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            written = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                [row] = re.findall(rb'<row r="2".*?</row>', written)
                again = row.replace(b"%", b"%%").replace(b'r="2"', b'r="%d"').replace(b'r="A2"', b'r="A%d"')
                written = written.replace(row, b"".join(again % (n, n) for n in range(2, count + 2)))
            new.writestr(part, written)
    return file.getvalue()
