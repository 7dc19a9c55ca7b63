"""Minutes, and all that stands in them in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import F, QuerySet

from kok.models import User
from kok.statements import Kept
from meetings.convening.models import AgendaItem
from meetings.convening.queries.meetings import sees_meetings
from meetings.record.models import (
    ActionItem,
    Attendance,
    Minutes,
    MinutesSection,
    PartnerPosition,
    Resolution,
    SectionRevision,
)
from meetings.record.queries.outcomes import ItemOutcomes, outcomes_of, sorted_in
from meetings.record.queries.visibility import sees_current_text
from members.models import Agreement, Partner


def level_of(item: AgendaItem) -> int:
    """1 for a TOP, 2 for a part of it."""
    return 2 if item.parent_id else 1


@dataclass(kw_only=True)
class Entry(ItemOutcomes):
    """An agenda item with its section and everything that came of it."""

    section: MinutesSection
    guests: list[Attendance] = field(default_factory=list)

    @property
    def is_written(self) -> bool:
        """Whether something stands there, so that the agenda can show it."""
        return any((self.section.text, self.section.result, self.resolutions, self.tasks, self.positions))


@dataclass(frozen=True)
class MinutesText:
    """All that stands in minutes, for the page of the writers, for reading and for the PDF alike."""

    minutes: Minutes
    partners: dict[int, Partner]
    entries: list[Entry]
    attendances: list[Attendance]

    @property
    def guests(self) -> list[Attendance]:
        """Who was there without a seat."""
        return [row for row in self.attendances if row.is_guest]


def _attendances(meeting: int) -> QuerySet[Attendance]:
    """Partner by partner in the order of the seats, guests last."""
    partner = F("partner__position").asc(nulls_last=True)
    return Attendance.objects.filter(meeting_id=meeting).order_by(partner, "seat__position", "pk")


_ATTENDANCES = Kept(_attendances, int)
_SECTIONS = Kept(lambda minutes: MinutesSection.objects.filter(minutes=minutes).select_related("item__parent"), int)


def text_of(minutes: Minutes, partners: dict[int, Partner] | None = None) -> MinutesText:
    """Reads minutes in three queries, however long they are; a fourth when the partners are not known yet."""
    meeting = minutes.meeting
    if partners is None:
        partners = Partner.objects.filter(agreement=meeting.body.agreement_id).in_bulk()
    sections: list[MinutesSection] = _SECTIONS(minutes.pk)
    attendances = _called(_ATTENDANCES(meeting.pk), partners)
    guests = defaultdict(list)
    for row in attendances:
        guests[row.item_id].append(row)
    found = outcomes_of((section.item_id for section in sections), partners)
    entries = [
        Entry(section=section, item=section.item, guests=guests[section.item_id], **sorted_in(section.item_id, found))
        for section in sections
    ]
    return MinutesText(minutes, partners, entries, attendances)


def attendances_of(meeting: int, partners: dict[int, Partner]) -> list[Attendance]:
    """Who was there, excused or absent: partner by partner in the order of the seats, guests last with their items."""
    return _called(_attendances(meeting).select_related("item"), partners)


def _called(rows: Iterable[Attendance], partners: dict[int, Partner]) -> list[Attendance]:
    """The rows with their partners as these are called here."""
    found = list(rows)
    for row in found:
        row.partner = partners.get(row.partner_id or 0)
    return found


def _section(agreement: int, body: str, meeting: int, section: int) -> QuerySet[MinutesSection]:
    rows = MinutesSection.objects.filter(minutes__meeting=meeting, pk=section)
    found = rows.filter(minutes__meeting__body__agreement=agreement, minutes__meeting__body__slug=body)
    return found.select_related("item", "minutes__owner__authority", "minutes__meeting__body")


_SECTION = Kept(_section, int, str, int, int)  # asked for at each pause of typing


def section_in(user: User, agreement: Agreement, *, body: str, meeting: int, section: int) -> MinutesSection | None:
    """One section, for somebody who may read the text as it is now."""
    rows: list[MinutesSection] = (
        _SECTION(agreement.pk, body, meeting, section) if sees_meetings(user, agreement) else []
    )
    for row in rows:
        row.minutes.meeting.body.agreement = agreement
    return next((row for row in rows if sees_current_text(user, agreement, row.minutes)), None)


def revisions_of(section: MinutesSection) -> QuerySet[SectionRevision]:
    """Every text that was ever saved, the newest first."""
    return SectionRevision.objects.filter(section=section).select_related("saved_by")


def numbered(number: str) -> Minutes | None:
    """The minutes of the meeting with this number, for the command line."""
    return Minutes.objects.filter(meeting__number=number).first()


def item_of(minutes: Minutes, item: int | None) -> AgendaItem | None:
    """An agenda item of this meeting."""
    return AgendaItem.objects.filter(meeting=minutes.meeting_id, pk=item or 0).first()


def resolution_of(minutes: Minutes, resolution: int) -> Resolution | None:
    """A resolution of this meeting."""
    return Resolution.objects.filter(item__meeting=minutes.meeting_id, pk=resolution).select_related("item").first()


def header_of(minutes: Minutes) -> dict[str, object]:
    """Who chaired and wrote, when it began and ended."""
    names = ("chair_name", "taker_name", "began_at", "ended_at")
    return {name: getattr(minutes, name) for name in names}


def is_as_shown(section: MinutesSection, revision: int | None, *, text: str, result: str) -> bool:
    """Whether somebody sends back what the page showed him of a section: he wrote nothing there."""
    if not revision:
        return not text and not result
    return SectionRevision.objects.filter(section=section, revision=revision, text=text, result=result).exists()


def sections_of(minutes: Minutes) -> list[MinutesSection]:
    """The sections in the order of the agenda."""
    found = list(MinutesSection.objects.filter(minutes=minutes).select_related("item__parent"))
    for section in found:
        section.minutes = minutes
    return found


def proposal_of(item: AgendaItem) -> str:
    """What the positions of the partners are about."""
    return MinutesSection.objects.filter(item=item).values_list("proposal", flat=True).first() or ""


def positions_of(item: AgendaItem) -> dict[int, str]:
    """What each partner holds on an item."""
    return dict(PartnerPosition.objects.filter(item=item).values_list("partner_id", "text"))


def task_of(minutes: Minutes, task: int) -> ActionItem | None:
    """A task of this meeting."""
    found = ActionItem.objects.filter(item__meeting=minutes.meeting_id, is_struck=False, pk=task)
    return found.select_related("item").first()
