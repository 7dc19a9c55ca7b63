"""What happened to a meeting: the trail without the notes of others."""

from dataclasses import dataclass
from datetime import datetime

from kok import queries
from kok.models import AuditEvent
from meetings.convening.models import Meeting
from meetings.record.models import Minutes, MinutesVersion
from meetings.record.queries.versions import versions_of

TAKEN_BACK = "minutes.taken_back"


@dataclass
class Past:
    """The acts on a meeting and its minutes, the newest first, with the names of accounts."""

    events: list[AuditEvent]
    names: dict[int, str]
    taken_back: dict[tuple[str, datetime | None], MinutesVersion]  # by the act that took it back


def past_of(meeting: Meeting) -> Past:
    """Everything that happened to a meeting and its minutes."""
    minutes = getattr(meeting, "minutes", None)
    objects, versions = [(Meeting._meta.label, meeting.pk)], []
    if minutes:
        objects, versions = [*objects, (Minutes._meta.label, minutes.pk)], versions_of(minutes)
    events = list(queries.history_of(objects))
    return Past(
        events,
        names=queries.account_names(event.actor_id for event in events),
        taken_back={(TAKEN_BACK, version.taken_back_at): version for version in versions},
    )
