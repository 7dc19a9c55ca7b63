"""An item that an earlier meeting postponed is taken onto an agenda, or declined, or offered again."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.access import Permission, can
from kok.errors import require
from kok.models import User
from meetings.convening.actions.agenda import MAY_NOT, add_item
from meetings.convening.models import AgendaItem, DeclinedItem, Meeting
from meetings.convening.rules.agenda import ItemSubject
from meetings.desk.queries.postponed import postponed_before
from members.models import Body

TAKEN = (
    "Dieser Punkt ist inzwischen wieder aufgenommen, oder er ist nicht mehr vertagt. Es wurde nichts geändert. Die "
    "Seite zeigt jetzt, was noch offen ist."
)


@transaction.atomic
def take(*, meeting: Meeting, item: int, by: User, now: datetime) -> AgendaItem:
    """Puts a postponed item onto the agenda of this meeting, with title, explanation and what it is about.

    Raises Refused where it was taken meanwhile, and as `agenda.add_item`.
    """
    there = _offered(meeting, item)
    about = ItemSubject(there.subject_kind, there.subject_id, continues=there.pk)
    DeclinedItem.objects.filter(item=there).delete()
    return add_item(meeting=meeting, title=there.title, note=there.note, about=about, by=by, now=now)


@transaction.atomic
def decline(*, meeting: Meeting, item: int, by: User, now: datetime) -> AgendaItem:
    """Nobody is offered this item any more. Raises Refused where it was taken meanwhile."""
    there = _offered(meeting, item)
    require(can(by, Permission.MEETING_PLAN, there.meeting.body.agreement), MAY_NOT)
    DeclinedItem.objects.get_or_create(item=there, defaults={"declined_at": now, "declined_by": by})
    return _recorded(there, "agenda.postponed-declined", by=by, now=now)


@transaction.atomic
def offer_again(*, meeting: Meeting, item: int, by: User, now: datetime) -> AgendaItem:
    """Takes back that an item was declined. Raises Refused where it was taken meanwhile."""
    there = _offered(meeting, item)
    require(can(by, Permission.MEETING_PLAN, there.meeting.body.agreement), MAY_NOT)
    DeclinedItem.objects.filter(item=there).delete()
    return _recorded(there, "agenda.postponed-offered", by=by, now=now)


def _offered(meeting: Meeting, item: int) -> AgendaItem:
    """The body is locked, so that two people do not take up the same item twice."""
    Body.objects.select_for_update(of=("self",)).get(pk=meeting.body_id)
    return require(next((each for each in postponed_before(meeting) if each.pk == item), None), TAKEN)


def _recorded(item: AgendaItem, action: str, *, by: User, now: datetime) -> AgendaItem:
    meeting = item.meeting
    slug = meeting.body.agreement.slug
    audit.record(by=by, action=action, obj=meeting, agreement=slug, note=f"TOP {item.number}", now=now)
    return item
