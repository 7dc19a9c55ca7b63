"""Writes the access log: one line for every look and every act, sealed over the line before it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from django.db import connection, transaction

from kok import vault
from kok.clock import BERLIN
from transitions.models import AccessLogDay, AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.log import sealed_words
from transitions.rules.states import LogAction

Chain = AccessLogEntry.Chain


@transaction.atomic
def record_access(
    *,
    by: Access,
    action: LogAction,
    version: TransitionListVersion | None = None,
    case: TransitionCase | None = None,
    now: datetime,
) -> None:
    """Adds a line to its chain: who, in which roles, when, which list and case, what, and why (5.5).

    Call it before anything is shown: what cannot be logged is not seen. Chains grow one line at a time: the next
    writer waits until the transaction of this one ends, so an act locks its rows first and writes its line last.
    """
    chain = Chain.READ if action.is_read else Chain.ACT
    _one_at_a_time(chain)
    before = AccessLogDay.objects.filter(chain=chain).order_by("-day").first()
    day = _day(now, before)
    position = before.entries + 1 if before and before.day == day else 1
    entry = AccessLogEntry(
        chain=chain,
        day=day,
        position=position,
        at=now.astimezone(UTC),
        actor_id=by.user.pk,
        actor=by.user.get_username(),
        role=by.roles,
        agreement=by.agreement.slug,
        action=action,
        reason=by.reason,
        version=str(version.pk) if version else "",
        list_year=version.transition_list.year if version else (case.transition_list.year if case else None),
        case_ref=case.case_ref if case else "",
    )
    entry.seal = vault.signature(sealed_words(entry, before.seal if before else ""))
    entry.save(force_insert=True)
    AccessLogDay.objects.update_or_create(chain=chain, day=day, defaults={"entries": position, "seal": entry.seal})


def erase_days(chain: str, days: Sequence[str], now: datetime) -> int:
    """Deletes the lines of whole days, for the erasure run only; the closing seals stay and link the chain."""
    found = AccessLogEntry.objects.filter(chain=chain, day__in=[date.fromisoformat(day) for day in days])
    return found.delete()[0]


def _day(now: datetime, before: AccessLogDay | None) -> date:
    """Never before the day of the last line: a clock set back over midnight must not break the chain."""
    day = now.astimezone(BERLIN).date()
    return max(day, before.day) if before else day


def _one_at_a_time(chain: str) -> None:
    key = int.from_bytes(sha256(f"kok.access-log.{chain}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
