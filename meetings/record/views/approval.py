"""Circulating, taking back, approving and sending out minutes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent
from kok.step_pages import step_page
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.pages.rounds import people
from meetings.convening.views.checked import Looked, is_part
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import approval, circulation
from meetings.record.documents.closed_tasks import reported_meanwhile
from meetings.record.forms.minutes import ApproveForm, CirculateForm, SendFileForm, TakeBackForm
from meetings.record.pages.approving import approving_page
from meetings.record.pages.circulation import DraftGoingOut, taking_back
from meetings.record.queries.distribution import file_readers, readers_of_draft
from meetings.record.queries.minutes import text_of
from meetings.record.queries.versions import readable_of, replaced_numbers
from meetings.record.queries.visibility import may_write
from meetings.record.rules.codes import MinutesState
from meetings.record.rules.minutes import check_reopen
from meetings.record.views.lookup import context_of, draft_or_404, visible_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def circulate(request: Request, body: str, pk: int) -> HttpResponse:
    """Shows what is missing, what to look at again and who will be told; then sends the draft for approval."""
    page, found = draft_or_404(request, body, pk)
    if request.method != "POST" and not may_write(request.user, page.agreement, found):
        return redirect(page.url("minutes"))
    draft = DraftGoingOut(found, text_of(found, page.partners), readers_of_draft(found, clock.today()))
    looked = Looked.at("minutes", found.pk, draft.suspicions, doubt=draft.doubt, reported=reported_meanwhile(found))
    initial = {"version": found.version, "seen": looked.state}
    form = CirculateForm(request.POST or None, warnings=looked.has_warnings, initial=initial)
    if is_sent(request, form):
        with act(request):
            return _asked_or_circulated(request, page, form, looked)
        return redirect(page.url("circulate"))
    mails = sum(reader.by_link for reader in draft.recipients)
    context = context_of(page, found, request.user) | {
        "form": form,
        "draft": draft,
        "looked": looked,
        "compared_with": next(iter(readable_of(found)), None),
        "submit": f"Protokoll {looked.nevertheless}an {people(mails)} versenden",
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Versenden", None)),
    }
    template = "meetings/record/_minutes_check.html" if is_part(request) else "meetings/record/minutes_circulate.html"
    return render(request, template, context)


def _asked_or_circulated(request: Request, page: MeetingPage, form: CirculateForm, looked: Looked) -> HttpResponse:
    """Asks for the check of names first; the text goes out after it."""
    minutes, given, now = page.meeting.minutes, form.cleaned_data, clock.now()
    if looked.check is None:
        circulation.check_names(minutes=minutes, version=given["version"], shown=form.shown, by=request.user, now=now)
        return redirect(page.url("circulate"))
    told = circulation.circulate(
        minutes=minutes, version=given["version"], seen=given["seen"], shown=form.shown, by=request.user, now=now
    )
    said = f"Das Protokoll ist versandt. Eine Nachricht mit dem Link geht an {people(told)}."
    return done(request, said, page.url("minutes"))


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def take_back(request: Request, body: str, pk: int) -> HttpResponse:
    """Makes a circulated text a draft again, with a reason."""
    page, found = draft_or_404(request, body, pk)
    if request.method != "POST" and not found.goes_round:
        with act(request):
            check_reopen(MinutesState(found.state))
        return redirect(page.url("minutes"))
    earlier = replaced_numbers(found)
    form = TakeBackForm(request.POST or None, initial={"version": found.version}, earlier=earlier)
    if is_sent(request, form):
        with act(form):
            circulation.take_back(minutes=found, **form.cleaned_data, by=request.user, now=clock.now())
            return done(request, TAKEN_BACK, page.url("minutes"))
    trail = crumbs(page, ("Protokoll", page.url("minutes")), ("Zurück in den Entwurf", None))
    return step_page(request, taking_back(page, found), form, crumbs=trail)


@requires(Permission.MINUTES_APPROVE)
@require_read_or_post
def approve(request: Request, body: str, pk: int) -> HttpResponse:
    """Shows the whole text once more, and what changed, and takes the approval of one's own partner."""
    page, found = visible_or_404(request, body, pk)
    form = ApproveForm(request.POST or None)
    if is_sent(request, form):
        with act(form):
            is_last = approval.approve(minutes=found, **form.cleaned_data, by=request.user, now=clock.now())
            return done(request, APPROVED[is_last], page.url("minutes"))
    approving = approving_page(request.user, page, found)
    if approving is None:  # it is being reworked: the page of the minutes says so
        for sentence in form.non_field_errors():
            messages.error(request, str(sentence))
        return redirect(page.url("minutes"))
    context = context_of(page, found, request.user) | {
        "form": form,
        "approving": approving,
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("Genehmigen", None)),
    }
    return render(request, "meetings/record/approve.html", context)


TAKEN_BACK = "Das Protokoll ist wieder ein Entwurf. Alle müssen die neue Fassung genehmigen."
APPROVED = {  # by whether it was the last approval that was missing
    False: "Ihre Genehmigung ist eingetragen. Das Protokoll gilt, wenn alle Partner genehmigt haben.",
    True: "Das Protokoll ist von allen Partnern genehmigt. Es kann nicht mehr geändert werden.",
}


@requires(Permission.MINUTES_CIRCULATE)
@require_read_or_post
def send_file(request: Request, body: str, pk: int) -> HttpResponse:
    """Sends the approved PDF to recipients without an account, after a confirmed choice."""
    page, found = draft_or_404(request, body, pk)
    if not found.is_approved:
        raise Http404
    readers = file_readers(found, clock.today())
    choices = [
        (reader.key, f"{reader.addressee.name}, {reader.addressee.function}, {reader.email}") for reader in readers.open
    ]
    form = SendFileForm(request.POST or None, choices=choices)
    if is_sent(request, form):
        keys = frozenset(form.cleaned_data["recipients"])
        with act(form):
            number = approval.send_file(minutes=found, keys=keys, by=request.user, now=clock.now())
            return done(request, f"Das Protokoll geht als PDF an {people(number)} ohne Konto.", page.url("minutes"))
    context = context_of(page, found, request.user) | {
        "form": form,
        "readers": readers,
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), ("PDF per E-Mail", None)),
    }
    return render(request, "meetings/record/minutes_send.html", context)
