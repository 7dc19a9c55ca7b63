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
from typing import NamedTuple, Self, TypeVar

from django.db.models import QuerySet

from kok.errors import Forged
from kok.models import Sealing
from meetings.convening.models import Meeting
from meetings.record.models import Minutes, MinutesApproval, MinutesVersion

UNFOUNDED = (
    "Protokoll {number}: Stand, Fassung oder Tage folgen nicht aus den versandten Fassungen und ihren Genehmigungen. "
    "Sie wurden an der Anwendung vorbei geändert."
)
State = Minutes.State
SealedRow = TypeVar("SealedRow", MinutesVersion, MinutesApproval)


@dataclass
class _Sealed:
    """What stands as it was sealed, of one version."""

    version: MinutesVersion
    given: dict[int, datetime] = field(default_factory=dict)

    @property
    def approved_at(self) -> datetime | None:
        """When the last of the partners that were asked approved; None while one is missing."""
        asked = dict(json.loads(self.version.content)["partners"]).keys()
        return max(self.given.values()) if asked and asked <= self.given.keys() else None


class _Stand(NamedTuple):
    """Where minutes and their meeting stand."""

    state: str
    version: int
    circulated_at: datetime | None
    approved_at: datetime | None = None
    is_closed: bool = False

    @classmethod
    def of(cls, minutes: Minutes) -> Self:
        """As the columns say."""
        is_closed = minutes.meeting.state == Meeting.State.CLOSED
        return cls(minutes.state, minutes.version, minutes.circulated_at, minutes.approved_at, is_closed)


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
    return [each for each in minutes if _Stand.of(each) not in _founded(versions[each.pk])]


def _sealed_versions(minutes: Iterable[Minutes]) -> dict[int, list[_Sealed]]:
    """The versions of each, the first first."""
    rows = MinutesVersion.objects.filter(minutes__in=[each.pk for each in minutes]).order_by("number")
    found = {row.pk: _Sealed(row) for row in _as_sealed(rows, MinutesVersion.sealing)}
    given = MinutesApproval.objects.filter(version__in=found)
    for approval in _as_sealed(given, MinutesApproval.sealing):
        found[approval.version_id].given[approval.partner_id] = approval.approved_at
    of_minutes: dict[int, list[_Sealed]] = defaultdict(list)
    for each in found.values():
        of_minutes[each.version.minutes_id].append(each)
    return of_minutes


def _as_sealed(rows: QuerySet[SealedRow], sealing: Sealing) -> QuerySet[SealedRow]:
    """Those of these rows that stand as they were sealed."""
    return rows.filter(pk__in=[*sealing.standing(rows.values_list("pk", flat=True))])


def _founded(versions: list[_Sealed]) -> list[_Stand]:
    """Where minutes with these versions may stand.

    A partner that came later may still be asked, so all approvals that were asked for need not be the last.
    """
    if not versions:
        return [_Stand(State.DRAFT, 1, None)]
    last, circulated_at = versions[-1], versions[0].version.circulated_at
    number = last.version.number
    if not last.version.counts:
        return [_Stand(State.DRAFT, number + 1, circulated_at)]
    goes_round = _Stand(State.CIRCULATED, number, circulated_at)
    if last.approved_at is None:
        return [goes_round]
    return [goes_round, _Stand(State.APPROVED, number, circulated_at, last.approved_at, is_closed=True)]
