"""Rows of which some cannot be read: what a column holds can be more than Python knows, as a day in the year 11000
or brackets within a thousand brackets.

`kok.database.bounds` keeps such values out. Where one is there all the same, the others are read, and it is named, or
passed over where another check names it.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import DataError
from django.db.models import Model, QuerySet

UNREADABLE = (DataError, ValueError, OverflowError, RecursionError)
BATCH = 2000
RowT = TypeVar("RowT", bound=Model)


def pass_over(_number: object) -> None:
    """For who leaves it to others to name what cannot be read."""


def readable(rows: QuerySet[RowT], refuse: Callable[[Any], object] = pass_over, batch: int = BATCH) -> Iterator[RowT]:
    """The rows in their order; `refuse` is told the number of each that cannot be read."""
    done = 0
    try:
        for row in rows.iterator(chunk_size=batch):
            done += 1
            yield row
    except UNREADABLE:
        pass
    else:
        return
    numbers = islice(rows.values_list("pk", flat=True).iterator(chunk_size=batch), done, None)
    while chunk := list(islice(numbers, batch)):
        yield from by_number(rows, chunk, refuse).values()


def by_number(
    rows: QuerySet[RowT], numbers: Sequence[Any], refuse: Callable[[Any], object] = pass_over
) -> dict[Any, RowT]:
    """Those of the rows that have these numbers and can be read, in the order of the numbers."""
    found = _by_number(rows, numbers, refuse)
    return {number: found[number] for number in numbers if number in found}


def _by_number(rows: QuerySet[RowT], numbers: Sequence[Any], refuse: Callable[[Any], object]) -> dict[Any, RowT]:
    try:
        return {row.pk: row for row in rows.filter(pk__in=numbers)}
    except UNREADABLE:
        if len(numbers) == 1:
            refuse(numbers[0])
            return {}
    half = len(numbers) // 2
    return _by_number(rows, numbers[:half], refuse) | _by_number(rows, numbers[half:], refuse)
