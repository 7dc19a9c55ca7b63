"""Texts that a worker looks at before they go out: a warning or none, never a refusal.

The kernel knows neither the texts nor what is looked for. One app registers where a text stands, another one who judges
it, so that neither knows of the other. Told to the worker is a random number, never a text.
"""

import hashlib
import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import Error, connection, transaction

from kok import clock, outage, turns
from kok.clock import BERLIN
from kok.jobs import Work
from kok.models import TextCheck, User
from kok.outbox import publish

log = logging.getLogger(__name__)
TASK = "kok.check_text"
GIVEN_UP = timedelta(hours=1)  # whoever asked has long gone on without an answer
State = TextCheck.State
WORST = (State.WARNED, State.FAILED, State.SKIPPED, State.CLEAR)  # of several judges the first of these counts


@dataclass(frozen=True)
class CheckedText:
    """What goes out, and in which agreement (its slug)."""

    agreement: str
    words: str


@dataclass(frozen=True)
class Question:
    """What a judge is asked: this text, for this person."""

    text: CheckedText
    by: User


Source = Callable[[int], CheckedText | None]
Judge = Callable[[Question, datetime], TextCheck.State]
_sources: dict[str, Source] = {}
_judges: list[Judge] = []


def register_source(kind: str, source: Source) -> None:
    """Called by apps in `ready()`: who reads the text of an object of this kind; None when there is none any more."""
    _sources[kind] = source


def register_judge(judge: Judge) -> None:
    """Called by apps in `ready()`: who says CLEAR, WARNED, or SKIPPED where it does not look any more today."""
    _judges.append(judge)


@transaction.atomic
def ask(*, kind: str, object_id: int, by: User, now: datetime) -> TextCheck:
    """Asks the worker about the text as it stands now. The same text is asked about once a day, whoever asks."""
    asked: dict[str, object] = {
        "kind": kind, "object_id": object_id, "sha256": _checksum(_sources[kind](object_id)), "day": _day(now),
    }  # fmt: skip
    new = TextCheck(**asked, asked_at=now, asked_by=by)
    new.put_mark()
    values = {name: getattr(new, name) for name in ("id", "asked_at", "asked_by", "mark")}
    check, created = TextCheck.objects.get_or_create(**asked, defaults=values)
    if created:
        transaction.on_commit(lambda: publish(TASK, str(check.pk)), robust=True)
    return _believed(check)


def found(*, kind: str, object_id: int, now: datetime) -> TextCheck | None:
    """What was asked today about the text as it stands now; None when nobody asked."""
    rows = TextCheck.objects.filter(kind=kind, object_id=object_id, day=_day(now))
    check = rows.filter(sha256=_checksum(_sources[kind](object_id))).first()
    return _believed(check) if check else None


def _believed(check: TextCheck) -> TextCheck:
    """What somebody wrote past the application says nothing: nobody looked at the text."""
    if not check.is_ours():
        check.state = State.FAILED
    return check


def run(check_id: str, now: datetime) -> None:
    """Answers a question that the application asked, once; asked for twice, or after a killed worker, no harm."""
    try:
        with turns.take(_turn(check_id)) as is_ours:
            check = TextCheck.objects.filter(pk=check_id, state=State.WAITING).first() if is_ours else None
            if check and check.is_ours():
                check.state, check.answered_at = _judged(check, now), now
                check.put_mark()
                TextCheck.objects.filter(pk=check.pk).update(
                    state=check.state, answered_at=check.answered_at, mark=check.mark
                )
    except Exception as error:
        if outage.cause(error) is None:
            raise
        log.warning("Prüfung eines Textes: %s, sie wird wieder versucht.", type(error).__name__)
        with suppress(Error):
            connection.close_if_unusable_or_obsolete()


def _judged(check: TextCheck, now: datetime) -> TextCheck.State:
    text = _sources[check.kind](check.object_id)
    if text is None or _checksum(text) != check.sha256:
        return State.FAILED  # it was changed meanwhile, and the page asks about what stands there now
    question = Question(text, check.asked_by)
    try:
        answers = [judge(question, now) for judge in _judges]
    except Exception as error:  # whoever waits must learn of any failure; nothing of the text is logged
        if outage.cause(error):
            raise
        log.warning("Prüfung eines Textes: %s", type(error).__name__)
        return State.FAILED
    return min(answers, key=WORST.index, default=State.CLEAR)


def left() -> Iterable[str]:
    """The questions that wait and nobody is at: a lost broker, a killed worker."""
    since = clock.now() - GIVEN_UP
    rows = TextCheck.objects.filter(state=State.WAITING, asked_at__gte=since).values_list("pk", flat=True)
    waiting = {_turn(str(pk)): str(pk) for pk in rows}
    taken = turns.taken(waiting)
    return [pk for turn, pk in waiting.items() if turn not in taken]


def _turn(check_id: str) -> str:
    return f"text-check:{check_id}"


def _day(now: datetime) -> date:
    return now.astimezone(BERLIN).date()


def _checksum(text: CheckedText | None) -> str:
    return hashlib.sha256(text.words.encode() if text else b"").hexdigest()


WORK = Work(run=run, left=left)
