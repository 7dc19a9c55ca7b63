"""Who belongs to a body on a day, and who answered the invitation."""

from meetings.models import Invitation, InvitationRound, Meeting
from members.models import Partner
from members.queries import SeatOnDay, seats_on

__all__ = ["SeatOnDay", "answers_of", "answers_of_partners", "seats_on"]


def answers_of(meeting: Meeting) -> list[Invitation]:
    """The answers to the last round of invitations, in the order of the seats."""
    rounds = InvitationRound.objects.filter(meeting=meeting, kind=InvitationRound.Kind.INVITATION)
    newest = rounds.order_by("-round_no").values("pk")[:1]
    return list(Invitation.objects.filter(round__in=newest))


def answers_of_partners(meeting: Meeting, partners: dict[int, Partner]) -> list[Invitation]:
    """The same with the partners as they are known already, by key."""
    answers = answers_of(meeting)
    for answer in answers:
        answer.partner = partners[answer.partner_id]
    return answers
