"""The minutes of a meeting: the page on which they are written, reading them, saving a section, its versions."""

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock
from kok.access import Permission, requires
from kok.addresses import address
from kok.requests import Request, act, done, is_sent, or_404, whole_number
from kok.step_pages import StepPage, step_page
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.record.actions import minutes as actions
from meetings.record.documents.closed_tasks import reported_meanwhile
from meetings.record.forms.minutes import HeaderForm, SectionForm
from meetings.record.pages.minutes import why_none
from meetings.record.pages.writing import saved_state, section_field, written_item
from meetings.record.queries.minutes import revisions_of, text_of
from meetings.record.queries.outcomes import earlier_tasks
from meetings.record.queries.readiness import quorum_of
from meetings.record.queries.versions import newest_of
from meetings.record.queries.visibility import may_write, sees_minutes
from meetings.record.rules.codes import MinutesState
from meetings.record.views.in_place import Alone, alone, at_item, swapped
from meetings.record.views.lookup import context_of, draft_or_404, minutes_in, section_or_404
from meetings.record.views.versions import reading_page

if TYPE_CHECKING:
    from meetings.record.models import Minutes, MinutesSection

PAGE = "meetings:minutes"


@requires(Permission.MEETING_READ)
@require_safe
def minutes(request: Request, body: str, pk: int) -> HttpResponse:
    """The tab "Protokoll": for the writers the draft, for all others what was circulated, or why there is nothing."""
    page = page_or_404(request, body, pk, "minutes")
    found = minutes_in(page)
    if found is None or not sees_minutes(request.user, page.agreement, found):
        none = {"meeting_page": page, "none": why_none(page), "crumbs": crumbs(page)}
        return render(request, "meetings/record/minutes_none.html", none)
    shown = _writing_page if may_write(request.user, page.agreement, found) else reading_page
    return shown(request, page, found)


def _writing_page(request: Request, page: MeetingPage, found: "Minutes") -> HttpResponse:
    text, today, base_url = text_of(found, page.partners), clock.today(), page.url("minutes")
    items = [written_item(entry, base_url, today) for entry in text.entries]
    context = {
        "meeting_page": page,
        "minutes": found,
        "state": MinutesState(found.state),
        "items": items,
        "base_url": base_url,
        "today": today,
        "newest": newest_of(found) if found.circulated_at else None,
        "earlier": earlier_tasks(page.meeting, page.partners) if any(item.goes_through_tasks for item in items) else [],
        "quorum": quorum_of(text),
        "reported": reported_meanwhile(found) if found.circulated_at else [],
        "header": HeaderForm(instance=found),
        "attendance_url": page.url("attendance"),
        "tasks_url": reverse("meetings:tasks", args=[page.agreement.slug]),
        "present": sum(row.is_present for row in text.attendances),
        "back": request.path,
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/minutes_write.html", context)


@requires(Permission.MINUTES_WRITE)
@require_POST
def header(request: Request, body: str, pk: int) -> HttpResponse:
    """Saves who chaired and wrote and when it began and ended."""
    page, found = draft_or_404(request, body, pk)
    form = HeaderForm(request.POST, instance=found)
    url = page.url("minutes")
    if is_sent(request, form):
        with act(form):
            actions.save_header(minutes=found, values=form.changes, by=request.user)
            return done(request, "Die Angaben zur Sitzung sind gespeichert.", url)
    above = f"Protokoll {page.meeting.number}"
    step = StepPage(above=above, heading="Angaben zur Sitzung", submit="Angaben speichern", cancel_url=url)
    return step_page(request, step, form, crumbs=crumbs(page))


@requires(Permission.MINUTES_WRITE)
@require_POST
def section(request: Request, body: str, pk: int, section: int) -> HttpResponse:
    """Saves one section as somebody types, by the button, or after a choice between two texts.

    It is asked for at each pause of typing, so nothing of the page around it is read.
    """
    row = section_or_404(request, body, pk, section)
    form = SectionForm(request.POST)
    if not form.is_valid():
        return _not_saved(request, body, row, {"form": form}, status=422)
    with act() as attempt:
        return _saved(request, address(PAGE, request.agreement.slug, body, pk), _save(request, row, form))
    return _not_saved(request, body, row, {"form": form, "refusal": attempt.refusal}, status=409)


def _save(request: Request, row: "MinutesSection", form: SectionForm) -> "MinutesSection":
    """A plain save, or what was chosen in a conflict: `over` and `take` name the revision that was shown."""
    text, result, revision = (form.cleaned_data[name] for name in ("text", "result", "revision"))
    take, over = (request.POST.get(name, "") for name in ("take", "over"))
    save = actions.take_theirs if take else actions.save_section
    seen = whole_number(take or over or str(revision))
    return save(section=row, text=text, result=result, revision=seen, by=request.user, now=clock.now())


def _saved(request: Request, url: str, row: "MinutesSection") -> HttpResponse:
    if not request.htmx:
        return done(request, f"TOP {row.item.number} ist gespeichert.", at_item(url, row.item))
    if "take" not in request.POST:
        return HttpResponse(saved_state(row, clock.today()))
    field = section_field(row, url, clock.today())
    return swapped(request, "meetings/record/_section_form.html", {"field": field}, f"#abschnitt-{row.pk}")


def _not_saved(
    request: Request, body: str, row: "MinutesSection", context: dict[str, object], *, status: int
) -> HttpResponse:
    """What stands in the way, beside the text for htmx, else on a page with the text still in the field."""
    part = "meetings/record/_section_problem.html"
    context["section"] = row
    if request.htmx:
        return render(request, part, context, status=status)
    page = page_or_404(request, body, row.item.meeting_id, "minutes")
    number = row.item.number
    shown = Alone(part, f"Noch nicht gespeichert: TOP {number}", f"TOP {number} ist noch nicht gespeichert")
    return alone(request, page, shown, context, status=status)


@requires(Permission.MINUTES_WRITE)
@require_safe
def revisions(request: Request, body: str, pk: int, section: int) -> HttpResponse:
    """Every text of a section that was ever saved."""
    row = section_or_404(request, body, pk, section)
    page = page_or_404(request, body, pk, "minutes")
    more = ("Protokoll", page.url("minutes")), (f"Fassungen zu TOP {row.item.number}", None)
    context = context_of(page, row.minutes, request.user) | {
        "section": row,
        "page": Paginator(revisions_of(row), 20).get_page(request.GET.get("seite")),
        "crumbs": crumbs(page, *more),
    }
    return render(request, "meetings/record/minutes_revisions.html", context)


@requires(Permission.MINUTES_WRITE)
@require_POST
def restore(request: Request, body: str, pk: int, section: int, revision: int) -> HttpResponse:
    """Makes an earlier text the present one."""
    row = section_or_404(request, body, pk, section)
    or_404(revisions_of(row).filter(revision=revision).first())
    url = at_item(address(PAGE, request.agreement.slug, body, pk), row.item)
    shown = whole_number(request.POST.get("seen", ""))
    with act(request):
        actions.restore_revision(section=row, old=revision, revision=shown, by=request.user, now=clock.now())
        return done(request, f"TOP {row.item.number} hat wieder den früheren Text.", url)
    return redirect(url)
