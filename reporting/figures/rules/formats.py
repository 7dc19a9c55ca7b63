"""A format of figures as data: columns, code lists and checks, read from a TOML file (domain.md 8.2).

The real format of the Arbeitsgemeinschaft is not known; whatever it will be, it comes as a file and not as code.
"""

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property, partial
from itertools import chain, count
from typing import Annotated, TypeVar

from kok import words
from kok.errors import Refused
from members.rules.tables import FileProblem, Reader, ValueLimits
from reporting.figures.rules.checks import KINDS, TOTAL, CheckKind, ColumnName, Constant, Severity
from reporting.figures.rules.codes import Deliverer

Semver = Annotated[str, ValueLimits(longest=20, pattern=r"\d+\.\d+\.\d+", meaning="eine Fassung wie 1.0.0")]
Sentence = Annotated[str, ValueLimits(longest=400)]
Title = Annotated[str, ValueLimits(longest=120)]
CODE = re.compile(r"[^\s;\"']{1,10}")
FIRST, LAST = date.min, date.max
DAYS = ("%Y-%m-%d", "%d.%m.%Y")  # as people and spreadsheets write them
PARTS = ("format", "column", "check", "code_lists")  # of the file
Section = TypeVar("Section")
Kind = TypeVar("Kind", bound=CheckKind)
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
        begins = f"ab dem {words.day(self.valid_from)}" if self.valid_from != FIRST else ""
        ends = f"bis zum {words.day(self.valid_to)}" if self.valid_to != LAST else ""
        return f"{begins} {ends}".strip()


CodeList = Mapping[str, FormatCode]
NO_CODES: CodeList = {}


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

    @property
    def stands_in_every_file(self) -> bool:
        """Must a file have it?"""
        return self.required or self.cell_field == "value"

    def is_no_day(self, text: str) -> bool:
        """Does a text that should be a day look like one, and is none, such as 31.02.2027?"""
        return bool(text) and self.type is ColumnType.DATE and a_day(text) is None


NO_COLUMN = FormatColumn("", "", ColumnType.TEXT)  # stands for one that a format does not have


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

    @property
    def is_warning(self) -> bool:
        """Whether it asks for a remark instead of refusing the file."""
        return self.severity is Severity.WARNING


HEAD = ("code", "kind", "severity", "sentence")  # what all checks have


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
    def is_local(self) -> bool:
        """Do its figures come from the carrier of a region, and not from the LWV?"""
        return self.delivered_by is Deliverer.LOCAL

    @cached_property
    def names(self) -> Mapping[str, FormatColumn]:
        """The columns by their names; the first of a name counts."""
        return {each.name: each for each in reversed(self.columns)}

    @cached_property
    def _by_field(self) -> Mapping[str, FormatColumn]:
        return {each.cell_field: each for each in reversed(self.columns)}

    def column(self, name: str) -> FormatColumn:
        """The column with this name."""
        return self.names[name]

    def name_of(self, cell_field: str) -> str:
        """How that column is called; "" where there is none."""
        return self._by_field.get(cell_field, NO_COLUMN).name

    def codes(self, column: str) -> CodeList:
        """The codes of a column; empty when it has no list, or is not there."""
        return self.code_lists.get(self.names.get(column, NO_COLUMN).code_list, NO_CODES)

    def titles(self, cell_field: str) -> Mapping[str, str]:
        """The codes of what is stored in this field of a cell, in words; empty when the format does not tell it."""
        return {code: each.title for code, each in self.codes(self.name_of(cell_field)).items()}

    def title_of(self, column: str, code: str) -> str:
        """A code of a column in words; the code itself where no list has it."""
        known = self.codes(column).get(code)
        return known.title if known else code

    @cached_property
    def constant_columns(self) -> tuple[str, ...]:
        """Columns that say the same in every row."""
        return tuple(chain.from_iterable(params.columns for _, params in self.checks_of(Constant)))

    @cached_property
    def total_row(self) -> Mapping[str, str]:
        """The dimensions of the key that have a total, each with it."""
        return {name: TOTAL for name in self.key if TOTAL in self.codes(name)}

    def checks_of(self, *kinds: type[Kind]) -> list[tuple[Check, Kind]]:
        """The checks of these kinds with their parameters, in the order of the file."""
        return [(check, check.params) for check in self.checks if isinstance(check.params, kinds)]


def unknown_format(format_id: str) -> Format:
    """Stands for one whose file is gone: figures of it can be read, and nobody delivers any."""
    return Format(format_id, "", format_id, Deliverer.LWV, "", "", (), (), {}, ())


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
    for key in raw.keys() - set(PARTS):
        reader.say(key, f"Diese Angabe ist hier nicht bekannt. Möglich sind: {', '.join(PARTS)}.")
    head = reader.table(_Head, raw.get("format", {}), "format")
    columns = _sections(reader, raw, "column", partial(reader.table, FormatColumn))
    checks = _sections(reader, raw, "check", partial(_check, reader))
    code_lists = dict(_code_lists(reader, raw.get("code_lists", {})))
    if head is None or reader.problems:
        return None, reader.problems
    return Format(**vars(head), columns=columns, checks=checks, code_lists=code_lists), []


def _place_of(error: Exception, text: str) -> str:
    """Where the file stops being TOML: what the library says, else its last line."""
    place = re.search(r"line (\d+), column (\d+)", str(error))
    return f"Zeile {place[1]}, Spalte {place[2]}" if place else f"Zeile {max(len(text.splitlines()), 1)}"


def _sections(
    reader: Reader, raw: Mapping[str, object], key: str, read: Callable[[object, str], Section | None]
) -> tuple[Section, ...]:
    """The sections `[[key]]`, each read by itself; what cannot be read is left out."""
    entries = raw.get(key)
    if not isinstance(entries, list) or not entries:
        reader.say(key, f"Hier fehlt mindestens ein Abschnitt [[{key}]].")
        return ()
    paths = (f"{key}[{place}]" for place in count(1))
    return tuple(filter(None, map(read, entries, paths)))


def _check(reader: Reader, raw: object, path: str) -> Check | None:
    if not isinstance(raw, Mapping):
        reader.say(path, "Hier fehlt ein Abschnitt [[check]].")
        return None
    own = dict(raw)
    shared = {key: own.pop(key) for key in HEAD if key in own}
    head = reader.table(_CheckHead, shared, path)
    return _with_params(reader, head, own, path) if head else None


def _with_params(reader: Reader, head: _CheckHead, own: Mapping[str, object], path: str) -> Check | None:
    kind = KINDS.get(head.kind)
    if kind is None:
        reader.say(f"{path}.kind", f"„{head.kind}“ gibt es hier nicht. Möglich sind: {', '.join(KINDS)}.")
        return None
    params = reader.table(kind, own, path)
    return Check(**vars(head), params=params) if params else None


def _code_lists(reader: Reader, raw: object) -> Iterator[tuple[str, CodeList]]:
    if not isinstance(raw, Mapping):
        reader.say("code_lists", "Hier stehen die Listen, jede in einem Abschnitt [code_lists.NAME].")
        return
    for name, entries in raw.items():
        yield name, _code_list(reader, entries, f"code_lists.{name}")


def _code_list(reader: Reader, entries: object, path: str) -> CodeList:
    given = entries if isinstance(entries, Mapping) else NO_CODES
    codes = {code: found for code, entry in given.items() if (found := _code(reader, code, entry, f"{path}.{code}"))}
    if not codes:
        reader.say(path, "Diese Liste ist leer. Tragen Sie mindestens einen Code ein.")
    return codes


def _code(reader: Reader, code: str, entry: object, path: str) -> FormatCode | None:
    if not CODE.fullmatch(code):
        reader.say(path, "Ein Code hat höchstens zehn Zeichen, ohne Leerzeichen, Semikolon, Anführungszeichen.")
    return reader.table(FormatCode, {"title": entry} if isinstance(entry, str) else entry, path)


def a_day(text: str) -> date | None:
    """A day as `2026-12-31` or, from a spreadsheet, `31.12.2026`; None when it is none."""
    for pattern in DAYS if len(text) == len("2026-12-31") else ():
        with suppress(ValueError):
            return datetime.strptime(text, pattern).date()  # noqa: DTZ007  a day has no zone
    return None
