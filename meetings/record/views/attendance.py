"""Beginning a meeting, and who was there."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent
from kok.step_pages import StepPage, step_page
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.record.actions import holding as actions
from meetings.record.forms.attendance import AttendanceForm, GuestForm
from meetings.record.pages.attendance import AttendancePage, as_circulated, attended, before_meeting
from meetings.record.queries.minutes import attendances_of
from meetings.record.queries.readiness import quorum_among
from meetings.record.queries.visibility import may_write, sees_current_text, sees_minutes
from meetings.record.views.lookup import draft_or_404
from members.queries import seats_on

if TYPE_CHECKING:
    from meetings.record.models import Attendance

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_WRITE)
@require_POST
def begin(request: Request, body: str, pk: int) -> HttpResponse:
    """Begins the meeting and leads to the attendance, which is taken first."""
    page = page_or_404(request, body, pk, "agenda")
    with act(request):
        actions.begin(meeting=page.meeting, by=request.user, now=clock.now())
        return done(request, "Die Sitzung hat begonnen. Prüfen Sie zuerst, wer teilnimmt.", page.url("attendance"))
    return redirect(page.url("detail"))


@requires(Permission.MEETING_READ)
@require_read_or_post
def attendance(request: Request, body: str, pk: int) -> HttpResponse:
    """The tab "Teilnehmende": the answers before the meeting, then who was there; members see it with the minutes."""
    page = page_or_404(request, body, pk, "attendance")
    minutes = getattr(page.meeting, "minutes", None)
    if minutes is None or not sees_minutes(request.user, page.agreement, minutes):
        return _read(request, page, before_meeting(page))
    if not sees_current_text(request.user, page.agreement, minutes):
        return _read(request, page, as_circulated(minutes))
    rows = attendances_of(page.meeting.pk, page.partners)
    if may_write(request.user, page.agreement, minutes):
        return _marking(request, page, rows)
    return _read(request, page, attended(rows, quorum_among(page.body, page.partners, rows)))


def _read(request: Request, page: MeetingPage, read: AttendancePage) -> HttpResponse:
    context = {"meeting_page": page, "read": read, "quorum": read.quorum, "crumbs": crumbs(page)}
    return render(request, "meetings/record/attendance.html", context)


def _marking(request: Request, page: MeetingPage, rows: "list[Attendance]") -> HttpResponse:
    form = _form(request, page, rows)
    if is_sent(request, form):
        with act(form):
            actions.save_attendance(minutes=page.meeting.minutes, marks=form.marks, by=request.user)
            return done(request, "Die Teilnahme ist gespeichert.", page.url("attendance"))
    context = {
        "meeting_page": page,
        "form": form,
        "quorum": quorum_among(page.body, page.partners, rows),
        "guests": [row for row in rows if row.is_guest],
        "guest_form": GuestForm(meeting=page.meeting.pk, auto_id="gast_%s"),
        "quorum_url": page.url("attendance-quorum"),
        "minutes_url": page.url("minutes"),
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/attendance.html", context)


def _form(request: Request, page: MeetingPage, rows: "list[Attendance]") -> AttendanceForm:
    seats = seats_on(page.body, page.meeting.meets_on)
    deputies: dict[int | None, str] = {on_day.seat.pk: str(on_day.deputy or "") for on_day in seats}
    return AttendanceForm(request.POST or None, rows=rows, deputies=deputies)


@requires(Permission.MINUTES_WRITE)
@require_POST
def quorum(request: Request, body: str, pk: int) -> HttpResponse:
    """Whether the body could decide with what is marked now; nothing is saved."""
    page, _ = draft_or_404(request, body, pk)
    rows = attendances_of(page.meeting.pk, page.partners)
    form = _form(request, page, rows)
    if form.is_valid():
        form.show()
    return render(
        request, "meetings/record/_attendance_quorum.html", {"quorum": quorum_among(page.body, page.partners, rows)}
    )


@requires(Permission.MINUTES_WRITE)
@require_POST
def add_guest(request: Request, body: str, pk: int) -> HttpResponse:
    """Adds a guest, also after the meeting."""
    page, found = draft_or_404(request, body, pk)
    form = GuestForm(request.POST, meeting=page.meeting.pk)
    if form.is_valid():
        with act(form):
            actions.add_guest(minutes=found, **form.guest, by=request.user)
            return done(request, "Der Gast ist eingetragen.", page.url("attendance"))
    step = StepPage(
        above=page.title, heading="Gast eintragen", submit="Gast eintragen", cancel_url=page.url("attendance")
    )
    return step_page(request, step, form, crumbs=crumbs(page, ("Gast", None)))


@requires(Permission.MINUTES_WRITE)
@require_POST
def remove_guest(request: Request, body: str, pk: int, guest: int) -> HttpResponse:
    """Removes a guest that was entered by mistake."""
    page, found = draft_or_404(request, body, pk)
    with act(request):
        actions.remove_guest(minutes=found, guest=guest, by=request.user)
    return redirect(page.url("attendance"))
