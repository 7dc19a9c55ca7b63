"""Presence as it was: how somebody took part, and from when to when (domain.md 7.2, a proposal).

Nothing is concluded from what was planned: a link in the invitation says of nobody that he was there by video.
"""

from dataclasses import dataclass
from datetime import time

from kok.errors import require
from kok.words import hour, said
from meetings.record.rules.codes import PresenceWay


@dataclass(frozen=True)
class Presence:
    """How and from when to when somebody was there; empty where nobody wrote it down."""

    way: str = ""
    came_at: time | None = None
    left_at: time | None = None

    @property
    def words(self) -> str:
        """`per Video, 10:15 bis 11:30 Uhr`, `vor Ort`, `ab 10:15 Uhr`; "" where nothing is stated."""
        return ", ".join(said((self.way, self._way), (self.came_at or self.left_at, f"{self._hours} Uhr")))

    @property
    def _way(self) -> str:
        return PresenceWay(self.way).label if self.way else ""

    @property
    def _hours(self) -> str:
        if self.came_at and self.left_at:
            return f"{hour(self.came_at)} bis {hour(self.left_at)}"
        return f"ab {hour(self.came_at)}" if self.came_at else f"bis {hour(self.left_at)}"


UNSTATED = Presence()


def with_presence(status: str, presence: Presence) -> str:
    """`anwesend, per Video`: what is said of somebody, and how he was there."""
    return ", ".join(filter(None, (status, presence.words)))


def check_presence(presence: Presence, *, who: str) -> None:
    """Nobody leaves before he comes. Raises Refused."""
    came, left = presence.came_at, presence.left_at
    require(
        came is None or left is None or came < left,
        f"{who}: Das Ende der Teilnahme liegt vor ihrem Beginn. Es wurde nichts gespeichert, Ihre Angaben stehen noch "
        "hier. Prüfen Sie die Uhrzeiten.",
    )
