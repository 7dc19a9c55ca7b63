"""Saying that two cases which look alike are two people, and taking it back."""

from datetime import datetime
from operator import attrgetter

from django.db import transaction

from kok.errors import require
from kok.genuine import check_standing
from transitions.actions.log import record_cases
from transitions.models import TransitionCase, TwoPeople
from transitions.queries.access import Access
from transitions.queries.visibility import senders_of
from transitions.rules.codes import LogAction

NOT_SENDER = "Ob zwei Fälle eine Person sind, sagt der benennende Träger. Es wurde nichts geändert."


@transaction.atomic
def say_two_people(*, cases: list[TransitionCase], by: Access, now: datetime) -> None:
    """From now on no page takes these two cases for one person; who writes and who releases may say so.

    It stays said in later versions and changes nothing of the draft. Raises Refused.
    """
    one, other = _own(cases, by)
    TwoPeople.objects.get_or_create(one=one, other=other, defaults={"said_at": now, "said_by": by.user})
    record_cases(by=by, action=LogAction.COMPARED, cases=cases, now=now)


@transaction.atomic
def compare_again(*, cases: list[TransitionCase], by: Access, now: datetime) -> None:
    """Takes it back: the two cases are marked as possible doubles again. Raises Refused."""
    one, other = _own(cases, by)
    TwoPeople.objects.filter(one=one, other=other).delete()
    record_cases(by=by, action=LogAction.COMPARED, cases=cases, now=now)


def _own(cases: list[TransitionCase], by: Access) -> list[TransitionCase]:
    are_own = senders_of(by).issuperset(map(attrgetter("transition_list.sender_id"), cases))
    require(are_own and len(set(cases)) == 2, NOT_SENDER)
    check_standing(*cases)
    return sorted(cases, key=attrgetter("pk"))
