"""Erasure: apps declare how long what is kept, one daily run erases what is due and says so in numbers.

The periods follow domain.md 5.5, a proposal: the Aktenplan of the partners decides. What was erased is written down by
number (`listing`), because a restored backup has forgotten it. No line here holds a name.

Only the worker erases, and only what a rule says is due, whoever asks for it: `due` is the one truth. So who puts
a request into the database past the application has nothing erased that the same night would not erase. Nor has he
who changes the days by which something is due: it is left where they do not stand as they were sealed (ADR 23).
"""

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from operator import attrgetter

from django.db import transaction

from kok import audit
from kok.clock import BERLIN
from kok.database import rights
from kok.database.roles import WORKER
from kok.erasure.asked import ask, asked_since, carry_out_all, carry_out_what_was_asked, erase_at_once
from kok.erasure.declared import RetentionRule, register, rules
from kok.erasure.listing import (
    ErasureLine,
    copy_to_list,
    findings,
    genuine,
    missing_from,
    note,
    one_at_a_time,
    read,
)
from kok.erasure.parts import days_until, deleting, deleting_days, midnight, over, pks, settled, standing
from kok.errors import Refused
from kok.models import ErasedObject, ErasureRun, ReportLine
from kok.vault import key_required

__all__ = [
    "Reapplied", "ReportLine", "RetentionRule", "ask", "asked_since", "carry_out_what_was_asked", "copy_to_list",
    "days_until", "deleting", "deleting_days", "erase_at_once", "findings", "genuine", "has_erased", "midnight",
    "over", "pks", "preview", "reapply", "register", "require_eraser", "rules", "run", "settled", "standing",
]  # fmt: skip
log = logging.getLogger(__name__)
LEFT = ", Zeilen der Löschliste ausgelassen oder nicht da"


@dataclass(frozen=True)
class Reapplied:
    """What erasing again did, a German sentence for lines of the list that were left out or are missing, and until when
    it reaches.
    """

    run: ErasureRun
    left: tuple[str, ...]
    until: datetime | None


def preview(today: date) -> list[tuple[RetentionRule, int]]:
    """What is due, counted; nothing changes."""
    return [(rule, len(set(rule.due(today)))) for rule in rules()]


def run(*, now: datetime, dry: bool = False) -> ErasureRun:
    """Erases what is due, each rule in a transaction of its own; one that fails is reported and hinders no other.

    Raises Refused for whoever may not erase, and without the key that proves what was erased.
    """
    require_eraser()
    if not dry:
        carry_out_all(now)
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
    known = [rule.slug for rule in rules()]
    found = read(listed, known)
    done = _begin(now)
    lines = [
        _carry_out(_again(rule, found.numbers[rule.slug]), done, today=today, now=now, is_listed=True)
        for rule in rules()
        if rule.erase and rule.slug in found.numbers
    ]
    left = (*found.left, *missing_from(found, known))
    return Reapplied(_close(done, lines, now, left=bool(left)), left, found.until)


def _begin(now: datetime, *, is_dry: bool = False) -> ErasureRun:
    with key_required(), transaction.atomic():
        return ErasureRun.objects.create(at=now, is_dry=is_dry)


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
                note(done, line, ids, is_listed=is_listed)
    except Exception as error:  # noqa: BLE001  whatever fails, the other rules go on and the report says so
        log.error("Die Löschregel %s ist nicht gelungen (%s).", rule.slug, type(error).__name__)  # noqa: TRY400
        return ErasureLine(rule.slug, due=line.due, failed=type(error).__name__)
    return line


def _close(done: ErasureRun, lines: list[ErasureLine], now: datetime, *, left: bool = False) -> ErasureRun:
    with transaction.atomic():
        one_at_a_time()
        done.refresh_from_db(fields=["report"])
        noted = {line["rule"]: line for line in done.report}
        done.report = [noted.get(line.rule, asdict(line)) for line in lines]
        done.save(update_fields=["report"])
    if not done.is_dry:
        erased, failed = sum(map(attrgetter("erased"), lines)), sum(map(bool, map(attrgetter("failed"), lines)))
        said = f"{erased} gelöscht, {failed} von {len(lines)} Regeln nicht gelungen"
        audit.record(by=None, action="erasure.run", obj=done, note=said + (LEFT if left else ""), now=now)
        copy_to_list()
        done.refresh_from_db()
    return done
