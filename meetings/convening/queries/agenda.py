"""The items of an agenda, and where each can be moved."""

from meetings.convening.models import AgendaItem, InvitationRound, Meeting
from meetings.convening.rules import ordering
from meetings.convening.rules.ordering import AgendaLine, Lines

MOVES = {"up": ordering.move_up, "down": ordering.move_down, "in": ordering.indent, "out": ordering.outdent}


def items_of(meeting: Meeting) -> list[AgendaItem]:
    """The agenda as it stands now, in order."""
    return list(AgendaItem.objects.filter(meeting=meeting))


def lines_of(items: list[AgendaItem]) -> Lines:
    """The items in order, each part behind the one it belongs to."""
    lines: list[AgendaLine] = []
    for item in (each for each in items if each.parent_id is None):
        lines += [AgendaLine(item.pk, 1), *(AgendaLine(part.pk, 2) for part in items if part.parent_id == item.pk)]
    return tuple(lines)


def with_moves(items: list[AgendaItem]) -> list[tuple[AgendaItem, list[str]]]:
    """Each item in order with the moves that lead somewhere."""
    lines, by_key = lines_of(items), {item.pk: item for item in items}
    return [
        (by_key[line.key], [name for name, move in MOVES.items() if move(lines, line.key) != lines]) for line in lines
    ]


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
    return meeting.is_invited
