"""Asking the other unit back: all questions, asking one about a case, answering it. No page shows a name.

In which other case somebody may be named twice is told by its Fallzeichen; that a page said so stands in the log.
"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission
from kok.articles import der
from kok.errors import Refused
from members.queries.accounts import name_of
from transitions.actions import questions as actions
from transitions.forms.questions import AnswerForm, QuestionForm
from transitions.queries.questions import (
    opened_by,
    over_words,
    possible_doubles,
    promised,
    questions_visible_to,
    waiting,
)
from transitions.queries.visibility import cases_visible_to
from transitions.rules.codes import EntryReason
from transitions.rules.questions import NoSecondCase
from transitions.views.area import sealed
from transitions.views.found import log_alike
from transitions.views.stay import SealedRequest

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sealed(Permission.CASES_ENTER)
@require_safe
def register(request: SealedRequest) -> HttpResponse:
    """Every question of both units, those that wait first; told by Fallzeichen."""
    visible = questions_visible_to(request.access)
    open_ones = list(waiting(visible))
    others = visible.exclude(pk__in=[each.pk for each in open_ones]).order_by("-asked_at")
    context = {
        "waiting": open_ones,
        "others": list(others),
        "promised": set(promised(visible).values_list("pk", flat=True)),
        "openable": opened_by(request.access, visible),
        "senders": request.access.partners(Permission.CASES_DRAFT),
        "crumbs": [("Rückfragen", None)],
    }
    return render(request, "transitions/questions.html", context)


@sealed(Permission.CASES_RECEIVE, EntryReason.RECEIVE, EntryReason.QUESTION)
@require_read_or_post
def ask(request: SealedRequest, case: UUID) -> HttpResponse:
    """The receiving unit asks about one case."""
    found = cases_visible_to(request.access).select_related("transition_list__sender__authority").filter(pk=case)
    asked = found.first()
    if asked is None:
        raise Http404
    doubles = possible_doubles(asked, request.access)
    form = QuestionForm(request.POST if request.method == "POST" else None, doubles=doubles)
    if request.method == "POST" and form.is_valid():
        try:
            actions.ask(case=asked, **form.cleaned_data, by=request.access, now=clock.now())
        except NoSecondCase as refused:
            form.add_error("other_ref", refused.sentence)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            sender = capfirst(der(asked.transition_list.sender.short_name))
            messages.success(
                request, f"Die Frage zum Fall {asked.case_ref} ist gestellt. {sender} erhält eine Nachricht."
            )
            return redirect(_case_url(request, asked))
    log_alike(request, None, doubles)
    crumbs = [(f"Fall {asked.case_ref}", _case_url(request, asked)), ("Nachfragen", None)]
    context = {"case": asked, "form": form, "doubles": doubles, "crumbs": crumbs}
    return render(request, "transitions/question_ask.html", context)


@sealed(Permission.CASES_DRAFT, EntryReason.QUESTION, EntryReason.PREPARE)
@require_read_or_post
def answer(request: SealedRequest, pk: UUID) -> HttpResponse:
    """The county answers one question."""
    found = questions_visible_to(request.access).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(question=found, **form.cleaned_data, by=request.access, now=clock.now())
        except Refused as refused:
            found = questions_visible_to(request.access).get(pk=pk)
            if not found.answer and not over_words(found.case):
                form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Die Frage zum Fall {found.case.case_ref} ist beantwortet.")
            return redirect("transitions:questions", request.agreement.slug)
    crumbs = [("Rückfragen", reverse("transitions:questions", args=[request.agreement.slug])), ("Antworten", None)]
    context = {
        "question": found,
        "case": found.case,
        "openable": opened_by(request.access, [found]),
        "form": form,
        "over": over_words(found.case),
        "crumbs": crumbs,
    }
    return render(request, "transitions/question_answer.html", context | _said(request, found, form))


def _said(request: SealedRequest, question: Any, form: AnswerForm) -> dict[str, str]:
    """Who answered before; and the answer that was chosen and not recorded, where it came too late."""
    by = question.answered_by
    chosen = form.cleaned_data.get("answer") if form.is_bound and form.is_valid() else None
    said = {"chosen": chosen.label if chosen else ""}
    return said | {"who": "Sie" if by == request.user else name_of(by)} if by else said


def _case_url(request: SealedRequest, case: Any) -> str:
    return reverse("transitions:case", args=[request.agreement.slug, case.pk])
