"""Writes the access log: one line for every look and every act, sealed over the line before it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256

from django.db import connection, transaction

from kok import vault
from kok.clock import BERLIN
from transitions.models import AccessLogDay, AccessLogEntry, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.log import proof_words, sealed_words
from transitions.rules.states import LogAction

Chain = AccessLogEntry.Chain


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
    _append([_line(by, action, version, case, now)])


def record_cases(
    *, by: Access, action: LogAction, version: TransitionListVersion, cases: Sequence[TransitionCase], now: datetime
) -> None:
    """Adds a line for each of these cases, which one page shows beside each other; nothing for none.

    For people whom `version` does not hold: of the others the line of the version itself tells. Without it their
    Auskunft (Art. 15 DSGVO) would miss a look. As many queries for a hundred cases as for one.
    """
    _append([_line(by, action, version, case, now) for case in cases])


def _line(
    by: Access,
    action: LogAction,
    version: TransitionListVersion | None,
    case: TransitionCase | None,
    now: datetime,
) -> AccessLogEntry:
    told = version or case
    return AccessLogEntry(
        chain=Chain.READ if action.is_read else Chain.ACT,
        at=now.astimezone(UTC),
        actor_id=by.user.pk,
        actor=by.user.get_username(),
        role=by.roles,
        agreement=by.agreement.slug,
        action=action,
        reason=by.reason,
        version=str(version.pk) if version else "",
        list_year=told.transition_list.year if told else None,
        case_ref=case.case_ref if case else "",
    )


@transaction.atomic
def _append(lines: Sequence[AccessLogEntry]) -> None:
    """Seals lines of one moment and one chain, each over the one before it."""
    if not lines:
        return
    chain = lines[0].chain
    _one_at_a_time(chain)
    newest = list(AccessLogDay.objects.filter(chain=chain).order_by("-day")[:2])
    before = newest[0] if newest else None
    day = _day(lines[0].at, before)
    last = before.entries if before and before.day == day else 0
    seal = before.seal if before else ""
    for position, line in enumerate(lines, last + 1):
        line.day, line.position = day, position
        line.seal = seal = vault.signature(sealed_words(line, seal))
    AccessLogEntry.objects.bulk_create(lines)
    closing = before if before and before.day == day else AccessLogDay(chain=chain, day=day)
    closing.entries, closing.seal = last + len(lines), seal
    earlier = next((each for each in newest if each.day < day), None)
    closing.proof = vault.signature(proof_words(closing, earlier.proof if earlier else ""))
    closing.save()


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
