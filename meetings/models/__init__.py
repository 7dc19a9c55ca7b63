"""What the bodies do: convene, meet, decide, and write it down."""

from meetings.models.meeting import AgendaItem, Attendance, Invitation, InvitationRound, Meeting
from meetings.models.minutes import (
    ActionItem,
    Minutes,
    MinutesApproval,
    MinutesSection,
    PartnerPosition,
    Resolution,
    SectionRevision,
)
from meetings.models.secretariat import DeviatingTerm

__all__ = [
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "DeviatingTerm",
    "Invitation",
    "InvitationRound",
    "Meeting",
    "Minutes",
    "MinutesApproval",
    "MinutesSection",
    "PartnerPosition",
    "Resolution",
    "SectionRevision",
]
