"""Tasks: recorded in the minutes, and the list of all of them."""

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent, or_404
from meetings.record.actions import tasks as actions
from meetings.record.forms.tasks import CloseForm, TaskFilter, TaskForm
from meetings.record.pages.struck import struck_words
from meetings.record.pages.tasks import SENTENCES, task_lines
from meetings.record.queries.minutes import task_of
from meetings.record.queries.struck import left_with_version
from meetings.record.queries.tasks import choices_of, may_update, task_in, tasks_of
from meetings.record.queries.visibility import sees_drafts
from meetings.record.rules.codes import OutcomeKind
from meetings.record.views.in_place import in_place, outcome_added, page_url, removed, said_on, struck_meanwhile
from meetings.record.views.lookup import draft_or_404, item_or_404

if TYPE_CHECKING:
    from meetings.record.models import ActionItem

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_READ)
@require_safe
def tasks(request: Request) -> HttpResponse:
    """The tasks of all bodies, filtered by what stands in the address."""
    agreement, today = request.agreement, clock.today()
    choices = choices_of(agreement)
    form = TaskFilter(request.GET, partners=choices.partners, bodies=choices.bodies)
    wanted = form.wanted
    shown = Paginator(tasks_of(request.user, agreement, **wanted), 50).get_page(request.GET.get("seite"))
    context = {
        "page": shown,
        "lines": task_lines(request.user, agreement, shown, today),
        "filter": form,
        "sentence": SENTENCES[wanted["state"]],
        "is_filtered": bool(request.GET.keys() - {"seite"}),
        "crumbs": [("Aufgaben", None)],
    }
    return render(request, "meetings/record/tasks.html", context)


@requires(Permission.TASK_UPDATE)
@require_read_or_post
def close(request: Request, task: int) -> HttpResponse:
    """Closes a task, with a note; from the minutes with one click."""
    row = task_in(request.user, request.agreement, task)
    if row is None:
        return _struck_or_404(request, task)
    form = CloseForm(request.POST or None)
    if is_sent(request, form):
        with act(form):
            actions.close_task(task=row, **form.cleaned_data, by=request.user, now=clock.now())
            return _changed(request, row, f"Aufgabe {row.number} ist abgeschlossen.")
    context = {
        "task": row,
        "form": form,
        "may_update": may_update(request.user, request.agreement, row.partner_id),
        "today": clock.today(),
        "list_url": _list_url(request),
        "crumbs": [("Aufgaben", _list_url(request)), (row.number, None)],
    }
    return render(request, "meetings/record/tasks_close.html", context)


@requires(Permission.TASK_UPDATE)
@require_POST
def reopen(request: Request, task: int) -> HttpResponse:
    """Opens a closed task again."""
    row = task_in(request.user, request.agreement, task)
    if row is None:
        return _struck_or_404(request, task)
    with act(request):
        actions.reopen_task(task=row, by=request.user, now=clock.now())
        return _changed(request, row, f"Aufgabe {row.number} ist wieder offen.")
    return redirect(_list_url(request))


LEFT = "Diese Aufgabe steht in der neuen Fassung des Protokolls nicht mehr."


def _struck_or_404(request: Request, task: int) -> HttpResponse:
    """The list, with who struck the task; what is struck from a draft others learn from the next version only."""
    agreement = request.agreement
    if sees_drafts(request.user, agreement):
        sentence = struck_words(OutcomeKind.TASK, task, agreement.slug)
    else:
        sentence = LEFT if left_with_version(task, agreement.slug) else None
    return said_on(request, _list_url(request), f"{or_404(sentence)} Es wurde nichts geändert.")


def _changed(request: Request, task: "ActionItem", sentence: str) -> HttpResponse:
    if request.htmx:
        row = or_404(task_in(request.user, request.agreement, task.pk))
        context = {"task": row, "today": clock.today(), "said": True, "back": request.POST.get("back", "")}
        return render(request, "meetings/record/_section_earlier.html", context)
    back = request.POST.get("back", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return done(request, sentence, back if inside else _list_url(request))


def _list_url(request: Request) -> str:
    return reverse("meetings:tasks", args=[request.agreement.slug])


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def new_task(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Records a task under an item of the minutes."""
    page, found = draft_or_404(request, body, pk)
    row = item_or_404(found, item)
    form = TaskForm(
        request.POST or None,
        partners=[*page.partners.values()],
        meets_on=page.meeting.meets_on,
        auto_id=f"aufgabe_{item}_%s",
    )
    if is_sent(request, form):
        with act(form):
            task = actions.record_task(minutes=found, item=row, **form.cleaned_data, by=request.user, now=clock.now())
            return outcome_added(request, page, row, f"Aufgabe {task.number} ist festgehalten.")
    return in_place(request, page, row, form, "Aufgabe", "Aufgabe festhalten")


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def change_task(request: Request, body: str, pk: int, task: int) -> HttpResponse:
    """Changes a task of this meeting as long as it is a draft."""
    page, found = draft_or_404(request, body, pk)
    row = task_of(found, task)
    if row is None:
        return struck_meanwhile(request, page, found, OutcomeKind.TASK, task, TaskForm)
    shown = actions.mark_of(row)  # before the form puts into the row what was typed
    form = TaskForm(
        request.POST or None,
        partners=[*page.partners.values()],
        meets_on=page.meeting.meets_on,
        instance=row,
        auto_id=f"aufgabe_{row.item_id}_{row.pk}_%s",
    )
    seen.carry(form, shown)
    if is_sent(request, form):
        values = form.cleaned_data
        shown = values.pop(seen.FIELD)
        with act(form):
            actions.change_task(minutes=found, task=row, shown=shown, **values, by=request.user, now=clock.now())
            return outcome_added(request, page, row.item, f"Aufgabe {row.number} ist geändert.")
    remove = page_url(page, "task-remove", row.pk)
    return in_place(request, page, row.item, form, f"Aufgabe {row.number}", "Aufgabe ändern", remove=remove)


@requires(Permission.MINUTES_WRITE)
@require_POST
def remove_task(request: Request, body: str, pk: int, task: int) -> HttpResponse:
    """Strikes a task that was recorded by mistake."""
    page, found = draft_or_404(request, body, pk)
    row = task_of(found, task)
    if row is None:
        return struck_meanwhile(request, page, found, OutcomeKind.TASK, task)
    return removed(
        request, page, row.item, f"Aufgabe {row.number} ist gestrichen.",
        lambda: actions.remove_task(
            minutes=found, task=row, shown=request.POST.get("seen", ""), by=request.user, now=clock.now()
        ),
    )  # fmt: skip
