"""How rows are sealed: each state of each as a line of a chain, found again among any number of others (ADR 23).

The seal is written with the row, and gets its place in the chain once the transaction is through, so that nobody waits
for anybody longer than that takes.
"""

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import filterfalse
from operator import attrgetter
from typing import Any

from django.db import models, transaction
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_delete, post_save, pre_delete, pre_save

from kok import chains, clock, vault
from kok.database import rights
from kok.durations import Duration
from kok.models import seal_values
from kok.models.seal_lines import SealLines, batches
from kok.models.seals import BATCH, Seal, SealDay, newest, place_after_commit, read, salt_of, words

log = logging.getLogger(__name__)
AT_ONCE, AT_ONCE_OF_LONG = 2000, 10  # rows in memory; of long ones each has up to some megabytes
NEWEST_LINE = """
SELECT to_jsonb(line) FROM kok_seal line WHERE line.chain = %s AND line.object_id = "{table}"."{key}"::varchar
 ORDER BY line.number DESC, line.id DESC LIMIT 1"""

_sealings: list["Sealing"] = []


def sealings() -> tuple["Sealing", ...]:
    """All that is sealed row by row, in the order of the apps."""
    return tuple(_sealings)


class Sealing(SealLines):
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
        super().__init__(slug)
        self.title, self.kept, self._needs_key = title, kept, needs_key
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

    def _before(self, instance: Any, update_fields: Iterable[str] | None = None, **_: object) -> None:
        is_covered = update_fields is None or self.covers(update_fields)
        instance.stood = self.held([instance.pk]) if is_covered and not instance._state.adding else {}

    def _after(self, instance: Any, created: bool, **_: object) -> None:  # noqa: FBT001  as Django sends it
        if created:
            self.tell([instance])
        else:
            self.tell_changed(instance.stood)

    def _after_deletion(self, instance: Any, **_: object) -> None:
        self.tell_gone(instance.stood)

    @property
    def chain(self) -> chains.Chain:
        """The chain of these seals."""
        return chains.Chain(self.slug, f"Siegel ({self.title})", self.slug, Seal, SealDay, words, self.is_expired)

    def is_expired(self, day: date, today: date) -> bool:
        """Whether the rows of a day are erased by age."""
        return self.kept is not None and day <= self.kept.before(today)

    def rows(self) -> models.QuerySet[models.Model]:
        """All rows, without what is not sealed of them: a file need not be read to know whether its row stands."""
        return self.model._base_manager.defer(*self._without)

    def covers(self, names: Iterable[str]) -> bool:
        """Whether a change of these fields changes what is sealed."""
        return not frozenset(names) <= self._without

    def kept_fields(self) -> list[models.Field]:
        """The fields of the model that are sealed."""
        return [field for field in self.model._meta.concrete_fields if field.name not in self._without]

    def fields(self, row: models.Model) -> dict[str, str]:
        """What is sealed of a row: all that is filled. A field that comes later and is empty then changes nothing."""
        values = {field: field.to_python(getattr(row, field.attname)) for field in self.kept_fields()}
        filled = {field: value for field, value in values.items() if not seal_values.is_empty(field, value)}
        return {field.attname: seal_values.told(field, value) for field, value in filled.items()}

    @property
    def at_once(self) -> int:
        """How many rows fit into memory together, whatever somebody wrote into them (`kok.database.bounds`)."""
        return AT_ONCE_OF_LONG if any(map(seal_values.is_long, self.kept_fields())) else AT_ONCE

    def standing(self, numbers: Iterable[object] | None = None) -> dict[str, Seal]:
        """Of these rows, or of all, those that stand as they were sealed, with their seals. Raises KeyLost."""
        if numbers is None:
            return self._standing(self.rows())
        found: dict[str, Seal] = {}
        for part in batches(numbers, self.at_once):
            found |= self._standing(self.rows().filter(pk__in=part))
        return found

    def _standing(self, chosen: models.QuerySet[models.Model]) -> dict[str, Seal]:
        return {str(row.pk): seal for row, seal in compared([(self, chosen)]) if seal}

    def held(self, numbers: Iterable[object]) -> dict[str, Seal]:
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
        """For an annotation of rows: the newest line of each as JSON; written here, as the ORM thinks longer."""
        key: Any = self.model._meta.pk
        return RawSQL(NEWEST_LINE.format(table=self.model._meta.db_table, key=key.column), [self.slug])  # noqa: S611

    def lost(self, standing: Collection[str]) -> list[Seal]:
        """The last seals of the rows that were changed or taken away past the application; `standing` are all others.

        A row that somebody put in has no seal of ours, and is none of these. Raises KeyLost.
        """
        lines = newest(Seal.objects.filter(chain=self.slug).exclude(object_id__in=standing))
        found = list(self._not_gone(lines.iterator(chunk_size=BATCH)))
        again = self.standing(seal.object_id for seal in found)  # sealed since `standing` was read
        return [seal for seal in found if seal.object_id not in again]

    def changed(self, numbers: Iterable[object]) -> set[str]:
        """Of these rows those that say something else than was sealed; not those that were put in. Raises KeyLost."""
        wanted = set(map(str, numbers))
        others = wanted.difference(self.standing(wanted))
        lines = newest(Seal.objects.filter(chain=self.slug, object_id__in=others))
        return {seal.object_id for seal in self._not_gone(lines)}

    def stands(self, row: models.Model) -> bool:
        """Whether the row, as it was read, is what was sealed last. Raises KeyLost."""
        return self.fitting(row, self.newest(str(row.pk))) is not None

    def fitting(self, row: models.Model, seal: Seal | None) -> Seal | None:
        """The seal, if it is there and the row says what was sealed."""
        return seal if seal and seal.fits(self.fields(row)) else None

    def _not_gone(self, lines: Iterable[Seal]) -> Iterator[Seal]:
        """Of the newest lines of rows the newest of ours, a thousand rows at a time. Raises KeyLost."""
        for part in batches(lines, BATCH):
            yield from filterfalse(attrgetter("is_gone"), self.newest_of(part).values())

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

    def tell_gone(self, numbers: Iterable[object]) -> None:
        """Tells the chain of rows that they were erased: of those that stood as they were sealed."""
        self._keep([self._line(pk, None, number) for pk, number in self._next_numbers(numbers).items()])

    def _next_numbers(self, rows: Iterable[object]) -> dict[str, int]:
        """The number of the next state of these rows; behind all others where none of them is ours. Raises KeyLost."""
        wanted = list(map(str, rows))
        found = newest(Seal.objects.filter(chain=self.slug, object_id__in=wanted))
        last = {line.object_id: line.number for line in found}
        last |= {row: seal.number for row, seal in self.newest_of(found).items()}
        return {row: last.get(row, 0) + 1 for row in wanted}

    def _line(self, pk: object, row: models.Model | None, number: int) -> Seal:
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


def compared(chosen: Iterable[tuple[Sealing, models.QuerySet[models.Model]]]) -> list[tuple[Any, Seal | None]]:
    """These rows, each with the seal that it fits; None where it does not stand. Raises KeyLost.

    Row and newest line are read by one statement: between two, somebody else's change of both could come through. Rows
    that are to be locked are so before, as in `held`: who waited would else read the row of a colleague who was quicker
    beside the seal of before.
    """
    wanted = list(chosen)
    for _, rows in wanted:
        _lock(rows)
    found = [(sealing, row) for sealing, rows in wanted for row in rows.annotate(sealed_by=sealing.sealed_by())]
    lines: dict[Sealing, list[Seal]] = defaultdict(list)
    for sealing, row in found:
        if row.sealed_by:
            lines[sealing].append(read(row.sealed_by))
    seals = {sealing: sealing.newest_of(of_kind) for sealing, of_kind in lines.items()}
    return [(row, sealing.fitting(row, seals.get(sealing, {}).get(str(row.pk)))) for sealing, row in found]


def _lock(rows: models.QuerySet[models.Model]) -> None:
    if rows.query.select_for_update:
        list(rows)
