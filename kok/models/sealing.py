"""How rows are sealed: each state of each as a line of a chain, found again among any number of others (ADR 23).

The seal is written with the row, and gets its place in the chain once the transaction is through, so that nobody waits
for anybody longer than that takes.
"""

import json
import logging
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from kok import chains, clock, vault
from kok.database import rights
from kok.durations import Duration
from kok.models.seals import BATCH, NEWEST_FIRST, Seal, SealDay, newest, place_after_commit, salt_of, words
from kok.readable import by_number

log = logging.getLogger(__name__)
LOOKED_AT = 1000  # lines of a row whose first state has another key
AT_ONCE, AT_ONCE_OF_LONG = 2000, 10  # rows in memory; of long ones each has up to some megabytes
SHORT = 20_000  # characters
NEWEST_LINE = """
SELECT line.id FROM kok_seal line WHERE line.chain = %s AND line.object_id = "{table}"."{key}"::varchar
 ORDER BY line.number DESC, line.id DESC LIMIT 1"""
Item = TypeVar("Item")

_sealings: list["Sealing"] = []


def sealings() -> tuple["Sealing", ...]:
    """All that is sealed row by row, in the order of the apps."""
    return tuple(_sealings)


class Sealing:
    """How the rows of one model are sealed.

    `without` are fields that change for reasons of their own. Rows that are `kept` so long and then erased by age
    leave no line behind: their seals go with them. What does not need the key is written without it, and has no seal
    for ever, which the check says.
    """

    def __init__(
        self,
        slug: str,
        title: str,
        *,
        without: Sequence[str] = (),
        kept: Duration | None = None,
        needs_key: bool = True,
    ) -> None:
        self.slug, self.title, self.kept, self._needs_key = slug, title, kept, needs_key
        self._without = frozenset(without)
        self.model: type[models.Model]

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self._seals(owner)

    def _seals(self, model: type[models.Model]) -> None:
        self.model = model
        _sealings.append(self)
        chains.register(self.chain)

    def watch(self, model: type[models.Model]) -> None:
        """Seals the rows of a model that somebody else brings, by its signals: there a change in bulk is a finding."""
        self._seals(model)
        model.save = transaction.atomic(savepoint=False)(model.save)  # type: ignore[method-assign]  # around the signals
        pre_save.connect(self._before, sender=model)
        post_save.connect(self._after, sender=model)
        pre_delete.connect(self._before, sender=model)
        post_delete.connect(self._after_deletion, sender=model)

    def _before(self, instance: Any, update_fields: Iterable[str] | None = None, **_: Any) -> None:
        is_covered = update_fields is None or self.covers(update_fields)
        instance.stood = self.held([instance.pk]) if is_covered and not instance._state.adding else {}

    def _after(self, instance: Any, created: bool, **_: Any) -> None:  # noqa: FBT001  as Django sends it
        if created:
            self.tell([instance])
        else:
            self.tell_changed(instance.stood)

    def _after_deletion(self, instance: Any, **_: Any) -> None:
        self.tell_gone(instance.stood)

    @property
    def chain(self) -> chains.Chain:
        """The chain of these seals."""
        return chains.Chain(self.slug, f"Siegel ({self.title})", self.slug, Seal, SealDay, words, self.is_expired)

    def is_expired(self, day: date, today: date) -> bool:
        """Whether the rows of a day are erased by age."""
        return self.kept is not None and day <= self.kept.before(today)

    def rows(self) -> models.QuerySet[Any]:
        """All rows, without what is not sealed of them: a file need not be read to know whether its row stands."""
        return self.model._base_manager.defer(*self._without)

    def covers(self, names: Iterable[str]) -> bool:
        """Whether a change of these fields changes what is sealed."""
        return not frozenset(names) <= self._without

    def kept_fields(self) -> list[Any]:
        """The fields of the model that are sealed."""
        return [field for field in self.model._meta.concrete_fields if field.name not in self._without]

    def fields(self, row: models.Model) -> dict[str, str]:
        """What is sealed of a row: all that is filled. A field that comes later and is empty then changes nothing."""
        values = {field: field.to_python(getattr(row, field.attname)) for field in self.kept_fields()}
        return {field.attname: _told(field, value) for field, value in values.items() if not _is_empty(field, value)}

    @property
    def at_once(self) -> int:
        """How many rows fit into memory together, whatever somebody wrote into them (`kok.database.bounds`)."""
        return AT_ONCE_OF_LONG if any(map(_is_long, self.kept_fields())) else AT_ONCE

    def standing(self, numbers: Iterable[Any] | None = None) -> dict[str, Seal]:
        """Of these rows, or of all, those that stand as they were sealed, with their seals. Raises KeyLost."""
        if numbers is None:
            return self._standing(self.rows())
        parts = (self._standing(self.rows().filter(pk__in=part)) for part in batches(numbers, self.at_once))
        return {number: seal for part in parts for number, seal in part.items()}

    def _standing(self, chosen: models.QuerySet[Any]) -> dict[str, Seal]:
        return {str(row.pk): seal for row, seal in compared([(self, chosen)]) if seal}

    def held(self, numbers: Iterable[Any]) -> dict[str, Seal]:
        """`standing` of rows that nobody else can change any more until the end of the transaction. Raises KeyLost.

        Locked first, by a statement of its own: what was waited for is then read with its seals. Else what somebody
        wrote in between would be sealed as ours. Rows that no process may change need no lock, and none would be given.
        """
        wanted = list(numbers)
        if rights.is_changed(self.model._meta.db_table):
            rows = self.model._base_manager.filter(pk__in=wanted).order_by("pk").values_list("pk")
            list(rows.select_for_update(no_key=True))
        return self.standing(wanted)

    def sealed_by(self) -> RawSQL:
        """For an annotation of rows: the number of the newest line of each; written here, as the ORM thinks longer."""
        key: Any = self.model._meta.pk
        return RawSQL(NEWEST_LINE.format(table=self.model._meta.db_table, key=key.column), [self.slug])  # noqa: S611

    def lost(self, standing: Collection[str]) -> list[Seal]:
        """The last seals of the rows that were changed or taken away past the application; `standing` are all others.

        A row that somebody put in has no seal of ours, and is none of these. Raises KeyLost.
        """
        lines = newest(Seal.objects.filter(chain=self.slug).exclude(object_id__in=standing))
        found = [seal for seal in self._ours(lines.iterator(chunk_size=BATCH)) if not seal.is_gone]
        again = self.standing(seal.object_id for seal in found) if found else {}  # sealed since `standing` was read
        return [seal for seal in found if seal.object_id not in again]

    def changed(self, numbers: Iterable[Any]) -> set[str]:
        """Of these rows those that say something else than was sealed; not those that were put in. Raises KeyLost."""
        wanted = set(map(str, numbers))
        others = wanted - set(self.standing(wanted))
        lines = newest(Seal.objects.filter(chain=self.slug, object_id__in=others)) if others else ()
        return {seal.object_id for seal in self._ours(lines) if not seal.is_gone}

    def stands(self, row: models.Model) -> bool:
        """Whether the row, as it was read, is what was sealed last. Raises KeyLost."""
        return self.fitting(row, self.newest(str(row.pk))) is not None

    def fitting(self, row: models.Model, seal: Seal | None) -> Seal | None:
        """The seal, if it is there and the row says what was sealed."""
        return seal if seal and seal.fits(self.fields(row)) else None

    def newest(self, row: str) -> Seal | None:
        """The newest seal of a row; those that somebody made up are passed over, however many. Raises KeyLost."""
        last = Seal.objects.filter(chain=self.slug, object_id=row).order_by(*NEWEST_FIRST).first()
        return self.newest_of([last]).get(row) if last else None

    def newest_of(self, lines: Iterable[Seal]) -> dict[str, Seal]:
        """The newest seals of ours, by row; `lines` are the newest of the rows, of whomever. Raises KeyLost.

        A few queries for a thousand rows, so that who makes up lines for many of them delays nobody by much.
        """
        found: dict[str, Seal] = {}
        for part in batches(lines, BATCH):
            found |= {line.object_id: line for line in part if line.is_ours()}
            others = [line.object_id for line in part if line.object_id not in found]
            found |= self.last_by_salt(others)
            found |= self._first_of(row for row in others if row not in found)
        return found

    def _first_of(self, rows: Iterable[str]) -> dict[str, Seal]:
        """Of rows that were sealed anew with another key: only some of their lines are read, in all."""
        wanted = list(rows)
        if not wanted:
            return {}
        lines = Seal.objects.filter(chain=self.slug, object_id__in=wanted).order_by("object_id", *NEWEST_FIRST)
        read = by_number(lines, list(lines.values_list("pk", flat=True)[: LOOKED_AT + len(wanted)]), lambda _: None)
        found: dict[str, Seal] = {}
        for line in sorted(read.values(), key=lambda line: (line.number, line.pk)):
            if line.is_ours():
                found[line.object_id] = line
        return found

    def begun(self, numbers: Sequence[Any]) -> list[Any]:
        """Of these rows those that the application sealed when they were new, in their order. Raises KeyLost.

        One query, because nobody else can make the salt of a first state. How the rows stand now is not asked.
        """
        salts = {number: salt_of(self.slug, str(number), 1) for number in numbers}
        there = set(Seal.objects.filter(salt__in=salts.values()).values_list("salt", flat=True))
        return [number for number in numbers if salts[number] in there]

    def last_by_salt(self, rows: Iterable[str]) -> dict[str, Seal]:
        """The last states of rows; states are numbered without gaps, so each is found by halving, all at once.

        None for a row whose first state has another key. Raises KeyLost.
        """
        found: dict[str, Seal] = {}
        spans: dict[str, tuple[int, int | None]] = dict.fromkeys(rows, (0, None))
        while asked := {row: number for row, span in spans.items() if (number := _between(*span))}:
            lines = self._states(asked)
            for row, number in asked.items():
                low, high = spans[row]
                spans[row] = (number, high) if row in lines else (low, number)
            found |= lines
        return {row: line for row, line in found.items() if line.is_ours()}

    def _states(self, numbers: Mapping[str, int]) -> dict[str, Seal]:
        rows = {salt_of(self.slug, row, number): row for row, number in numbers.items()}
        lines = (line for part in batches(rows, BATCH) for line in Seal.objects.filter(salt__in=part))
        return {line.object_id: line for line in lines if line.object_id == rows[line.salt]}

    def _ours(self, lines: Iterable[Seal]) -> Iterator[Seal]:
        """Of the newest lines of rows the newest of ours, a thousand rows at a time. Raises KeyLost."""
        for part in batches(lines, BATCH):
            yield from self.newest_of(part).values()

    def tell(self, rows: Iterable[models.Model]) -> None:
        """Seals new rows. Raises KeyLost."""
        self._tell((row, 1) for row in rows)

    def tell_anew(self, rows: Iterable[models.Model]) -> None:
        """Seals rows as they are, whatever they were sealed as before. Raises KeyLost."""
        found = list(rows)
        numbers = self._next_numbers(row.pk for row in found)
        self._tell((row, numbers[str(row.pk)]) for row in found)

    def _tell(self, rows: Iterable[tuple[models.Model, int]]) -> None:
        try:
            lines = [self._line(row.pk, row, number) for row, number in rows]
        except vault.KeyLost:
            if self._needs_key:
                raise
            log.error("Ohne CASE_LOG_KEY bleibt ohne Siegel: %s.", self.title)  # noqa: TRY400
            return
        self._keep(lines)

    def tell_changed(self, before: Mapping[str, Seal]) -> None:
        """Seals those of the rows `held` anew that are others now."""
        rows = self.rows().filter(pk__in=list(before))
        self._tell(
            (row, before[str(row.pk)].number + 1) for row in rows if not before[str(row.pk)].fits(self.fields(row))
        )

    def tell_gone(self, numbers: Iterable[Any]) -> None:
        """Tells the chain of rows that they were erased: of those that stood as they were sealed."""
        self._keep([self._line(pk, None, number) for pk, number in self._next_numbers(numbers).items()])

    def _next_numbers(self, rows: Iterable[Any]) -> dict[str, int]:
        """The number of the next state of these rows; behind all others where none of them is ours. Raises KeyLost."""
        wanted = list(map(str, rows))
        found = newest(Seal.objects.filter(chain=self.slug, object_id__in=wanted))
        last = {line.object_id: line.number for line in found}
        last |= {row: seal.number for row, seal in self.newest_of(found).items()}
        return {row: last.get(row, 0) + 1 for row in wanted}

    def _line(self, pk: Any, row: models.Model | None, number: int) -> Seal:
        at = getattr(row, "at", None) if self.kept else None
        salt = salt_of(self.slug, str(pk), number)
        line = Seal(chain=self.slug, object_id=str(pk), number=number, at=at or clock.now(), salt=salt)
        line.put_over(self.fields(row) if row else None)
        return line

    def _keep(self, lines: list[Seal]) -> None:
        if lines:
            Seal.objects.bulk_create(lines, batch_size=BATCH)
            numbers = [line.pk for line in lines]
            transaction.on_commit(lambda: place_after_commit(self.chain, numbers), robust=True)


def compared(chosen: Iterable[tuple[Sealing, models.QuerySet[Any]]]) -> list[tuple[Any, Seal | None]]:
    """These rows, each with the seal that it fits; None where it does not stand. Raises KeyLost.

    Row and newest line are read by one statement: between two, somebody else's change of both could come through. Rows
    that are to be locked are so before, as in `held`: who waited would else read the row of a colleague who was quicker
    beside the seal of before.
    """
    wanted = list(chosen)
    for _, rows in wanted:
        if rows.query.select_for_update:
            list(rows)
    found = [(sealing, row) for sealing, rows in wanted for row in rows.annotate(sealed_by=sealing.sealed_by())]
    lines = Seal.objects.in_bulk([row.sealed_by for _, row in found]).values()
    seals = {
        sealing: sealing.newest_of(line for line in lines if line.chain == sealing.slug) for sealing in dict(wanted)
    }
    return [(row, sealing.fitting(row, seals[sealing].get(str(row.pk)))) for sealing, row in found]


def _between(low: int, high: int | None) -> int | None:
    """The number to be tried next, where `low` is there and `high` is not; None once they are neighbours."""
    if high is None:
        return 2 * low or 1
    return (low + high) // 2 if high - low > 1 else None


def batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """One after the other, none empty."""
    rest = iter(items)
    while found := list(islice(rest, size)):
        yield found


def _is_long(field: Any) -> bool:
    is_text = isinstance(field, models.TextField) and (field.max_length or SHORT + 1) > SHORT
    return is_text or isinstance(field, models.JSONField | models.BinaryField | ArrayField)


def _is_empty(field: Any, value: Any) -> bool:
    """Whether a field says nothing. By what it holds, not by how that is written: somebody may be called "None"."""
    if value is None:
        return True
    # Where a column knows NULL as well, or JSON, "" and false are something else than nothing.
    return not (field.null or isinstance(field, models.JSONField)) and (value is False or value == "")


def _told(field: Any, value: Any) -> str:
    if isinstance(value, dict | list) or isinstance(field, models.JSONField):  # where "1" is something else than 1
        return json_of(value)
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)


def json_of(value: Any) -> str:
    """In one order; the database keeps JSON in an order of its own."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
