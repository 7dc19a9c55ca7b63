"""Writes the access log: one line for every look and every act, sealed over the line before it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from kok import chains
from kok.models import User
from members.models import Agreement
from transitions.models import AccessLogEntry, DataSubjectRequest, TransitionCase, TransitionListVersion
from transitions.queries.access import Access, roles_in
from transitions.queries.log_check import ACT, READ
from transitions.rules.codes import LogAction


def record_access(
    *,
    by: Access,
    action: LogAction,
    version: TransitionListVersion | None = None,
    case: TransitionCase | None = None,
    request: DataSubjectRequest | None = None,
    now: datetime,
) -> None:
    """Adds a line to its chain: who, in which roles, when, which list and case, what, and why (5.5).

    `request`: the request of a person because of which somebody searches or hands out.

    Call it before anything is shown: what cannot be logged is not seen. Chains grow one line at a time: the next
    writer waits until the transaction of this one ends, so an act locks its rows first and writes its line last.
    """
    line = _line(by, action, version, case, now)
    line.request = str(request.pk) if request else ""
    _append([line])


def record_question(*, by: User, agreement: Agreement, action: LogAction, now: datetime) -> None:
    """Adds a line for somebody outside the area who asks whether a text names anybody; for no reason but this one."""
    _append([_of_person(by, agreement, roles_in(agreement, by), action, now)])


def record_cases(
    *,
    by: Access,
    action: LogAction,
    version: TransitionListVersion | None = None,
    cases: Sequence[TransitionCase],
    now: datetime,
) -> None:
    """Adds a line for each of these cases, which one page shows beside each other or one act changes; nothing for none.

    A page does so for people whom its `version` does not hold: of the others the line of the version itself tells.
    Without it their Auskunft (Art. 15 DSGVO) would miss a look. As many queries for a hundred cases as for one.
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
    line = _of_person(by.user, by.agreement, by.roles, action, now)
    line.reason = by.reason
    line.version = str(version.pk) if version else ""
    line.list_year = told.transition_list.year if told else None
    line.case_ref = case.case_ref if case else ""
    return line


def _of_person(user: User, agreement: Agreement, roles: str, action: LogAction, now: datetime) -> AccessLogEntry:
    return AccessLogEntry(
        chain=READ.code if action.is_read else ACT.code,
        at=now.astimezone(UTC),
        actor_id=user.pk,
        actor=user.get_username(),
        role=roles,
        agreement=agreement.slug,
        action=action,
    )


def _append(lines: Sequence[AccessLogEntry]) -> None:
    """Seals lines of one moment and one chain, each over the one before it."""
    if lines:
        chain = READ if lines[0].chain == READ.code else ACT
        chains.append(chain, lambda: lines, AccessLogEntry.objects.bulk_create, lines[0].at)


def erase_days(chain: str, days: Sequence[str], now: datetime) -> int:
    """Deletes the lines of whole days, for the erasure run only; the closing seals stay and link the chain."""
    found = AccessLogEntry.objects.filter(chain=chain, day__in=[date.fromisoformat(day) for day in days])
    return found.delete()[0]
