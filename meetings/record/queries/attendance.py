"""Who belongs to a body on a day, and who answered the invitation."""

from kok.words import weekday
from meetings.convening.models import Invitation, InvitationRound, Meeting
from meetings.convening.queries.invitations import when
from members.models import Partner
from members.queries import SeatOnDay, seats_on

__all__ = ["SeatOnDay", "answers_of", "answers_of_partners", "in_words", "seats_on"]


SAID_FOR = {
    Invitation.Answer.ACCEPTED: "hat für {} zugesagt",
    Invitation.Answer.DECLINED: "hat für {} abgesagt",
    Invitation.Answer.DEPUTY: "hat für {} eine Stellvertretung angekündigt",
}


def in_words(row: Invitation, meeting: Meeting) -> str:
    """The answer as it counts for the meeting; one that was given for another day or hour names that."""
    asked = row.round
    said = SAID_FOR.get(Invitation.Answer(row.answer))
    if said is None or when(asked) == when(meeting):
        return row.get_answer_display()
    return said.format(f"{weekday(asked.meets_on)}, {asked.starts_at:%H:%M} Uhr,")


def answers_of(meeting: Meeting) -> list[Invitation]:
    """The answers to the last round of invitations, in the order of the seats."""
    rounds = InvitationRound.objects.filter(meeting=meeting, kind=InvitationRound.Kind.INVITATION)
    newest = rounds.order_by("-round_no").values("pk")[:1]
    return list(Invitation.objects.filter(round__in=newest).select_related("round"))


def answers_of_partners(meeting: Meeting, partners: dict[int, Partner]) -> list[Invitation]:
    """The same with the partners as they are known already, by key."""
    answers = answers_of(meeting)
    for answer in answers:
        answer.partner = partners[answer.partner_id]
    return answers
