"""Asking for a change instead of approving, and the answer."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent, or_404
from kok.step_pages import step_page
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import remarks as actions
from meetings.record.forms.minutes import AnswerForm, ChangeWishForm
from meetings.record.pages.reading import to_approve
from meetings.record.pages.remarks import answering, asking
from meetings.record.queries.remarks import remark_in
from meetings.record.views.lookup import draft_or_404, visible_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
ASKED = "Ihr Änderungswunsch ist gesendet. Sie erhalten eine Nachricht, wenn er beantwortet ist."
ANSWERED = "Ihre Antwort ist gesendet. Das Protokoll ist unverändert."


@requires(Permission.MINUTES_APPROVE)
@require_read_or_post
def ask(request: Request, body: str, pk: int) -> HttpResponse:
    """A word to the Geschäftsführung about the version that goes round."""
    page, found = visible_or_404(request, body, pk)
    partners = [(partner.pk, partner.short_name) for partner in to_approve(request.user, page)]
    if request.method != "POST" and not partners:  # the page of the minutes says how they stand
        return redirect(page.url("minutes"))
    choices = partners or [(each.pk, each.short_name) for each in page.partners.values()]
    form = ChangeWishForm(request.POST or None, initial={"version": found.version}, partners=choices)
    if is_sent(request, form):
        with act(form):
            actions.ask_change(minutes=found, **form.cleaned_data, by=request.user, now=clock.now())
            return done(request, ASKED, page.url("minutes"))
    trail = crumbs(page, ("Protokoll", page.url("minutes")), ("Änderung erbitten", None))
    return step_page(request, asking(page, found), form, crumbs=trail)


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def answer(request: Request, body: str, pk: int, remark: int) -> HttpResponse:
    """Answers a request without changing the minutes."""
    page, found = draft_or_404(request, body, pk)
    asked = or_404(remark_in(found, remark))
    if request.method != "POST" and asked.is_answered:
        raise Http404
    asked.version.minutes = found
    form = AnswerForm(request.POST or None)
    if is_sent(request, form):
        with act(form):
            actions.answer_remark(remark=asked, **form.cleaned_data, by=request.user, now=clock.now())
            return done(request, ANSWERED, page.url("minutes"))
    trail = crumbs(page, ("Protokoll", page.url("minutes")), ("Änderungswunsch", None))
    return step_page(request, answering(page, asked), form, crumbs=trail)
