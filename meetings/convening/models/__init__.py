"""What is planned, invited to and answered."""

from meetings.convening.models.consent import NoticeConsent
from meetings.convening.models.meeting import WITHHELD_WORDS, AgendaItem, Invitation, InvitationRound, Meeting
from meetings.convening.models.secretariat import DeviatingTerm

__all__ = ["WITHHELD_WORDS", "AgendaItem", "DeviatingTerm", "Invitation", "InvitationRound", "Meeting", "NoticeConsent"]
