"""What earlier meetings of a body postponed (Vertagung), until a later agenda takes it up or somebody declines it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Exists, OuterRef, Q

from meetings.convening.models import AgendaItem, Meeting
from meetings.record.rules.codes import ResultKind


def postponed_before(meeting: Meeting) -> list[AgendaItem]:
    """The items for this meeting, the oldest first, also those that were declined (`item.declined`).

    One that stands on the agenda of a meeting that was cancelled is offered again.
    """
    taken = AgendaItem.objects.filter(continues=OuterRef("pk")).exclude(meeting__state=Meeting.State.CANCELLED)
    found = AgendaItem.objects.filter(
        meeting__body=meeting.body_id, meeting__meets_on__lt=meeting.meets_on, section__result=ResultKind.POSTPONED
    )
    rows = found.filter(~Exists(taken)).select_related("meeting__body", "declined")
    return list(rows.order_by("meeting__meets_on", "position"))


def same_topic(
    items: Iterable[AgendaItem], *, began: bool
) -> tuple[Mapping[int, AgendaItem], Mapping[int | None, list[AgendaItem]]]:
    """For each item by its key the earlier one that it takes up, and those that took it up later.

    Nothing was postponed by a meeting that has not begun.
    """
    rows = {item.pk: item for item in items}
    earlier = {item.continues_id for item in rows.values()} - {None}
    if not earlier and not began:
        return {}, {}
    related = AgendaItem.objects.filter(Q(pk__in=earlier) | Q(continues__in=[*rows])).select_related("meeting__body")
    found = related.exclude(meeting__state=Meeting.State.CANCELLED).order_by("meeting__meets_on")
    by_key: dict[int | None, AgendaItem] = {item.pk: item for item in found}
    after: dict[int | None, list[AgendaItem]] = defaultdict(list)
    for item in by_key.values():
        after[item.continues_id].append(item)
    before = {pk: by_key[item.continues_id] for pk, item in rows.items() if item.continues_id in by_key}
    return before, after
