"""Asking the other unit back about a case, and answering: codes inside the area, a neutral mail outside (Punkt 8b)."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kok.access import Permission
from kok.errors import require
from kok.genuine import check_standing
from transitions.actions.locks import locking_cases
from transitions.actions.log import record_access, record_cases
from transitions.actions.notices import tell_of_answer, tell_of_question
from transitions.models import CaseQuestion, TransitionCase
from transitions.queries.access import Access
from transitions.queries.questions import received_from, second_cases
from transitions.queries.restriction import check_unrestricted
from transitions.rules import questions as rules
from transitions.rules.codes import LogAction, QuestionAnswer, QuestionKind

NOT_RECEIVER = "Nachfragen kann die empfangende Stelle. Es wurde nichts geändert."
NOT_SENDER = "Es antwortet die Fallbearbeitung des benennenden Trägers. Es wurde nichts geändert."


@transaction.atomic
def ask(*, case: TransitionCase, kind: QuestionKind, other_ref: str = "", by: Access, now: datetime) -> CaseQuestion:
    """The receiving unit asks about a case of the newest version.

    `other_ref`: the Fallzeichen of the case in which the person may stand a second time, where one is known. Raises
    Refused, NoSecondCase for that one.
    """
    found, other = _locked_pair(case, other_ref)
    check_unrestricted(found, by)
    newest = require(received_from(by, found), NOT_RECEIVER)
    check_standing(found, found.transition_list, newest, newest.receipt)
    rules.check_asking(
        is_on_newest=newest.entries.filter(case=found, ending="").exists(),
        is_ended=found.is_over,
        is_open=CaseQuestion.objects.filter(case=found, kind=kind, answer="").exists(),
    )
    if other_ref:
        _check_second(found, other, kind, by)
    asked = CaseQuestion.objects.create(case=found, kind=kind, other_case=other, asked_at=now, asked_by=by.user)
    record_cases(by=by, action=LogAction.ASKED, cases=list(filter(None, (found, other))), now=now)
    tell_of_question(case=found, by=by, now=now)
    return asked


@transaction.atomic
def answer(*, question: CaseQuestion, answer: QuestionAnswer, by: Access, now: datetime) -> None:
    """The county answers, once. What it announces, such as a new version, it does on the page of the list.

    Raises Refused.
    """
    case, _ = _locked_pair(question.case)
    found = CaseQuestion.objects.select_for_update().get(pk=question.pk)
    require(case.transition_list.sender_id in by.partners(Permission.CASES_DRAFT), NOT_SENDER)
    check_standing(found, case, case.transition_list)
    rules.check_answering(is_answered=bool(found.answer), is_ended=case.is_over)
    found.answer, found.answered_at, found.answered_by = answer, now, by.user
    found.save()
    record_access(by=by, action=LogAction.ANSWERED, case=case, now=now)
    tell_of_answer(case=case, by=by, now=now)


def _check_second(case: TransitionCase, other: TransitionCase | None, kind: QuestionKind, by: Access) -> None:
    is_there = other is not None and second_cases(case, by).filter(pk=other.pk).exists()
    rules.check_second(kind, is_there=is_there)
    if other is not None:
        check_unrestricted(other, by)
        check_standing(other, other.transition_list)


def _locked_pair(case: TransitionCase, other_ref: str = "") -> tuple[TransitionCase, TransitionCase | None]:
    """The case and the one with this Fallzeichen."""
    found = locking_cases().filter(Q(pk=case.pk) | Q(case_ref=other_ref)).in_bulk()
    mine = found.pop(case.pk)
    return mine, next(iter(found.values()), None)
