"""How long each case is kept, as the erasure run counts it and as the two sides are told (domain.md 5.5)."""

from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kok import clock
from transitions.models import Acknowledgement, TransitionCase, TransitionList
from transitions.rules.codes import CaseState
from transitions.rules.retention import CaseDates, CaseRule, case_due, erased_after_release, last_day_of

_IS_NAMED_ANEW = attrgetter("is_named_anew")  # as `with_naming` adds it


def with_naming(cases: QuerySet[TransitionCase]) -> QuerySet[TransitionCase]:
    """The cases with what `due_of` asks of the next list: whether it was released and names them anew.

    The draft of that list does not count: it may be thrown away, and whoever is erased then is never proposed again.
    Nor does a case that does not stand as it was sealed: it may have been put in. Raises KeyLost.
    """
    named = TransitionCase.objects.filter(previous__in=cases, named_at__isnull=False).values_list("pk", flat=True)
    standing = list(map(UUID, TransitionCase.sealing.standing(named)))
    anew = TransitionCase.objects.filter(previous=OuterRef("pk"), pk__in=standing)
    return cases.select_related("transition_list").annotate(is_named_anew=Exists(anew))


def due_of(case: TransitionCase) -> tuple[date, CaseRule]:
    """When the content of a case `with_naming` is erased, and why."""
    return case_due(_dates(case, is_declined=case.proposal_declined_at is not None))


def erased_on(case: TransitionCase, *, knows_drafts: bool) -> date:
    """The day on which the data of a case go at the latest, as it stands now.

    Only the county knows that it declined a proposal while it prepared its next list. Others are told the day that
    held before; the data may go earlier, never later.
    """
    return _told(case, is_declined=knows_drafts and case.proposal_declined_at is not None)


def erased_if_declined(case: TransitionCase) -> date:
    """The same for whoever is about to decline a proposal."""
    return _told(case, is_declined=True)


def erased_if_granted(case: TransitionCase) -> date | None:
    """When the data go once it is answered that they are erased; None where the answer moves nothing.

    Who moved away, died or was postponed need not wait for months. A withdrawn case has its day from its release, one
    on its list is taken off first, and what is due sooner goes sooner.
    """
    stays = case.state == CaseState.WITHDRAWN or CaseState(case.state).is_on_list
    if stays or case.erase_on or case.erased_at or not case.ended_at:
        return None
    return min(erased_after_release(clock.today()), erased_if_declined(case))


def _told(case: TransitionCase, *, is_declined: bool) -> date:
    """Never a day that is over: what is due already goes in the coming night."""
    found = with_naming(TransitionCase.objects.filter(pk=case.pk)).get()
    return max(case_due(_dates(found, is_declined=is_declined))[0], clock.today() + timedelta(days=1))


def erased_after_outcome(found: TransitionList, today: date) -> date:
    """On which day the data of a case of this list would go if its outcome were recorded on a day."""
    return case_due(CaseDates(list_year=found.year, ended_on=today))[0]


@dataclass(frozen=True)
class IfEnded:
    """On which day the data of a case would go if it left its list by a release on a day.

    `is_at_once`: a withdrawn one goes with the release, because no version was ever confirmed.
    """

    withdrawn_on: date
    is_at_once: bool
    others_on: date
    latest_on: date


def erased_if_ended(found: TransitionList, today: date) -> IfEnded:
    """The same for whoever is about to take a case of this list off it."""
    is_at_once = not was_confirmed(found)
    withdrawn = today if is_at_once else erased_after_release(today)
    return IfEnded(
        withdrawn_on=case_due(CaseDates(list_year=found.year, ended_on=today, erase_on=withdrawn))[0],
        is_at_once=is_at_once,
        others_on=case_due(CaseDates(list_year=found.year, ended_on=today))[0],
        latest_on=last_day_of(found.year),
    )


def was_confirmed(found: TransitionList) -> bool:
    """Whether some version of a list ever arrived; a confirmation that was put in delays no erasure."""
    confirmed = Acknowledgement.objects.filter(receipt__version__transition_list=found).values_list("pk", flat=True)
    return bool(Acknowledgement.sealing.standing(confirmed))


def _dates(case: TransitionCase, *, is_declined: bool) -> CaseDates:
    is_settled = is_declined or _IS_NAMED_ANEW(case)
    return CaseDates(
        list_year=case.transition_list.year,
        ended_on=case.ended_on,
        is_withdrawn=case.state == CaseState.WITHDRAWN,
        erase_on=case.erase_on,
        waits_for_year=case.postponed_to.year - 1 if case.postponed_to and not is_settled else None,
    )
