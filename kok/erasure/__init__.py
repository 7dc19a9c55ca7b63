"""Erasure: apps declare how long what is kept, one daily run erases what is due and says so in numbers.

The periods follow domain.md 5.5, a proposal: the Aktenplan of the partners decides. What was erased is written down by
number, in the database and in a file outside of it, because a restored backup has forgotten it. No line here holds a
name.
"""

import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import connection, transaction

from kok import audit, outside
from kok.clock import BERLIN
from kok.database import rights
from kok.database.roles import WORKER
from kok.erasure.parts import days_until, deleting, deleting_days, midnight, numbers, over
from kok.errors import Refused
from kok.models import ErasedObject, ErasureRun
from kok.outbox import publish

__all__ = [
    "Line", "RetentionRule", "ask", "carry_out_what_was_asked", "copy_to_list", "days_until", "deleting",
    "deleting_days", "erase_at_once", "has_erased", "midnight", "numbers", "over", "preview", "reapply", "register",
    "require_eraser", "rules", "run",
]  # fmt: skip
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
    """What became of one rule in one run. `failed` is the kind of the error, `is_listed` concerns the file outside.

    `is_waiting`: a person's act asked for it, and the worker has not done it yet.
    """

    rule: str
    due: int = 0
    erased: int = 0
    failed: str = ""
    is_listed: bool = True
    is_waiting: bool = False


_rules: dict[str, RetentionRule] = {}


def register(*rules: RetentionRule) -> None:
    """Called by apps in `ready()`."""
    _rules.update({rule.slug: rule for rule in rules})


def rules() -> tuple[RetentionRule, ...]:
    """All rules, in the order of their apps."""
    return tuple(_rules.values())


def preview(today: date) -> list[tuple[RetentionRule, int]]:
    """What is due, counted; nothing changes."""
    return [(rule, len(set(rule.due(today)))) for rule in rules()]


def run(*, now: datetime, dry: bool = False) -> ErasureRun:
    """Erases what is due, each rule in a transaction of its own; one that fails is reported and hinders no other.

    Raises Refused, unless it only counts, for whoever may not erase.
    """
    if not dry:
        require_eraser()
        _carry_out_what_was_asked(now)
    today = now.astimezone(BERLIN).date()
    done = ErasureRun.objects.create(at=now, is_dry=dry)
    lines = [_carry_out(rule, rule.due, done, today=today, now=now) for rule in rules()]
    return _close(done, lines, now)


def reapply(listed: Iterable[str], *, now: datetime) -> ErasureRun:
    """Erases again what a restored backup brought back; `listed` are the lines of the list.

    Rules that look at the data only erase what is due by now; those marked `is_final` erase every number of the list.
    Raises Refused for a line that cannot be read, and for whoever may not erase; then nothing is erased.
    """
    require_eraser()
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


def require_eraser() -> None:
    """Raises Refused when the triggers of the database would not let us erase, or put a seal in place of a seal."""
    if not rights.may_erase():
        raise Refused(
            f"Das darf in der Datenbank nur die Rolle {WORKER}. Es wurde nichts geändert. Rufen Sie den Befehl dort "
            "auf, wo der Worker läuft: mit „kok-manage“ oder mit „docker compose run --rm worker python manage.py“."
        )


def ask(slug: str, ids: Sequence[str], *, now: datetime) -> None:
    """What an act demands and only the worker may erase: written down in its transaction, carried out right after."""
    if not ids:
        return
    done = ErasureRun.objects.create(at=now, report=[asdict(Line(slug, due=len(ids), is_waiting=True))])
    _write_down(done, slug, ids)
    transaction.on_commit(_tell_the_worker, robust=True)


def carry_out_what_was_asked(*, now: datetime) -> None:
    """Erases what acts asked for, and writes down outside what has been erased since; the sweep looks for it."""
    _carry_out_what_was_asked(now)
    copy_to_list()


def _carry_out_what_was_asked(now: datetime) -> None:
    for number in ErasureRun.objects.filter(report__contains=[{"is_waiting": True}]).values_list("pk", flat=True):
        try:
            with transaction.atomic():
                _carry_out_one(number, now)
        except Exception as error:  # noqa: BLE001  it waits for the next time, and *Aufträge* shows that it failed
            log.error("Ein erbetenes Löschen ist nicht gelungen (%s).", type(error).__name__)  # noqa: TRY400
            done = ErasureRun.objects.get(pk=number)
            done.report = [{**line, "failed": type(error).__name__} for line in done.report]
            done.save(update_fields=["report"])


def _carry_out_one(number: int, now: datetime) -> None:
    _one_at_a_time()
    done = ErasureRun.objects.get(pk=number)
    [line] = [Line(**line) for line in done.report]
    erase = _rules[line.rule].erase
    if not line.is_waiting or erase is None:  # another worker was quicker
        return
    line.erased = erase(list(done.erased.values_list("object_id", flat=True)), now)
    line.failed, line.is_listed, line.is_waiting = "", False, False
    done.report = [asdict(line)]
    done.save(update_fields=["report"])


def _tell_the_worker() -> None:
    publish("kok.erase_what_was_asked")


def erase_at_once(slug: str, ids: Sequence[str], *, now: datetime) -> int:
    """What an act takes out of a draft at once, inside its transaction: erased by the same rule, with the same proofs.

    For what the triggers let everybody take away; for all else `ask` the worker.
    """
    done = ErasureRun.objects.create(at=now)
    line = Line(slug)
    _erase(_rules[slug], done, line, ids, now)
    done.report = [asdict(line)]
    done.save(update_fields=["report"])
    transaction.on_commit(_tell_the_worker, robust=True)
    return line.erased


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
    line.due = len(ids)
    line.erased = rule.erase(ids, now)
    _write_down(done, rule.slug, ids)
    line.is_listed = False


def _write_down(done: ErasureRun, slug: str, ids: Sequence[str]) -> None:
    ErasedObject.objects.bulk_create(
        [ErasedObject(run=done, rule=slug, object_id=each) for each in ids], batch_size=1000
    )


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
