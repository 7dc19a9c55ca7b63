"""What the receiving unit may ask and asked about cases, and what waits for an answer of the county."""

from collections import Counter
from collections.abc import Iterable
from operator import attrgetter
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from kok.access import Permission
from transitions.models import CaseEvent, CaseQuestion, TransitionCase, TransitionListVersion
from transitions.queries import history
from transitions.queries.access import Access
from transitions.queries.known import Known, KnownPeople
from transitions.queries.visibility import cases_visible_to, entries_visible_to
from transitions.rules.codes import PROMISES, EventKind, QuestionAnswer


def questions_visible_to(access: Access) -> QuerySet[CaseQuestion]:
    """The questions about all cases that this person may see; both units read them."""
    found = CaseQuestion.objects.filter(case__in=cases_visible_to(access))
    return found.select_related("case__transition_list__sender__authority", "other_case")


def waiting(questions: QuerySet[CaseQuestion]) -> QuerySet[CaseQuestion]:
    """Those without an answer, about cases that are not over: of others nobody waits for one."""
    return questions.filter(answer="", case__ended_at=None, case__erased_at=None)


def open_about(cases: Iterable[UUID]) -> Counter[UUID]:
    """How many questions about each of these cases wait for an answer, in one query."""
    return Counter(waiting(CaseQuestion.objects.filter(case__in=list(cases))).values_list("case_id", flat=True))


def promised(questions: QuerySet[CaseQuestion]) -> QuerySet[CaseQuestion]:
    """Those whose answer promises a new version, until one corrects the case or takes it off the list."""
    later = CaseEvent.objects.filter(case=OuterRef("case"), kind=EventKind.CORRECTED, at__gte=OuterRef("answered_at"))
    open_ones = questions.filter(answer__in=PROMISES, case__ended_at=None, case__erased_at=None)
    return open_ones.exclude(Exists(history.proven(later)), answer=QuestionAnswer.CORRECTION)


def second_cases(case: TransitionCase, access: Access) -> QuerySet[TransitionCase]:
    """The cases of the same carrier, of all years, that somebody who asks about this one may name as the second."""
    named = cases_visible_to(access).filter(transition_list__sender=case.transition_list.sender_id, erased_at=None)
    return named.exclude(named_at=None).exclude(pk=case.pk)


def possible_doubles(case: TransitionCase, access: Access) -> list[Known]:
    """Which of these look like the person of this case. Opens what the carrier's lists say. Raises vault.KeyLost."""
    newest = newest_released(case)
    on_list = entries_visible_to(access).filter(version=newest, case=case, ending="").told().first()
    if newest is None or on_list is None:
        return []
    alike = KnownPeople(newest, access).alike(on_list.data, case)
    may_be_named = set(second_cases(case, access).values_list("pk", flat=True))
    return [known for known in alike if known.case.pk in may_be_named]


def opened_by(access: Access, questions: Iterable[CaseQuestion]) -> set[UUID]:
    """Of the second cases of these questions those whose page this person may open."""
    named = filter(None, map(attrgetter("other_case_id"), questions))
    return set(cases_visible_to(access).filter(pk__in=named).values_list("pk", flat=True))


def newest_released(case: TransitionCase) -> TransitionListVersion | None:
    """The version that its receiver works with, with its receipt; None before the first release."""
    released = TransitionListVersion.objects.filter(transition_list=case.transition_list_id, receipt__isnull=False)
    return released.order_by("-number").select_related("receipt").first()


def received_from(access: Access, case: TransitionCase) -> TransitionListVersion | None:
    """The same for whoever received it; None for everybody else."""
    newest = newest_released(case)
    is_mine = newest is not None and newest.receipt.recipient_id in access.partners(Permission.CASES_RECEIVE)
    return newest if is_mine else None
