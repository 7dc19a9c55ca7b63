"""Asking the other unit back: all questions, asking one about a case, answering it. No page shows a name.

In which other case somebody may be named twice is told by its Fallzeichen; that a page said so stands in the log.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission
from kok.articles import der
from kok.requests import Crumbs, act, done, is_sent, or_404
from kok.step_pages import step_page
from members.queries.accounts import name_of
from transitions.actions import questions as actions
from transitions.forms.questions import QuestionAnswerForm, QuestionForm
from transitions.pages.links import link
from transitions.pages.questions import over_words, second_words, told_questions
from transitions.pages.steps import asking
from transitions.queries.questions import (
    opened_by,
    possible_doubles,
    promised,
    questions_visible_to,
    waiting,
)
from transitions.queries.visibility import cases_visible_to
from transitions.rules.codes import EntryReason
from transitions.rules.questions import NoSecondCase
from transitions.views.area import sealed
from transitions.views.area_session import STEP, SealedRequest, posted
from transitions.views.lookup import log_alike

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_ENTER)
@require_safe
def register(request: SealedRequest) -> HttpResponse:
    """Every question of both units, those that wait first; told by Fallzeichen."""
    visible = questions_visible_to(request.access)
    openable = opened_by(request.access, visible)
    others = visible.exclude(pk__in=waiting(visible).values("pk")).order_by("-asked_at")
    context = {
        "waiting": told_questions(waiting(visible), openable, request.agreement),
        "others": told_questions(others, openable, request.agreement),
        "promised": set(promised(visible).values_list("pk", flat=True)),
        "senders": request.access.partners(Permission.CASES_DRAFT),
        "crumbs": [("Rückfragen", None)],
    }
    return render(request, "transitions/questions.html", context)


@sealed(Permission.CASES_RECEIVE, EntryReason.RECEIVE, EntryReason.QUESTION)
@require_read_or_post
def ask(request: SealedRequest, case: UUID) -> HttpResponse:
    """The receiving unit asks about one case."""
    cases = cases_visible_to(request.access).select_related("transition_list__sender__authority")
    asked = or_404(cases.filter(pk=case).first())
    here = link(request.agreement, "case", asked.pk)
    doubles = possible_doubles(asked, request.access)
    form = QuestionForm(posted(request), doubles=doubles)
    if is_sent(request, form):
        with act() as attempt:
            actions.ask(case=asked, **form.cleaned_data, by=request.access, now=clock.now())
            sender = capfirst(der(asked.transition_list.sender.short_name))
            told = f"Die Frage zum Fall {asked.case_ref} ist gestellt. {sender} erhält eine Nachricht."
            return done(request, told, here)
        form.add_error("other_ref" if isinstance(attempt.refusal, NoSecondCase) else None, attempt.sentence)
    log_alike(request, None, doubles)
    crumbs: Crumbs = [(f"Fall {asked.case_ref}", here), ("Nachfragen", None)]
    step = asking(asked, doubles, request.agreement)
    return step_page(request, step, form, crumbs=crumbs, template=STEP)


@sealed(Permission.CASES_DRAFT, EntryReason.QUESTION, EntryReason.PREPARE)
@require_read_or_post
def answer(request: SealedRequest, pk: UUID) -> HttpResponse:
    """The county answers one question."""
    question = or_404(questions_visible_to(request.access).filter(pk=pk).first())
    form = QuestionAnswerForm(posted(request))
    register = link(request.agreement, "questions")
    if is_sent(request, form):
        with act() as attempt:
            actions.answer(question=question, **form.cleaned_data, by=request.access, now=clock.now())
            return done(request, f"Die Frage zum Fall {question.case.case_ref} ist beantwortet.", register)
        question = questions_visible_to(request.access).get(pk=pk)
        if not question.answer and not over_words(question.case):
            form.add_error(None, attempt.sentence)
    context = {
        "question": question,
        "case": question.case,
        "also": second_words(question.other_case, opened_by(request.access, [question]), request.agreement),
        "form": form,
        "over": over_words(question.case),
        "who": "Sie" if question.answered_by == request.user else name_of(question.answered_by),
        "chosen": form.chosen,
        "crumbs": [("Rückfragen", register), ("Antworten", None)],
    }
    return render(request, "transitions/question_answer.html", context)
