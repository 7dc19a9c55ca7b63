"""The chains of the access log, and whether they stand as they were written."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from itertools import chain
from operator import attrgetter
from typing import TypeVar

from django.db.models import QuerySet

from kok import chains, findings
from kok.chain_walk import Finding, is_of_other_key, stands, walk
from kok.readable import readable
from kok.words import local_day
from transitions.models import AccessLogDay, AccessLogEntry, TransitionListVersion, TransmissionReceipt
from transitions.queries import history
from transitions.rules.codes import LogAction, LogChain
from transitions.rules.retention import acts_expired, reads_expired

MOST_LINES = 100  # of one moment: who makes up thousands delays nobody
NOT_IN_LOG = (
    "Vorgang Nr. {number} im Verlauf eines Falls steht nicht im Protokoll: Er wurde an der Anwendung vorbei eingefügt "
    "oder geändert, oder Zeilen wurden entfernt."
)
SEALED_FIELDS = (
    "chain", "position", "actor_id", "actor", "role", "agreement", "action", "reason", "version", "list_year",
    "case_ref", "request",
)  # fmt: skip


def sealed_words(entry: AccessLogEntry, before: str) -> str:
    """Everything that the seal of an entry covers, with the seal before it."""
    words = {name: getattr(entry, name) for name in SEALED_FIELDS}
    words |= {"day": entry.day.isoformat(), "at": entry.at.astimezone(UTC).isoformat(), "before": before}
    return json.dumps(words, sort_keys=True, ensure_ascii=False, default=str)


def _chain(code: LogChain, is_expired: Callable[[date, date], bool]) -> chains.Chain:
    title = f"Zugriffsprotokoll, {code.label}"
    slug = f"access-log-{code.lower()}"
    return chains.Chain(slug, title, code.value, AccessLogEntry, AccessLogDay, sealed_words, is_expired)


READ = _chain(LogChain.READ, reads_expired)
ACT = _chain(LogChain.ACT, acts_expired)


Witness = TypeVar("Witness", TransitionListVersion, TransmissionReceipt)


@dataclass(frozen=True)
class LogCheck:
    """The outcome of a check."""

    lines: int
    days: int
    deleted_days: int
    findings: tuple[Finding, ...]
    ends: tuple[chains.End, ...]
    is_other_key: bool

    @property
    def is_intact(self) -> bool:
        """Whether every line is as it was written."""
        return not self.findings


def check_log(today: date) -> LogCheck:
    """Computes every seal of both chains anew; nothing is written. Raises vault.KeyLost without a key.

    Beside the chains, what stands elsewhere must be among the acts: a log that was emptied has it not. The newest lines
    can be cut off unseen, unless a list was opened or released in them: `kok.chain_ends` compares with the ends that
    are told outside.
    """
    walks = [walk(READ, today), walk(ACT, today)]
    return LogCheck(
        lines=sum(map(attrgetter("lines"), walks)),
        days=sum(map(attrgetter("days"), walks)),
        deleted_days=sum(map(attrgetter("deleted_days"), walks)),
        findings=(*chain.from_iterable(map(attrgetter("findings"), walks)), *_witnesses(today)),
        ends=tuple(filter(None, map(attrgetter("end"), walks))),
        is_other_key=is_of_other_key(walks),
    )


def is_said(lines: QuerySet[AccessLogEntry]) -> bool:
    """Whether one of these lines is there and is ours, for an act that starts from it. Raises KeyLost."""
    of_code = {READ.code: READ, ACT.code: ACT}
    found = lines.filter(chain__in=list(of_code)).order_by("pk")
    return any(stands(of_code[line.chain], line) for line in found[:MOST_LINES])


def _witnesses(today: date) -> list[Finding]:
    """Opened versions and receipts without a line of the act, and those that cannot be read."""
    unreadable: list[Finding] = []

    def rows_of(model: type[Witness], order: str) -> Iterator[Witness]:
        words = f"{model._meta.verbose_name}, Nr. {{number}}, lässt sich nicht lesen."
        rows = model._base_manager.order_by(order, "pk")
        return readable(rows, lambda no: unreadable.append(Finding(ACT, None, None, words.format(number=no))))

    opened = [
        (each.pk, each.opened_at, "Eine Fassung wurde angelegt, und das")
        for each in rows_of(TransitionListVersion, "opened_at")
    ]
    released = [
        (each.version_id, each.released_at, f"Die Freigabe mit der Quittung {each.number}")
        for each in rows_of(TransmissionReceipt, "released_at")
    ]
    told = [*_untold(LogAction.DRAFT, opened, today), *_untold(LogAction.RELEASE, released, today)]
    return [*told, *unreadable, *_history(today)]


def _history(today: date) -> Iterator[Finding]:
    """What the history of a case says and the log does not: the first of it, and how many more there are."""
    events = history.untold(today)
    for number, at in events.values_list("pk", "at")[: findings.MOST_TOLD]:
        yield Finding(ACT, local_day(at), None, NOT_IN_LOG.format(number=number))
    if (more := events.count() - findings.MOST_TOLD) > 0:
        yield Finding(ACT, None, None, findings.more(more))


def _untold(action: LogAction, witnesses: Sequence[tuple[object, datetime, str]], today: date) -> list[Finding]:
    """Of these versions those that no line names, as long as lines of that day are kept."""
    told = set(AccessLogEntry.objects.filter(chain=ACT.code, action=action).values_list("version", flat=True))
    finding = partial(Finding, ACT)
    return [
        finding(day, None, f"{words} steht nicht im Protokoll: Zeilen wurden entfernt.")
        for version, at, words in witnesses
        if str(version) not in told and not acts_expired(day := local_day(at), today)
    ]
