"""Saying that two cases which look alike are two people, and taking it back."""

from datetime import datetime

from django.db import transaction

from kok.errors import Refused
from kok.genuine import check_standing
from transitions.actions.log import record_access
from transitions.models import TransitionCase, TwoPeople
from transitions.queries.access import Access
from transitions.queries.visibility import senders_of
from transitions.rules.states import LogAction


@transaction.atomic
def say_two_people(*, cases: list[TransitionCase], by: Access, now: datetime) -> None:
    """From now on no page takes these two cases for one person; who writes and who releases may say so.

    It stays said in later versions and changes nothing of the draft. Raises Refused.
    """
    one, other = _own(cases, by)
    TwoPeople.objects.get_or_create(one=one, other=other, defaults={"said_at": now, "said_by": by.user})
    _record(cases, by, now)


@transaction.atomic
def compare_again(*, cases: list[TransitionCase], by: Access, now: datetime) -> None:
    """Takes it back: the two cases are marked as possible doubles again. Raises Refused."""
    one, other = _own(cases, by)
    TwoPeople.objects.filter(one=one, other=other).delete()
    _record(cases, by, now)


def _own(cases: list[TransitionCase], by: Access) -> list[TransitionCase]:
    if len({case.pk for case in cases}) != 2 or {case.transition_list.sender_id for case in cases} - senders_of(by):
        raise Refused("Ob zwei Fälle eine Person sind, sagt der benennende Träger. Es wurde nichts geändert.")
    check_standing(*cases)
    return sorted(cases, key=lambda case: case.pk)


def _record(cases: list[TransitionCase], by: Access, now: datetime) -> None:
    for case in cases:
        record_access(by=by, action=LogAction.COMPARED, case=case, now=now)
