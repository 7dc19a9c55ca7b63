"""What is written down of a meeting."""

from meetings.record.models.attendance import Attendance
from meetings.record.models.minutes import (
    ActionItem,
    Minutes,
    MinutesSection,
    PartnerPosition,
    Resolution,
    SectionRevision,
    sees_drafts,
)
from meetings.record.models.remarks import MinutesRemark
from meetings.record.models.versions import MinutesApproval, MinutesVersion

__all__ = [
    "ActionItem",
    "Attendance",
    "Minutes",
    "MinutesApproval",
    "MinutesRemark",
    "MinutesSection",
    "MinutesVersion",
    "PartnerPosition",
    "Resolution",
    "SectionRevision",
    "sees_drafts",
]
