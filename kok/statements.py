"""Queries whose SQL is put together once: on small pages the ORM takes longer for that than the server to answer.

For what is asked on nearly every page only (docs/adr/0013-kept-statements.md).
"""

from collections.abc import Callable
from datetime import date, timedelta
from threading import local
from typing import Any, Generic, TypeVar

from django.db import connections
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)
LARGEST = 2**63 - 1

# Values that no query holds by chance: where they stand in the statement, the values of a call are put.
_EXAMPLES: dict[type, Callable[[int], object]] = {
    int: lambda place: 2**15 - 1_000 + place,  # fits every column of numbers
    str: lambda place: f"~~{place}~~",
    date: lambda place: date.max - timedelta(days=place),
}


class Kept(Generic[M]):
    """A query of the ORM that differs from call to call in its values only.

        SECTIONS = Kept(lambda minutes: MinutesSection.objects.filter(minutes=minutes), int)
        sections = SECTIONS(minutes.pk)

    `kinds` are the types of the values: int, str or date, never None, since `IS NULL` is another statement.
    """

    def __init__(self, build: Callable[..., QuerySet[M, Any]], *kinds: type) -> None:
        self._build = build
        self._examples = [_EXAMPLES[kind](place) for place, kind in enumerate(kinds)]
        self._local = local()  # a compiler holds the values and the connection of one call

    def __call__(self, *values: int | str | date) -> list[Any]:
        """The rows for these values, as the query gives them; none for a key larger than any can be."""
        if any(isinstance(value, int) and value > LARGEST for value in values):
            return []
        if not hasattr(self._local, "queryset"):
            self._compile()
        queryset = self._local.queryset
        self._local.values = values
        self._local.compiler.connection = connections[queryset.db]  # which may be another one than the last time
        return list(queryset._iterable_class(queryset))

    def _compile(self) -> None:
        queryset: Any = self._build(*self._examples)
        if queryset._prefetch_related_lookups:
            raise ValueError("Was danach gelesen wird (prefetch_related), kennt die Abfrage nicht.")
        compiler = queryset.query.get_compiler(using=queryset.db)
        sql, params = compiler.as_sql()
        missing = [example for example in self._examples if example not in params]
        if missing:
            raise ValueError(f"Nicht in der Abfrage: {missing}")
        places = [self._examples.index(each) if each in self._examples else None for each in params]

        def filled(*_: object, **__: object) -> tuple[str, tuple[object, ...]]:
            values = self._local.values
            return sql, tuple(
                each if place is None else values[place] for each, place in zip(params, places, strict=True)
            )

        compiler.as_sql = filled
        queryset.query.get_compiler = lambda *_, **__: compiler
        self._local.queryset, self._local.compiler = queryset, compiler
