"""Numbers of the lists, never rows: what the conference sees, and whether and when a list was released.

Small numbers are replaced here (rules/counts.py), so that no exact one reaches a template. Frozen per month: numbers
show how things stood at the end of the last month, so that two looks on two days do not tell what the LWV recorded in
between. What this still allows: who keeps the pages of several months can compare them. When "< 5" becomes "5", the
number was at most 4 before; when 11 becomes 12, one was added in that month. That tells of a change, never of a person.
An outcome that is revoked is open again at once. The day of the release is shown at once: whether the deadline was kept
is no secret.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from kok.clock import BERLIN
from kok.words import local_day
from members.models import Agreement, Partner
from members.queries import DueDay
from members.rules.codes import PartnerKind
from transitions.models import TransitionCase, TransitionList, TransmissionReceipt
from transitions.queries.due_days import list_due_day_of
from transitions.queries.listing import owed_from
from transitions.rules.codes import CaseOutcome
from transitions.rules.counts import procedures_shown, shown

Key = tuple[int, int]
NOBODY = {"total": 0, "ended": 0, "taken_over": 0}


@dataclass(frozen=True)
class ListNumbers:
    """The numbers of one list in words: "12", "< 5", "nicht genannt"."""

    named: str
    taken_over: str
    ended: str
    open: str
    procedures: str
    with_lwv: str


@dataclass(frozen=True)
class ListLine:
    """One list, also one that is missing. `numbers` is None until the month of its release is over, and before it."""

    year: int
    sender_id: int
    sender: str
    nominal_due_on: date
    due_on: date
    released_on: date | None
    is_overdue: bool
    numbers: ListNumbers | None

    @property
    def leaving_year(self) -> int:
        """The calendar year in which the named people leave school (2.3)."""
        return self.year + 1

    @property
    def is_expected(self) -> bool:
        """Whether it is neither released nor overdue."""
        return self.released_on is None and not self.is_overdue

    @property
    def is_in_time(self) -> bool:
        """Whether it was released by the effective day."""
        return self.released_on is not None and self.released_on <= self.due_on


@dataclass(frozen=True)
class CountsPage:
    """All lists, the newest first. `counted_on` is the last day that counts, `next_on` when the next month counts.

    `next_due_on` is the day by which `next_year`, the list after the newest one, is due, `next_effective_on` the last
    that counts (2.2).
    """

    lines: tuple[ListLine, ...]
    counted_on: date
    next_on: date
    next_year: int
    next_due_on: date
    next_effective_on: date
    has_several_senders: bool

    @property
    def expected(self) -> ListLine | None:
        """The list of this year while it is neither released nor overdue; of several the first."""
        return next(filter(attrgetter("is_expected"), self.lines), None)

    @property
    def overdue(self) -> tuple[ListLine, ...]:
        """The lists that are missing after their deadline, the oldest first."""
        return tuple(filter(attrgetter("is_overdue"), reversed(self.lines)))

    @property
    def counted(self) -> tuple[ListLine, ...]:
        """The lists with numbers."""
        return tuple(filter(attrgetter("numbers"), self.lines))


def releases_of(agreement: Agreement, first_year: int, last_year: int) -> dict[Key, date | None]:
    """The lists of these years by (year, sender): the day in Hessen of the first release, None while it is a draft."""
    found = TransitionList.objects.filter(agreement=agreement, year__range=(first_year, last_year))
    begun = found.filter(versions__isnull=False).annotate(first=Min("versions__receipt__released_at"))
    return {
        (year, sender): at and local_day(at) for year, sender, at in begun.values_list("year", "sender_id", "first")
    }


def released_on(agreement: Agreement, sender_id: int, year: int) -> date | None:
    """The day in Hessen on which a list was first released; a Nullmeldung counts, a later version does not (O-04)."""
    return releases_of(agreement, year, year).get((year, sender_id))


def counts_of(agreement: Agreement, today: date) -> CountsPage:
    """What the conference sees on a day, in six queries. A year that was owed and not released is a line too."""
    month = today.replace(day=1)
    due_day = list_due_day_of(agreement)
    lines = _lines(agreement, due_day, today)
    next_year = max(lines[0].year + 1, today.year) if lines else today.year
    next_due_on, next_effective_on = due_day.of_year(next_year)
    return CountsPage(
        lines=tuple(lines),
        counted_on=month - timedelta(days=1),
        next_on=(month + timedelta(days=31)).replace(day=1),
        next_year=next_year,
        next_due_on=next_due_on,
        next_effective_on=next_effective_on,
        has_several_senders=len(set(map(attrgetter("sender"), lines))) > 1,
    )


def _lines(agreement: Agreement, due_day: DueDay, today: date) -> list[ListLine]:
    """The lists that were released, and those that were owed since they are counted here; the newest first."""
    senders = agreement.partners.exclude(authority__kind=PartnerKind.LWV).in_bulk()
    releases = releases_of(agreement, agreement.in_force_on.year, today.year + 1)
    numbers = _numbers_of(agreement, datetime.combine(today.replace(day=1), time(), BERLIN))
    lines = []
    for year, sender in _keys(releases, senders, due_day, range(agreement.in_force_on.year, today.year + 1)):
        nominal, effective = due_day.of_year(year)
        released = releases.get((year, sender))
        line = ListLine(
            year=year,
            sender_id=sender,
            sender=senders[sender].short_name,
            nominal_due_on=nominal,
            due_on=effective,
            released_on=released,
            is_overdue=released is None and effective < today,
            numbers=numbers.get((year, sender)),
        )
        if released or effective >= owed_from(agreement):
            lines.append(line)
    return lines


def _keys(
    releases: Mapping[Key, date | None], senders: Mapping[int, Partner], due_day: DueDay, years: Iterable[int]
) -> list[Key]:
    """Of each list that was released or owed."""
    owed = {(year, pk) for year in years for pk, each in senders.items() if each.slug in due_day.debtors_of(year)}
    released = {key for key, day in releases.items() if day}
    return sorted(released | owed, key=lambda key: (-key[0], senders[key[1]].position))


def _numbers_of(agreement: Agreement, before: datetime) -> dict[Key, ListNumbers]:
    """The numbers of all lists that were released before a moment, as they stood then."""
    named = {(row["transition_list__year"], row["transition_list__sender"]): row for row in _cases(agreement, before)}
    receipts = TransmissionReceipt.objects.filter(
        version__transition_list__agreement=agreement, released_at__lt=before
    ).order_by("released_at")
    newest = {
        (year, sender): procedures
        for year, sender, *procedures in receipts.values_list(
            "version__transition_list__year",
            "version__transition_list__sender",
            "ba_started_count",
            "lwv_involved_count",
        )
    }
    return {key: _words(named.get(key, NOBODY), *procedures) for key, procedures in newest.items()}


def _cases(agreement: Agreement, before: datetime) -> QuerySet[TransitionCase, Any]:
    """How many people of each list were named, and what became of them; it stays countable after the erasure."""
    ended = Q(ended_at__lt=before)
    taken_over = ended & Q(outcome=CaseOutcome.TAKEN_OVER_BY_LWV)
    found = TransitionCase.objects.filter(transition_list__agreement=agreement, named_at__lt=before).order_by()
    return found.values("transition_list__year", "transition_list__sender").annotate(
        total=Count("pk"), ended=Count("pk", filter=ended), taken_over=Count("pk", filter=taken_over)
    )


def _words(row: Mapping[str, int], started: int, involved: int) -> ListNumbers:
    total, ended, taken_over = row["total"], row["ended"], row["taken_over"]
    named, parts = shown(total, (taken_over, ended - taken_over, total - ended))
    procedures, with_lwv = procedures_shown(total, min(started, total), involved)
    return ListNumbers(named, parts[0], parts[1], parts[2], procedures, with_lwv)
