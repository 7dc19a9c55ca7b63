"""Planning a meeting, changing it, moving it, cancelling it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen
from kok.access import Permission, requires
from kok.queries import extra_holidays
from kok.requests import Crumbs, Request, act, done, is_sent, or_404, whole_number
from kok.step_pages import StepPage, step_page
from kok.words import counted, weekday
from meetings.convening.actions import outgoing, planning
from meetings.convening.forms.planning import CancelForm, ChangeForm, DayArguments, DayForm, OccasionForm, PlanForm
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.pages.rounds import told_of, unmailed
from meetings.convening.queries.agenda import items_of
from meetings.convening.queries.invitations import DayHint, day_hint, invited_of, latest_round
from meetings.convening.queries.listing import cancelled_meeting
from meetings.convening.queries.outgoing import PARTS, suspicions_in
from meetings.convening.rules.outgoing import CANCELLATION
from meetings.convening.views.checked import Looked, sending_page
from meetings.convening.views.lookup import carry_revision, crumbs, page_or_404
from members.queries import bodies_on

if TYPE_CHECKING:
    from meetings.convening.models import Meeting

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def plan(request: Request) -> HttpResponse:
    """A new meeting, or with `?ersetzt=17` one in place of a cancelled one."""
    agreement = request.agreement
    replaced = _replaced(request)
    bodies = [replaced.body] if replaced else bodies_on(agreement, clock.today())
    along = {name: getattr(replaced, name) for name in ALONG} if replaced else None
    form = PlanForm(request.POST or None, bodies=bodies, initial=along, **_day_arguments(request))
    if is_sent(request, form):
        body = form.cleaned_data["body"]
        with act(form):
            meeting = planning.plan_meeting(
                body=body, replaces=replaced, by=request.user, now=clock.now(), **form.occasion
            )
            return done(request, PLANNED, "meetings:detail", agreement.slug, meeting.body.slug, meeting.pk)
    listed = reverse("meetings:list", args=[agreement.slug])
    lead = _taken_along(replaced) if replaced else NEW
    step = StepPage(heading="Sitzung planen", lead=lead, submit="Sitzung planen", cancel_url=listed)
    return _occasion_page(request, form, step, [("Sitzungen", listed), ("Sitzung planen", None)])


ALONG = ("starts_at", "ends_at", "place", "link")
TAKEN = "Beginn, Ende, Ort und Link sind von ihr übernommen; Sie können sie ändern."
AGENDA = "Ihre Tagesordnung kommt mit {} in derselben Reihenfolge mit, auch mit eigenen und vertagten Punkten."


def _taken_along(replaced: "Meeting") -> str:
    """What the new meeting has of the one that was cancelled."""
    number = len(items_of(replaced))
    agenda = AGENDA.format(counted(number, "einem Punkt", "Punkten")) if number else NEW.partition(". ")[0] + "."
    return f"Ersatz für die Sitzung {replaced}, die abgesagt ist. {TAKEN} {agenda} {UNTOLD}"


UNTOLD = "Niemand erhält eine Nachricht, bevor Sie einladen."
NEW = "Die Tagesordnung entsteht mit den üblichen Punkten. " + UNTOLD
PLANNED = "Die Sitzung ist geplant. Passen Sie die Tagesordnung an und laden Sie dann ein."


def _replaced(request: Request) -> "Meeting | None":
    """The cancelled meeting that the new one stands for."""
    number = request.GET.get("ersetzt")
    if number is None:
        return None
    return or_404(cancelled_meeting(request.user, request.agreement, or_404(whole_number(number))))


def _day_arguments(request: Request) -> DayArguments:
    """What forms with a day need to judge it."""
    hint_url = reverse("meetings:day-hint", args=[request.agreement.slug])
    return {"today": clock.today(), "holidays": extra_holidays(), "hint_url": hint_url}


def _hint(request: Request, form: OccasionForm) -> DayHint | None:
    """What the day in a form means, as far as one was given that does."""
    day = form.cleaned_data.get("meets_on") if form.is_bound else form.initial.get("meets_on")
    with act():
        return day_hint(request.agreement, day, clock.today()) if day else None
    return None


@requires(Permission.MEETING_PLAN)
@require_safe
def hint(request: Request) -> HttpResponse:
    """What a day means for the invitation, while the form is filled in."""
    form = DayForm(request.GET, **_day_arguments(request))
    form.is_valid()
    return render(request, "meetings/convening/_day_hint.html", _form_context(request, form) | {"is_alone": True})


def _form_context(request: Request, form: OccasionForm) -> dict[str, object]:
    return {"form": form, "hint": _hint(request, form), "today": clock.today(), "is_alone": False}


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def edit(request: Request, body: str, pk: int) -> HttpResponse:
    """Day, hour and place of a planned meeting; of an invited one hour and place."""
    page = page_or_404(request, body, pk, "")
    initial = _initial(page)
    if page.meeting.is_planned:
        form: OccasionForm = OccasionForm(request.POST or None, initial=initial, **_day_arguments(request))
    else:
        form = ChangeForm(
            request.POST or None, initial=initial, meets_on=page.meeting.meets_on, **_day_arguments(request)
        )
    if _saved(request, form, page, planning.change_meeting):
        return done(request, "Die Angaben sind gespeichert.", page.url("detail"))
    lead = "Noch ist niemand eingeladen." if page.meeting.is_planned else format_html(INVITED, page.url("reschedule"))
    return _change_page(request, page, form, "Angaben ändern", "Angaben ändern", lead, "Angaben speichern")


INVITED = (
    "Zu dieser Sitzung ist schon eingeladen. Senden Sie nach der Änderung eine neue Einladung, damit alle Bescheid "
    'wissen. Für einen anderen Tag <a href="{}">verlegen Sie die Sitzung</a>.'
)


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def reschedule(request: Request, body: str, pk: int) -> HttpResponse:
    """Another day: the number stays, a new invitation is needed."""
    page = page_or_404(request, body, pk, "")
    initial = _initial(page) | {"meets_on": None}
    form = OccasionForm(request.POST or None, initial=initial, **_day_arguments(request))
    if _saved(request, form, page, planning.reschedule):
        return done(request, f"Die Sitzung ist verlegt. {_told_before(page)}", page.url("detail"))
    number = f"{KEPT.format(page.meeting.number)} " if page.meeting.number else ""
    lead = f"Bisher ist die Sitzung für {weekday(page.meeting.meets_on)} vorgesehen. {number}{FOLLOWS}"
    return _change_page(request, page, form, "Verlegen", "Sitzung verlegen", lead, "Sitzung verlegen")


KEPT = (
    "Die Nummer {} bleibt. Danach ist eine neue Einladung nötig; sie ersetzt die alte auch im Kalender der "
    "Eingeladenen."
)
FOLLOWS = "Leitung und Protokoll hat der Partner, der am neuen Tag die Geschäftsführung hat."


def _told_before(page: MeetingPage) -> str:
    """Who was told of the day before, and that nobody was told of the new one."""
    sent = latest_round(page.meeting)
    if sent is None:
        return "Noch ist niemand eingeladen."
    return f"{told_of(sent)} {NOT_TOLD} Senden Sie jetzt die neue Einladung."


NOT_TOLD = "Vom neuen Tag hat die Anwendung noch niemandem geschrieben."


def _initial(page: MeetingPage) -> dict[str, object]:
    names = (*OccasionForm.Meta.fields, "revision")
    return {name: getattr(page.meeting, name) for name in names}


def _saved(request: Request, form: OccasionForm, page: MeetingPage, action: Callable[..., object]) -> bool:
    """Whether the action went through. After a refusal the form carries the revision that is shown now."""
    if not is_sent(request, form):
        return False
    revision = form.cleaned_data["revision"]
    with act(form):
        action(meeting=page.meeting, revision=revision, by=request.user, now=clock.now(), **form.occasion)
        return True
    form.overtaken = revision != page.meeting.revision
    carry_revision(form, page)
    return False


def _change_page(
    request: Request, page: MeetingPage, form: OccasionForm, name: str, heading: str, lead: str, submit: str
) -> HttpResponse:
    step = StepPage(
        title=f"{name}, {page.title}",
        above=page.title,
        heading=heading,
        lead=lead,
        submit=submit,
        cancel_url=page.url("detail"),
    )
    return _occasion_page(request, form, step, crumbs(page, (name, None)))


def _occasion_page(request: Request, form: OccasionForm, step: StepPage, trail: Crumbs) -> HttpResponse:
    more = _form_context(request, form)
    return step_page(request, step, form, crumbs=trail, template="meetings/convening/occasion.html", more=more)


@requires(Permission.MEETING_PLAN)
@require_POST
def did_not_meet(request: Request, body: str, pk: int) -> HttpResponse:
    """One click for a planned meeting whose day passed and to which nobody was invited; it can be taken back."""
    return _at_once(request, page_or_404(request, body, pk, ""), planning.did_not_meet, DID_NOT)


@requires(Permission.MEETING_PLAN)
@require_POST
def resume(request: Request, body: str, pk: int) -> HttpResponse:
    """Takes back that a meeting is cancelled that nobody was told of."""
    return _at_once(request, page_or_404(request, body, pk, ""), planning.resume, RESUMED)


DID_NOT = "Vermerkt: Die Sitzung fand nicht statt. Niemand erhält eine Nachricht, denn eingeladen war niemand."
RESUMED = "Die Sitzung ist wieder geplant, wie sie war."


def _at_once(request: Request, page: MeetingPage, action: Callable[..., object], sentence: str) -> HttpResponse:
    revision = or_404(whole_number(request.POST.get("revision", "")))
    with act(request):
        action(meeting=page.meeting, revision=revision, by=request.user, now=clock.now())
        return done(request, sentence, page.url("detail"))
    return redirect(page.url("detail"))


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def cancel(request: Request, body: str, pk: int) -> HttpResponse:
    """Cancels a meeting after a page that says who will be told, and after a worker looked at the reason."""
    page = page_or_404(request, body, pk, "")
    invited = invited_of(latest_round(page.meeting))
    typed = page.meeting.cancellation_reason
    looked = Looked.at(CANCELLATION, page.meeting.pk, suspicions_in(CANCELLATION, page.meeting))
    form = CancelForm(
        request.POST or None,
        initial={"revision": page.meeting.revision, "reason": typed, "seen": looked.state},
        warnings=looked.has_warnings,
    )
    if is_sent(request, form):
        with act(form):
            if looked.check is None or form.cleaned_data["reason"] != typed:
                _ask_to_cancel(request, page, form)
                return redirect(page.url("cancel"))
            _cancel(request, page, form)
            return done(request, _told(anybody=bool(invited), without_mail=unmailed(invited)), page.url("detail"))
        carry_revision(form, page, seen=looked.state)
    context = {
        "meeting_page": page,
        "form": form,
        "looked": looked,
        "submit": looked.submit("Sitzung {}absagen"),
        "check_url": page.url("cancel"),
        "shown": seen.marks(PARTS[CANCELLATION](page.meeting)),
        "invited": invited,
        "unmailed": unmailed(invited),
        "crumbs": crumbs(page, ("Absagen", None)),
    }
    return sending_page(request, "meetings/convening/cancel.html", context)


def _told(*, anybody: bool, without_mail: str) -> str:
    """After cancelling: who is told by mail, and whom the secretariat tells itself; without names, for it is kept."""
    if without_mail:
        return (
            "Die Sitzung ist abgesagt. Wer eine E-Mail-Adresse hat, erhält eine Nachricht. Den Übrigen sagen Sie auf "
            "anderem Weg ab: Sie stehen unter „An wen ging was“. Dort vermerken Sie auch einen Brief."
        )
    return "Die Sitzung ist abgesagt." + (" Alle Eingeladenen erhalten eine Nachricht." if anybody else "")


def _ask_to_cancel(request: Request, page: MeetingPage, form: CancelForm) -> None:
    outgoing.check_cancellation(
        meeting=page.meeting,
        revision=form.cleaned_data["revision"],
        shown=form.shown,
        reason=form.cleaned_data["reason"],
        by=request.user,
        now=clock.now(),
    )


def _cancel(request: Request, page: MeetingPage, form: CancelForm) -> None:
    outgoing.cancel(
        meeting=page.meeting,
        revision=form.cleaned_data["revision"],
        shown=form.shown,
        seen=form.cleaned_data["seen"],
        by=request.user,
        now=clock.now(),
    )
