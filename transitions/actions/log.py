"""Writes the access log: one line for every look and every act, sealed over the line before it."""

from datetime import datetime
from hashlib import sha256

from django.db import connection, transaction

from kok import vault
from kok.clock import BERLIN
from transitions.models import AccessLogDay, AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.log import sealed_words
from transitions.rules.states import LogAction


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

    Call it before anything is shown: what cannot be logged is not seen. Chains grow one line at a time.
    """
    chain = AccessLogEntry.Chain.READ if action.is_read else AccessLogEntry.Chain.ACT
    _one_at_a_time(chain)
    day = now.astimezone(BERLIN).date()
    before = AccessLogDay.objects.filter(chain=chain).order_by("-day").first()
    position = before.entries + 1 if before and before.day == day else 1
    entry = AccessLogEntry(
        chain=chain,
        day=day,
        position=position,
        at=now,
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


def _one_at_a_time(chain: str) -> None:
    key = int.from_bytes(sha256(f"kok.access-log.{chain}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
