"""Whom an earlier list lets one expect on this one: postponed cases, and those whose end lies in its year."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from kok.models import User
from transitions.models import AccessLogEntry, CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries import history
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseState, EventKind, LogAction, ProposalAnswer
from transitions.rules.months import month_words
from transitions.rules.retention import LAST_YEAR_AFTER


@dataclass(frozen=True)
class Proposal:
    """A case of an earlier list with the month that would now be named. Nobody comes onto a list by himself."""

    case: TransitionCase
    data: CaseData
    is_postponed: bool

    @property
    def month(self) -> str:
        """The end of school in words."""
        return month_words(self.data.expected_end_on)


def proposals_for(version: TransitionListVersion, hidden: Collection[str] = ()) -> list[Proposal]:
    """Cases of earlier lists of the sender that belong here and are neither taken nor declined (scenario 18).

    Without those whose data may only be kept (`hidden`): they cannot be taken over.
    """
    return _proposals(version, Q(proposal_declined_at=None), hidden)


def declined_for(version: TransitionListVersion, hidden: Collection[str] = ()) -> list[Proposal]:
    """Those that were declined and may be proposed again, while their data are there.

    Not those who demanded their erasure: these have a day of their own.
    """
    return _proposals(version, Q(proposal_declined_at__isnull=False, erase_on=None), hidden)


def _proposals(version: TransitionListVersion, decided: Q, hidden: Collection[str]) -> list[Proposal]:
    wanted = version.transition_list
    on_list = TransitionCase.objects.filter(transition_list=wanted, entries__isnull=False)
    taken = on_list.filter(previous__isnull=False).values("previous")
    cases = (
        named_before(version)
        .filter(decided, erased_at=None, outcome="")
        .filter(Q(state__in=[CaseState.NAMED, CaseState.CONFIRMED]) | Q(postponed_to__year=wanted.year + 1))
        .exclude(pk__in=taken)
        .exclude(case_ref__in=hidden)
        .select_related("transition_list")
    )
    found = [_proposal(case, data) for case, data in _with_data(list(cases))]
    return [each for each in found if each.data.expected_end_on.year == wanted.year + 1]


def named_before(version: TransitionListVersion) -> QuerySet[TransitionCase]:
    """Everybody on the lists from which somebody may still be proposed; who is, their cases say.

    Whoever stood on an older one was erased (`rules.retention.last_day_of`), when this one was begun at the latest.
    """
    wanted = version.transition_list
    lists = {"transition_list__sender": wanted.sender_id, "transition_list__year__lt": wanted.year}
    first = wanted.year - LAST_YEAR_AFTER - 1
    return TransitionCase.objects.filter(**lists, transition_list__year__gte=first, named_at__isnull=False)


@dataclass(frozen=True)
class ProposalDecision:
    """What was decided about a case of an earlier list on this one, when and by whom."""

    at: datetime
    by: User
    answer: ProposalAnswer


def decision_about(version: TransitionListVersion, case: TransitionCase) -> ProposalDecision | None:
    """The last one about a proposal of this list, as the history and the log of the acts tell; None where none is."""
    own = case.events.filter(kind=EventKind.PROPOSED, version__transition_list=version.transition_list_id)
    taken = history.proven(own)
    if event := taken.select_related("by__person").last():
        return ProposalDecision(event.at, event.by, ProposalAnswer.TAKE) if event.by else None
    acts = AccessLogEntry.objects.filter(action=LogAction.DRAFT, version=str(version.pk), case_ref=case.case_ref)
    line = acts.order_by("at", "pk").last()
    if line is None:
        return None
    by = User.objects.select_related("person").filter(pk=line.actor_id or 0).first()
    answer = ProposalAnswer.DECLINE if case.proposal_declined_at else ProposalAnswer.AGAIN
    return ProposalDecision(line.at, by, answer) if by else None


def undecided_count(version: TransitionListVersion, hidden: Collection[str]) -> int:
    """How many proposals wait for a decision."""
    return len(proposals_for(version, hidden))


def _with_data(cases: list[TransitionCase]) -> list[tuple[TransitionCase, CaseData]]:
    """Each case with what its newest entry says, in one query."""
    entries = CaseEntry.objects.filter(case__in=cases).told().order_by("version__number")
    newest = {entry.case_id: entry for entry in entries}
    return [(case, newest[case.pk].data) for case in cases if case.pk in newest]


def _proposal(case: TransitionCase, data: CaseData) -> Proposal:
    ends_on = case.postponed_to or data.expected_end_on
    return Proposal(case, replace(data, expected_end_on=ends_on), is_postponed=case.postponed_to is not None)
