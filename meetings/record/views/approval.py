"""Circulating, taking back, approving and sending out minutes."""

from collections.abc import Callable
from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.convening.queries.invitations import people
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.views.checked import Looked, is_part
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import approval as actions
from meetings.record.documents.frozen import read
from meetings.record.documents.going_out import parts_of_draft
from meetings.record.documents.minutes import shown
from meetings.record.forms.minutes import ApproveForm, CirculateForm, SendFileForm, TakeBackForm
from meetings.record.queries.distribution import readers_of_approved, readers_of_draft, sent_by_file
from meetings.record.queries.mailed import by_letter
from meetings.record.queries.minutes import may_write, text_of
from meetings.record.queries.readiness import decided_without_quorum, draft_of, suspicions_in
from meetings.record.queries.tasks import reported_meanwhile
from meetings.record.queries.versions import newest_of, newest_readable, versions_of
from meetings.record.rules.codes import MinutesState
from meetings.record.rules.minutes import check_reopen, missing_for_circulation
from meetings.record.views.lookup import context_of, draft_or_404, visible_or_404
from meetings.record.views.versions import to_approve

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def circulate(request: Request, body: str, pk: int) -> HttpResponse:
    """Shows what is missing, what to look at again and who will be told; then sends the draft for approval."""
    page, found = draft_or_404(request, body, pk)
    if request.method != "POST" and not may_write(request.user, page.agreement, found):
        return redirect(page.url("minutes"))
    text = text_of(found, page.partners)
    looked = Looked.at(
        "minutes", found.pk, suspicions_in(text), doubt=decided_without_quorum(text), reported=reported_meanwhile(found)
    )
    recipients = readers_of_draft(found, clock.today())
    initial = {"version": found.version, "seen": looked.state}
    form = CirculateForm(request.POST or None, warnings=looked.has_warnings, initial=initial)
    if request.method == "POST" and form.is_valid():
        go_on = _circulated if looked.check else _asked
        return go_on(request, page, form)
    anchors = {"": "angaben"} | {entry.item.number: f"top-{entry.item.pk}" for entry in text.entries}
    context = context_of(page, found, request.user) | {
        "form": form,
        "missing": [(gap.sentence, anchors[gap.number]) for gap in missing_for_circulation(draft_of(text))],
        "looked": looked,
        "recipients": recipients,
        "shown": seen.marks(parts_of_draft(found, recipients)),
        "compared_with": newest_readable(found),
        "submit": f"Protokoll {looked.nevertheless}an {people(sum(row.by_link for row in recipients))} versenden",
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Versenden", None)),
    }
    template = "meetings/record/_minutes_check.html" if is_part(request) else "meetings/record/minutes_circulate.html"
    return render(request, template, context)


def _asked(request: Request, page: MeetingPage, form: CirculateForm) -> HttpResponse:
    act = {"version": form.cleaned_data["version"], "shown": form.shown}
    asked = partial(actions.check_names, minutes=page.meeting.minutes, **act, by=request.user, now=clock.now())
    return _done(request, page, asked, "circulate")


def _circulated(request: Request, page: MeetingPage, form: CirculateForm) -> HttpResponse:
    act = {"version": form.cleaned_data["version"], "seen": form.cleaned_data["seen"], "shown": form.shown}

    def circulate() -> None:
        told = actions.circulate(minutes=page.meeting.minutes, **act, by=request.user, now=clock.now())
        messages.success(request, f"Das Protokoll ist versandt. Eine Nachricht mit dem Link geht an {people(told)}.")

    return _done(request, page, circulate, "minutes")


def _done(request: Request, page: MeetingPage, act: Callable[[], object], following: str) -> HttpResponse:
    """Goes on, or back to the page as it is now, with why nothing happened."""
    try:
        act()
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(page.url("circulate"))
    return redirect(page.url(following))


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def take_back(request: Request, body: str, pk: int) -> HttpResponse:
    """Makes a circulated text a draft again, with a reason."""
    page, found = draft_or_404(request, body, pk)
    if request.method != "POST" and found.state != "CIRCULATED":
        try:
            check_reopen(MinutesState(found.state))
        except Refused as refused:
            messages.error(request, refused.sentence)
        return redirect(page.url("minutes"))
    earlier = [each.number for each in versions_of(found) if each.is_readable and not each.counts]
    form = TakeBackForm(request.POST or None, initial={"version": found.version}, earlier=earlier)
    if request.method == "POST" and form.is_valid():
        try:
            actions.take_back(minutes=found, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Das Protokoll ist wieder ein Entwurf. Alle müssen die neue Fassung genehmigen.")
            return redirect(page.url("minutes"))
    context = context_of(page, found, request.user) | {
        "form": form,
        "letters": [(each, rows) for each in versions_of(found) if each.is_readable and (rows := by_letter(each))],
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Zurück in den Entwurf", None)),
    }
    return render(request, "meetings/record/minutes_take_back.html", context)


@requires(Permission.MINUTES_APPROVE)
@require_read_or_post
def approve(request: Request, body: str, pk: int) -> HttpResponse:
    """Shows the text once more, and takes the approval of one's own partner."""
    page, found = visible_or_404(request, body, pk)
    form = ApproveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            last = actions.approve(minutes=found, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, LAST_APPROVAL if last else ONE_APPROVAL)
            return redirect(page.url("minutes"))
    version = newest_of(found)
    if version is None or not version.counts:  # it is being reworked: the page of the minutes says so
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        return redirect(page.url("minutes"))
    context = context_of(page, found, request.user) | {
        "form": form,
        "version": version,
        "text": shown(read(version.content), [], is_approved=False),
        "to_approve": to_approve(request, page),
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Genehmigen", None)),
    }
    return render(request, "meetings/record/approve.html", context)


ONE_APPROVAL = "Ihre Genehmigung ist eingetragen. Das Protokoll gilt, wenn alle Partner genehmigt haben."
LAST_APPROVAL = "Das Protokoll ist von allen Partnern genehmigt. Es kann nicht mehr geändert werden."


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def send_file(request: Request, body: str, pk: int) -> HttpResponse:
    """Sends the approved PDF to recipients without an account, after a confirmed choice."""
    page, found = draft_or_404(request, body, pk)
    if found.state != "APPROVED":
        raise Http404
    sent = sent_by_file(found)
    listed = readers_of_approved(found, clock.today())
    open_ = [recipient for recipient in listed if recipient.by_file and recipient.addressee.person not in sent]
    form = SendFileForm(
        request.POST or None, choices=[(row.key, f"{row.name}, {row.function}, {row.email}") for row in open_]
    )
    if request.method == "POST" and form.is_valid():
        try:
            keys = frozenset(form.cleaned_data["recipients"])
            number = actions.send_file(minutes=found, keys=keys, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Das Protokoll geht als PDF an {people(number)} ohne Konto.")
            return redirect(page.url("minutes"))
    context = context_of(page, found, request.user) | {
        "form": form,
        "open": open_,
        "unreachable": [recipient for recipient in listed if not recipient.email],
        "sent": [recipient for recipient in listed if recipient.addressee.person in sent],
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("PDF per E-Mail", None)),
    }
    return render(request, "meetings/record/minutes_send.html", context)
