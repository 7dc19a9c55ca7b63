"""Erasure: apps declare how long what is kept, one daily run erases what is due and says so in numbers.

The periods follow domain.md 5.5, a proposal: the Aktenplan of the partners decides. What was erased is written down by
number, in the database and in a file outside of it, because a restored backup has forgotten it. No line here holds a
name.
"""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet

from kok import audit, outside
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import ErasedObject, ErasureRun
from kok.workdays import months_later

log = logging.getLogger(__name__)
LOCK = 20_808_180_079  # any number of our own: two runs at once would do the same work twice


@dataclass(frozen=True)
class RetentionRule:
    """How long one kind of data is kept, in words and in code.

    `due` yields the numbers of what is over on a day (`<= today`, so that a missed day is caught up). `erase` empties
    or deletes these and returns how many it found; asked twice it finds nothing. Without `erase` the rule only reports:
    a person decides. `mark` says where the period comes from: found, own or proposal. `is_final`: what was erased never
    gets data again, so what a backup brings back is erased whatever state it is in.
    """

    slug: str
    data: str
    keep: str
    mark: str
    due: Callable[[date], Iterable[str]]
    erase: Callable[[Sequence[str], datetime], int] | None = None
    is_final: bool = False

    @property
    def is_carried_out(self) -> bool:
        """Whether the run erases by it. For templates: they would call `erase` and take its failure for a no."""
        return self.erase is not None


@dataclass
class Line:
    """What became of one rule in one run. `failed` is the kind of the error, `is_listed` concerns the file outside."""

    rule: str
    due: int = 0
    erased: int = 0
    failed: str = ""
    is_listed: bool = True


_rules: dict[str, RetentionRule] = {}


def register(*rules: RetentionRule) -> None:
    """Called by apps in `ready()`."""
    _rules.update({rule.slug: rule for rule in rules})


def rules() -> tuple[RetentionRule, ...]:
    """All rules, in the order of their apps."""
    return tuple(_rules.values())


def over(today: date, *, months: int = 0, days: int = 0) -> datetime:
    """The moment before which everything has been kept for that long, the day of it included."""
    last = months_later(today, -months) - timedelta(days=days)
    return datetime.combine(last + timedelta(days=1), time.min, BERLIN)


def preview(today: date) -> list[tuple[RetentionRule, int]]:
    """What is due, counted; nothing changes."""
    return [(rule, len(set(rule.due(today)))) for rule in rules()]


def run(*, now: datetime, dry: bool = False) -> ErasureRun:
    """Erases what is due, each rule in a transaction of its own; one that fails is reported and hinders no other."""
    today = now.astimezone(BERLIN).date()
    done = ErasureRun.objects.create(at=now, is_dry=dry)
    lines = [_carry_out(rule, rule.due, done, today=today, now=now) for rule in rules()]
    return _close(done, lines, now)


def reapply(listed: Iterable[str], *, now: datetime) -> ErasureRun:
    """Erases again what a restored backup brought back; `listed` are the lines of the list.

    Rules that look at the data only erase what is due by now; those marked `is_final` erase every number of the list.
    Raises Refused for a line that cannot be read; then nothing is erased.
    """
    today = now.astimezone(BERLIN).date()
    found = _read(listed)
    done = ErasureRun.objects.create(at=now)
    lines = []
    for rule in rules():
        if rule.erase and (ids := found.get(rule.slug)):
            line = _carry_out(rule, _again(rule, ids), done, today=today, now=now)
            lines.append(Line(**{**asdict(line), "is_listed": True}))
    return _close(done, lines, now)


def has_erased() -> bool:
    """Whether this database knows of anything that a run erased."""
    return ErasedObject.objects.exists()


def erase_at_once(slug: str, ids: Sequence[str], *, now: datetime) -> int:
    """What an act demands at once, inside its transaction: erased by the same rule, with the same proofs."""
    done = ErasureRun.objects.create(at=now)
    line = Line(slug)
    _erase(_rules[slug], done, line, ids, now)
    done.report = [asdict(line)]
    done.save(update_fields=["report"])
    transaction.on_commit(copy_to_list, robust=True)
    return line.erased


@contextmanager
def guards_open() -> Iterator[None]:
    """Lets this transaction through the triggers that keep released lists, proofs and logs as they are."""
    _set_erasing("on")
    yield
    _set_erasing("off")


def _set_erasing(state: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('kok.erasure', %s, true)", [state])


def _again(rule: RetentionRule, ids: list[str]) -> Callable[[date], Iterable[str]]:
    return lambda today: ids if rule.is_final else sorted(set(ids) & set(rule.due(today)))


def _carry_out(
    rule: RetentionRule, due: Callable[[date], Iterable[str]], done: ErasureRun, *, today: date, now: datetime
) -> Line:
    line = Line(rule.slug)
    try:
        with transaction.atomic():
            _one_at_a_time()
            ids = sorted(set(due(today)))
            line.due = len(ids)
            if ids and rule.erase and not done.is_dry:
                _erase(rule, done, line, ids, now)
    except Exception as error:  # noqa: BLE001  whatever fails, the other rules go on and the report says so
        log.error("Die Löschregel %s ist nicht gelungen (%s).", rule.slug, type(error).__name__)  # noqa: TRY400
        return Line(rule.slug, due=line.due, failed=type(error).__name__)
    return line


def _erase(rule: RetentionRule, done: ErasureRun, line: Line, ids: Sequence[str], now: datetime) -> None:
    if rule.erase is None:
        raise ValueError(f"{rule.slug} erases nothing")
    with guards_open():
        line.due = len(ids)
        line.erased = rule.erase(ids, now)
    ErasedObject.objects.bulk_create(
        [ErasedObject(run=done, rule=rule.slug, object_id=each) for each in ids], batch_size=1000
    )
    line.is_listed = False


def _one_at_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def _close(done: ErasureRun, lines: list[Line], now: datetime) -> ErasureRun:
    done.report = [asdict(line) for line in lines]
    done.save(update_fields=["report"])
    if not done.is_dry:
        erased, failed = sum(line.erased for line in lines), sum(bool(line.failed) for line in lines)
        note = f"{erased} gelöscht, {failed} von {len(lines)} Regeln nicht gelungen"
        audit.record(by=None, action="erasure.run", obj=done, note=note, now=now)
        copy_to_list()
        done.refresh_from_db()
    return done


def copy_to_list() -> None:
    """Writes what is not yet in the list outside the database; what cannot be written is tried again by the next run.

    The list is kept beside the backups (docs/operation.md); it holds rules, numbers and moments, no names.
    """
    for done in ErasureRun.objects.filter(report__contains=[{"is_listed": False}]).order_by("pk"):
        rows = done.erased.values_list("rule", "object_id").order_by("pk")
        waiting = {line["rule"] for line in done.report if not line["is_listed"]}
        try:
            outside.append(
                settings.KOK_ERASURE_LIST,
                ({"rule": rule, "id": number, "at": done.at.isoformat()} for rule, number in rows if rule in waiting),
            )
        except OSError as error:
            log.error("Die Löschliste lässt sich nicht schreiben (%s).", type(error).__name__)  # noqa: TRY400
            return
        done.report = [{**line, "is_listed": True} for line in done.report]
        done.save(update_fields=["report"])


def _read(listed: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for number, text in enumerate(listed, 1):
        try:
            line = json.loads(text)
            found.setdefault(_rules[line["rule"]].slug, []).append(str(line["id"]))
        except (ValueError, TypeError, KeyError):
            raise Refused(
                f"Zeile {number} der Löschliste ist nicht lesbar oder nennt eine unbekannte Regel. "
                "Es wurde nichts gelöscht. Prüfen Sie, ob die Datei vollständig ist und zu dieser Anwendung gehört."
            ) from None
    return found


# What rules are made of.


def deleting(model: Any) -> Callable[[Sequence[str], datetime], int]:
    """An `erase` that deletes rows by their number."""

    def delete(ids: Sequence[str], now: datetime) -> int:
        counts: dict[str, int] = model.objects.filter(pk__in=ids).delete()[1]
        return counts.get(model._meta.label, 0)

    return delete


def numbers(rows: QuerySet[Any]) -> Iterator[str]:
    """The numbers of rows, as `due` yields them."""
    return (str(pk) for pk in rows.values_list("pk", flat=True))


def days_until(model: Any, field: str, before: Callable[[date], datetime]) -> Callable[[date], Iterator[str]]:
    """A `due` of whole days instead of numbers, for rows of which nobody needs a list: those whose moment is over."""

    def due(today: date) -> Iterator[str]:
        moments = model.objects.filter(**{f"{field}__lt": before(today)}).values_list(field, flat=True)
        return (at.astimezone(BERLIN).date().isoformat() for at in moments)

    return due


def deleting_days(model: Any, field: str) -> Callable[[Sequence[str], datetime], int]:
    """An `erase` for `days_until`."""

    def delete(days: Sequence[str], now: datetime) -> int:
        counts: dict[str, int] = model.objects.filter(**{f"{field}__date__in": days, f"{field}__lt": now}).delete()[1]
        return counts.get(model._meta.label, 0)

    return delete


def midnight(today: date) -> datetime:
    """The beginning of a day in Hessen."""
    return datetime.combine(today, time.min, BERLIN)
