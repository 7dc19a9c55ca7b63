"""Where minutes stand follows from what is sealed: the versions that were circulated, and the approvals of the newest.

The columns of minutes and meeting say the same once more, so that pages and filters need not ask. They are not sealed:
the database lets them go no other way (migration 0002), the night compares them, and what goes out or is erased because
minutes are approved asks here (ADR 23).
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import QuerySet

from kok.errors import Forged
from meetings.convening.models import Meeting
from meetings.record.models import Minutes, MinutesApproval, MinutesVersion

UNFOUNDED = (
    "Protokoll {number}: Stand, Fassung oder Tage folgen nicht aus den versandten Fassungen und ihren Genehmigungen. "
    "Sie wurden an der Anwendung vorbei geändert."
)
State = Minutes.State


@dataclass
class _Sealed:
    """What stands as it was sealed, of one version."""

    version: MinutesVersion
    given: dict[int, datetime] = field(default_factory=dict)

    @property
    def approved_at(self) -> datetime | None:
        """When the last of the partners that were asked approved; None while one is missing, or when taken back."""
        if not self.version.counts:
            return None
        asked = {pk for pk, _ in json.loads(self.version.content)["partners"]}
        return max(self.given.values()) if asked and asked <= self.given.keys() else None


def unfounded(chosen: QuerySet[Minutes]) -> list[Minutes]:
    """Those of these minutes that stand elsewhere than their versions and approvals led them. Raises KeyLost."""
    found = _unfounded(chosen)
    if found:  # an act may have come between two statements
        found = _unfounded(Minutes.objects.filter(pk__in=[minutes.pk for minutes in found]))
    return found


def unfounded_words(minutes: Minutes) -> str:
    """Which minutes, and what is wrong with them."""
    return UNFOUNDED.format(number=minutes.meeting.number or f"Nr. {minutes.pk}")


def check_founded(minutes: Minutes) -> None:
    """Raises Forged where minutes stand elsewhere than their versions and approvals led them."""
    for found in unfounded(Minutes.objects.filter(pk=minutes.pk)):
        raise Forged(f"{unfounded_words(found)} Es wurde nichts versandt. Sagen Sie es der Technik und der Prüfung.")


def _unfounded(chosen: QuerySet[Minutes]) -> list[Minutes]:
    minutes = list(chosen.select_related("meeting").order_by("pk"))
    versions = _sealed_versions(minutes)
    return [each for each in minutes if not _is_founded(each, versions[each.pk])]


def _sealed_versions(minutes: Iterable[Minutes]) -> dict[int, list[_Sealed]]:
    """The versions of each, the first first."""
    rows = MinutesVersion.objects.filter(minutes__in=[each.pk for each in minutes]).order_by("number")
    right = MinutesVersion.sealing.standing(rows.values_list("pk", flat=True))
    found = {row.pk: _Sealed(row) for row in rows.filter(pk__in=[*right])}
    given = MinutesApproval.objects.filter(version__in=found)
    right = MinutesApproval.sealing.standing(given.values_list("pk", flat=True))
    for approval in given:
        if str(approval.pk) in right:
            found[approval.version_id].given[approval.partner_id] = approval.approved_at
    of_minutes: dict[int, list[_Sealed]] = defaultdict(list)
    for each in found.values():
        of_minutes[each.version.minutes_id].append(each)
    return of_minutes


def _is_founded(minutes: Minutes, versions: list[_Sealed]) -> bool:
    """A partner that came later may still be asked, so all approvals that were asked for need not be the last."""
    first, last = (versions[0].version, versions[-1]) if versions else (None, None)
    if minutes.circulated_at != (first.circulated_at if first else None):
        return False
    is_closed = minutes.meeting.state == Meeting.State.CLOSED
    if last is None or not last.version.counts:
        number = last.version.number + 1 if last else 1
        return (minutes.state, minutes.version, is_closed) == (State.DRAFT, number, False)
    if minutes.version != last.version.number or is_closed != (minutes.state == State.APPROVED):
        return False
    if minutes.state == State.APPROVED:
        return minutes.approved_at is not None and minutes.approved_at == last.approved_at
    return bool(minutes.state == State.CIRCULATED)
