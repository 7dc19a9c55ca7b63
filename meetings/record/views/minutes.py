"""The minutes of a meeting: the page on which they are written, reading them, saving a section, its versions."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock
from kok.access import Permission, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.rules.agenda import TASKS
from meetings.convening.views.lookup import crumbs, page_or_404
from meetings.record.actions import minutes as actions
from meetings.record.forms.minutes import RESULTS, HeaderForm, SectionForm
from meetings.record.queries.minutes import MinutesText, is_visible, revisions_of, section_of, text_of
from meetings.record.queries.outcomes import Outcome, earlier_tasks
from meetings.record.queries.readiness import quorum_of
from meetings.record.queries.tasks import reported_meanwhile
from meetings.record.queries.versions import newest_of
from meetings.record.views.lookup import context_of, draft_or_404, minutes_or_404
from meetings.record.views.versions import reading_page


@requires(Permission.MEETING_READ)
@require_safe
def minutes(request: Request, body: str, pk: int) -> HttpResponse:
    """The tab "Protokoll": for the writers the draft, for all others what was circulated, or why there is nothing."""
    page = page_or_404(request, body, pk, "minutes")
    found = getattr(page.meeting, "minutes", None)
    if found is None or not is_visible(request.user, page.agreement, found):
        return render(request, "meetings/record/minutes_none.html", {"meeting_page": page, "crumbs": crumbs(page)})
    found = minutes_or_404(request, page)
    context = context_of(page, found, request.user)
    if context["may_write"]:
        return _writing_page(request, page, context)
    return reading_page(request, page, found)


def _writing_page(request: Request, page: MeetingPage, context: dict[str, Any]) -> HttpResponse:
    text = text_of(context["minutes"], page.partners)
    context |= {
        "text": text,
        "newest": newest_of(context["minutes"]) if context["minutes"].circulated_at else None,
        "earlier": _earlier(page, text),
        "quorum": quorum_of(text),
        "reported": reported_meanwhile(context["minutes"]) if context["minutes"].circulated_at else [],
        "header": HeaderForm(instance=context["minutes"]),
        "attendance_url": page.url("attendance"),
        "tasks_url": reverse("meetings:tasks", args=[page.agreement.slug]),
        "present": sum(row.status == "PRESENT" for row in text.attendances),
        "back": request.path,
        "crumbs": crumbs(page),
    }
    return render(request, "meetings/record/minutes_write.html", context)


def _earlier(page: MeetingPage, text: MinutesText) -> list[Outcome]:
    """What stands under "Aufgabenkontrolle", where there is such an item."""
    is_asked = any(entry.item.code == TASKS for entry in text.entries)
    return earlier_tasks(page.meeting, page.partners) if is_asked else []


@requires(Permission.MINUTES_WRITE)
@require_POST
def header(request: Request, body: str, pk: int) -> HttpResponse:
    """Saves who chaired and wrote and when it began and ended."""
    page, found = draft_or_404(request, body, pk)
    form = HeaderForm(request.POST, instance=found)
    if form.is_valid():
        try:
            actions.save_header(minutes=found, values=form.changes, by=request.user)
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Die Angaben zur Sitzung sind gespeichert.")
            return redirect(page.url("minutes"))
    context = context_of(page, found, request.user) | {"form": form, "crumbs": crumbs(page)}
    return render(request, "meetings/record/minutes_header.html", context)


@requires(Permission.MINUTES_WRITE)
@require_POST
def section(request: Request, body: str, pk: int, section: int) -> HttpResponse:
    """Saves one section as somebody types, by the button, or after a choice between two texts."""
    page, found = draft_or_404(request, body, pk)
    row = section_of(found, section)
    if row is None:
        raise Http404
    form = SectionForm(request.POST)
    context = context_of(page, found, request.user) | {"section": row, "form": form}
    if not form.is_valid():
        return _answer(request, page, context, "invalid", status=422)
    try:
        context["section"] = _save(request, row, form.cleaned_data)
    except actions.Conflict as conflict:
        return _answer(request, page, context | {"saved": conflict.saved}, "conflict", status=409)
    except Refused as refused:
        return _answer(request, page, context | {"refused": refused.sentence}, "refused", status=409)
    return _saved(request, page, context)


def _save(request: Request, row: Any, values: dict[str, Any]) -> Any:
    """A plain save, or what was chosen in a conflict: `over` and `take` name the revision that was shown."""
    common = {
        "section": row,
        "text": values["text"],
        "result": values["result"],
        "by": request.user,
        "now": clock.now(),
    }
    if seen := request.POST.get("take", ""):
        return actions.take_theirs(**common, revision=_number(seen))
    seen = request.POST.get("over", "")
    return actions.save_section(**common, revision=_number(seen) if seen else values["revision"])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else -1


def _saved(request: Request, page: MeetingPage, context: dict[str, Any]) -> HttpResponse:
    if not request.htmx:
        messages.success(request, f"TOP {context['section'].item.number} ist gespeichert.")
        return redirect(f"{page.url('minutes')}#top-{context['section'].item_id}")
    if "take" not in request.POST:
        return render(request, "meetings/record/_section_state.html", context)
    response = render(request, "meetings/record/_section_form.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = f"#abschnitt-{context['section'].pk}", "outerHTML"
    return response


def _answer(request: Request, page: MeetingPage, context: dict[str, Any], problem: str, *, status: int) -> HttpResponse:
    """What stands in the way, beside the text for htmx, else on a page with the text still in the field."""
    context |= {"problem": problem}
    if request.htmx:
        return render(request, "meetings/record/_section_problem.html", context, status=status)
    context["crumbs"] = crumbs(page)
    return render(request, "meetings/record/minutes_problem.html", context, status=status)


@requires(Permission.MINUTES_WRITE)
@require_safe
def revisions(request: Request, body: str, pk: int, section: int) -> HttpResponse:
    """Every text of a section that was ever saved."""
    page, found = draft_or_404(request, body, pk)
    row = section_of(found, section)
    if row is None:
        raise Http404
    shown = Paginator(revisions_of(row), 20).get_page(request.GET.get("seite"))
    more = ("Protokoll", page.url("minutes")), (f"Fassungen zu TOP {row.item.number}", None)
    words = dict(RESULTS)
    context = context_of(page, found, request.user) | {
        "section": row,
        "page": shown,
        "rows": [(revision, words.get(revision.result, "")) for revision in shown],
        "crumbs": crumbs(page, *more),
    }
    return render(request, "meetings/record/minutes_revisions.html", context)


@requires(Permission.MINUTES_WRITE)
@require_POST
def restore(request: Request, body: str, pk: int, section: int, revision: int) -> HttpResponse:
    """Makes an earlier text the present one."""
    page, found = draft_or_404(request, body, pk)
    row = section_of(found, section)
    if row is None or not revisions_of(row).filter(revision=revision).exists():
        raise Http404
    seen = _number(request.POST.get("seen", ""))
    try:
        actions.restore_revision(
            section=row, old=revision, revision=seen, by=request.user, now=clock.now()
        )  # fmt: skip
    except Refused as refused:
        messages.error(request, refused.sentence)
    else:
        messages.success(request, f"TOP {row.item.number} hat wieder den früheren Text.")
    return redirect(f"{page.url('minutes')}#top-{row.item_id}")
