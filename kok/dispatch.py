"""Who was sent what, when, by which way, with what result (ADR 28).

`outbox.enqueue` writes the record with the mail, and tells it what became of that mail. Pages and counts read it by its
columns, never the outbox, which forgets after some months.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from kok.models import Dispatch, OutboxMessage
from kok.vocabulary import MAILS

State = OutboxMessage.State
Result = Dispatch.Result
RESULTS = {
    State.QUEUED: Result.WAITING,
    State.SENT: Result.SENT,
    State.OBSOLETE: Result.OBSOLETE,
    State.FAILED: Result.FAILED,
}
OPEN = (Result.WAITING, Result.FAILED)
LETTER = "letter:"  # before the key of the record that a letter stands in for
CHANGED = "Die Nachricht wurde an der Anwendung vorbei geändert und wird nicht gesendet."


@dataclass(frozen=True)
class SentSubject:
    """What is sent: a thing by kind and number, its part where it has several, and the version that goes out."""

    kind: str
    number: int
    version: str
    part: str = ""


@dataclass(frozen=True)
class Addressee:
    """To whom, as he is called now. The numbers are those of person and account where there are such."""

    name: str
    function: str = ""
    person: int | None = None
    account: int | None = None


@dataclass(frozen=True)
class Sending:
    """What is kept of a mail for as long as its subject."""

    subject: SentSubject
    to: Addressee


def begin(*, key: str, kind: str, sending: Sending, address: str, now: datetime) -> bool:
    """Records in the running transaction that a mail waits; False when this key was sent, or waited, before."""
    return _record(key, kind, sending, now, address=address)


def promised(*, key: str, kind: str, sending: Sending, now: datetime) -> bool:
    """Records that somebody without an address is told in another way, as a person confirmed; False as `begin`."""
    return _record(key, kind, sending, now, way=Dispatch.Way.OTHER, result=Result.PROMISED)


def missed(*, key: str, kind: str, sending: Sending, reason: str, now: datetime) -> bool:
    """Records that somebody who should get it could not be reached, and why; False as `begin`."""
    return _record(key, kind, sending, now, way=Dispatch.Way.NONE, result=Result.FAILED, reason=reason)


def noted(*, row: Dispatch, sent_at: datetime, now: datetime) -> bool:
    """Records that whom this record did not reach got a letter, as a person says; False where that is noted already."""
    subject = SentSubject(row.subject_kind, row.subject_id, row.version, row.part)
    to = Addressee(row.name, row.function, person=row.person, account=row.account)
    how = {"way": Dispatch.Way.LETTER, "result": Result.SENT, "sent_at": sent_at}
    return _record(f"{LETTER}{row.key}", row.kind, Sending(subject, to), now, **how)


def _record(key: str, kind: str, sending: Sending, now: datetime, **how: object) -> bool:
    subject, to = sending.subject, sending.to
    values = {
        "kind": MAILS.known(kind), "begun_at": now,
        "subject_kind": subject.kind, "subject_id": subject.number, "part": subject.part, "version": subject.version,
        "name": to.name, "function": to.function, "person": to.person, "account": to.account,
    }  # fmt: skip
    return Dispatch.objects.get_or_create(key=key, defaults=values | how)[1]


def settle(message: OutboxMessage) -> None:
    """Takes over what became of a mail. Most mails, those about accounts for example, have no record."""
    result = RESULTS[State(message.state)]
    # Of what waits or failed: whatever else is over, and stays so.
    found = Dispatch.objects.filter(key=message.key, result__in=OPEN).exclude(result=result)
    if row := found.only("key", "result").first():  # beat asks as well, and reads no more
        row.result, row.sent_at = result, message.sent_at
        row.reason = message.error if result == Result.FAILED else ""
        row.save(update_fields=["result", "sent_at", "reason"])


def put_aside(keys: Iterable[str]) -> None:
    """Mails that were changed past the application do not go out."""
    waiting = Dispatch.objects.filter(key__in=list(keys), result__in=OPEN).exclude(result=Result.FAILED)
    waiting.update(result=Result.FAILED, sent_at=None, reason=CHANGED)


def about(*subjects: tuple[str, int]) -> QuerySet[Dispatch]:
    """Everything that was sent about these things (kind and number), in the order in which it was begun."""
    rows = Dispatch.objects.none()
    for kind, number in subjects:
        rows |= Dispatch.objects.filter(subject_kind=kind, subject_id=number)
    return rows


def was_sent(number: int) -> bool:
    """Whether the mail server took the mail of this record."""
    return Dispatch.objects.filter(pk=number, result=Result.SENT).exists()


def told(keys: Iterable[str]) -> frozenset[str]:
    """Which of these keys, as their rows have them, were begun before."""
    return frozenset(Dispatch.objects.filter(key__in=list(keys)).values_list("key", flat=True))
