"""What came of agenda items: resolutions, positions of the partners and tasks, as rows of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import connection
from django.db.models import Q

from kok.clock import BERLIN
from meetings.convening.models import Meeting
from meetings.record.models import ActionItem
from members.models import Partner


@dataclass(frozen=True)
class Outcome:
    """A resolution, the position of a partner or a task, as one row."""

    kind: str
    pk: int
    item_id: int
    number: str
    text: str
    partner: Partner | None
    who: str
    due_on: date | None
    state: str

    @property
    def state_words(self) -> str:
        """The state of a task in German."""
        return str(ActionItem.State(self.state).label)

    @property
    def is_open(self) -> bool:
        """A task that still has to be done."""
        return self.state == ActionItem.State.OPEN


# Written out, because the ORM takes longer to put four queries together than the server to answer them.
_ROWS = """
SELECT 'resolution', id, item_id, number, text, NULL::bigint AS partner_id, '', NULL::date, ''
  FROM meetings_resolution WHERE item_id = ANY(%(items)s)
UNION ALL
SELECT 'position', id, item_id, '', text, partner_id, '', NULL, ''
  FROM meetings_partnerposition WHERE item_id = ANY(%(items)s)
UNION ALL
SELECT 'task', id, item_id, number, what, partner_id, who, due_on, state
  FROM meetings_actionitem WHERE item_id = ANY(%(items)s) AND NOT is_struck
"""


def outcomes_of(items: Sequence[int], partners: dict[int, Partner]) -> list[Outcome]:
    """What came of these items, sorted by number, views on one subject in the order of the partners."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"items": list(items)})
        rows = [
            Outcome(kind, pk, item, number, text, partners.get(partner), *task)
            for kind, pk, item, number, text, partner, *task in cursor.fetchall()
        ]
    return sorted(rows, key=lambda row: (row.number, row.partner.position if row.partner else 0))


def earlier_tasks(meeting: Meeting, partners: dict[int, Partner]) -> list[Outcome]:
    """Tasks of earlier meetings of the body: those still open, and those closed on the day of this one or later."""
    day = meeting.meets_on
    earlier = ActionItem.objects.filter(body=meeting.body_id, is_struck=False, item__meeting__meets_on__lt=day)
    found = earlier.filter(Q(closed_at=None) | Q(closed_at__gte=datetime.combine(day, time.min, BERLIN)))
    return [as_outcome(task, partners.get(task.partner_id or 0)) for task in found.order_by("number")]


def as_outcome(task: ActionItem, partner: Partner | None) -> Outcome:
    """A single task in the shape of the list under "Aufgabenkontrolle"."""
    return Outcome("task", task.pk, task.item_id, task.number, task.what, partner, task.who, task.due_on, task.state)
