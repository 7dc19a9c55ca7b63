"""Sending an invitation, and answering one."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.convening.actions import answers
from meetings.convening.actions import outgoing as actions
from meetings.convening.actions.convening import check_convening
from meetings.convening.documents import mails_invitation
from meetings.convening.forms.invitations import AnswerForm, InviteForm, WithholdForm
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.invitations import (
    Notice,
    Recipients,
    changes_to_send,
    draft_round,
    ending,
    invitations_to,
    latest_round,
    notice_of,
    people,
    recipients_of,
    rounds_of,
    unmailed_of,
)
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.queries.outgoing import INVITATION, PARTS, suspicions_in
from meetings.convening.views.checked import Looked, is_part
from meetings.convening.views.lookup import carry_revision, crumbs, page_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_INVITE)
@require_read_or_post
def invite(request: Request, body: str, pk: int) -> HttpResponse:
    """Shows to whom what will be sent; asks a worker about the words of it, and then sends it."""
    page = page_or_404(request, body, pk, "")
    recipients = recipients_of(page.body, page.meeting.meets_on)
    meets_on = page.meeting.meets_on
    notice = notice_of(meets_on, days=page.agreement.notice_days_for(meets_on), on=clock.today())
    looked = Looked.at(INVITATION, page.meeting.pk, suspicions_in(INVITATION, page.meeting))
    is_asked = looked.check is not None and not (notice.is_short and not page.meeting.urgency_draft)
    form = InviteForm(
        request.POST or None,
        initial={
            "revision": page.meeting.revision,
            "seen": looked.state,
            "urgency_reason": page.meeting.urgency_draft,
        },
        partners=list(page.partners.values()),
        is_short=notice.is_short,
        lacks_address=bool(recipients.without_address),
        is_asked=is_asked,
        warnings=is_asked and looked.has_warnings,
    )
    if request.method == "POST" and form.is_valid():
        is_as_asked = is_asked and form.urgency_reason in (page.meeting.urgency_draft, "")
        try:
            _send(request, page, form) if is_as_asked else _ask(request, page, form)
        except Refused as refused:
            form.add_error(None, refused.sentence)
            carry_revision(form, page, seen=looked.state)
        else:
            if not is_as_asked:
                return redirect(f"{page.url('invite')}#pruefung")
            messages.success(request, _sent_sentence(len(recipients.mails)))
            return redirect(page.url("documents"))
    context = _invite_context(request, page, recipients, notice, form) | {
        "looked": looked if is_asked else replace(looked, check=None),
        "submit": _button(len(recipients.mails), looked.nevertheless) if is_asked else "Text prüfen",
        "check_url": page.url("invite"),
        "shown": seen.marks(PARTS[INVITATION](page.meeting)),
    }
    template = "meetings/convening/_sending_check.html" if is_part(request) else "meetings/convening/invite.html"
    return render(request, template, context)


def _ask(request: Request, page: MeetingPage, form: InviteForm) -> None:
    actions.check_invitation(
        meeting=page.meeting,
        revision=form.cleaned_data["revision"],
        shown=form.shown,
        urgency_reason=form.urgency_reason,
        by=request.user,
        now=clock.now(),
    )


def _send(request: Request, page: MeetingPage, form: InviteForm) -> None:
    actions.invite(
        meeting=page.meeting,
        revision=form.cleaned_data["revision"],
        shown=form.shown,
        seen=form.cleaned_data["seen"],
        consent=form.consent,
        by=request.user,
        now=clock.now(),
    )


def _button(number: int, nevertheless: str) -> str:
    return f"Einladung {nevertheless}an {people(number)} senden"


def _sent_sentence(number: int) -> str:
    return (
        f"Die Einladung an {people(number)} ist unterwegs. Die Mails gehen hinaus, sobald die Tagesordnung als PDF "
        "fertig ist. Hier sehen Sie, wie weit das ist."
    )


def _invite_context(
    request: Request, page: MeetingPage, recipients: Recipients, notice: Notice, form: InviteForm
) -> dict[str, Any]:
    items = items_of(page.meeting)
    sent = latest_round(page.meeting)
    return {
        "meeting_page": page,
        "recipients": recipients,
        "notice": notice,
        "form": form,
        "refusal": _refusal(request, page),
        "changes": changes_to_send(sent, page.meeting, items) if sent else (),
        "ending": ending(sent, recipients),
        "is_first": sent is None,
        "has_items": bool(items),
        "mail": mails_invitation.preview(draft_round(page.meeting, page.office, items, clock.now())),
        "today": clock.today(),
        "crumbs": crumbs(page, ("Einladen", None)),
    }


def _refusal(request: Request, page: MeetingPage) -> str:
    """Who may invite, when it is not this person (R-SEC-3)."""
    try:
        check_convening(page.meeting, by=request.user, now=clock.now())
    except Refused as refused:
        return refused.sentence
    return ""


@requires(Permission.MEETING_INVITE)
@require_read_or_post
def withhold(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """Lets nobody read any more what was sent in a round, with a reason."""
    page = page_or_404(request, body, pk, "documents")
    sent = rounds_of(page.meeting).filter(round_no=number).first()
    if sent is None:
        raise Http404
    form = WithholdForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withhold(round_=sent, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Das ist gesperrt. Niemand liest es mehr, und die Anwendung löscht es gleich.")
            return redirect(page.url("documents"))
    context = {
        "meeting_page": page,
        "sent": sent,
        "unmailed": unmailed_of(sent),
        "form": form,
        "crumbs": crumbs(page, ("Unterlagen", page.url("documents")), ("Sperren", None)),
    }
    return render(request, "meetings/convening/round_withhold.html", context)


@requires(Permission.INVITATION_ANSWER)
@require_read_or_post
def answer(request: Request, body: str, pk: int) -> HttpResponse:
    """Whether the invited person comes; the link in the mail leads here."""
    page = page_or_404(request, body, pk, "")
    mine = invitations_to(page.meeting, request.user)
    given = mine[0].answer if mine else ""
    form = AnswerForm(request.POST or None, initial={"answer": given})
    seen.carry(form, answers.mark_of_time(latest_round(page.meeting)))
    if request.method == "POST" and form.is_valid():
        try:
            answers.answer(
                meeting=page.meeting,
                answer=form.cleaned_data["answer"],
                shown=form.cleaned_data["seen"],
                by=request.user,
                now=clock.now(),
            )
        except Refused as refused:
            seen.refuse(form, refused)
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
    return render(request, "meetings/convening/answer.html", context)
