"""The agenda with what belongs below its standard items, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import QuerySet

from kok.models import User
from meetings.convening.models import AgendaItem, Meeting
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.subjects import Link, links_of
from meetings.convening.rules import agenda as rules
from meetings.record.models import ActionItem, Minutes
from meetings.record.queries.tasks import shown_to
from members.models import Agreement


@dataclass
class AgendaEntry:
    """An item with its parts, and what stands below it."""

    item: AgendaItem
    parts: list["AgendaEntry"] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    topics: list[Link] = field(default_factory=list)  # where it stood before, and after
    open_tasks: list[ActionItem] = field(default_factory=list)
    open_minutes: list[Minutes] = field(default_factory=list)

    @property
    def with_parts(self) -> list["AgendaEntry"]:
        """The item, and the parts below it."""
        return [self, *self.parts]


def agenda_of(meeting: Meeting, user: User, agreement: Agreement) -> list[AgendaEntry]:
    """The agenda as this person may see it, in three queries and one for each kind of subject that it has."""
    items = items_of(meeting)
    links = links_of(items, user, agreement)
    below: dict[int | None, list[AgendaEntry]] = defaultdict(list)  # by the item of which they are parts
    for item in items:
        entry = AgendaEntry(item, below[item.pk], links[item.pk])
        if item.code == rules.TASKS:
            entry.open_tasks = open_tasks(meeting, user, agreement)
        if item.code == rules.PREVIOUS_MINUTES:
            entry.open_minutes = list(open_minutes(meeting))
        below[item.parent_id].append(entry)
    return below[None]


def open_tasks(meeting: Meeting, user: User, agreement: Agreement) -> list[ActionItem]:
    """The open action items of the body from earlier meetings, to be gone through under Aufgabenkontrolle (7.4)."""
    return shown_to(user, agreement, ActionItem.objects.visible_to(user, agreement).open_before(meeting))


def open_minutes(meeting: Meeting) -> QuerySet[Minutes]:
    """Circulated minutes of earlier meetings that wait for approval (7.3: next meeting, TOP 2)."""
    return Minutes.objects.filter(
        state=Minutes.State.CIRCULATED, meeting__body_id=meeting.body_id, meeting__meets_on__lt=meeting.meets_on
    ).select_related("meeting")


def items_in(agenda: list[AgendaEntry]) -> list[AgendaItem]:
    """The items of a loaded agenda, in order."""
    return [each.item for entry in agenda for each in entry.with_parts]
