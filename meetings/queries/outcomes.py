"""What came of agenda items: resolutions, positions of the partners and tasks, as rows of one kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from meetings.models import ActionItem, Meeting
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
  FROM meetings_actionitem WHERE item_id = ANY(%(items)s)
UNION ALL
SELECT 'task', task.id, item_id, task.number, what, partner_id, who, due_on, task.state
  FROM meetings_actionitem task
  JOIN meetings_agendaitem item ON item.id = task.item_id
  JOIN meetings_meeting meeting ON meeting.id = item.meeting_id
 WHERE task.body_id = %(body)s AND meeting.meets_on < %(day)s
   AND (task.state = 'OPEN' OR (task.closed_at AT TIME ZONE 'Europe/Berlin')::date >= %(day)s)
"""


def outcomes_of(meeting: Meeting, items: Sequence[int], partners: dict[int, Partner]) -> list[Outcome]:
    """What came of these items, and the tasks of earlier meetings of the body, sorted by number.

    Of the earlier tasks: those still open, and those closed on the day of this meeting or later.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"items": list(items), "body": meeting.body_id, "day": meeting.meets_on})
        rows = [
            Outcome(kind, pk, item, number, text, partners.get(partner), *task)
            for kind, pk, item, number, text, partner, *task in cursor.fetchall()
        ]
    return sorted(rows, key=lambda row: (row.number, row.partner.position if row.partner else 0))


def as_outcome(task: ActionItem) -> Outcome:
    """A single task in the shape of the list under "Aufgabenkontrolle"."""
    return Outcome(
        "task", task.pk, task.item_id, task.number, task.what, task.partner, task.who, task.due_on, task.state
    )
