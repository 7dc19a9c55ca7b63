"""Sending an invitation, and answering one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires
from kok.errors import Refused
from meetings.actions import invitations as actions
from meetings.actions.convening import check_convening
from meetings.documents import mails_invitation
from meetings.forms.invitations import AnswerForm, InviteForm
from meetings.queries.invitations import (
    Notice,
    Recipients,
    changes_since,
    draft_round,
    invitations_to,
    items_of,
    latest_round,
    notice_of,
    recipients_of,
)
from meetings.queries.meetings import MeetingPage
from meetings.views.found import carry_revision, crumbs, page_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_INVITE)
@require_read_or_post
def invite(request: HttpRequest, body: str, pk: int) -> HttpResponse:
    """Shows to whom what will be sent, and sends it."""
    page = page_or_404(request, body, pk, "")
    recipients = recipients_of(page.body, page.meeting.meets_on)
    meets_on = page.meeting.meets_on
    notice = notice_of(meets_on, days=page.agreement.notice_days_for(meets_on), on=clock.today())
    form = _invite_form(request, page, recipients, notice)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite(
                meeting=page.meeting,
                revision=form.cleaned_data["revision"],
                consent=form.consent,
                by=request.user,  # type: ignore[arg-type]
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
            carry_revision(form, page)
        else:
            messages.success(request, _sent_sentence(len(recipients.mails)))
            return redirect(page.url("documents"))
    return render(request, "meetings/invite.html", _invite_context(request, page, recipients, notice, form))


def _invite_form(request: HttpRequest, page: MeetingPage, recipients: Recipients, notice: Notice) -> InviteForm:
    return InviteForm(
        request.POST or None,
        initial={"revision": page.meeting.revision},
        partners=list(page.partners.values()),
        is_short=notice.is_short,
        lacks_address=bool(recipients.without_address),
    )


def _sent_sentence(number: int) -> str:
    people = "eine Person" if number == 1 else f"{number} Personen"
    return (
        f"Die Einladung an {people} ist unterwegs. Die Mails gehen hinaus, sobald die Tagesordnung als PDF fertig ist. "
        "Hier sehen Sie, wie weit das ist."
    )


def _invite_context(
    request: HttpRequest, page: MeetingPage, recipients: Recipients, notice: Notice, form: InviteForm
) -> dict[str, Any]:
    items = items_of(page.meeting)
    sent = latest_round(page.meeting)
    return {
        "meeting_page": page,
        "recipients": recipients,
        "notice": notice,
        "form": form,
        "refusal": _refusal(request, page),
        "changes": changes_since(sent, page.meeting, items) if sent else (),
        "is_first": sent is None,
        "has_items": bool(items),
        "mail": mails_invitation.preview(draft_round(page.meeting, page.office, items, clock.now())),
        "today": clock.today(),
        "crumbs": crumbs(page, ("Einladen", None)),
    }


def _refusal(request: HttpRequest, page: MeetingPage) -> str:
    """Who may invite, when it is not this person (R-SEC-3)."""
    try:
        check_convening(page.meeting, by=request.user, now=clock.now())  # type: ignore[arg-type]
    except Refused as refused:
        return refused.sentence
    return ""


@requires(Permission.INVITATION_ANSWER)
@require_read_or_post
def answer(request: HttpRequest, body: str, pk: int) -> HttpResponse:
    """Whether the invited person comes; the link in the mail leads here."""
    page = page_or_404(request, body, pk, "")
    mine = invitations_to(page.meeting, request.user)  # type: ignore[arg-type]
    given = mine[0].answer if mine else ""
    form = AnswerForm(request.POST or None, initial={"answer": given})
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(
                meeting=page.meeting,
                answer=form.cleaned_data["answer"],
                by=request.user,  # type: ignore[arg-type]
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Ihre Antwort ist gespeichert. Sie können sie bis zur Sitzung ändern.")
            return redirect(page.url("answer"))
    context = {
        "meeting_page": page,
        "invitations": mine,
        "form": form,
        "is_open": page.meeting.state == "INVITED" and page.meeting.meets_on >= clock.today(),
        "crumbs": crumbs(page, ("Antworten", None)),
    }
    return render(request, "meetings/answer.html", context)
