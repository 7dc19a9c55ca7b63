"""What a file holds, read by its format: the only thing that the checks look at."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from reporting.figures.actions.importing.columns import Cells, Keys, Mask, Numbers, Places
from reporting.figures.rules.checks import MOST_LISTED, TOTAL, Problem
from reporting.figures.rules.formats import Format

Found = tuple[list[Problem], int]  # the first of them, and how many there are


@dataclass(frozen=True)
class Contents:
    """The format, how the file calls its columns, which of its rows it has, and their cells as they stand there."""

    format: Format
    headings: Mapping[str, str]  # by the name of the column
    numbers: Places  # of the rows as a person sees them: the header is 1
    raw: Mapping[str, Cells]

    @property
    def rows(self) -> int:
        """How many rows there are below the header."""
        return len(self.numbers)

    @property
    def first(self) -> dict[str, str]:
        """The cells of the first row."""
        return {name: cells.at(0) for name, cells in self.raw.items()}

    @property
    def value_column(self) -> str:
        """What the column with the values is called."""
        column = self.format.cell_column("value")
        return column.name if column else ""

    @cached_property
    def value(self) -> Numbers:
        """The value of each row. All of them must be readable."""
        return self.number(self.value_column)

    @cached_property
    def everywhere(self) -> Mask:
        """All rows."""
        return np.ones(self.rows, np.bool_)

    @cached_property
    def _cells(self) -> dict[str, Cells]:
        nothing = Cells.constant("", self.rows)
        return {each.name: self.raw.get(each.name, nothing).filled(each.default) for each in self.format.columns}

    def has(self, name: str) -> bool:
        """Does the file have this column?"""
        return name in self.raw

    def cells(self, name: str) -> Cells:
        """A column, its default standing for empty cells. A column that the file does not have is empty."""
        return self._cells[name]

    def number(self, name: str) -> Numbers:
        """The numbers of a column. All of them must be readable."""
        return Numbers.of(self.cells(name), self.format.column(name))

    def key(self, without: str = "") -> list[str]:
        """The columns of the key that can differ in this file."""
        return [name for name in self.format.key if name != without and self.has(name)]

    def keys(self, without: str = "") -> Keys:
        """The keys of the rows."""
        return Keys.of([self.cells(name) for name in self.key(without)], self.rows)

    def where(self, codes: Mapping[str, str] | None) -> Mask:
        """Rows with these codes."""
        found = self.everywhere
        for name, code in (codes or {}).items():
            found = found & self.cells(name).is_in((code,))
        return found

    def row_of(self, codes: Mapping[str, str]) -> dict[str, str]:
        """All dimensions of the row that `codes` stand for: T where nothing is named and T exists."""
        known = {name: TOTAL for name in self.format.key if TOTAL in self.format.codes(name)}
        return {**known, **codes}

    def row(self, place: int) -> int:
        """The number of a row as a person sees it."""
        return int(self.numbers[place])

    def found(self, wrong: Mask | Iterable[int], problem: Callable[[int], Problem]) -> Found:
        """What is wrong in these rows, a problem each."""
        places = np.flatnonzero(wrong) if isinstance(wrong, np.ndarray) else sorted(wrong)
        return [problem(int(place)) for place in places[:MOST_LISTED]], len(places)


def german(number: Decimal | int | None) -> str:
    """A number with decimal comma and without useless zeros."""
    if number is None:
        return "keine Angabe"
    text = format(Decimal(number), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
