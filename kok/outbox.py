"""Mail is a row before it is a mail.

`enqueue` belongs to the transaction of the act; the worker delivers; a sweep repairs what a lost broker forgot.
Delivery is at least once; the unique key and the row lock make it once in practice. One process delivers at a time: a
mail server may think for minutes about each mail, and whoever else wants to deliver has other work to do meanwhile.

Rows are erased after twelve months; who was sent what stays in `kok.dispatch`, which is what pages and counts read.

A key that is there already means "told already". So it ends in a mark that only the application can make: who writes
to the database past it cannot put a row there before that keeps a mail from being sent. The row has a mark of its own
(`OutboxMessage.put_mark`): what he puts in or changes is put aside instead of sent, and the night names it.
"""

import hashlib
import logging
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain as chained
from operator import attrgetter

from celery import current_app
from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from kok import dispatch, logs, mail_server, turns, vault
from kok.by_class import Classes, of_class
from kok.dispatch import Sending
from kok.errors import Refused
from kok.mail_server import Mail, MailAttachment, MailFailure, NotSent
from kok.models import OutboxMessage
from kok.models.seal_lines import batches
from kok.outbox_check import AT_ONCE
from kok.readable import by_number
from kok.vocabulary import MAILS

__all__ = [
    "Builder", "Mail", "MailAttachment", "NotReady", "NotSent", "decided", "deliver", "deliver_kind", "enqueue",
    "locked", "marked", "publish", "queued", "register", "unmarked",
]  # fmt: skip
log = logging.getLogger(__name__)
MAX_ATTEMPTS = 6
MARK = "#"  # between what a key says and its mark
MARK_DIGITS = 16
PUT_ASIDE = 1000  # rows that are not ours, by one statement
MAX_REFUSALS = 3  # where the answer is final; some servers say so of those that they only put off
NOT_OURS = "Diese Nachricht wurde an der Anwendung vorbei eingefügt oder geändert. Sie wird nicht gesendet."
State = OutboxMessage.State


class NotReady(Exception):
    """The mail cannot be built yet (its PDF is still being made); it stays due and nothing is counted."""


# Builds the mail at the moment of sending, or None when it is no longer due or allowed.
Builder = Callable[[OutboxMessage], Mail | None]
_builders: dict[str, Builder] = {}


def register(kind: str, builder: Builder) -> None:
    """Called by apps in `ready()`: who can build mails of this kind."""
    _builders[MAILS.known(kind)] = builder


def enqueue(
    *, kind: str, key: str, to: str, context: Mapping[str, object], now: datetime, sending: Sending | None = None
) -> bool:
    """Puts a mail into the outbox of the running transaction; False when it was queued before under this key.

    `sending` keeps who was sent what, and then no mail goes out twice even when its row here is long erased.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("Eine Nachricht gehört in die Transaktion ihres Vorgangs.")
    MAILS.known(kind)
    if sending and not dispatch.begin(key=marked(key), kind=kind, sending=sending, address=to, now=now):
        return False
    row = OutboxMessage(kind=kind, key=marked(key), to=to, context=context, next_try_at=now, created_at=now)
    row.put_mark()
    values = {name: getattr(row, name) for name in ("kind", "to", "context", "next_try_at", "created_at", "mark")}
    _, created = OutboxMessage.objects.get_or_create(key=row.key, defaults=values)
    if created:
        _deliver_after_commit()
    return created


def queued(keys: Iterable[str]) -> frozenset[str]:
    """Which of these mails were queued before, sent or not; of those with a `sending` also where the mail is erased."""
    rows = [marked(key) for key in keys]
    waiting = OutboxMessage.objects.filter(key__in=rows).values_list("key", flat=True)
    return frozenset(unmarked(key) for key in dispatch.told(rows).union(waiting))


def marked(key: str) -> str:
    """The key as its row has it. Without CASE_LOG_KEY there is no mark: a mail matters more."""
    mark = vault.signature_if_any(f"outbox {key}")[:MARK_DIGITS]
    return f"{key}{MARK}{mark}" if mark else key


def unmarked(key: str) -> str:
    """What a key says."""
    return key.rpartition(MARK)[0] or key


def _deliver_after_commit() -> None:
    """A transaction tells the worker once, however many mails it queued."""
    if not any(entry[1] is _publish_delivery for entry in connection.run_on_commit):
        transaction.on_commit(_publish_delivery, robust=True)


def _publish_delivery() -> None:
    publish("kok.deliver")


def publish(task: str, *args: object) -> None:
    """Tells a worker. When the broker is down the change stands all the same, and the sweep delivers later."""
    try:
        current_app.send_task(task, args=args, retry=False)
    except Exception as error:  # noqa: BLE001  kombu and redis raise their own; none may reach the person
        log.warning("Broker nicht erreichbar (%s); der Abgleich holt %s nach.", type(error).__name__, task)


def deliver(*, now: datetime, answer_within: float = mail_server.ANSWER_WITHIN) -> int:
    """Sends everything that is due; how many were sent.

    Nothing while another process does; what came after that one began, the sweep delivers.
    """
    with turns.take("delivery") as is_ours:
        return deliver_kind("", now=now, answer_within=answer_within) if is_ours else 0


def deliver_kind(kind: str, *, now: datetime, answer_within: float = mail_server.ANSWER_WITHIN) -> int:
    """Sends what is due of one kind, or all, over one connection; how many were sent.

    Others may do so meanwhile: each row has its own transaction, and is locked while it goes. The mail server may take
    `answer_within` seconds for a mail; after half of them none is begun any more. Ends early when the mail server does
    not answer: each further try would keep the process as long as the first.
    """
    until = time.monotonic() + answer_within / 2
    backend = get_connection(answer_within=answer_within)
    try:
        return _deliver_until(until, backend, now=now, kind=kind)
    finally:
        backend.close()


def _deliver_until(until: float, backend: BaseEmailBackend, *, now: datetime, kind: str) -> int:
    last = sent = sent_before = 0
    while time.monotonic() < until:
        turn = _deliver_next(backend, now=now, after=last, kind=kind)
        if turn is None:
            if sent == sent_before:
                break
            last, sent_before = 0, sent  # meanwhile a PDF may have become ready
            continue
        last = turn.row
        sent += turn.was_sent
        if not turn.was_answered:
            break
    return sent


@dataclass(frozen=True)
class _Turn:
    """What became of one row; a mail server that refuses has answered."""

    row: int
    was_sent: bool
    was_answered: bool


@transaction.atomic
def _deliver_next(backend: BaseEmailBackend, *, now: datetime, after: int, kind: str) -> _Turn | None:
    of_kind = OutboxMessage.objects.filter(kind=kind) if kind else OutboxMessage.objects.all()
    waiting = of_kind.filter(state=State.QUEUED, next_try_at__lte=now, pk__gt=after).order_by("pk")
    due = waiting.select_for_update(skip_locked=True).values_list("pk", flat=True)
    number = due.first()
    if number is None:
        return None
    row = _ours([number]).get(number)
    if row is None:
        _put_aside(list(due[:PUT_ASIDE]))
        return _Turn(number, was_sent=False, was_answered=True)
    was_answered = _deliver_row(row, backend, now=now)
    row.put_mark()
    row.save()
    dispatch.settle(row)
    return _Turn(number, row.state == State.SENT, was_answered)


def _ours(numbers: Sequence[int]) -> dict[int, OutboxMessage]:
    """Of these rows those that nobody wrote or changed past the application. Without the key nobody can tell."""
    found = by_number(OutboxMessage.objects.all(), numbers)
    try:
        return {number: row for number, row in found.items() if row.is_ours()}
    except vault.KeyLost:
        return found


def _put_aside(numbers: Sequence[int]) -> None:
    """What is not ours of these, at once: who puts in thousands delays no mail behind them for long.

    They keep the marks they have, so that they can still be sent where only the key was another one.
    """
    ours = chained.from_iterable(map(_ours, batches(numbers, AT_ONCE)))
    foreign = set(numbers).difference(ours)
    chosen = OutboxMessage.objects.filter(pk__in=foreign)
    dispatch.put_aside(chosen.values_list("key", flat=True))
    chosen.update(state=State.FOREIGN, sent_at=None)
    log.error(
        "%s Nachrichten ab Nr. %s stammen nicht von der Anwendung und werden nicht gesendet.",
        len(foreign),
        min(foreign),
    )


def _deliver_row(row: OutboxMessage, backend: BaseEmailBackend, *, now: datetime) -> bool:
    """Whether the next row may try: not where the mail server gave no answer to this one."""
    try:
        with transaction.atomic():  # a database error in a builder must not spoil the row
            mail = _builders[row.kind](row)
        if mail is None or not (mail.to or row.to):
            row.state = State.OBSOLETE
            return True
        row.message_id = _message_id(row)
        mail_server.send(mail, to=mail.to or row.to, message_id=row.message_id, backend=backend)
        row.state, row.sent_at, row.error = State.SENT, now, ""
    except NotReady:
        pass  # it stays due: who finishes the PDF delivers right afterwards
    except NotSent as error:
        _postpone(row, error.failure, error.cause, now=now)
        return error.failure.was_answered
    except Exception as error:  # noqa: BLE001  whatever fails, this row waits and the others go on
        _postpone(row, MailFailure(of_class(error, _WHY)(error)), error, now=now)
    return True


_WHY: tuple[tuple[Classes, Callable[..., str]], ...] = (
    (Refused, attrgetter("sentence")),  # what it says was changed past the application
    (Exception, lambda error: f"Die Nachricht ließ sich nicht erstellen ({type(error).__name__})."),
)


def _message_id(row: OutboxMessage) -> str:
    """The same for every try of a mail and for no other: a restored database gives numbers a second time."""
    proof = hashlib.sha256(f"{row.key} {row.created_at.isoformat()}".encode()).hexdigest()[:16]
    host = settings.KOK_PUBLIC_URL.split("//")[-1].split(":")[0]
    return f"<{row.pk}.{proof}.{row.kind}@{host}>"


def _postpone(row: OutboxMessage, failure: MailFailure, cause: BaseException, *, now: datetime) -> None:
    """The next try comes after 1, 4, 16, 64, 256 minutes; after the last one a person must look."""
    row.attempts = min(row.attempts + 1, MAX_ATTEMPTS)  # also where somebody wrote a number that has none behind it
    row.error = failure.reason
    said = logs.name_of(cause)  # the text of the error could carry an address
    if row.attempts >= (MAX_REFUSALS if failure.is_final else MAX_ATTEMPTS):
        row.state = State.FAILED
        log.error("Nachricht %s (%s): %s, nach %s Versuchen aufgegeben.", row.pk, row.kind, said, row.attempts)
        return
    row.next_try_at = now + timedelta(minutes=4 ** (row.attempts - 1))
    log.warning("Nachricht %s (%s): %s, nächster Versuch später.", row.pk, row.kind, said)


def locked(number: int, *states: State) -> OutboxMessage | None:
    """The row, for whoever decides what becomes of it; None when it is in another state.

    Raises Refused where it is not ours: that stays a finding.
    """
    chosen = OutboxMessage.objects.select_for_update().filter(pk=number, state__in=states)
    if chosen.values_list("pk", flat=True).first() is None:
        return None
    if (row := _ours([number]).get(number)) is None:
        raise Refused(NOT_OURS)
    return row


def decided(row: OutboxMessage) -> None:
    """Keeps what was decided; what waits again is delivered after the transaction."""
    row.put_mark()
    row.save()
    dispatch.settle(row)
    if row.state == State.QUEUED:
        _deliver_after_commit()
