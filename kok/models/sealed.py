"""Rows that must not change unseen: every state of them is told to a chain of seals (ADR 23).

A model that inherits `Sealed` is sealed wherever Django writes it: created, saved, changed or deleted in bulk. What is
written past Django has no seal, and the nightly check says so.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, Self, TypeVar

from django.db import connection, models, transaction

from kok.models.seal_values import json_of
from kok.models.sealing import Sealing

RowT = TypeVar("RowT", bound="Sealed")
_NEVER = object()  # the value of a field that was not read


class SealedQuerySet(models.QuerySet[RowT]):
    """Changes in bulk are sealed as well."""

    def bulk_create(self, objs: Iterable[RowT], *args: Any, **kwargs: Any) -> list[RowT]:
        """As Django does, with a seal for each row."""
        with transaction.atomic(savepoint=False):
            made = super().bulk_create(objs, *args, **kwargs)
            self.model.sealing.tell(made)
        return made

    def update(self, **values: object) -> int:
        """As Django does, with a seal for each row that stood as it was sealed."""
        sealing = self.model.sealing
        if not sealing.covers(values):
            return super().update(**values)
        with transaction.atomic(savepoint=False):
            numbers = list(self.values_list("pk", flat=True))
            standing = sealing.held(numbers)
            changed = models.QuerySet.update(
                self.filter(pk__in=numbers), **values
            )  # none that only now fits the filter
            sealing.tell_changed(standing)
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        """As Django does, and the chain is told of each row that it is gone; not of those that are erased by age."""
        sealing = self.model.sealing
        if sealing.kept is not None:
            return super().delete()
        with transaction.atomic(savepoint=False):
            numbers = list(self.values_list("pk", flat=True))
            standing = sealing.held(numbers)
            done = models.QuerySet.delete(self.filter(pk__in=numbers))
            sealing.tell_gone(standing)
        return done


class Sealed(models.Model):
    """A row whose every state is sealed; the subclass says how in `sealing`.

    Saved without `update_fields` it writes what was changed since it was read, and nothing else: what somebody wrote to
    other fields meanwhile stays as it is, and what was changed past the application stays a finding. A save that was
    rolled back counts for nothing: what it was to write is written by the next one.
    """

    sealing: ClassVar[Sealing]
    _read: Mapping[str, object] = MappingProxyType({})
    _saves: tuple["_Save", ...] = ()  # of transactions that were open the last time anybody looked
    objects = SealedQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django does, with a seal. A row that did not stand as it was sealed gets none: that stays a finding."""
        if self._state.adding or kwargs.get("force_insert"):
            self._save_new(*args, **kwargs)
            return
        named = kwargs["update_fields"] = self._named(kwargs.get("update_fields"))
        if not self.sealing.covers(named):
            super().save(*args, **kwargs)
        else:
            with transaction.atomic(savepoint=False):
                standing = self.sealing.held([self.pk])
                super().save(*args, **kwargs)
                self.sealing.tell_changed(standing)
        self._remember_saved(named)

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """As Django does; what was read is remembered."""
        row = super().from_db(*args, **kwargs)
        row._remember()
        return row

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """As Django does, also for a field that was not read at first."""
        super().refresh_from_db(*args, **kwargs)
        fields = kwargs.get("fields") or (args[1] if len(args) > 1 else None)
        self._remember(fields)

    def _save_new(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic(savepoint=False):
            super().save(*args, **kwargs)
            self.sealing.tell([self])
        self._remember_saved()

    def _named(self, given: Iterable[str] | None) -> list[str]:
        if given is not None:
            return list(given)
        self._forget_rolled_back()
        fields = {each.attname: each.name for each in self._meta.concrete_fields}
        here = self._values(fields)
        return [fields[attname] for attname in here if self._read.get(attname, _NEVER) != here[attname]]

    def _remember_saved(self, names: Iterable[str] | None = None) -> None:
        """As `_remember`, unless the transaction is rolled back."""
        self._forget_rolled_back()
        save = _Save(self._read)
        transaction.on_commit(save, robust=True)
        self._saves = (*(each for each in self._saves if not each.is_through), save)
        self._remember(names)

    def _forget_rolled_back(self) -> None:
        """With the first save that was rolled back all later ones were."""
        for number, save in enumerate(self._saves):
            if not save.counts:
                self._read, self._saves = save.before, self._saves[:number]
                return

    def _remember(self, names: Iterable[str] | None = None) -> None:
        """Which values of these fields, or of all, stand in the database."""
        self._forget_rolled_back()
        if names is None:  # of each row that is read, a million in a night
            self._read = {name: _kept(value) for name, value in self.__dict__.items() if name[0] != "_"}
        else:
            self._read = {**self._read, **self._values(self._attnames(frozenset(names)))}

    def _values(self, attnames: Iterable[str]) -> dict[str, object]:
        """What the row holds now, of those of these fields that were read."""
        here = self.__dict__
        return {name: _kept(here[name]) for name in attnames if name in here}

    def _attnames(self, names: frozenset[str]) -> list[str]:
        """Under which names the row holds fields, which may be named by either of their names."""
        return [each.attname for each in self._meta.concrete_fields if names & {each.name, each.attname}]

    def delete(self, using: str | None = None, keep_parents: bool = False) -> tuple[int, dict[str, int]]:  # noqa: FBT001, FBT002  as Django calls it
        """As Django does, and the chain is told that it is gone."""
        with transaction.atomic(savepoint=False):
            standing = self.sealing.held([self.pk])
            done = super().delete(using, keep_parents)
            self.sealing.tell_gone(standing)
        return done

    @property
    def called(self) -> str:
        """How the check names the row: without people."""
        return f"Nr. {self.pk}"


class _Save:
    """One save, and what stood in the database before. Django forgets what waits for a commit that does not come."""

    def __init__(self, before: Mapping[str, object]) -> None:
        self.before, self.is_through = before, False

    def __call__(self) -> None:
        """The transaction is through."""
        self.is_through = True

    @property
    def counts(self) -> bool:
        """Whether it was not rolled back."""
        return self.is_through or any(each[1] is self for each in connection.run_on_commit)


def _kept(value: object) -> object:
    """As it is now, also where it is changed in place later."""
    return json_of(value) if isinstance(value, dict | list) else value
