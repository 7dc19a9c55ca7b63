"""What the receiving unit asked about cases, and what waits for an answer of the county. Opens nothing sealed."""

from django.db.models import QuerySet

from transitions.models import CaseQuestion, TransitionCase, TransitionListVersion
from transitions.queries.access import Access
from transitions.queries.visibility import cases_visible_to


def questions_visible_to(access: Access) -> QuerySet[CaseQuestion]:
    """The questions about all cases that this person may see; both units read them."""
    found = CaseQuestion.objects.filter(case__in=cases_visible_to(access))
    return found.select_related("case__transition_list__sender__authority")


def waiting(questions: QuerySet[CaseQuestion]) -> QuerySet[CaseQuestion]:
    """Those without an answer, about cases that are not over: of others nobody waits for one."""
    return questions.filter(answer="", case__ended_at=None, case__erased_at=None)


def newest_released(case: TransitionCase) -> TransitionListVersion | None:
    """The version that its receiver works with, with its receipt; None before the first release."""
    released = TransitionListVersion.objects.filter(transition_list=case.transition_list_id, receipt__isnull=False)
    return released.order_by("-number").select_related("receipt").first()
