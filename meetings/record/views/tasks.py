"""Tasks: recorded in the minutes, and the list of all of them."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, seen
from kok.access import Permission, can, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.record.actions import tasks as actions
from meetings.record.forms.tasks import CloseForm, TaskFilter, TaskForm
from meetings.record.queries.minutes import item_of, task_of
from meetings.record.queries.outcomes import as_outcome
from meetings.record.queries.struck import left_with_version, struck
from meetings.record.queries.tasks import choices_of, may_update, shown_to, task_in, tasks_of
from meetings.record.views.in_place import in_place, outcome_added, page_url, removed, struck_meanwhile
from meetings.record.views.lookup import draft_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MEETING_READ)
@require_safe
def tasks(request: Request) -> HttpResponse:
    """The tasks of all bodies, filtered by what stands in the address."""
    agreement = request.agreement
    choices = choices_of(agreement)
    form = TaskFilter(request.GET, partners=choices.partners, bodies=choices.bodies)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = tasks_of(
        request.user,
        agreement,
        state=wanted.get("stand", ""),
        partner=wanted.get("partner", ""),
        body=wanted.get("gremium", ""),
    )
    shown = Paginator(rows, 50).get_page(request.GET.get("seite"))
    context = {
        "page": shown,
        "rows": [
            (task, may_update(request.user, agreement, task.partner_id))
            for task in shown_to(request.user, agreement, shown)
        ],
        "filter": form,
        "sentence": SENTENCES[wanted.get("stand", "")],
        "is_filtered": bool(request.GET.keys() - {"seite"}),
        "today": clock.today(),
        "crumbs": [("Aufgaben", None)],
    }
    return render(request, "meetings/record/tasks.html", context)


LEFT = "Diese Aufgabe steht in der neuen Fassung des Protokolls nicht mehr."
SENTENCES = {
    "": "offen, die dringendsten zuerst",
    "abgeschlossen": "abgeschlossen, die zuletzt abgeschlossenen zuerst",
    "alle": "insgesamt, offene zuerst",
}


@requires(Permission.TASK_UPDATE)
@require_read_or_post
def close(request: Request, task: int) -> HttpResponse:
    """Closes a task, with a note; from the minutes with one click."""
    row = _task(request, task)
    if row is None:
        return _struck_or_404(request, task)
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_task(task=row, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
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
    row = _task(request, task)
    if row is None:
        return _struck_or_404(request, task)
    try:
        actions.reopen_task(task=row, by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(_list_url(request))
    return _changed(request, row, f"Aufgabe {row.number} ist wieder offen.")


def _task(request: Request, task: int) -> Any:
    return task_in(request.user, request.agreement, task)


def _struck_or_404(request: Request, task: int) -> HttpResponse:
    """The list, with who struck the task; what is struck from a draft others learn from the next version only."""
    agreement = request.agreement
    if can(request.user, Permission.MINUTES_WRITE, agreement):
        sentence = struck("task", task, agreement.slug)
    else:
        sentence = LEFT if left_with_version(task, agreement.slug) else ""
    if not sentence:
        raise Http404
    messages.error(request, f"{sentence} Es wurde nichts geändert.")
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": _list_url(request)})
    return redirect(_list_url(request))


def _changed(request: Request, task: Any, sentence: str) -> HttpResponse:
    if request.htmx:
        row = _task(request, task.pk)
        context = {"task": as_outcome(row, row.partner), "today": clock.today(), "said": True}
        return render(request, "meetings/record/_section_earlier.html", context)
    messages.success(request, sentence)
    back = request.POST.get("back", "")
    inside = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return redirect(back if inside else _list_url(request))


def _list_url(request: Request) -> str:
    return reverse("meetings:tasks", args=[request.agreement.slug])


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def new_task(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Records a task under an item of the minutes."""
    page, found = draft_or_404(request, body, pk)
    row = item_of(found, item)
    if row is None:
        raise Http404
    form = TaskForm(request.POST or None, partners=[*page.partners.values()], auto_id=f"aufgabe_{item}_%s")
    if request.method == "POST" and form.is_valid():
        try:
            task = actions.record_task(minutes=found, item=row, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            return outcome_added(request, page, found, row, f"Aufgabe {task.number} ist festgehalten.")
    return in_place(request, page, row, form, "Aufgabe", "Aufgabe festhalten")


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def change_task(request: Request, body: str, pk: int, task: int) -> HttpResponse:
    """Changes a task of this meeting as long as it is a draft."""
    page, found = draft_or_404(request, body, pk)
    row = task_of(found, task)
    if row is None:
        return struck_meanwhile(request, page, found, "task", task, TaskForm)
    shown = actions.mark_of(row)  # before the form puts into the row what was typed
    form = TaskForm(
        request.POST or None, partners=[*page.partners.values()], instance=row, auto_id=f"aufgabe_{row.item_id}_%s"
    )
    seen.carry(form, shown)
    if request.method == "POST" and form.is_valid():
        values = {name: form.cleaned_data[name] for name in TaskForm.Meta.fields}
        shown = form.cleaned_data["seen"]
        try:
            actions.change_task(minutes=found, task=row, shown=shown, **values, by=request.user, now=clock.now())
        except Refused as refused:
            seen.refuse(form, refused)
        else:
            return outcome_added(request, page, found, row.item, f"Aufgabe {row.number} ist geändert.")
    remove = page_url(page, "task-remove", row.pk)
    return in_place(request, page, row.item, form, f"Aufgabe {row.number}", "Aufgabe ändern", remove=remove)


@requires(Permission.MINUTES_WRITE)
@require_POST
def remove_task(request: Request, body: str, pk: int, task: int) -> HttpResponse:
    """Strikes a task that was recorded by mistake."""
    page, found = draft_or_404(request, body, pk)
    row = task_of(found, task)
    if row is None:
        return struck_meanwhile(request, page, found, "task", task)
    return removed(
        request, page, found, row.item, f"Aufgabe {row.number} ist gestrichen.",
        lambda: actions.remove_task(
            minutes=found, task=row, shown=request.POST.get("seen", ""), by=request.user, now=clock.now()
        ),
    )  # fmt: skip
