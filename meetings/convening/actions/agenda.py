"""The agenda: items are added, changed, ordered and removed until an invitation has named their numbers (7.5)."""

from datetime import datetime

from django.db import transaction

from kok import audit, seen
from kok.access import Permission, can
from kok.errors import require
from kok.models import User
from meetings.convening.models import AgendaItem, Meeting
from meetings.convening.queries.agenda import MOVES, comes_late, is_dispatched, item_of, items_of, lines_of, parts_of
from meetings.convening.rules import numbering, ordering, states
from meetings.convening.rules.agenda import ItemSubject, place_of_new
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.ordering import Lines
from meetings.convening.rules.outgoing import ended
from meetings.convening.rules.states import MeetingStep

MAY_NOT = "Die Tagesordnung bereiten die Geschäftsstellen der Partner vor. Es wurde nichts geändert."
GONE = "Diesen Punkt gibt es nicht mehr. Jemand hat ihn inzwischen gelöscht. Es wurde nichts geändert."
CHANGED = (
    "Jemand hat diesen Punkt geändert, seit Sie ihn geöffnet haben. Jetzt steht dort: „{title}“, Erläuterung: {note} "
    "Es wurde nichts geändert."
)


@transaction.atomic
def add_item(
    *,
    meeting: Meeting,
    title: str,
    note: str = "",
    about: ItemSubject | None = None,
    parent: AgendaItem | None = None,
    by: User,
    now: datetime,
) -> AgendaItem:
    """Adds an item before "Verschiedenes", behind the standard item of its subject, or as the last part of `parent`.

    After dispatch it stands at the end and gets the next free number, and is late (nachgereicht) unless the meeting was
    moved and nobody is invited to its new day yet. Raises Refused when the meeting has been held or cancelled.
    """
    locked = _locked(meeting, by=by)
    subject = about or ItemSubject()
    items = items_of(locked)
    added = AgendaItem.objects.create(
        meeting=locked,
        parent=parent,
        position=max((item.position for item in items), default=0) + 1,
        number=numbering.late_number([item.number for item in items], parent.number if parent else ""),
        title=title,
        note=note,
        subject_kind=subject.kind,
        subject_id=subject.pk,
        is_late=comes_late(locked),
        continues_id=subject.continues,
    )
    _place(added, items, behind=subject.behind, is_numbered=is_dispatched(locked))
    _touch(locked, "agenda.item-added", by=by, now=now, note=f"TOP {added.number}")
    return added


def _place(added: AgendaItem, items: list[AgendaItem], *, behind: str, is_numbered: bool) -> None:
    """Where a new item stands: at the end, or while nobody has been told the numbers where it belongs."""
    lines = lines_of([*items, added])
    if added.parent_id is None and not is_numbered:
        tops = [item.code for item in items if item.parent_id is None]
        lines = ordering.insert(lines, added.pk, place_of_new(tops, behind))
    _arrange(lines, {item.pk: item for item in [*items, added]}, renumber=not is_numbered)


@transaction.atomic
def change_item(*, item: AgendaItem, shown: str, title: str, note: str, by: User, now: datetime) -> None:
    """Changes title and explanation. After dispatch a changed title shows in the next invitation.

    `shown` is the mark of what was read. Raises seen.Changed when somebody else was quicker.
    """
    locked = _locked(item.meeting, by=by)
    check_shown(locked, item, shown)
    AgendaItem.objects.filter(pk=item.pk, meeting=locked).update(title=title, note=note)
    _touch(locked, "agenda.item-changed", by=by, now=now, note=f"TOP {item.number}")


@transaction.atomic
def remove_item(*, item: AgendaItem, shown: str, by: User, now: datetime) -> None:
    """Removes an item with its parts, as the page showed them.

    Raises Refused after dispatch: numbers that were sent stay; and as `change_item`.
    """
    locked = _locked(item.meeting, by=by)
    check_shown(locked, item, shown, with_parts=True)
    numbering.check_renumbering(is_dispatched=is_dispatched(locked))
    AgendaItem.objects.filter(pk=item.pk, meeting=locked).delete()
    left = items_of(locked)
    _arrange(lines_of(left), {each.pk: each for each in left}, renumber=True)
    _touch(locked, "agenda.item-removed", by=by, now=now, note=f"TOP {item.number}")


@transaction.atomic
def move_item(*, item: AgendaItem, move: str, by: User, now: datetime) -> None:
    """Moves an item up, down, in or out (keys of MOVES); a move that leads nowhere changes nothing.

    Raises Refused after dispatch.
    """
    locked = _locked(item.meeting, by=by)
    numbering.check_renumbering(is_dispatched=is_dispatched(locked))
    items = {each.pk: each for each in items_of(locked)}
    require(item.pk in items, GONE)
    before = lines_of([*items.values()])
    after = MOVES[move](before, item.pk)
    if after != before:
        _arrange(after, items, renumber=True)
        _touch(locked, "agenda.ordered", by=by, now=now)


def mark_of(item: AgendaItem, *, with_parts: bool = False) -> str:
    """What a page that shows this item carries."""
    parts = [(part.title, part.note) for part in parts_of(item)] if with_parts else []
    return seen.mark(item.title, item.note, parts)


def check_shown(meeting: Meeting, item: AgendaItem, shown: str, *, with_parts: bool = False) -> None:
    """Nobody overwrites an item that somebody else changed meanwhile. Raises seen.Changed, Refused where it is gone."""
    there = require(item_of(meeting, item.pk), GONE)
    sentence = CHANGED.format(title=there.title, note=ended(there.note or "keine"))
    seen.check_shown(shown, mark_of(there, with_parts=with_parts), sentence)


def _locked(meeting: Meeting, *, by: User) -> Meeting:
    """The meeting under a row lock, if its agenda can still be changed and this person prepares meetings."""
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("body__agreement").get(pk=meeting.pk)
    require(can(by, Permission.MEETING_PLAN, locked.body.agreement), MAY_NOT)
    states.next_state(MeetingState(locked.state), MeetingStep.EDIT)
    return locked


def _arrange(lines: Lines, items: dict[int, AgendaItem], *, renumber: bool) -> None:
    """Writes places and parents, and the numbers as long as nobody has been told them."""
    above = ordering.parents(lines)
    numbers = numbering.agenda_numbers([line.level for line in lines])
    for position, (line, number) in enumerate(zip(lines, numbers, strict=True), 1):
        item = items[line.key]
        item.position, item.parent_id = position, above[line.key]
        item.number = number if renumber else item.number
    AgendaItem.objects.bulk_update(items.values(), ["position", "parent", "number"])


def _touch(meeting: Meeting, action: str, *, by: User, now: datetime, note: str = "") -> None:
    """A changed agenda is a new revision of the meeting, so that nobody invites with one he has not seen."""
    meeting.revision += 1
    meeting.save(update_fields=["revision"])
    audit.record(by=by, action=action, obj=meeting, agreement=meeting.body.agreement.slug, note=note, now=now)
