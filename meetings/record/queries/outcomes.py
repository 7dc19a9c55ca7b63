"""What came of agenda items: resolutions, positions of the partners and tasks, as rows of one kind."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from kok.statements import Kept
from meetings.convening.models import AgendaItem, Meeting
from meetings.record.models import ActionItem
from meetings.record.rules.codes import OutcomeKind
from members.models import Partner


@dataclass(frozen=True)
class Outcome:
    """A resolution, what was proposed without consent, the position of a partner or a task, as one row."""

    kind: str
    pk: int
    item_id: int
    number: str
    text: str
    partner: Partner | None
    who: str
    due_on: date | None

    @property
    def partner_name(self) -> str:
        """Of the partner that holds this view or has to see to it; "" of none."""
        return self.partner.short_name if self.partner else ""

    @property
    def order(self) -> tuple[str, int]:
        """By number, views on one subject in the order of the partners."""
        return self.number, self.partner.position if self.partner else 0


@dataclass(kw_only=True)
class ItemOutcomes:
    """An agenda item with everything that came of it."""

    item: AgendaItem
    resolutions: list[Outcome] = field(default_factory=list)
    proposals: list[Outcome] = field(default_factory=list)  # what the positions are about: one or none
    positions: list[Outcome] = field(default_factory=list)
    tasks: list[Outcome] = field(default_factory=list)


# Written out, because the ORM takes longer to put four queries together than the server to answer them.
_ROWS = """
SELECT 'resolution', id, item_id, number, text, NULL::bigint AS partner_id, '', NULL::date
  FROM meetings_resolution WHERE item_id = ANY(%(items)s)
UNION ALL
SELECT 'proposal', id, item_id, '', proposal, NULL, '', NULL
  FROM meetings_minutessection WHERE item_id = ANY(%(items)s) AND proposal <> ''
UNION ALL
SELECT 'position', id, item_id, '', text, partner_id, '', NULL
  FROM meetings_partnerposition WHERE item_id = ANY(%(items)s)
UNION ALL
SELECT 'task', id, item_id, number, what, partner_id, who, due_on
  FROM meetings_actionitem WHERE item_id = ANY(%(items)s) AND NOT is_struck
"""
Outcomes = Mapping[tuple[int, str], list[Outcome]]
"""By item and kind; nothing came of what is not there."""


def outcomes_of(items: Iterable[int], partners: Mapping[int, Partner]) -> Outcomes:
    """What came of these items."""
    with connection.cursor() as cursor:
        cursor.execute(_ROWS, {"items": list(items)})
        rows = [
            Outcome(kind, pk, item, number, text, partners.get(partner), *task)
            for kind, pk, item, number, text, partner, *task in cursor.fetchall()
        ]
    found = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.order):
        found[row.item_id, row.kind].append(row)
    return found


def sorted_in(item: int, found: Outcomes) -> dict[str, list[Outcome]]:
    """What came of one of the items, as `ItemOutcomes` takes it."""
    return {
        "resolutions": found[item, OutcomeKind.RESOLUTION],
        "proposals": found[item, OutcomeKind.PROPOSAL],
        "positions": found[item, OutcomeKind.POSITION],
        "tasks": found[item, OutcomeKind.TASK],
    }


def came_of(item: AgendaItem, partners: Mapping[int, Partner]) -> ItemOutcomes:
    """One item with what came of it."""
    return ItemOutcomes(item=item, **sorted_in(item.pk, outcomes_of([item.pk], partners)))


def _earlier(body: int, day: date) -> QuerySet[ActionItem]:
    found = ActionItem.objects.filter(body=body, is_struck=False, item__meeting__meets_on__lt=day)
    return found.filter(Q(closed_at=None) | Q(closed_at__date__gte=day)).order_by("number")


_EARLIER = Kept(_earlier, int, date)


def earlier_tasks(meeting: Meeting, partners: Mapping[int, Partner]) -> list[ActionItem]:
    """Tasks of earlier meetings of the body: those still open, and those closed on the day of this one or later."""
    found: list[ActionItem] = _EARLIER(meeting.body_id, meeting.meets_on)
    for task in found:
        task.partner = partners.get(task.partner_id or 0)
    return found
