"""Beginning a meeting, and who was there."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, or_404, whole_number
from kok.step_pages import Act, Done, StepPage, after_asking, step_page
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.rules.states import unplanned_hour
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.record.actions import holding as actions
from meetings.record.forms.attendance import AttendanceForm, GuestForm
from meetings.record.pages.attendance import AttendancePage, as_circulated, attended, before_meeting
from meetings.record.queries.minutes import attendances_of
from meetings.record.queries.readiness import quorum_among
from meetings.record.queries.visibility import may_write, sees_current_text, sees_minutes
from meetings.record.views.lookup import check_account, draft_or_404
from members.queries import seats_on

if TYPE_CHECKING:
    from meetings.record.models import Attendance

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def begin(request: Request, body: str, pk: int) -> HttpResponse:
    """Begins the meeting and leads to the attendance, which is taken first. At another hour than planned it asks."""
    page = page_or_404(request, body, pk, "agenda")
    meeting = page.meeting
    unplanned = unplanned_hour(meeting.meets_on, meeting.starts_at, clock.now().astimezone(clock.BERLIN))
    if request.method == "POST" and ("confirmed" in request.POST or not unplanned):
        with act(request):
            actions.begin(meeting=meeting, by=request.user, now=clock.now())
            return done(request, BEGUN, page.url("attendance"))
        return redirect(page.url("detail"))
    if "begin" not in page.may:
        return redirect(page.url("detail"))
    step = StepPage(
        above=page.title, heading="Sitzung beginnen", submit="Sitzung jetzt beginnen", cancel_url=page.url("detail")
    )
    asked = {"consequences": [*filter(None, [unplanned]), *BEGINNING]}
    return step_page(request, step, crumbs=crumbs(page, ("Beginnen", None)), more={"asked": asked})


BEGUN = "Die Sitzung hat begonnen. Prüfen Sie zuerst, wer teilnimmt."
BEGINNING = (
    "Für jeden Punkt der Tagesordnung liegt dann ein Abschnitt des Protokolls bereit.",
    "Die Teilnahme ist aus den Antworten auf die Einladung vorbelegt.",
    "Solange noch nichts festgehalten ist, können Sie den Beginn zurücknehmen.",
)


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def take_back_begin(request: Request, body: str, pk: int) -> HttpResponse:
    """Takes back a beginning by mistake, after a page that says what follows."""
    page, found = draft_or_404(request, body, pk)

    def perform() -> Done:
        actions.take_back_begin(minutes=found, by=request.user, now=clock.now())
        return "Der Beginn ist zurückgenommen. Die Sitzung steht wieder als eingeladen da.", page.url("detail")

    wanted = Act(
        above=page.title,
        heading="Beginn zurücknehmen",
        submit="Beginn zurücknehmen",
        cancel_url=page.url("attendance"),
        crumbs=crumbs(page, ("Beginn zurücknehmen", None)),
        consequences=lambda: TAKING_BACK,
        perform=perform,
    )
    return after_asking(request, wanted)


TAKING_BACK = (
    "Die Sitzung ist wieder eingeladen. Sie beginnen sie, wenn es so weit ist.",
    "Das leere Protokoll und die vorbelegte Teilnahme entfallen; beim nächsten Beginn entstehen sie neu.",
    "Niemand erhält eine Nachricht.",
)


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
    """Each button saves what was ticked, and then does what it says."""
    if request.method == "POST" and request.htmx:
        return _seat(request, page, rows)
    form = _form(request, page, rows)
    guest = GuestForm(request.POST or None, meeting=page.meeting.pk, is_asked="guest" in request.POST)
    if request.method == "POST" and all([form.is_valid(), guest.is_valid()]):
        with act() as attempt:
            _save(request, page, form)
            return _go_on(request, page, guest)
        form.tell(attempt.refusal)
    context = {
        "meeting_page": page,
        "form": form,
        "quorum": quorum_among(page.body, page.partners, rows),
        "guests": [row for row in rows if row.is_guest],
        "guest_form": guest,
        "seat_url": request.path,
        "take_back_url": page.url("begin-take-back") if actions.can_take_back_begin(page.meeting.minutes) else "",
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/attendance.html", context)


def _save(request: Request, page: MeetingPage, form: AttendanceForm) -> None:
    actions.save_attendance(
        minutes=page.meeting.minutes, marks=form.marks, shown=form.shown, by=request.user, now=clock.now()
    )


def _go_on(request: Request, page: MeetingPage, guest: GuestForm) -> HttpResponse:
    """A guest who was typed is entered, whatever button it was; then the one who is to go goes."""
    minutes, said = page.meeting.minutes, ["Die Teilnahme ist gespeichert."]
    if guest.has_changed():
        actions.add_guest(minutes=minutes, **guest.guest, by=request.user)
        said.append("Der Gast ist eingetragen.")
    if (leaving := whole_number(request.POST.get("remove", ""))) is not None:
        actions.remove_guest(minutes=minutes, guest=leaving, by=request.user)
        said.append("Der Gast ist entfernt.")
    return done(request, " ".join(said), page.url("minutes" if "next" in request.POST else "attendance"))


def _seat(request: Request, page: MeetingPage, rows: "list[Attendance]") -> HttpResponse:
    """One seat, as it is ticked; the answer stands beside it, and whether the body can decide now."""
    check_account(request)
    form = _form(request, page, [row for row in rows if f"status_{row.pk}" in request.POST])
    or_404(form.rows or None)
    if not form.is_valid():
        return _seat_state(request, form, {"is_overtaken": False}, status=422)
    with act() as attempt:
        _save(request, page, form)
        now = attendances_of(page.meeting.pk, page.partners)
        fresh = AttendanceForm(None, rows=[row for row in now if row in form.rows], deputies=_deputies(page))
        context = {"saved_at": clock.now(), "quorum": quorum_among(page.body, page.partners, now)}
        return _seat_state(request, fresh, context)
    form.tell(attempt.refusal)
    return _seat_state(request, form, {"is_overtaken": isinstance(attempt.refusal, actions.SeatsChanged)}, status=409)


def _seat_state(
    request: Request, form: AttendanceForm, context: dict[str, object], *, status: int = 200
) -> HttpResponse:
    context |= {"line": next(form.lines()), "form": form, "seat_url": request.path}
    return render(request, "meetings/record/_attendance_saved.html", context, status=status)


def _form(request: Request, page: MeetingPage, rows: "list[Attendance]") -> AttendanceForm:
    return AttendanceForm(request.POST or None, rows=rows, deputies=_deputies(page))


def _deputies(page: MeetingPage) -> dict[int | None, str]:
    """Who would stand in, by seat."""
    seats = seats_on(page.body, page.meeting.meets_on)
    return {on_day.seat.pk: str(on_day.deputy or "") for on_day in seats}
