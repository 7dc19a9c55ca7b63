"""Taking a submitted draft back together with the change that it is taken back for: both, or nothing."""

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from django.db import transaction

from transitions.actions.lists import take_back
from transitions.models import TransitionListVersion
from transitions.queries.access import Access

T = TypeVar("T")


@transaction.atomic
def after_recall(act: Callable[[], T], *, version: TransitionListVersion, recall: str, by: Access, now: datetime) -> T:
    """Does what was asked; `recall` names the submission that this person wants to take back for it, "" none.

    Of another submission than the one that was shown nobody said that. Raises Refused, then also the submission stands.
    """
    locked = TransitionListVersion.objects.select_for_update(of=("self",)).filter(pk=version.pk).first()
    if recall and locked and recall == locked.submission:
        take_back(version=version, by=by, now=now)
    return act()
