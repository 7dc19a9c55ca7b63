"""What most tests begin with: made in earnest by the first of a process, put back as the same rows for all others."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction

from kok.models import RowChange, Seal
from kok.models.sealing import sealings
from tests.roles import as_owner

_kept: dict[str, "Rows"] = {}


def remembered(name: str, build: Callable[[], object], *, empty: type[models.Model]) -> None:
    """Builds, or puts back the rows that this name once stood for; only where there is no row of `empty`.

    The numbers of rows are those of the first time: sequences do not go back, so nobody else has got them since. Seals
    are made anew, with the keys and at the time of this test.
    """
    if empty._base_manager.exists():
        build()
    elif name in _kept:
        _kept[name].put_back()
    else:
        with transaction.atomic():
            before = _numbers()
            build()
            _kept[name] = Rows.beside(before)


@dataclass(frozen=True)
class Rows:
    """Rows of several tables as one statement, and those of them that are sealed."""

    statement: str
    sealed: list[models.Model]

    @classmethod
    def beside(cls, before: dict[type[models.Model], set[Any]]) -> "Rows":
        """All rows that are there and were not before."""
        new = {model: numbers - before[model] for model, numbers in _numbers().items()}
        rows = {model: list(model._base_manager.filter(pk__in=numbers)) for model, numbers in new.items() if numbers}
        sealed = {sealing.model for sealing in sealings()}
        return cls(
            "; ".join(_inserting(model, numbers) for model, numbers in new.items() if numbers),
            [row for model, found in rows.items() if model in sealed for row in found],
        )

    def put_back(self) -> None:
        """Writes them again; a number of its own may choose the owner alone."""
        with transaction.atomic():
            with as_owner(), connection.cursor() as cursor:
                cursor.execute(self.statement)
            for sealing in sealings():
                if rows := [row for row in self.sealed if isinstance(row, sealing.model)]:
                    sealing.tell(rows)


def _numbers() -> dict[type[models.Model], set[Any]]:
    """Those of all rows, but of seals and of what the database writes down beside them."""
    tables = [model for model in apps.get_models(include_auto_created=True) if model not in (Seal, RowChange)]
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in tables}


def _inserting(model: type[models.Model], numbers: set[Any]) -> str:
    table, pk = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT json_agg(t)::text FROM "{table}" t WHERE "{pk}" = ANY(%s)', [list(numbers)])
        [(rows,)] = cursor.fetchall()
    quoted = rows.replace("'", "''")
    return f"""INSERT INTO "{table}" SELECT * FROM json_populate_recordset(null::"{table}", '{quoted}')"""
