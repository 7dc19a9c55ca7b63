"""What is planned, invited to and answered."""

from meetings.convening.models.consent import NoticeConsent
from meetings.convening.models.late import LateEntry
from meetings.convening.models.meeting import (
    WITHHELD_WORDS,
    AgendaItem,
    DeclinedItem,
    Invitation,
    InvitationRound,
    Meeting,
)
from meetings.convening.models.secretariat import DeviatingTerm

__all__ = [
    "WITHHELD_WORDS",
    "AgendaItem",
    "DeclinedItem",
    "DeviatingTerm",
    "Invitation",
    "InvitationRound",
    "LateEntry",
    "Meeting",
    "NoticeConsent",
]
