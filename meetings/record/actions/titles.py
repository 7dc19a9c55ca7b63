"""A title of the agenda once more, while the minutes are written."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.models import User
from meetings.convening.actions.agenda import check_shown
from meetings.convening.models import AgendaItem
from meetings.record.actions.minutes import locked_draft
from meetings.record.models import Minutes


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
