"""The agenda while the minutes are written: a title once more, and items that the meeting itself added."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.models import User
from meetings.convening.actions.agenda import check_shown
from meetings.convening.models import AgendaItem
from meetings.convening.queries.agenda import items_of
from meetings.convening.rules import numbering
from meetings.record.actions.minutes import locked_draft
from meetings.record.models import Minutes, MinutesSection


@transaction.atomic
def correct_item(
    *, minutes: Minutes, item: AgendaItem, shown: str, title: str, note: str, by: User, now: datetime
) -> None:
    """Changes title and explanation while the minutes are written; the invitation stays as it was sent.

    For what must not stand there, such as the name of a young person: old and new words are not in the trail. Raises
    Refused for minutes that are no draft and for the partner that does not own them (R-SEC-2), and as `change_item`.
    """
    locked = locked_draft(minutes, by=by)
    check_shown(locked.meeting, item, shown)
    AgendaItem.objects.filter(pk=item.pk, meeting=locked.meeting).update(title=title, note=note)
    audit.record(
        by=by, action="agenda.item-corrected", obj=locked.meeting, agreement=locked.meeting.body.agreement.slug,
        note=f"TOP {item.number}", now=now,
    )  # fmt: skip


@transaction.atomic
def add_supplement(*, minutes: Minutes, title: str, note: str, by: User, now: datetime) -> AgendaItem:
    """An item that the meeting itself put on its agenda: the last one, with the next free number; no other changes.

    Raises Refused as `correct_item`.
    """
    locked = locked_draft(minutes, by=by)
    items = items_of(locked.meeting)
    added = AgendaItem.objects.create(
        meeting=locked.meeting,
        position=max((item.position for item in items), default=0) + 1,
        number=numbering.late_number(item.number for item in items),
        title=title,
        note=note,
        is_supplement=True,
    )
    MinutesSection.objects.create(minutes=locked, item=added)
    audit.record(
        by=by, action="agenda.supplemented", obj=locked.meeting, agreement=locked.meeting.body.agreement.slug,
        note=f"TOP {added.number}", now=now,
    )  # fmt: skip
    return added
