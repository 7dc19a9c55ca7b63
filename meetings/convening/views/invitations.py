"""Sending an invitation, and answering one."""

from dataclasses import replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent, or_404
from meetings.convening.actions import answers
from meetings.convening.actions import outgoing as actions
from meetings.convening.actions.convening import check_convening
from meetings.convening.documents import mails_invitation
from meetings.convening.forms.invitations import InvitationAnswerForm, InviteForm, WithholdForm
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.pages.rounds import how_it_reached, people
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.invitations import (
    Notice,
    Recipients,
    changes_to_send,
    draft_round,
    ending,
    invitations_to,
    latest_round,
    notice_now,
    recipients_of,
    rounds_of,
    unmailed_of,
)
from meetings.convening.queries.outgoing import PARTS, suspicions_in
from meetings.convening.rules.outgoing import INVITATION
from meetings.convening.views.checked import Looked, sending_page
from meetings.convening.views.lookup import carry_revision, crumbs, page_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_INVITE)
@require_read_or_post
def invite(request: Request, body: str, pk: int) -> HttpResponse:
    """Shows to whom what will be sent; asks a worker about the words of it, and then sends it."""
    page = page_or_404(request, body, pk, "")
    meeting = page.meeting
    recipients = recipients_of(page.body, meeting.meets_on)
    notice = notice_now(meeting, days=page.agreement.notice_days_for(meeting.meets_on), today=clock.today())
    looked = Looked.at(INVITATION, meeting.pk, suspicions_in(INVITATION, meeting))
    if notice.needs_consent and not meeting.urgency_draft:  # the reason is looked at too, and there is none yet
        looked = replace(looked, check=None)
    form = InviteForm(
        request.POST or None,
        initial={"revision": meeting.revision, "seen": looked.state, "urgency_reason": meeting.urgency_draft},
        partners=list(page.partners.values()),
        needs_consent=notice.needs_consent,
        lacks_address=bool(recipients.without_address),
        is_asked=looked.check is not None,
        warnings=looked.has_warnings,
    )
    if is_sent(request, form):
        with act(form):
            if looked.check is None or form.typed_reason not in (meeting.urgency_draft, ""):
                _ask(request, page, form)
                return redirect(f"{page.url('invite')}#pruefung")
            _send(request, page, form)
            return done(request, SENT.format(people(len(recipients.mails))), page.url("documents"))
        carry_revision(form, page, seen=looked.state)
    context = _invite_context(request, page, recipients, notice, form) | {
        "looked": looked,
        "submit": looked.submit(f"Einladung {{}}an {people(len(recipients.mails))} senden"),
        "check_url": page.url("invite"),
        "shown": seen.marks(PARTS[INVITATION](meeting)),
    }
    return sending_page(request, "meetings/convening/invite.html", context)


def _ask(request: Request, page: MeetingPage, form: InviteForm) -> None:
    actions.check_invitation(
        meeting=page.meeting,
        revision=form.cleaned_data["revision"],
        shown=form.shown,
        urgency_reason=form.typed_reason,
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


SENT = (
    "Die Einladung an {} ist unterwegs. Die Mails gehen hinaus, sobald die Tagesordnung als PDF fertig ist. Hier sehen "
    "Sie, wie weit das ist."
)


def _invite_context(
    request: Request, page: MeetingPage, recipients: Recipients, notice: Notice, form: InviteForm
) -> dict[str, object]:
    items = items_of(page.meeting)
    sent = latest_round(page.meeting)
    with act() as attempt:  # who may invite, when it is not this person (R-SEC-3)
        check_convening(page.meeting, by=request.user, now=clock.now())
    return {
        "meeting_page": page,
        "recipients": recipients,
        "notice": notice,
        "form": form,
        "refusal": attempt.sentence,
        "changes": changes_to_send(sent, page.meeting, items) if sent else (),
        "ending": ending(sent, recipients),
        "is_first": sent is None,
        "has_items": bool(items),
        "mail": mails_invitation.preview(draft_round(page.meeting, page.office, items, clock.now())),
        "today": clock.today(),
        "crumbs": crumbs(page, ("Einladen", None)),
    }


WITHHELD = "Das ist gesperrt. Niemand liest es mehr, und die Anwendung löscht es gleich."


@requires(Permission.MEETING_INVITE)
@require_read_or_post
def withhold(request: Request, body: str, pk: int, number: int) -> HttpResponse:
    """Lets nobody read any more what was sent in a round, with a reason."""
    page = page_or_404(request, body, pk, "documents")
    sent = or_404(rounds_of(page.meeting).filter(round_no=number).first())
    form = WithholdForm(request.POST or None)
    if is_sent(request, form):
        with act(form):
            actions.withhold(round_=sent, **form.cleaned_data, by=request.user, now=clock.now())
            return done(request, WITHHELD, page.url("documents"))
    context = {
        "meeting_page": page,
        "sent": sent,
        "unmailed": [*map(how_it_reached, unmailed_of(sent))],
        "form": form,
        "crumbs": crumbs(page, ("Unterlagen", page.url("documents")), ("Sperren", None)),
    }
    return render(request, "meetings/convening/round_withhold.html", context)


ANSWERED = "Ihre Antwort ist gespeichert. Sie können sie bis zur Sitzung ändern."


@requires(Permission.INVITATION_ANSWER)
@require_read_or_post
def answer(request: Request, body: str, pk: int) -> HttpResponse:
    """Whether the invited person comes; the link in the mail leads here."""
    page = page_or_404(request, body, pk, "")
    mine = invitations_to(page.meeting, request.user)
    form = InvitationAnswerForm(request.POST or None, initial={"answer": mine[0].answer if mine else ""})
    seen.carry(form, answers.mark_of_time(latest_round(page.meeting)))
    if is_sent(request, form):
        given = {"answer": form.cleaned_data["answer"], "shown": form.cleaned_data["seen"]}
        with act(form):
            answers.answer(meeting=page.meeting, **given, by=request.user, now=clock.now())
            return done(request, ANSWERED, page.url("answer"))
    context = {
        "meeting_page": page,
        "invitations": mine,
        "form": form,
        "is_open": page.meeting.takes_answers(clock.today()),
        "crumbs": crumbs(page, ("Antworten", None)),
    }
    return render(request, "meetings/convening/answer.html", context)
