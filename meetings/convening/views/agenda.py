"""The page on which the agenda is made: add, change, order, remove."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission, requires
from kok.errors import Refused
from kok.requests import Request
from meetings.convening.actions import agenda as actions
from meetings.convening.forms.agenda import ItemForm, NewItemForm
from meetings.convening.queries.agenda import (
    MOVES,
    comes_late,
    is_dispatched,
    item_of,
    items_of,
    parts_of,
    tops_of,
    with_moves,
)
from meetings.convening.queries.meetings import MeetingPage
from meetings.convening.views.lookup import crumbs, page_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])

MOVE_BUTTONS = (
    ("up", "arrow-up", "nach oben"),
    ("down", "arrow-down", "nach unten"),
    ("in", "arrow-forward", "zum Unterpunkt machen"),
    ("out", "arrow-back", "zum eigenen Punkt machen"),
)


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def agenda(request: Request, body: str, pk: int) -> HttpResponse:
    """The agenda with its buttons. POST `move=up:17` moves an item; htmx takes its part of the fresh page."""
    page = page_or_404(request, body, pk, "agenda")
    if request.method == "POST":
        return _move(request, page)
    moved = request.GET.get("punkt", "")
    context = {
        "meeting_page": page,
        "agenda": with_moves(items_of(page.meeting)),
        "is_dispatched": is_dispatched(page.meeting),
        "comes_late": comes_late(page.meeting),
        "move_buttons": MOVE_BUTTONS,
        "moved": int(moved) if moved.isdecimal() else 0,
        "crumbs": crumbs(page, ("Tagesordnung bearbeiten", None)),
    }
    return render(request, "meetings/convening/agenda.html", context)


def _move(request: Request, page: MeetingPage) -> HttpResponse:
    move, _, number = request.POST.get("move", "").partition(":")
    if move not in MOVES or not number.isdecimal():
        raise Http404
    item = item_or_404(page, int(number))
    try:
        actions.move_item(item=item, move=move, by=request.user, now=clock.now())
    except Refused as refused:
        messages.error(request, refused.sentence)
        return redirect(page.url("agenda"))
    moved = item_or_404(page, item.pk)
    messages.success(request, f"„{moved.title}“ ist jetzt TOP {moved.number}.")
    return redirect(f"{page.url('agenda')}?punkt={item.pk}")


def item_or_404(page: MeetingPage, pk: int) -> Any:
    """An item of this meeting."""
    item = item_of(page.meeting, pk)
    if item is None:
        raise Http404
    return item


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def new_item(request: Request, body: str, pk: int) -> HttpResponse:
    """A new item; after dispatch a late one."""
    page = page_or_404(request, body, pk, "agenda")
    form = NewItemForm(request.POST or None, tops=tops_of(page.meeting))
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.add_item(
                meeting=page.meeting,
                **form.cleaned_data,
                by=request.user,
                now=clock.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            late = " Er ist nachgereicht; senden Sie eine geänderte Einladung." if added.is_late else ""
            messages.success(request, f"„{added.title}“ steht auf der Tagesordnung.{late}")
            return redirect(f"{page.url('agenda')}?punkt={added.pk}")
    context = {
        "meeting_page": page,
        "form": form,
        "is_dispatched": is_dispatched(page.meeting),
        "comes_late": comes_late(page.meeting),
        "crumbs": crumbs(page, ("Tagesordnung", page.url("agenda")), ("Neuer Punkt", None)),
    }
    return render(request, "meetings/convening/item.html", context | {"item": None})


def item_form(request: Request, found: Any) -> ItemForm:
    """The form of an item, with the mark of what the page shows."""
    form = ItemForm(request.POST or None, initial={"title": found.title, "note": found.note})
    seen.carry(form, actions.mark_of(found))
    return form


def typed_in(form: ItemForm) -> tuple[dict[str, str], str]:
    """The values, and the mark of what the page showed."""
    return {name: form.cleaned_data[name] for name in ItemForm.Meta.fields}, form.cleaned_data["seen"]


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def item(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Title and explanation of an item."""
    page = page_or_404(request, body, pk, "agenda")
    found = item_or_404(page, item)
    form = item_form(request, found)
    if request.method == "POST" and form.is_valid():
        values, shown = typed_in(form)
        try:
            actions.change_item(item=found, shown=shown, **values, by=request.user, now=clock.now())
        except Refused as refused:
            seen.refuse(form, refused)
        else:
            messages.success(request, f"TOP {found.number} ist geändert.")
            return redirect(f"{page.url('agenda')}?punkt={found.pk}")
    context = {
        "meeting_page": page,
        "form": form,
        "item": found,
        "is_dispatched": is_dispatched(page.meeting),
        "comes_late": comes_late(page.meeting),
        "crumbs": crumbs(page, ("Tagesordnung", page.url("agenda")), (f"TOP {found.number}", None)),
    }
    return render(request, "meetings/convening/item.html", context)


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def remove_item(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Removes an item after a page that shows what goes with it."""
    page = page_or_404(request, body, pk, "agenda")
    found = item_or_404(page, item)
    if request.method == "POST":
        try:
            shown = request.POST.get("seen", "")
            actions.remove_item(item=found, shown=shown, by=request.user, now=clock.now())
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, f"„{found.title}“ steht nicht mehr auf der Tagesordnung.")
        return redirect(page.url("agenda"))
    context = {
        "meeting_page": page,
        "item": found,
        "parts": parts_of(found),
        "shown": actions.mark_of(found, with_parts=True),
        "crumbs": crumbs(page, ("Tagesordnung", page.url("agenda")), (f"TOP {found.number} löschen", None)),
    }
    return render(request, "meetings/convening/item_remove.html", context)
