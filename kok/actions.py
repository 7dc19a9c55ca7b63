"""What administrators do: with work that failed, and with the keys of what is sealed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Model

from kok import audit, erasure, outbox, privacy, vault
from kok.errors import Refused
from kok.models import OutboxMessage, User
from kok.words import plural

BATCH = 200
RowT = TypeVar("RowT", bound=Model)
State = OutboxMessage.State
NOT_FAILED = "Diese Nachricht steht nicht mehr unter den nicht zugestellten. Es wurde nichts geändert."


@transaction.atomic
def retry_message(*, message_id: int, by: User, now: datetime) -> None:
    """Puts a message that failed or was put aside back into the queue.

    Raises Refused when it waits, was sent or given up meanwhile, or is not ours.
    """
    row = outbox.locked(message_id, State.FAILED, State.FOREIGN)
    if row is None:
        raise Refused(NOT_FAILED)
    row.state, row.attempts, row.next_try_at, row.error = State.QUEUED, 0, now, ""
    outbox.decided(row)
    audit.record(by=by, action="message.retried", note=f"Nachricht {message_id}", now=now)


@transaction.atomic
def dismiss_message(*, message_id: int, by: User, now: datetime) -> None:
    """Gives a failed message up for good.

    Raises Refused when it waits, was sent or given up meanwhile, or is not ours.
    """
    row = outbox.locked(message_id, State.FAILED)
    if row is None:
        raise Refused(NOT_FAILED)
    row.state = State.OBSOLETE
    outbox.decided(row)
    audit.record(by=by, action="message.dismissed", note=f"Nachricht {message_id}", now=now)


@transaction.atomic
def note_look(action: str, wanted: str, number: int, *, by: User, now: datetime) -> None:
    """Writes down that an auditor looked at what people did, or took it with him; `wanted` says what, without names."""
    audit.record(
        by=by, action=action, note=f"{wanted}; {number} {plural(number, 'Eintrag', 'Einträge')}"[:300], now=now
    )


@dataclass
class Resealing:
    """What a change of key did: how many tokens lie under the newest key now, and which no key opens."""

    resealed: int = 0
    already: int = 0
    lost: list[str] = field(default_factory=list)  # "table number", no content

    def token(self, token: str, row: Model, ring: vault.Ring) -> str:
        """The token under the newest key; one that no key opens stays as it is and is named."""
        if ring.is_newest(token):
            self.already += 1
            return token
        try:
            sealed = ring.reseal(token)
        except vault.KeyLost:
            self.lost.append(f"{row._meta.db_table} {row.pk}")
            return token
        self.resealed += 1
        return sealed


def reseal(*, now: datetime) -> Resealing:
    """Seals everything that is sealed with the newest key, in batches; begun again, it goes on where it was ended.

    Fields are found by the `Privacy` declarations; the second factors of allauth beside them, under keys of their own.
    Raises vault.KeyLost when there is no key at all for one of both, and Refused for whoever may not do so.
    """
    erasure.require_eraser()
    vault.CASES.require()
    vault.FACTORS.require()
    done = Resealing()
    for model, names in privacy.sealed_fields():
        _in_batches(model, partial(_reseal_fields, names=names, done=done))
    _in_batches(Authenticator, partial(_reseal_factor, done=done))
    note = f"{done.resealed} neu versiegelt, {done.already} schon unter dem neuen Schlüssel, {len(done.lost)} verloren"
    audit.record(by=None, action="case-keys.changed", note=note, now=now)
    return done


def _in_batches(model: type[RowT], change: Callable[[RowT], list[str]]) -> None:
    """Each batch is a transaction with its rows locked, so that nobody's change is lost and none waits for long."""
    numbers = list(model._base_manager.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), BATCH):
        chosen = numbers[start : start + BATCH]
        with transaction.atomic():
            for row in model._base_manager.select_for_update().filter(pk__in=chosen).order_by("pk"):
                if changed := change(row):
                    row.save(update_fields=changed)


def _reseal_fields(row: Model, names: tuple[str, ...], done: Resealing) -> list[str]:
    changed = []
    for name in names:
        token = getattr(row, name)
        sealed = done.token(token, row, vault.CASES) if token else token
        if sealed != token:
            setattr(row, name, sealed)
            changed.append(name)
    return changed


def _reseal_factor(row: Authenticator, done: Resealing) -> list[str]:
    """What allauth keeps in JSON: the secret of the app, the seed of the spare codes."""
    sealed = {
        name: done.token(value, row, vault.FACTORS) if vault.is_token(value) else value
        for name, value in row.data.items()
    }
    changed = sealed != row.data
    row.data = sealed
    return ["data"] if changed else []
