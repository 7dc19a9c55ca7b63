"""Which invitations hold for the day of a meeting: the first counts for the Ladungsfrist (Punkt 5; domain.md 7.3).

Later ones tell of another agenda, another place or another holder of a seat, and shorten nothing. Another day begins
anew (scenario 6), also one that comes back after people were invited to a third.
"""

from itertools import takewhile

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from meetings.convening.models import InvitationRound, Meeting

INVITATION = InvitationRound.Kind.INVITATION


def standing() -> QuerySet[InvitationRound]:
    """The invitations to the day that holds now, of all meetings, the first first."""
    later = InvitationRound.objects.filter(
        ~Q(meets_on=OuterRef("meets_on")),
        meeting=OuterRef("meeting"),
        kind=INVITATION,
        round_no__gt=OuterRef("round_no"),
    )
    to_the_day = InvitationRound.objects.filter(~Exists(later), kind=INVITATION, meets_on=F("meeting__meets_on"))
    return to_the_day.order_by("round_no")


def standing_rounds(meeting: Meeting) -> list[InvitationRound]:
    """Those of one meeting; the first counts for the Ladungsfrist, and none where nobody is invited to its day."""
    return list(standing().filter(meeting=meeting).select_related("convened_by__authority"))


def urgency_told_in(round_: InvitationRound) -> str:
    """Why the Ladungsfrist is short, as this round told it: the reason of the first to its day. "" where it is not."""
    if round_._state.adding and round_.urgency_reason:  # it is only shown before it goes out
        return round_.urgency_reason
    before = InvitationRound.objects.filter(
        meeting=round_.meeting_id, kind=INVITATION, round_no__lte=round_.round_no
    ).order_by("-round_no")
    *_, first = [None, *takewhile(lambda each: each.meets_on == round_.meets_on, before)]
    return first.told_urgency if first else ""
