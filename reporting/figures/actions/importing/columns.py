"""A column of a file as arrays: each different text once, and for every row which of them stands there.

100,000 rows repeat a few hundred texts. So a rule about texts is asked a few hundred times, and a rule about rows is
arithmetic with whole columns (docs/adr/0014-figures-as-arrays.md).
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reporting.figures.rules.formats import ColumnType, FormatColumn

Mask = NDArray[np.bool_]  # one answer for each row
Places = NDArray[np.int64]  # of rows or of texts, counted from 0; the width that numpy looks up by without a copy
Values = NDArray[Any]  # whole numbers or Decimals
WHOLE, DECIMAL = (int, np.int64), (Decimal, np.object_)  # how a text is read, and kept
MOST_KEYS = 300_000  # numbers for keys; the codes of KOK-8D have 182,875 combinations


@dataclass(frozen=True)
class Cells:
    """One column: its different texts in the order of the file, the empty one included, and the text of each row."""

    texts: Sequence[str]
    places: Places

    @classmethod
    def constant(cls, text: str, rows: int) -> "Cells":
        """The same text in every row."""
        return cls([text], np.zeros(rows, np.int64))

    def filled(self, default: str) -> "Cells":
        """The same column where empty cells say the default."""
        if not default or "" not in self.texts:
            return self
        numbers: dict[str, int] = {}
        places = [numbers.setdefault(text or default, len(numbers)) for text in self.texts]
        return Cells(list(numbers), np.array(places, np.int64)[self.places])

    def first(self, text: str) -> int:
        """The first row with a text that stands there."""
        return int(np.argmax(self.is_in((text,))))

    def at(self, place: int) -> str:
        """The text of a row."""
        return self.texts[int(self.places[place])]

    def where(self, is_wanted: Callable[[str], bool]) -> Mask:
        """The rows with a text that is wanted."""
        return np.fromiter(map(is_wanted, self.texts), np.bool_, len(self.texts))[self.places]

    def is_in(self, texts: Collection[str]) -> Mask:
        """The rows with one of these texts."""
        return self.where(frozenset(texts).__contains__)


@dataclass(frozen=True)
class Numbers:
    """The numbers of a column, 0 where none is given: whole ones of 64 bits, or Decimals."""

    values: Values
    given: Mask

    @classmethod
    def of(cls, cells: Cells, column: FormatColumn) -> "Numbers":
        """Reads texts that were found to be numbers of the column."""
        read, kind = WHOLE if column.type is ColumnType.INT else DECIMAL
        values: Values = np.array([read(text.replace(",", ".") or 0) for text in cells.texts], kind)
        return cls(values[cells.places], cells.where(bool))

    def at(self, place: int) -> Decimal:
        """The number of a row."""
        return as_decimal(self.values[place])


@dataclass(frozen=True)
class Keys:
    """A number for each row, the same for rows whose texts are the same in some columns; all are below `size`."""

    numbers: Places
    size: int

    @classmethod
    def of(cls, columns: Iterable[Cells], rows: int) -> "Keys":
        """The keys of the rows by these columns."""
        numbers, size = np.zeros(rows, np.int64), 1
        for cells in columns:
            numbers, size = numbers * len(cells.texts) + cells.places, size * len(cells.texts)
            if size > MOST_KEYS:
                different, numbers = np.unique(numbers, return_inverse=True)
                size = len(different)
        return cls(numbers, size)

    def count(self, which: Mask) -> Places:
        """How many of these rows each key has."""
        return np.bincount(self.numbers[which], minlength=self.size)

    def total(self, numbers: Numbers, which: Mask) -> Values:
        """The sum of these rows for each key."""
        sums = np.zeros(self.size, numbers.values.dtype)
        np.add.at(sums, self.numbers[which], numbers.values[which])
        return sums

    def place(self, which: Mask) -> Places:
        """The row of each key among these, of which no two have the same; -1 where there is none."""
        places = np.full(self.size, -1, np.int64)
        places[self.numbers[which]] = np.flatnonzero(which)
        return places

    @cached_property
    def first(self) -> Places:
        """For each row the first one with its key."""
        _, first, inverse = np.unique(self.numbers, return_index=True, return_inverse=True)
        return np.asarray(first[inverse], np.int64)


def as_decimal(number: object) -> Decimal:
    """A number of an array."""
    return Decimal(str(number))
