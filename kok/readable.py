"""Rows of which some cannot be read: what a column holds can be more than Python knows, as a day in the year 11000
or brackets within a thousand brackets.

`kok.database.bounds` keeps such values out. Where one is there all the same, the others are read, and it is named.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import DataError
from django.db.models import QuerySet

UNREADABLE = (DataError, ValueError, OverflowError, RecursionError)
BATCH = 2000


def readable(rows: QuerySet[Any], refuse: Callable[[Any], object], batch: int = BATCH) -> Iterator[Any]:
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
        found = by_number(rows, chunk, refuse)
        yield from (found[number] for number in chunk if number in found)


def by_number(rows: QuerySet[Any], numbers: Sequence[Any], refuse: Callable[[Any], object]) -> dict[Any, Any]:
    """Those of the rows that have these numbers and can be read."""
    try:
        return {row.pk: row for row in rows.filter(pk__in=numbers)}
    except UNREADABLE:
        if len(numbers) == 1:
            refuse(numbers[0])
            return {}
    half = len(numbers) // 2
    return by_number(rows, numbers[:half], refuse) | by_number(rows, numbers[half:], refuse)
