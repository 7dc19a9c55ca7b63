"""Who answered the invitation."""

from meetings.convening.models import Invitation, InvitationRound, Meeting


def answers_of(meeting: Meeting) -> list[Invitation]:
    """The answers to the last round of invitations, in the order of the seats."""
    rounds = InvitationRound.objects.filter(meeting=meeting, kind=InvitationRound.Kind.INVITATION)
    newest = rounds.order_by("-round_no").values("pk")[:1]
    return list(Invitation.objects.filter(round__in=newest).select_related("round"))
