"""What a sheet contains besides values, found by parsing all of it before anything is loaded."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from xml.parsers import expat

from kok.sheets.package import SAVE_AS, refuse_damage
from kok.sheets.table import Limits, column_name, refusal, too_many_columns, too_many_rows

REFERENCE = re.compile(r"([A-Za-z]{1,3})([1-9]\d{0,6})")
MOST_SHARED_CHARACTERS = 400_000_000
ELEMENTS_PER_CELL = 6
MOST_NAMES = 1_000
LONGEST_NUMBER = 7  # digits of a row
OFF = {"0", "false"}


@dataclass
class Findings:
    """What was found in one sheet; `strings` counts the cells that refer to a shared text."""

    has_content: bool = False
    strings: int = 0
    formulas: int = 0
    first_formula: str = ""
    merged: str = ""
    hidden: str = ""
    error: str = ""


def look_through(sheet: bytes, limits: Limits) -> Findings:
    """What the XML of a sheet contains. Raises SheetRefused: too many rows or columns, not well-formed, a DOCTYPE."""
    reader = _Reader(limits)
    parse(sheet, reader.start)
    if reader.findings.formulas:  # or they stand behind the cells, in formats: only now is it worth to follow the ends
        reader = _Reader(limits)
        parse(sheet, reader.start, reader.end)
    return reader.findings


def refuse_findings(name: str, found: Findings) -> None:
    """Raises SheetRefused for what nobody can check by looking at the table: formulas, merged and hidden cells."""
    where = f"Blatt „{name}“"
    if found.formulas:
        count = "eine Formel" if found.formulas == 1 else f"{found.formulas} Formeln"
        raise refusal(
            f"{where} enthält {count}, die erste in Zelle {found.first_formula}.",
            "Ersetzen Sie Formeln durch ihre Werte (Kopieren, dann „Inhalte einfügen: Werte“).",
            reason="formula",
        )
    if found.merged:
        advice = "Heben Sie die Verbindung auf."
        raise refusal(f"{where} enthält verbundene Zellen ({found.merged}).", advice, reason="merged")
    if found.hidden:
        raise refusal(
            f"{where} enthält ausgeblendete {found.hidden}.",
            "Blenden Sie alles ein und heben Sie Filter auf, damit Sie sehen, was Sie abgeben.",
            reason="hidden",
        )
    if found.error:
        advice = "Tragen Sie den richtigen Wert ein."
        raise refusal(
            f"{where}, Zelle {found.error} zeigt einen Fehlerwert statt einer Zahl.", advice, reason="error-value"
        )


def check_shared(texts: bytes, strings: int, limits: Limits) -> None:
    """Raises SheetRefused where few long texts, used in many cells, would fill the memory."""
    longest = _longest_text(texts)
    if longest * strings > MOST_SHARED_CHARACTERS:
        raise refusal("Die Datei wird beim Entpacken zu groß.", "Kürzen Sie lange Texte.", reason="bomb")


def parse(
    data: bytes,
    on_start: Callable[[str, dict[str, str]], object],
    on_end: Callable[[str], object] | None = None,
    on_text: Callable[[str], object] | None = None,
) -> None:
    """Parses XML as UTF-8 without entities of its own. Raises SheetRefused: DOCTYPE, not well-formed."""
    if b"\0" in data[:4]:
        refuse_damage()  # UTF-16, which the parser would read and the library would not
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = on_text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)  # noqa: FBT003  the last piece; takes no keyword
    except expat.ExpatError:
        refuse_damage()


def local(name: str) -> str:
    """The name of an element or attribute without its prefix."""
    return name.rpartition(":")[2]


def _refuse_doctype(*_declaration: object) -> None:
    raise refusal("Die Datei enthält XML-Anweisungen, die in keine Tabelle gehören.", SAVE_AS, reason="doctype")


def _longest_text(texts: bytes) -> int:
    longest = length = depth = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal depth, length
        if local(name) == "si":
            length = length if depth else 0  # one within another is no text of its own for the library
            depth += 1

    def end(name: str) -> None:
        nonlocal depth
        depth -= local(name) == "si"

    def text(data: str) -> None:
        nonlocal length, longest
        length += len(data)
        longest = max(longest, length)

    parse(texts, start, end, text)
    return longest


class _Handlers(dict[str, Callable[[dict[str, str]], object] | None]):
    """What to do at an element, by its name; names with a prefix are looked at once."""

    def __missing__(self, name: str) -> Callable[[dict[str, str]], object] | None:
        found = self.get(local(name))
        if len(self) < MOST_NAMES:
            self[name] = found
        return found


class _Reader:
    """Follows the elements of one sheet. A row or cell without reference stands behind the one before it.

    It is called some million times for a large sheet: what happens in every cell is written for speed.
    """

    def __init__(self, limits: Limits) -> None:
        self.findings = Findings()
        self._limits = limits
        self._last_row, self._last_column = limits.rows + 1, limits.columns
        self._columns = {column_name(number): number for number in range(1, limits.columns + 1)}
        self._row = 0
        self._row_written = "-"  # no cell ends so
        self._column = 0
        self._place = ""
        self._in_cell = False
        self._left = ELEMENTS_PER_CELL * (limits.rows + 1) * (limits.columns + 2) + 20_000
        self._on = _Handlers(
            row=self._start_row,
            c=self._start_cell,
            v=self._value,
            f=self._formula,
            mergeCell=self._merge,
            col=self._column_format,
            sheetFormatPr=self._row_format,
        )
        self._on["is"] = self._value

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._left -= 1
        if self._left < 0:
            too_many_rows(self._limits)
        handle = self._on[name]
        if handle:
            handle(attributes)

    def end(self, name: str) -> None:
        if local(name) == "c":
            self._in_cell = False

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", str(self._row + 1))
        self._row = int(number) if number.isdecimal() and len(number) <= LONGEST_NUMBER else refuse_damage()
        self._row_written = str(self._row or "-")
        self._column = 0
        if _is_on(attributes, "hidden") or _is_zero(attributes, "ht"):
            self.findings.hidden = self.findings.hidden or f"Zeilen (Zeile {self._row})"

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._in_cell = True
        place = attributes.get("r")
        if place is None:
            place = f"{column_name(self._column + 1)}{self._row}"
        letters = place.removesuffix(self._row_written)
        column = self._columns.get(letters)
        if column is None or letters == place:
            column = self._other_place(place)
        self._column = column
        self._place = place
        kind = attributes.get("t")
        if kind == "s":
            self.findings.strings += 1
        elif kind == "e":
            self.findings.error = self.findings.error or place.upper()

    def _other_place(self, place: str) -> int:
        """The column of a cell that is not in its row, beyond the limits, in small letters or without sense."""
        reference = REFERENCE.fullmatch(place)
        if reference is None:
            refuse_damage()
        self._row, self._row_written = int(reference[2]), reference[2]
        return _column_number(reference[1])

    def _value(self, _attributes: dict[str, str]) -> None:
        self.findings.has_content = True
        if self._row > self._last_row:
            too_many_rows(self._limits)
        if self._column > self._last_column:
            too_many_columns(self._limits)

    def _formula(self, _attributes: dict[str, str]) -> None:
        if self._in_cell:
            self.findings.formulas += 1
            self.findings.first_formula = self.findings.first_formula or self._place.upper()

    def _merge(self, attributes: dict[str, str]) -> None:
        self.findings.merged = self.findings.merged or attributes.get("ref", "?")

    def _column_format(self, attributes: dict[str, str]) -> None:
        if _is_on(attributes, "hidden") or _is_zero(attributes, "width"):
            first = attributes.get("min", "")
            name = column_name(int(first)) if first.isdecimal() and len(first) < 6 else "?"
            self.findings.hidden = self.findings.hidden or f"Spalten (Spalte {name})"

    def _row_format(self, attributes: dict[str, str]) -> None:
        if _is_on(attributes, "zeroHeight"):
            self.findings.hidden = self.findings.hidden or "Zeilen"


def _is_on(attributes: dict[str, str], name: str) -> bool:
    return attributes.get(name, "0") not in OFF


def _is_zero(attributes: dict[str, str], name: str) -> bool:
    return not attributes.get(name, "1").strip("0.")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
