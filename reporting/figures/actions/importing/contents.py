"""What a file holds, read by its format: the only thing that the checks look at."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import numpy as np

from reporting.figures.actions.importing.columns import Cells, Keys, Mask, Numbers, Places
from reporting.figures.rules.checks import MOST_LISTED, CheckKind, Problem
from reporting.figures.rules.formats import Format, FormatColumn

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
        return self.format.name_of("value")

    @property
    def varying(self) -> list[FormatColumn]:
        """The columns of the file that may say something else in each row."""
        names = [name for name in self.headings if name not in self.format.constant_columns]
        return [*map(self.format.column, names)]

    @cached_property
    def value(self) -> Numbers:
        """The value of each row. All of them must be readable."""
        return self.number(self.value_column)

    @cached_property
    def everywhere(self) -> Mask:
        """All rows."""
        return np.ones(self.rows, np.bool_)

    @cached_property
    def _nothing(self) -> Cells:
        return Cells.constant("", self.rows)

    @cached_property
    def _cells(self) -> dict[str, Cells]:
        return {each.name: self.raw.get(each.name, self._nothing).filled(each.default) for each in self.format.columns}

    def has(self, *names: str) -> bool:
        """Does the file have these columns?"""
        return self.raw.keys() >= set(names)

    def cells(self, name: str) -> Cells:
        """A column, its default standing for empty cells. A column that the file does not have is empty."""
        return self._cells[name]

    def field(self, cell_field: str) -> Cells:
        """The column stored in this field of a cell; empty where the format or the file does not have it."""
        return self._cells.get(self.format.name_of(cell_field), self._nothing)

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
        return {**self.format.total_row, **codes}

    def row(self, place: int) -> int:
        """The number of a row as a person sees it."""
        return int(self.numbers[place])

    def found(self, wrong: Mask | Iterable[int], problem: Callable[[int], Problem]) -> Found:
        """What is wrong in these rows, a problem each."""
        places = np.flatnonzero(wrong) if isinstance(wrong, np.ndarray) else sorted(wrong)
        return [problem(int(place)) for place in places[:MOST_LISTED]], len(places)

    def said(self, name: str, rule: str, wrong: Mask | Iterable[int], sentence: Callable[[int], str]) -> Found:
        """What is wrong with a column in these rows, a sentence for each."""
        heading = self.headings.get(name, name)
        return self.found(wrong, lambda place: Problem(self.row(place), heading, rule, sentence(place)))

    def said_alike(self, name: str, rule: str, wrong: Mask | Iterable[int], sentence: str) -> Found:
        """The same with one sentence for all."""
        return self.said(name, rule, wrong, lambda _: sentence)


Rule = Callable[..., Iterable[Found]]  # of contents, a check, and its parameters
Rules = Mapping[type[CheckKind], Rule]


def of_kinds(contents: Contents, rules: Rules) -> Iterator[Found]:
    """What the checks of these kinds find. One whose column the file does not have finds nothing."""
    for check, params in contents.format.checks_of(*rules):
        if contents.has(*params.needed):
            yield from rules[type(params)](contents, check, params)


def german(number: Decimal | int) -> str:
    """A number with decimal comma and without useless zeros."""
    text = format(Decimal(number), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
