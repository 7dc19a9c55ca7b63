"""Answering an invitation: for the day and the hours that were read."""

from datetime import datetime

from django.db import transaction

from kok import audit, genuine, seen, words
from kok.errors import require
from kok.models import User
from meetings.convening.models import Invitation, InvitationRound, Meeting
from meetings.convening.queries.invitations import latest_round, when
from members.models import Person

OTHER_TIME = (
    "Zu dieser Sitzung wurde inzwischen neu eingeladen, für den {on} um {at}. Ihre Antwort ist noch nicht gespeichert."
)


TOO_LATE = (
    "Auf diese Einladung lässt sich nicht mehr antworten: Die Sitzung ist verlegt, abgesagt oder vorbei. "
    "Ihre bisherige Antwort bleibt stehen."
)
NOT_INVITED = "Für Ihr Konto liegt keine Einladung zu dieser Sitzung vor. Es wurde nichts gespeichert."


@transaction.atomic
def answer(*, meeting: Meeting, answer: str, shown: str, by: User, now: datetime) -> None:
    """Records the answer of an invited person, for all seats of the last round. The last answer counts.

    `shown` is the mark of day and hour that were read. Raises Refused for somebody who is not invited, and when the
    meeting was moved, cancelled or is over, where the person was changed past the application, or seen.Changed when he
    was invited for another time since.
    """
    locked = Meeting.objects.select_for_update(of=("self",)).select_related("body__agreement").get(pk=meeting.pk)
    require(locked.takes_answers(words.local_day(now)), TOO_LATE)
    newest = latest_round(locked)
    if newest is not None:
        other_time = OTHER_TIME.format(on=words.day(newest.meets_on), at=words.clock(newest.starts_at))
        seen.check_shown(shown, mark_of_time(newest), other_time)
    genuine.check([Person.objects.filter(user=by)])
    mine = Invitation.objects.filter(round=newest, person__user=by)
    require(mine.update(answer=answer, answered_at=now), NOT_INVITED)
    agreement = locked.body.agreement.slug
    audit.record(by=by, action="invitation.answered", obj=mine.first(), agreement=agreement, now=now)


def mark_of_time(round_: InvitationRound | None) -> str:
    """What a page that asks for an answer carries."""
    return seen.mark(*when(round_)) if round_ else ""
