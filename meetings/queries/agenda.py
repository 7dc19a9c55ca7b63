"""The agenda with what belongs below its standard items, in a fixed number of queries."""

from dataclasses import dataclass, field

from django.db.models import QuerySet

from kok.models import User
from meetings.models import ActionItem, AgendaItem, InvitationRound, Meeting, Minutes
from meetings.queries.subjects import Link, links_of
from meetings.queries.tasks import as_circulated, shown_to, tasks_of_circulated_minutes, tasks_visible_to
from meetings.rules import agenda as rules
from meetings.rules import ordering
from meetings.rules.ordering import Line, Lines
from members.models import Agreement


@dataclass
class Entry:
    """An item with its parts, the moves that lead somewhere, and what stands below it."""

    item: AgendaItem
    moves: tuple[str, ...] = ()
    parts: list["Entry"] = field(default_factory=list)
    open_tasks: list[ActionItem] = field(default_factory=list)
    open_minutes: list[Minutes] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)


MOVES = {"up": ordering.move_up, "down": ordering.move_down, "in": ordering.indent, "out": ordering.outdent}


def agenda_of(meeting: Meeting, user: User, agreement: Agreement, *, with_moves: bool = False) -> list[Entry]:
    """The agenda as this person may see it, in three queries and one for each kind of subject that it has.

    `with_moves` is for the page on which it is ordered.
    """
    items = list(AgendaItem.objects.filter(meeting=meeting))
    lines = lines_of(items) if with_moves else ()
    links = links_of(items, user, agreement)
    entries = {item.pk: Entry(item, _moves(lines, item.pk) if with_moves else ()) for item in items}
    for entry in entries.values():
        if entry.item.parent_id:
            entries[entry.item.parent_id].parts.append(entry)
        if entry.item.code == rules.TASKS:
            entry.open_tasks = open_tasks(meeting, user, agreement)
        if entry.item.code == rules.PREVIOUS_MINUTES:
            entry.open_minutes = list(open_minutes(meeting))
        entry.links = links[entry.item.pk]
    return [entry for entry in entries.values() if entry.item.parent_id is None]


def lines_of(items: list[AgendaItem]) -> Lines:
    """The items in order, each part behind the one it belongs to."""
    lines: list[Line] = []
    for item in (each for each in items if each.parent_id is None):
        lines += [Line(item.pk, 1), *(Line(part.pk, 2) for part in items if part.parent_id == item.pk)]
    return tuple(lines)


def _moves(lines: Lines, key: int) -> tuple[str, ...]:
    return tuple(name for name, move in MOVES.items() if move(lines, key) != lines)


def open_tasks(meeting: Meeting, user: User, agreement: Agreement) -> list[ActionItem]:
    """The open action items of the body from earlier meetings, to be gone through under Aufgabenkontrolle (7.4)."""
    return shown_to(user, agreement, _open_before(meeting, tasks_visible_to(user, agreement)))


def tasks_to_go_through(meeting: Meeting) -> list[ActionItem]:
    """The same for the invitation, which everybody reads: nothing of minutes that are still a draft."""
    return [as_circulated(task) for task in _open_before(meeting, tasks_of_circulated_minutes())]


def _open_before(meeting: Meeting, tasks: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
    earlier = tasks.filter(item__meeting__body_id=meeting.body_id, item__meeting__meets_on__lt=meeting.meets_on)
    return earlier.filter(state=ActionItem.State.OPEN).select_related("partner__authority")


def open_minutes(meeting: Meeting) -> QuerySet[Minutes]:
    """Circulated minutes of earlier meetings that wait for approval (7.3: next meeting, TOP 2)."""
    return Minutes.objects.filter(
        state=Minutes.State.CIRCULATED, meeting__body_id=meeting.body_id, meeting__meets_on__lt=meeting.meets_on
    ).select_related("meeting")


def item_of(meeting: Meeting, pk: int) -> AgendaItem | None:
    """An item of this meeting, or None."""
    return AgendaItem.objects.filter(meeting=meeting, pk=pk).first()


def tops_of(meeting: Meeting) -> list[AgendaItem]:
    """The items of the first level."""
    return list(AgendaItem.objects.filter(meeting=meeting, parent__isnull=True))


def parts_of(item: AgendaItem) -> list[AgendaItem]:
    """The items below an item."""
    return list(AgendaItem.objects.filter(parent=item))


def is_dispatched(meeting: Meeting) -> bool:
    """Whether an invitation has named the numbers of the agenda; moving the meeting does not free them again."""
    return InvitationRound.objects.filter(meeting=meeting).exists()


def comes_late(meeting: Meeting) -> bool:
    """Whether a new item comes after the first invitation to the day (nachgereicht); a moved day has none yet."""
    return meeting.state == Meeting.State.INVITED


def items_in(agenda: list[Entry]) -> list[AgendaItem]:
    """The items of a loaded agenda, in order."""
    return [each.item for entry in agenda for each in (entry, *entry.parts)]
