"""What the bodies do: convene, meet, decide, and write it down."""

from meetings.models.attendance import Attendance
from meetings.models.meeting import WITHHELD_WORDS, AgendaItem, Invitation, InvitationRound, Meeting
from meetings.models.minutes import (
    ActionItem,
    Minutes,
    MinutesSection,
    PartnerPosition,
    Resolution,
    SectionRevision,
)
from meetings.models.secretariat import DeviatingTerm
from meetings.models.versions import MinutesApproval, MinutesVersion

__all__ = [
    "WITHHELD_WORDS",
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
    "MinutesVersion",
    "PartnerPosition",
    "Resolution",
    "SectionRevision",
]
