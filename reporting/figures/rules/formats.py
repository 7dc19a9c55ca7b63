"""A format of figures as data: columns, code lists and checks, read from a TOML file (domain.md 8.2).

The real format of the Arbeitsgemeinschaft is not known; whatever it will be, it comes as a file and not as code.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from kok import words
from kok.errors import Refused
from members.rules.tables import FileProblem, Reader, ValueLimits
from reporting.figures.rules.checks import KINDS, CheckKind, ColumnName, Constant, Severity
from reporting.figures.rules.codes import Deliverer

Semver = Annotated[str, ValueLimits(longest=20, pattern=r"\d+\.\d+\.\d+", meaning="eine Fassung wie 1.0.0")]
Sentence = Annotated[str, ValueLimits(longest=400)]
Title = Annotated[str, ValueLimits(longest=120)]
CODE = re.compile(r"[^\s;\"']{1,10}")
FIRST, LAST = date.min, date.max
UNREADABLE = "Ab hier lässt sich die Datei nicht lesen. Prüfen Sie diese Zeile."


class ColumnType(StrEnum):
    """What the text of a cell must look like."""

    TEXT = "text"
    INT = "int"
    DECIMAL = "decimal"
    DATE = "date"
    CODE = "code"
    SEMVER = "semver"
    KGS = "kgs"


@dataclass(frozen=True)
class FormatCode:
    """One code of a list; `units` are those that a figure may be given in. Both days of the validity are included."""

    title: Title
    valid_from: date = field(default=FIRST, metadata={"key": "from"})
    valid_to: date = field(default=LAST, metadata={"key": "to"})
    units: tuple[str, ...] = ()

    def is_valid_on(self, day: date) -> bool:
        """Is the code in force on a day?"""
        return self.valid_from <= day <= self.valid_to

    @property
    def validity(self) -> str:
        """`ab dem 01.01.2026 bis zum 31.12.2027`; nothing where it always applies."""
        parts = [
            f"ab dem {words.day(self.valid_from)}" if self.valid_from != FIRST else "",
            f"bis zum {words.day(self.valid_to)}" if self.valid_to != LAST else "",
        ]
        return " ".join(part for part in parts if part)


CodeList = Mapping[str, FormatCode]


@dataclass(frozen=True)
class FormatColumn:
    """A column of the file. Without `cell_field` it belongs to the metadata; `default` stands for an empty cell."""

    name: ColumnName
    title: Title
    type: ColumnType
    required: bool = False
    code_list: str = ""
    cell_field: str = field(default="", metadata={"key": "cell"})
    default: str = ""
    aliases: tuple[ColumnName, ...] = ()
    length: Annotated[int, ValueLimits(lowest=1, highest=1000)] = 100

    @property
    def all_names(self) -> list[str]:
        """What no other column may be called or stored as."""
        return [self.name, *self.aliases, *([f"cell {self.cell_field}"] if self.cell_field else [])]

    @property
    def is_number(self) -> bool:
        """Is its value a number?"""
        return self.type in {ColumnType.INT, ColumnType.DECIMAL}


@dataclass(frozen=True)
class _CheckHead:
    code: Annotated[str, ValueLimits(longest=12, pattern=r"V-[A-Z]\d\d", meaning="eine Regel wie V-C03")]
    kind: str
    severity: Severity
    sentence: Sentence


@dataclass(frozen=True)
class Check:
    """One rule of the format: its code, how much it weighs, what it says, and how it is computed."""

    code: str
    kind: str
    severity: Severity
    sentence: str
    params: CheckKind


@dataclass(frozen=True)
class _Head:
    id: Annotated[
        str, ValueLimits(longest=20, pattern=r"[A-Z0-9-]+", meaning="Großbuchstaben, Ziffern und Bindestrich")
    ]
    version: Semver
    title: Title
    delivered_by: Deliverer
    count_unit: Annotated[str, ValueLimits(longest=20)]
    region_column: ColumnName
    key: tuple[ColumnName, ...]


@dataclass(frozen=True)
class Format:
    """One version of a format."""

    id: str
    version: str
    title: str
    delivered_by: Deliverer
    count_unit: str
    region_column: str
    key: tuple[str, ...]
    columns: tuple[FormatColumn, ...]
    code_lists: Mapping[str, CodeList]
    checks: tuple[Check, ...]

    @property
    def names(self) -> set[str]:
        """The names of all columns."""
        return {each.name for each in self.columns}

    def column(self, name: str) -> FormatColumn:
        """The column with this name."""
        return next(each for each in self.columns if each.name == name)

    def cell_column(self, cell_field: str) -> FormatColumn | None:
        """The column stored in this field of a cell, or None."""
        return next((each for each in self.columns if each.cell_field == cell_field), None)

    def codes(self, column: str) -> CodeList:
        """The codes of a column; empty when it has no list."""
        return self.code_lists.get(self.column(column).code_list, {})

    @property
    def metadata_columns(self) -> tuple[FormatColumn, ...]:
        """Columns that belong to the delivery and not to a value."""
        return tuple(each for each in self.columns if not each.cell_field)

    @property
    def constant_columns(self) -> tuple[str, ...]:
        """Columns that say the same in every row."""
        return tuple(
            name for check in self.checks if isinstance(check.params, Constant) for name in check.params.columns
        )


class FormatWrong(Refused):
    """The file is no format; `problems` are all that were found, each with its key path."""

    def __init__(self, problems: Sequence[FileProblem]) -> None:
        self.problems = tuple(problems)
        told = "\n".join(str(problem) for problem in problems)
        super().__init__(f"Die Formatdatei wurde nicht geladen, es wurde nichts geändert.\n{told}")


def read_format(text: str) -> tuple[Format | None, list[FileProblem]]:
    """The format as far as its parts can be read one by one, and what is wrong with them."""
    try:
        raw = tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        return None, [FileProblem(_place_of(error, text), UNREADABLE)]
    reader = Reader()
    for key in raw.keys() - {"format", "column", "check", "code_lists"}:
        reader.say(key, "Diese Angabe ist hier nicht bekannt. Möglich sind: format, column, check, code_lists.")
    head = reader.table(_Head, raw.get("format", {}), "format")
    columns = [reader.table(FormatColumn, each, path) for path, each in _entries(reader, raw, "column")]
    checks = [_check(reader, each, path) for path, each in _entries(reader, raw, "check")]
    code_lists = dict(_code_lists(reader, raw.get("code_lists", {})))
    if head is None or reader.problems:
        return None, reader.problems
    known_columns, known_checks = tuple(filter(None, columns)), tuple(filter(None, checks))
    return Format(**vars(head), columns=known_columns, checks=known_checks, code_lists=code_lists), []


def _place_of(error: Exception, text: str) -> str:
    """Where the file stops being TOML: what the library says, else its last line."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return f"Zeile {place[1]}, Spalte {place[2]}" if place else f"Zeile {max(len(text.splitlines()), 1)}"


def _entries(reader: Reader, raw: Mapping[str, Any], key: str) -> Iterator[tuple[str, Any]]:
    entries = raw.get(key)
    if not isinstance(entries, list) or not entries:
        reader.say(key, f"Hier fehlt mindestens ein Abschnitt [[{key}]].")
        return
    for place, each in enumerate(entries, start=1):
        yield f"{key}[{place}]", each


def _check(reader: Reader, raw: Any, path: str) -> Check | None:
    if not isinstance(raw, Mapping):
        reader.say(path, "Hier fehlt ein Abschnitt [[check]].")
        return None
    shared = {key: value for key, value in raw.items() if key in {"code", "kind", "severity", "sentence"}}
    head = reader.table(_CheckHead, shared, path)
    if head is None:
        return None
    if head.kind not in KINDS:
        reader.say(f"{path}.kind", f"„{head.kind}“ gibt es hier nicht. Möglich sind: {', '.join(KINDS)}.")
        return None
    own = {key: value for key, value in raw.items() if key not in shared}
    params = reader.table(KINDS[head.kind], own, path)
    return Check(**vars(head), params=params) if params else None


def _code_lists(reader: Reader, raw: Any) -> Iterator[tuple[str, CodeList]]:
    if not isinstance(raw, Mapping):
        reader.say("code_lists", "Hier stehen die Listen, jede in einem Abschnitt [code_lists.NAME].")
        return
    for name, entries in raw.items():
        codes: dict[str, FormatCode] = {}
        for code, entry in entries.items() if isinstance(entries, Mapping) else ():
            path = f"code_lists.{name}.{code}"
            if not CODE.fullmatch(code):
                reader.say(path, "Ein Code hat höchstens zehn Zeichen, ohne Leerzeichen, Semikolon, Anführungszeichen.")
            found = reader.table(FormatCode, {"title": entry} if isinstance(entry, str) else entry, path)
            if found:
                codes[code] = found
        if not codes:
            reader.say(f"code_lists.{name}", "Diese Liste ist leer. Tragen Sie mindestens einen Code ein.")
        yield name, codes


def a_day(text: str) -> date | None:
    """A day as `2026-12-31` or, from a spreadsheet, `31.12.2026`; None when it is none."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        if len(text) == len("2026-12-31"):
            try:
                return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day has no zone
            except ValueError:
                continue
    return None
