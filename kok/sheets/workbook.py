"""Reading XLSX: which sheet, and its values as the text that a person sees."""

import posixpath
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineSheet, XmlError, ZipError, load_workbook

from kok.sheets.package import Package, refuse_damage
from kok.sheets.scan import check_shared, local, look_through, parse, refuse_findings
from kok.sheets.table import Limits, Record, Table, as_table, refusal

WORKBOOK, RELATIONS, TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
LARGEST_EXACT = 1e15


def read_xlsx(content: bytes, limits: Limits, sheet: str | None) -> Table:
    """The table on one sheet of a workbook.

    With several filled sheets it must be named; all of them are looked through. Raises SheetRefused.
    """
    package = Package(content, limits)
    filled: dict[str, tuple[str, int]] = {}
    for name, part in _sheets(package).items():
        found = look_through(package.part(part), limits)
        refuse_findings(name, found)
        if found.has_content:
            filled[name] = part, found.strings
    chosen = _chosen(list(filled), sheet)
    part, strings = filled[chosen]
    if strings and package.has(TEXTS):
        check_shared(package.part(TEXTS), strings, limits)
    try:
        loaded = load_workbook(package.packed_anew(part)).get_sheet_by_name(chosen)
    except (CalamineError, XmlError, ZipError):
        refuse_damage()
    return as_table(_records(loaded), limits)


def _sheets(package: Package) -> dict[str, str]:
    """The part of every sheet by its name, in the order of the workbook. Raises SheetRefused for hidden ones."""
    targets = _targets(package)
    sheets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) == "externalReference":
            raise refusal("Die Datei enthält Verknüpfungen nach außen.", "Entfernen Sie sie.", reason="external")
        if local(name) != "sheet":
            return
        title = attributes.get("name", "")
        if attributes.get("state", "visible") != "visible":
            advice = "Blenden Sie es ein oder löschen Sie es."
            raise refusal(f"Das Blatt „{title}“ ist ausgeblendet.", advice, reason="hidden")
        ids = [value for key, value in attributes.items() if local(key) == "id"]
        if len(ids) != 1 or ids[0] not in targets or title in sheets:
            refuse_damage()
        if targets[ids[0]]:
            sheets[title] = targets[ids[0]]

    parse(package.part(WORKBOOK), start)
    return sheets


def _targets(package: Package) -> dict[str, str]:
    """The part of every relation of the workbook by its id; empty for what is no sheet of cells."""
    targets: dict[str, str] = {}

    def start(name: str, attributes: dict[str, str]) -> None:
        if local(name) != "Relationship":
            return
        key, target = attributes.get("Id", ""), attributes.get("Target", "")
        if key in targets:
            refuse_damage()
        part = posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")
        targets[key] = part if attributes.get("Type", "").endswith("/worksheet") else ""

    parse(package.part(RELATIONS), start)
    return targets


def _chosen(filled: list[str], sheet: str | None) -> str:
    if not filled:
        raise refusal(
            "Die Datei ist leer.", "Füllen Sie die Vorlage aus und versuchen Sie es noch einmal.", reason="empty"
        )
    for name in filled:
        if sheet is not None and name.casefold() == sheet.casefold():
            return name
    if len(filled) == 1:
        return filled[0]
    if sheet is not None:
        advice = "Geben Sie dem Blatt mit der Tabelle diesen Namen."
        raise refusal(f"Das Blatt „{sheet}“ fehlt oder ist leer.", advice, reason="sheets")
    raise refusal(
        f"Die Datei hat {len(filled)} Blätter mit Inhalt.",
        "Behalten Sie nur das Blatt mit der Tabelle.",
        reason="sheets",
    )


def _records(sheet: CalamineSheet) -> Iterator[Record]:
    """Rows from the first of the sheet on; the library leaves empty columns on the left out."""
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, values in enumerate(sheet.iter_rows(), start=1):
        yield number, left + [value.strip() if value.__class__ is str else _text(value) for value in values]


def _text(value: Any) -> str:
    """A value as German programs show it: 31.12.2026, 14:30, 1,5, ja."""
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int | float):
        return _number(value)
    return _moment(value) if isinstance(value, date | time | timedelta) else str(value).strip()


def _moment(value: date | time | timedelta) -> str:
    if isinstance(value, timedelta):
        minutes = int(value.total_seconds()) // 60
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, time):
        return f"{value:%H:%M}"
    has_time = isinstance(value, datetime) and value.time() != time()
    return f"{value:%d.%m.%Y %H:%M}" if has_time else f"{value:%d.%m.%Y}"


def _number(value: float) -> str:
    """Fifteen digits, as spreadsheets calculate, with a decimal comma, without exponent or useless zeros."""
    if abs(value) < LARGEST_EXACT and value == value // 1:
        return str(int(value))
    shown = f"{value:.15g}"
    return (format(Decimal(shown), "f") if "e" in shown else shown).replace(".", ",")
