"""Which minutes a person may see, and all that stands in them in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from kok.access import Permission, can, partners_of
from kok.models import User
from kok.statements import Kept
from meetings.convening.models import AgendaItem, InvitationRound
from meetings.record.models import (
    ActionItem,
    Attendance,
    Minutes,
    MinutesSection,
    PartnerPosition,
    Resolution,
    SectionRevision,
)
from meetings.record.queries.outcomes import Outcome, outcomes_of
from members.models import Agreement, Partner


def is_visible(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Drafts are for the secretariats of all partners; members read what was circulated, also while it is reworked."""
    needed = Permission.MEETING_READ if minutes.circulated_at else Permission.MINUTES_WRITE
    return can(user, needed, agreement)


def sees_text(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether the text as it is now may be read; what was circulated before stands in its versions."""
    needed = Permission.MINUTES_WRITE if minutes.state == Minutes.State.DRAFT else Permission.MEETING_READ
    return can(user, needed, agreement)


def reads_draft(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether there is a draft that this person may read; everybody else reads the newest version."""
    return minutes.is_draft and sees_text(user, agreement, minutes)


def may_write(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """The partner that chaired writes, and only as long as it is a draft (R-SEC-2)."""
    return minutes.state == Minutes.State.DRAFT and is_owner(user, agreement, minutes)


def is_owner(user: User, agreement: Agreement, minutes: Minutes) -> bool:
    """Whether this person works for the secretariat that is responsible for these minutes."""
    return minutes.owner_id in partners_of(user, Permission.MINUTES_WRITE, agreement)


@dataclass
class Entry:
    """An agenda item with its section and everything that came of it."""

    section: MinutesSection
    resolutions: list[Outcome] = field(default_factory=list)
    positions: list[Outcome] = field(default_factory=list)
    tasks: list[Outcome] = field(default_factory=list)
    guests: list[Attendance] = field(default_factory=list)

    @property
    def item(self) -> AgendaItem:
        """The agenda item, loaded with the section."""
        return self.section.item

    @property
    def level(self) -> int:
        """1 for a TOP, 2 for a part of it."""
        return 2 if self.item.parent_id else 1

    @property
    def is_written(self) -> bool:
        """Whether something stands there, so that the agenda can show it."""
        return bool(self.section.text or self.section.result or self.resolutions or self.tasks or self.positions)

    def add(self, outcome: Outcome) -> None:
        """Sorts a row in by its kind."""
        {"resolution": self.resolutions, "position": self.positions, "task": self.tasks}[outcome.kind].append(outcome)


@dataclass(frozen=True)
class MinutesText:
    """All that stands in minutes, for the page of the writers, for reading and for the PDF alike."""

    minutes: Minutes
    partners: dict[int, Partner]
    entries: list[Entry]
    attendances: list[Attendance]

    @property
    def tasks(self) -> list[Outcome]:
        """Every task of this meeting."""
        return [task for entry in self.entries for task in entry.tasks]


def _attendances(meeting: int) -> QuerySet[Attendance]:
    return Attendance.objects.filter(meeting_id=meeting).order_by("seat__position", "pk")


_ATTENDANCES = Kept(_attendances, int)
_SECTIONS = Kept(lambda minutes: MinutesSection.objects.filter(minutes=minutes).select_related("item"), int)


def text_of(minutes: Minutes, partners: dict[int, Partner] | None = None) -> MinutesText:
    """Reads minutes in three queries, however long they are; a fourth when the partners are not known yet."""
    meeting = minutes.meeting
    if partners is None:
        partners = {partner.pk: partner for partner in Partner.objects.filter(agreement=meeting.body.agreement_id)}
    entries = {section.item_id: Entry(section) for section in _SECTIONS(minutes.pk)}
    attendances = _in_order(_ATTENDANCES(meeting.pk), partners)
    for attendance in attendances:
        if attendance.item_id in entries:
            entries[attendance.item_id].guests.append(attendance)
    for outcome in outcomes_of(list(entries), partners):
        entries[outcome.item_id].add(outcome)
    return MinutesText(minutes, partners, list(entries.values()), attendances)


def attendances_of(meeting: int, partners: dict[int, Partner]) -> list[Attendance]:
    """Who was there, excused or absent: partner by partner in the order of the seats, guests last with their items."""
    return _in_order(_attendances(meeting).select_related("item"), partners)


def _in_order(rows: Iterable[Attendance], partners: dict[int, Partner]) -> list[Attendance]:
    found = list(rows)
    for row in found:
        if row.partner_id:
            row.partner = partners[row.partner_id]
    return sorted(found, key=lambda row: (row.partner is None, row.partner.position if row.partner else 0))


def entry_of(text: MinutesText, item: int) -> Entry | None:
    """One item of minutes that were read."""
    return next((entry for entry in text.entries if entry.item.pk == item), None)


def section_of(minutes: Minutes, section: int) -> MinutesSection | None:
    """One section of these minutes."""
    found = MinutesSection.objects.filter(minutes=minutes, pk=section)
    return found.select_related("item", "changed_by").first()


def revisions_of(section: MinutesSection) -> QuerySet[SectionRevision]:
    """Every text that was ever saved, the newest first."""
    return SectionRevision.objects.filter(section=section).select_related("saved_by")


def invitation_behind(minutes: Minutes) -> InvitationRound | None:
    """The round of invitations after which the meeting took place."""
    rounds = InvitationRound.objects.filter(meeting=minutes.meeting_id, kind=InvitationRound.Kind.INVITATION)
    return rounds.select_related("convened_by__authority", "meeting").order_by("-round_no").first()


def numbered(number: str) -> Minutes | None:
    """The minutes of the meeting with this number, for the command line."""
    return Minutes.objects.filter(meeting__number=number).first()


def item_of(minutes: Minutes, item: int) -> AgendaItem | None:
    """An agenda item of this meeting."""
    return AgendaItem.objects.filter(meeting=minutes.meeting_id, pk=item).first()


def resolution_of(minutes: Minutes, resolution: int) -> Resolution | None:
    """A resolution of this meeting."""
    return Resolution.objects.filter(item__meeting=minutes.meeting_id, pk=resolution).select_related("item").first()


def positions_of(item: AgendaItem) -> dict[int, str]:
    """What each partner holds on an item."""
    return dict(PartnerPosition.objects.filter(item=item).values_list("partner_id", "text"))


def task_of(minutes: Minutes, task: int) -> ActionItem | None:
    """A task of this meeting."""
    found = ActionItem.objects.filter(item__meeting=minutes.meeting_id, is_struck=False, pk=task)
    return found.select_related("item").first()
