"""What a section of a report is built of. Templates know these shapes and nothing of what they say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from reporting.figures.documents.charts import Chart


@dataclass(frozen=True)
class Cell:
    """A cell of a table: its text, a quieter second line, and for a state the tone of its badge."""

    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column; numbers stand right, days do not wrap; wide is for sentences, code for names."""

    text: str
    kind: str = ""  # num, day, wide, code


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    shape: ClassVar[str] = "heading"


@dataclass(frozen=True)
class Words:
    """A paragraph."""

    text: str
    shape: ClassVar[str] = "words"


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    points: tuple[str, ...]
    shape: ClassVar[str] = "points"


@dataclass(frozen=True)
class Quotes:
    """Texts under their names, such as resolutions; word by word."""

    quotes: tuple[tuple[str, str], ...]
    shape: ClassVar[str] = "quotes"


@dataclass(frozen=True)
class TableBlock:
    """A table; its head is repeated on every page."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[tuple[Head, Cell], ...], ...]
    shape: ClassVar[str] = "table"


@dataclass(frozen=True)
class Picture:
    """A picture of a series with what must be known to read it."""

    chart: Chart
    note: str
    shape: ClassVar[str] = "picture"


Block = Heading | Words | Points | Quotes | TableBlock | Picture


def table(caption: str, heads: Sequence[Head], rows: Iterable[Sequence[Cell | str]]) -> TableBlock:
    """A table of rows that are as long as its head."""
    found = tuple(
        tuple((head, Cell(each) if isinstance(each, str) else each) for head, each in zip(heads, row, strict=True))
        for row in rows
    )
    return TableBlock(caption, tuple(heads), found)
