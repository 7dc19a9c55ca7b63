"""From a file of strangers to columns in memory.

What `plain` does not take goes through the strict reader of `kok.sheets`, which refuses with a sentence.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice

import numpy as np
from numpy.typing import NDArray

from kok import sheets
from kok.errors import require
from reporting.figures.actions.importing.columns import Cells
from reporting.figures.actions.importing.contents import Contents
from reporting.figures.actions.importing.plain import PlainRows, plain_rows
from reporting.figures.queries.formats import format_of
from reporting.figures.rules.checks import Problem
from reporting.figures.rules.file_limits import LIMITS, SHEET
from reporting.figures.rules.formats import Format

NO_FORMAT = (
    "Die Datei nennt ihr Format nicht. Es wurde nichts übernommen. Füllen Sie ab der zweiten Zeile die Spalten "
    "format_id und format_version aus, zum Beispiel mit KOK-8C und 1.0.0."
)
HEADING = "V-F01"  # the rule that a heading breaks
BLOCK = 2_000  # rows turned into columns at a time
MOST_CHARACTERS = 40_000_000  # of the different texts of a file: twice what a CSV may hold
Block = tuple[Sequence[int], Iterable[Sequence[str]]]  # numbers of rows, and their cells column by column


class HeaderWrong(Exception):
    """The columns of the file are not those of the format."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = list(problems)


def read(content: bytes) -> Contents:
    """The columns of a file.

    Raises SheetRefused for what is no table, Refused for an unknown format, HeaderWrong for columns.
    """
    table = sheets.read(content, limits=LIMITS, sheet=SHEET)
    first = require(next(table.rows, None), NO_FORMAT)
    named = dict(zip(table.header, first.cells, strict=True))
    require({"format_id", "format_version"} <= named.keys(), NO_FORMAT)
    found = format_of(named["format_id"], named["format_version"])
    names = _names(found, table.header)
    if plain := plain_rows(content, table.header):
        numbers, columns = _plain_columns(plain)
    else:
        numbers, columns = _columns(_blocks(chain([first], table.rows)), len(names))
    return Contents(
        format=found,
        headings=dict(zip(names, table.header, strict=True)),
        numbers=numbers,
        raw=dict(zip(names, columns, strict=True)),
    )


def _names(found: Format, header: Sequence[str]) -> list[str]:
    """The columns of the format in the order of the file. Raises HeaderWrong."""
    by_heading = {name: each.name for each in found.columns for name in (each.name, *each.aliases)}
    names = [by_heading.get(heading, "") for heading in header]
    problems = [*_strange(found, names), *_twice(header, names), *_missing(found, names)]
    if problems:
        raise HeaderWrong(problems)
    return names


def _strange(found: Format, names: Sequence[str]) -> Iterator[Problem]:
    """Headings that the format does not know, by their place: what stands there may be the first row of people."""
    known = ", ".join(each.name for each in found.columns)
    for place, name in enumerate(names, 1):
        told = (
            f"Die Überschrift der {place}. Spalte gibt es in {found.id} {found.version} nicht. Berichtigen Sie sie, "
            f"oder löschen Sie die Spalte. Möglich sind: {known}."
        )
        if not name:
            yield Problem(1, f"Spalte {place}", HEADING, told)


def _twice(header: Sequence[str], names: Sequence[str]) -> Iterator[Problem]:
    """Columns that stand there under two of their names."""
    for place, (heading, name) in enumerate(zip(header, names, strict=True)):
        if name and name in names[:place]:
            told = f"Die Spalte {name} kommt unter zwei Namen vor. Löschen Sie eine davon."
            yield Problem(1, heading, HEADING, told)


def _missing(found: Format, names: Sequence[str]) -> Iterator[Problem]:
    """Columns that every file of the format has, the value among them."""
    for each in found.columns:
        if each.stands_in_every_file and each.name not in names:
            named = each.name if each.cell_field == "value" else f"{each.name} ({each.title})"
            yield Problem(1, each.name, HEADING, f"Die Spalte {named} fehlt. Ergänzen Sie sie.")


class _Numbered(dict[str, int]):
    """Gives each new text the next number."""

    characters = 0

    def __missing__(self, text: str) -> int:
        self.characters += len(text)
        number = self[text] = len(self)
        return number


@dataclass(frozen=True)
class _Column:
    """A column that is read block by block."""

    texts: _Numbered = field(default_factory=_Numbered)
    places: list[NDArray[np.int64]] = field(default_factory=list)

    def take(self, cells: Iterable[str], rows: int) -> None:
        """Its cells of some rows."""
        self.places.append(np.fromiter(map(self.texts.__getitem__, cells), np.int64, rows))

    def cells(self) -> Cells:
        """All that was taken."""
        return Cells(list(self.texts), np.concatenate(self.places))


def _columns(blocks: Iterable[Block], width: int) -> tuple[NDArray[np.int64], list[Cells]]:
    """All blocks put together: the numbers of the rows, and the columns. Raises SheetRefused for too much text."""
    known = [_Column() for _ in range(width)]
    numbers: list[NDArray[np.int64]] = []
    for rows, columns in blocks:
        numbers.append(np.array(rows, np.int64))
        for column, cells in zip(known, columns, strict=True):
            column.take(cells, len(rows))
        if sum(each.texts.characters for each in known) > MOST_CHARACTERS:
            what = f"Die Datei enthält mehr als {MOST_CHARACTERS // 1_000_000} Millionen Zeichen Text."
            raise sheets.refusal(what, "Kürzen Sie die Texte.", reason="text")
    return np.concatenate(numbers), [each.cells() for each in known]


def _plain_columns(plain: PlainRows) -> tuple[NDArray[np.int64], list[Cells]]:
    """The same of rows that follow the header without a gap."""
    numbers, between = _columns(plain.blocks(), plain.width)
    front, back = ([Cells.constant(text, len(numbers)) for text in texts] for texts in (plain.front, plain.back))
    return numbers, [*front, *between, *back]


def _blocks(rows: Iterator[sheets.Row]) -> Iterator[Block]:
    while block := list(islice(rows, BLOCK)):
        yield [row.number for row in block], zip(*(row.cells for row in block), strict=True)
