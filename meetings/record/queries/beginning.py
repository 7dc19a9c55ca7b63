"""Whether anything of a meeting that began is written down, so that nothing is lost when that is taken back."""

from django.db.models import Q

from meetings.convening.models import AgendaItem
from meetings.record.models import Minutes, MinutesSection

WRITTEN = Q(resolutions__isnull=False) | Q(positions__isnull=False) | Q(action_items__isnull=False)


def is_blank(minutes: Minutes) -> bool:
    """Whether no text was ever saved and nothing came of an item; who was there is asked apart.

    An item that the meeting put on its agenda is something, who chaired and when it ended, too.
    """
    if minutes.circulated_at or minutes.chair_name or minutes.ended_at:
        return False
    items = AgendaItem.objects.filter(meeting=minutes.meeting_id)
    saved = MinutesSection.objects.filter(minutes=minutes, revision__gt=0)
    return not items.filter(WRITTEN | Q(is_supplement=True)).exists() and not saved.exists()
