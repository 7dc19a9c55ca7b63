"""Erasure: apps declare how long what is kept, one daily run erases what is due and says so in numbers.

The periods follow domain.md 5.5, a proposal: the Aktenplan of the partners decides. What was erased is written down by
number (`listing`), because a restored backup has forgotten it. No line here holds a name.

Only the worker erases, and only what a rule says is due, whoever asks for it: `due` is the one truth. So who puts
a request into the database past the application has nothing erased that the same night would not erase. Nor has he
who changes the days by which something is due: it is left where they do not stand as they were sealed (ADR 23).
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from operator import attrgetter
from uuid import UUID, uuid4

from django.db import transaction

from kok import audit
from kok.clock import BERLIN
from kok.database import rights
from kok.database.roles import WORKER
from kok.erasure.listing import (
    checksum,
    copy_to_list,
    findings,
    genuine,
    missing_from,
    one_at_a_time,
    read,
    write_down,
)
from kok.erasure.parts import days_until, deleting, deleting_days, midnight, over, pks, settled, standing
from kok.errors import Refused
from kok.models import ErasedObject, ErasureRequest, ErasureRun, Seal
from kok.outbox import publish
from kok.vault import KeyLost

__all__ = [
    "Line", "Reapplied", "RetentionRule", "ask", "asked_since", "carry_out_what_was_asked", "copy_to_list",
    "days_until", "deleting", "deleting_days", "erase_at_once", "findings", "genuine", "has_erased", "midnight",
    "over", "pks", "preview", "reapply", "register", "require_eraser", "rules", "run", "settled", "standing",
]  # fmt: skip
log = logging.getLogger(__name__)
MOST_LOOKED_AT = 1000  # requests at a time: who puts in a million delays no sweep
LEFT = ", Zeilen der Löschliste ausgelassen oder nicht da"


@dataclass(frozen=True)
class RetentionRule:
    """How long one kind of data is kept, in words and in code.

    `due` yields the numbers of what is over on a day (`<= today`, so that a missed day is caught up). `erase` empties
    or deletes these and returns how many it found; asked twice it finds nothing. Without `erase` the rule only reports:
    a person decides. `mark` says where the period comes from: found, own or proposal. `is_final`: what was erased never
    gets data again, so what a backup brings back is erased whatever state it is in. `is_by_day`: `due` yields days, not
    rows, so that what is due and what was erased count different things.

    `proven` says of which numbers all that makes them due stands as the application wrote it. The others are left, and
    the check of the seals names them. None where a day proves nothing: who may change it past the application may
    change or take away the data as well.
    """

    slug: str
    data: str
    keep: str
    mark: str
    due: Callable[[date], Iterable[str]]
    erase: Callable[[Sequence[str], datetime], int] | None = None
    is_final: bool = False
    is_by_day: bool = False
    proven: Callable[[Collection[str]], Collection[str]] | None = None

    def erasable(self, ids: Iterable[str]) -> list[str]:
        """Of what is due what is proven, in order. Raises KeyLost."""
        due = set(ids)
        return sorted(due & set(self.proven(due)) if self.proven else due)

    @property
    def is_carried_out(self) -> bool:
        """Whether the run erases by it. For templates: they would call `erase` and take its failure for a no."""
        return self.erase is not None


@dataclass
class ErasureLine:
    """What became of one rule in one run. `failed` is the kind of the error, `is_listed` concerns the file outside.

    `checksum` is over the numbers that were erased.
    """

    rule: str
    due: int = 0
    erased: int = 0
    failed: str = ""
    is_listed: bool = True
    checksum: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether the rule could not be carried out."""
        return bool(self.failed)


@dataclass(frozen=True)
class Reapplied:
    """What erasing again did, a German sentence for lines of the list that were left out or are missing, and until when
    it reaches.
    """

    run: ErasureRun
    left: tuple[str, ...]
    until: datetime | None


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

    Raises Refused for whoever may not erase, and without the key that proves what was erased.
    """
    require_eraser()
    if not dry:
        _carry_out_what_was_asked(now)
    today = now.astimezone(BERLIN).date()
    done = _begin(now, is_dry=dry)
    lines = [_carry_out(rule, done, today=today, now=now) for rule in rules()]
    return _close(done, lines, now)


def reapply(listed: Iterable[str], *, now: datetime) -> Reapplied:
    """Erases again what a restored backup brought back; `listed` are the lines of the list.

    Rules that look at the data only erase what is due by now; those marked `is_final` erase every number of the list.
    Lines that are not ours, or cannot be carried out, are left and told; that the list is older is told too. Raises
    Refused as `run` does.
    """
    require_eraser()
    today = now.astimezone(BERLIN).date()
    found = read(listed, _rules)
    done = _begin(now)
    lines = [
        _carry_out(_again(rule, found.numbers[rule.slug]), done, today=today, now=now, is_listed=True)
        for rule in rules()
        if rule.erase and rule.slug in found.numbers
    ]
    left = (*found.left, *missing_from(found, _rules))
    return Reapplied(_close(done, lines, now, left=bool(left)), left, found.until)


def _begin(now: datetime, *, is_dry: bool = False) -> ErasureRun:
    try:
        with transaction.atomic():
            return ErasureRun.objects.create(at=now, is_dry=is_dry)
    except KeyLost as lost:
        raise Refused(lost.sentence) from None


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


def ask(slug: str, ids: Sequence[str]) -> None:
    """What an act made due and only the worker may erase: written down in its transaction, carried out right after."""
    if ids:
        _tell_the_worker(ErasureRequest(rule=slug, object_ids=ids))


def erase_at_once(slug: str, ids: Sequence[str], *, now: datetime) -> int:
    """What an act takes out of a draft at once, inside its transaction: erased by the same rule, with the same proofs.

    For what the triggers let everybody take away; for all else `ask` the worker. He writes the list.
    """
    erase = _rules[slug].erase
    if erase is None:
        raise ValueError(f"{slug} erases nothing")
    number = erase(ids, now)
    _tell_the_worker(ErasureRequest(rule=slug, object_ids=ids, is_done=True))
    return number


def _tell_the_worker(request: ErasureRequest) -> None:
    request.save()
    transaction.on_commit(lambda: publish("kok.erase_what_was_asked", str(request.pk)), robust=True)


def carry_out_what_was_asked(*, now: datetime, first: str = "") -> None:
    """Erases what acts asked for, and writes down outside what has been erased since; the sweep looks for it.

    First the request of the act that told us, whatever somebody put beside it.
    """
    _carry_out_what_was_asked(now, first)
    copy_to_list()


def asked_since() -> datetime | None:
    """Since when the request waits that waits longest, of those that the application made. Raises KeyLost."""
    return min((seal.at for seal in _asked().values()), default=None)


def _asked() -> Mapping[str, Seal]:
    """The requests that wait and stand as they were sealed. All others wait for ever, and the check names them."""
    return ErasureRequest.sealing.standing(_looked_at())


def _looked_at() -> list[UUID]:
    """All requests; of more than the application ever lets wait some, from another place on each time."""
    numbers = ErasureRequest.objects.order_by("pk").values_list("pk", flat=True)
    start = uuid4()
    behind = list(numbers.filter(pk__gte=start)[:MOST_LOOKED_AT])
    return behind + list(numbers.filter(pk__lt=start)[: MOST_LOOKED_AT - len(behind)])


def _carry_out_what_was_asked(now: datetime, first: str = "") -> None:
    try:
        waiting = list(dict.fromkeys([*filter(None, [first]), *_asked()]))
    except KeyLost as lost:
        log.error(lost.sentence)  # noqa: TRY400
        return
    for number in waiting:
        try:
            with transaction.atomic():
                _carry_out_one(number, now)
        except Exception as error:  # noqa: BLE001  it waits for the next time, and *Aufträge* shows that it waits
            log.error("Ein erbetenes Löschen ist nicht gelungen (%s).", type(error).__name__)  # noqa: TRY400


def _carry_out_one(number: str, now: datetime) -> None:
    """Of what was asked what is due now. What is not is left to the rule, which looks at it every night."""
    one_at_a_time()
    request = ErasureRequest.objects.filter(pk=number).first()
    if request is None or not ErasureRequest.sealing.standing([number]):  # another worker was quicker
        return
    rule = _rules[request.rule]
    line, ids = ErasureLine(rule.slug), sorted(request.object_ids)
    if not request.is_done:
        ids = rule.erasable(set(ids) & set(rule.due(now.astimezone(BERLIN).date())))
    line.due = line.erased = len(ids)
    if ids and rule.erase and not request.is_done:
        line.erased = rule.erase(ids, now)
    _note(ErasureRun.objects.create(at=now), line, ids)
    request.delete()


def _again(rule: RetentionRule, ids: list[str]) -> RetentionRule:
    """The rule for these numbers of the list, which prove themselves where nothing else can be due."""
    if rule.is_final:
        return replace(rule, due=lambda today: ids, proven=None)
    return replace(rule, due=lambda today: set(ids).intersection(rule.due(today)))


def _carry_out(
    rule: RetentionRule, done: ErasureRun, *, today: date, now: datetime, is_listed: bool = False
) -> ErasureLine:
    line = ErasureLine(rule.slug)
    try:
        with transaction.atomic():
            one_at_a_time()
            found = set(rule.due(today))
            line.due = len(found)
            ids = rule.erasable(found)
            if ids and rule.erase and not done.is_dry:
                line.erased = rule.erase(ids, now)
                _note(done, line, ids, is_listed=is_listed)
    except Exception as error:  # noqa: BLE001  whatever fails, the other rules go on and the report says so
        log.error("Die Löschregel %s ist nicht gelungen (%s).", rule.slug, type(error).__name__)  # noqa: TRY400
        return ErasureLine(rule.slug, due=line.due, failed=type(error).__name__)
    return line


def _note(done: ErasureRun, line: ErasureLine, ids: Sequence[str], *, is_listed: bool = False) -> None:
    """Writes down what was erased, in the transaction that erased it: a worker that is killed forgets nothing."""
    if ids:
        line.is_listed, line.checksum = is_listed, checksum(ids)
        write_down(done, line.rule, ids)
    done.refresh_from_db(fields=["report"])  # the sweep may have copied what was erased before
    done.report = [*done.report, asdict(line)]
    done.save(update_fields=["report"])


def _close(done: ErasureRun, lines: list[ErasureLine], now: datetime, *, left: bool = False) -> ErasureRun:
    with transaction.atomic():
        one_at_a_time()
        done.refresh_from_db(fields=["report"])
        noted = {line["rule"]: line for line in done.report}
        done.report = [noted.get(line.rule, asdict(line)) for line in lines]
        done.save(update_fields=["report"])
    if not done.is_dry:
        erased, failed = sum(map(attrgetter("erased"), lines)), sum(map(attrgetter("has_failed"), lines))
        note = f"{erased} gelöscht, {failed} von {len(lines)} Regeln nicht gelungen"
        audit.record(by=None, action="erasure.run", obj=done, note=note + (LEFT if left else ""), now=now)
        copy_to_list()
        done.refresh_from_db()
    return done
