"""Beginning a meeting, and who was there."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock
from kok.access import Permission, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.record.actions import holding as actions
from meetings.record.documents.frozen import read as thawed
from meetings.record.forms.attendance import AttendanceForm, GuestForm
from meetings.record.queries.attendance import answers_of_partners, in_words, seats_on
from meetings.record.queries.minutes import attendances_of, is_visible, may_write, sees_text
from meetings.record.queries.readiness import quorum_among
from meetings.record.queries.versions import newest_of
from meetings.record.views.lookup import draft_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_WRITE)
@require_POST
def begin(request: Request, body: str, pk: int) -> HttpResponse:
    """Begins the meeting and leads to the attendance, which is taken first."""
    page = page_or_404(request, body, pk, "agenda")
    try:
        actions.begin(meeting=page.meeting, by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(page.url("detail"))
    messages.success(request, "Die Sitzung hat begonnen. Prüfen Sie zuerst, wer teilnimmt.")
    return redirect(page.url("attendance"))


@requires(Permission.MEETING_READ)
@require_read_or_post
def attendance(request: Request, body: str, pk: int) -> HttpResponse:
    """The tab "Teilnehmende": the answers before the meeting, then who was there; members see it with the minutes."""
    page = page_or_404(request, body, pk, "attendance")
    minutes = getattr(page.meeting, "minutes", None)
    context: dict[str, Any] = {"meeting_page": page, "crumbs": crumbs(page)}
    if minutes is None or not is_visible(request.user, page.agreement, minutes):
        answers = answers_of_partners(page.meeting, page.partners)
        context["answers"] = [(row, in_words(row, page.meeting)) for row in answers]
        return render(request, "meetings/record/attendance_before.html", context)
    if not sees_text(request.user, page.agreement, minutes):
        return _as_circulated(request, minutes, context)
    rows = attendances_of(page.meeting.pk, page.partners)
    context |= {"rows": rows, "quorum": _quorum(page, rows)}
    if not may_write(request.user, page.agreement, minutes):
        return render(request, "meetings/record/attendance_read.html", context)
    return _marking(request, page, rows, context)


def _as_circulated(request: Request, minutes: Any, context: dict[str, Any]) -> HttpResponse:
    """While the next version is written, everybody but the writers has who was there as it was sent (ADR 26)."""
    newest = newest_of(minutes)
    text = thawed(newest.content).document if newest and newest.is_readable else None
    return render(request, "meetings/record/attendance_circulated.html", context | {"version": newest, "text": text})


def _marking(request: Request, page: MeetingPage, rows: list[Any], context: dict[str, Any]) -> HttpResponse:
    form = _form(request, page, rows)
    if request.method == "POST" and form.is_valid():
        try:
            actions.save_attendance(minutes=page.meeting.minutes, marks=form.marks(), by=request.user)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Die Teilnahme ist gespeichert.")
            return redirect(page.url("attendance"))
    guests = [row for row in rows if row.kind == "GUEST"]
    context |= {
        "form": form,
        "guests": guests,
        "guest_form": GuestForm(meeting=page.meeting.pk, auto_id="gast_%s"),
        "quorum_url": page.url("attendance-quorum"),
        "minutes_url": page.url("minutes"),
    }
    return render(request, "meetings/record/attendance.html", context)


def _form(request: Request, page: MeetingPage, rows: list[Any]) -> AttendanceForm:
    seats = seats_on(page.body, page.meeting.meets_on)
    deputies = {on_day.seat.pk: str(on_day.deputy) for on_day in seats if on_day.deputy}
    return AttendanceForm(request.POST or None, rows=rows, deputies=deputies)


def _quorum(page: MeetingPage, rows: list[Any]) -> Any:
    return quorum_among(page.body, [partner.short_name for partner in page.partners.values()], rows)


@requires(Permission.MINUTES_WRITE)
@require_POST
def quorum(request: Request, body: str, pk: int) -> HttpResponse:
    """Whether the body could decide with what is marked now; nothing is saved."""
    page, _ = draft_or_404(request, body, pk)
    rows = attendances_of(page.meeting.pk, page.partners)
    form = _form(request, page, rows)
    if form.is_valid():
        marks = form.marks(changed_only=False)
        for row in rows:
            if row.pk in marks:
                row.status = "PRESENT" if marks[row.pk].status == "DEPUTY" else marks[row.pk].status
    return render(request, "meetings/record/_attendance_quorum.html", {"quorum": _quorum(page, rows)})


@requires(Permission.MINUTES_WRITE)
@require_POST
def add_guest(request: Request, body: str, pk: int) -> HttpResponse:
    """Adds a guest, also after the meeting."""
    page, found = draft_or_404(request, body, pk)
    form = GuestForm(request.POST, meeting=page.meeting.pk)
    if form.is_valid():
        try:
            actions.add_guest(minutes=found, **form.cleaned_data, by=request.user)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Der Gast ist eingetragen.")
            return redirect(page.url("attendance"))
    context = {"meeting_page": page, "form": form, "crumbs": crumbs(page, ("Gast", None))}
    return render(request, "meetings/record/attendance_guest.html", context)


@requires(Permission.MINUTES_WRITE)
@require_POST
def remove_guest(request: Request, body: str, pk: int, guest: int) -> HttpResponse:
    """Removes a guest that was entered by mistake."""
    page, found = draft_or_404(request, body, pk)
    try:
        actions.remove_guest(minutes=found, guest=guest, by=request.user)
    except Refused as refused:
        messages.error(request, refused.sentence)
    return redirect(page.url("attendance"))
