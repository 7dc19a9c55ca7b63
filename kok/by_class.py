"""Pure: what a table says of a value by its class, where `match` would repeat itself."""

from collections.abc import Iterable
from typing import TypeVar

Said = TypeVar("Said")
Classes = type | tuple[type, ...]


def of_class(value: object, table: Iterable[tuple[Classes, Said]]) -> Said:
    """What stands beside the first class that the value is of; the last row of a table takes every other."""
    return next(said for classes, said in table if isinstance(value, classes))
