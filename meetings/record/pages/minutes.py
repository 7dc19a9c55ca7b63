"""The tab "Protokoll" where there is nothing to read."""

from typing import NamedTuple

from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.rules.codes import MeetingState


class Nothing(NamedTuple):
    """Why there are no minutes, and what follows from that."""

    title: str
    text: str = ""


CANCELLED = Nothing("Zu einer abgesagten Sitzung gibt es kein Protokoll.")
HELD = Nothing(
    "Das Protokoll liegt noch nicht vor.",
    "Sie erhalten eine Nachricht, sobald die Geschäftsführung es versandt hat.",
)
ENTERED_LATER = Nothing(
    "Diese Sitzung ist nachgetragen. Ein Protokoll dieser Anwendung gibt es nicht.",
    "Was von ihr eingetragen ist, steht unter „Tagesordnung“.",
)
TO_BEGIN = Nothing(
    "Das Protokoll entsteht, wenn die Sitzung beginnt.",
    "Dann liegt für jeden Tagesordnungspunkt ein Abschnitt bereit.",
)
AHEAD = Nothing("Die Sitzung hat noch nicht stattgefunden.", "Das Protokoll entsteht am Tag der Sitzung.")

NONE = {MeetingState.CANCELLED: CANCELLED, MeetingState.RUNNING: HELD, MeetingState.HELD: HELD}


def why_none(page: MeetingPage) -> Nothing:
    """Why this person reads no minutes of a meeting."""
    if page.meeting.is_entered_later:
        return ENTERED_LATER
    ahead = TO_BEGIN if "begin" in page.may else AHEAD
    return NONE.get(MeetingState(page.meeting.state), ahead)
