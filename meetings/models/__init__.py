"""What the bodies do: convene, meet, decide, and write it down; the rows of both rooms, where Django looks for them."""

from meetings.convening.models import (
    WITHHELD_WORDS,
    AgendaItem,
    DeclinedItem,
    DeviatingTerm,
    Invitation,
    InvitationRound,
    LateEntry,
    Meeting,
    NoticeConsent,
)
from meetings.record.models import (
    ActionItem,
    Attendance,
    Minutes,
    MinutesApproval,
    MinutesRemark,
    MinutesSection,
    MinutesVersion,
    PartnerPosition,
    Resolution,
    SectionRevision,
)

__all__ = [
    "WITHHELD_WORDS",
    "ActionItem",
    "AgendaItem",
    "Attendance",
    "DeclinedItem",
    "DeviatingTerm",
    "Invitation",
    "InvitationRound",
    "LateEntry",
    "Meeting",
    "Minutes",
    "MinutesApproval",
    "MinutesRemark",
    "MinutesSection",
    "MinutesVersion",
    "NoticeConsent",
    "PartnerPosition",
    "Resolution",
    "SectionRevision",
]
