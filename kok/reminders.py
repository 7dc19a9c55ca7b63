"""Reminders catch up and cannot repeat: what is due up to today is queued, each stage once per person."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from kok import outage, outbox
from kok.dispatch import Sending

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Due:
    """One reminder for one person: the latest stage that an occurrence has reached.

    `subject_key` names the occurrence (never a person), `recipient` is the id of the person as text,
    `to` the address of that person, `sending` what is kept of it where somebody may ask later.
    """

    kind: str
    subject_key: str
    due_on: date
    stage: str
    recipient: str
    to: str
    context: Mapping[str, object]
    sending: Sending | None = None

    @property
    def key(self) -> str:
        """The unique key of the outbox row."""
        return f"{self.kind}:{self.subject_key}:{self.due_on:%Y-%m-%d}:{self.stage}:{self.recipient}"


# All reminders that stand on that day; the condition is `remind_on <= today`, never ==.
Provider = Callable[[date], Iterable[Due]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Called by apps in `ready()`."""
    _providers.append(provider)


def due_on(today: date) -> list[Due]:
    """What stands on a day, whether or not it was queued before."""
    return [due for provider in _providers for due in provider(today)]


def new_on(today: date) -> list[Due]:
    """Of these what was not queued before: what the morning run would queue."""
    standing = due_on(today)
    queued = outbox.queued(due.key for due in standing)
    return [due for due in standing if due.key not in queued]


def queue(*, today: date, now: datetime) -> int:
    """Puts every reminder of the day into the outbox; how many were new. What breaks one kind hinders no other."""
    queued = 0
    for provider in _providers:
        try:
            for due in provider(today):
                with transaction.atomic():
                    queued += outbox.enqueue(
                        kind=due.kind, key=due.key, to=due.to, context=dict(due.context), now=now, sending=due.sending
                    )
        except Exception as error:
            if outage.cause(error):
                raise
            log.error("Erinnerungen (%s) sind nicht gelungen: %s.", provider.__name__, type(error).__name__)  # noqa: TRY400
    return queued
