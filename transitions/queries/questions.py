"""What the receiving unit asked about cases, and what waits for an answer of the county. Opens nothing sealed."""

from django.db.models import Exists, OuterRef, QuerySet

from transitions.models import CaseEvent, CaseQuestion, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.visibility import cases_visible_to
from transitions.rules.questions import PROMISES, QuestionAnswer
from transitions.rules.states import EventKind


def questions_visible_to(access: Access) -> QuerySet[CaseQuestion]:
    """The questions about all cases that this person may see; both units read them."""
    found = CaseQuestion.objects.filter(case__in=cases_visible_to(access))
    return found.select_related("case__transition_list__sender__authority")


def waiting(questions: QuerySet[CaseQuestion]) -> QuerySet[CaseQuestion]:
    """Those without an answer, about cases that are not over: of others nobody waits for one."""
    return questions.filter(answer="", case__ended_at=None, case__erased_at=None)


def promised(questions: QuerySet[CaseQuestion]) -> QuerySet[CaseQuestion]:
    """Those whose answer promises a new version, until one corrects the case or takes it off the list."""
    kept = CaseEvent.objects.filter(case=OuterRef("case"), kind=EventKind.CORRECTED, at__gte=OuterRef("answered_at"))
    open_ones = questions.filter(answer__in=PROMISES, case__ended_at=None, case__erased_at=None)
    return open_ones.exclude(Exists(kept), answer=QuestionAnswer.CORRECTION)


def newest_released(case: TransitionCase) -> TransitionListVersion | None:
    """The version that its receiver works with, with its receipt; None before the first release."""
    released = TransitionListVersion.objects.filter(transition_list=case.transition_list_id, receipt__isnull=False)
    return released.order_by("-number").select_related("receipt").first()
