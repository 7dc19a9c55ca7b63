"""Reading XLSX: which sheet, and its values as the text that a person sees."""

import posixpath
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineSheet, XmlError, ZipError, load_workbook

from kok.sheets.package import Package, refuse_damage
from kok.sheets.scan import check_shared, local, look_through, parse, refuse_findings
from kok.sheets.table import Limits, Record, Table, as_table, refusal
from kok.sheets.write import yes_or_no

WORKBOOK, RELATIONS, TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
LARGEST_EXACT = 1e15


def read_xlsx(content: bytes, limits: Limits, sheet: str | None) -> Table:
    """The table on one sheet of a workbook.

    With several filled sheets it must be named; all of them are looked through. Raises SheetRefused.
    """
    package = Package(content, limits)
    book = _Book(package)
    filled: dict[str, tuple[str, int]] = {}
    for name, part in book.sheets.items():
        found = look_through(package.part(part), limits)
        refuse_findings(name, found)
        if found.has_content:
            filled[name] = part, found.strings
    part, strings = filled[_chosen(list(filled), sheet)]
    if strings and package.has(TEXTS):
        check_shared(package.part(TEXTS), strings, limits)
    packed = package.packed_anew(part, counts_from_1904=book.counts_from_1904)
    try:
        return as_table(_records(load_workbook(packed).get_sheet_by_index(0)), limits)
    except (CalamineError, XmlError, ZipError):
        refuse_damage()


class _Book:
    """The visible sheets of a workbook in their order, each with its part. Raises SheetRefused for hidden ones."""

    def __init__(self, package: Package) -> None:
        self.sheets: dict[str, str] = {}
        self.counts_from_1904 = False
        self._targets = _targets(package)
        parse(package.part(WORKBOOK), self._start)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if local(name) == "externalReference":
            raise refusal("Die Datei enthält Verknüpfungen nach außen.", "Entfernen Sie sie.", reason="external")
        if local(name) == "workbookPr":
            self.counts_from_1904 = attributes.get("date1904", "0") in {"1", "true"}
        if local(name) == "sheet":
            self._add(attributes)

    def _add(self, attributes: dict[str, str]) -> None:
        title = attributes.get("name", "")
        if attributes.get("state", "visible") != "visible":
            advice = "Blenden Sie es ein oder löschen Sie es."
            raise refusal(f"Das Blatt „{title}“ ist ausgeblendet.", advice, reason="hidden")
        target = next((self._targets.get(value) for key, value in attributes.items() if local(key) == "id"), None)
        if target is None or title in self.sheets:
            refuse_damage()
        if target:
            self.sheets[title] = target


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
        yield number, left + [TEXTS_OF[value.__class__](value) for value in values]


def _number(value: float) -> str:
    """Fifteen digits, as spreadsheets calculate, with a decimal comma, without exponent or useless zeros."""
    if value.is_integer() and -LARGEST_EXACT < value < LARGEST_EXACT:
        return str(int(value))
    shown = f"{value:.15g}"
    return (format(Decimal(shown), "f") if "e" in shown else shown).replace(".", ",")


def _day(value: date) -> str:
    return f"{value.day:02}.{value.month:02}.{value.year:04}"


def _moment(value: datetime) -> str:
    return f"{_day(value)} {value:%H:%M}" if value.time() != time() else _day(value)


def _duration(value: timedelta) -> str:
    minutes = int(value.total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02}"


TEXTS_OF: dict[type, Callable[..., str]] = {
    str: str.strip,
    float: _number,
    int: str,
    bool: yes_or_no,
    date: _day,
    datetime: _moment,
    time: lambda value: f"{value:%H:%M}",
    timedelta: _duration,
}
