"""What a section of a report is built of. Templates know these shapes and nothing of what they say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from reporting.figures.documents.charts import Chart


@dataclass(frozen=True)
class TableCell:
    """A cell of a table: its text, a quieter second line, and for a state the tone of its badge."""

    text: str
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Head:
    """The head of a column; numbers stand right, days do not wrap; wide is for sentences, code for names."""

    text: str
    kind: str = ""  # num, day, wide, code

    @property
    def is_number(self) -> bool:
        """Whether numbers stand below."""
        return self.kind == "num"

    @property
    def screen_class(self) -> str:
        """How its cells stand on the screen; paper knows all kinds."""
        return {"num": "kok-num", "day": "kok-day"}.get(self.kind, "")


@dataclass(frozen=True)
class Heading:
    """A heading inside a section."""

    text: str
    is_heading: ClassVar[bool] = True


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: str
    is_words: ClassVar[bool] = True


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    points: tuple[str, ...]
    is_points: ClassVar[bool] = True


@dataclass(frozen=True)
class Quotes:
    """Texts under their names, such as resolutions; word by word."""

    quotes: tuple[tuple[str, str], ...]
    is_quotes: ClassVar[bool] = True


@dataclass(frozen=True)
class TableBlock:
    """A table; its head is repeated on every page."""

    caption: str
    heads: tuple[Head, ...]
    rows: tuple[tuple[tuple[Head, TableCell], ...], ...]
    is_table: ClassVar[bool] = True


@dataclass(frozen=True)
class Picture:
    """A picture of a series with what must be known to read it."""

    chart: Chart
    note: str
    is_picture: ClassVar[bool] = True


Block = Heading | Paragraph | Points | Quotes | TableBlock | Picture


def table(caption: str, heads: Sequence[Head], rows: Iterable[Sequence[TableCell | str]]) -> list[TableBlock]:
    """A table of rows that are as long as its head; none where there is no row."""
    found = tuple(tuple(zip(heads, map(_cell, row), strict=True)) for row in rows)
    return [TableBlock(caption, tuple(heads), found)] if found else []


def _cell(content: TableCell | str) -> TableCell:
    return TableCell(content) if isinstance(content, str) else content
