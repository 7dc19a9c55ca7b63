"""The page on which the agenda is made: add, change, order, remove."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent, or_404, whole_number
from meetings.convening.actions import agenda as actions
from meetings.convening.forms.agenda import ItemForm, NewItemForm
from meetings.convening.pages.meetings import MeetingPage
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
from meetings.convening.views.lookup import crumbs, page_or_404

if TYPE_CHECKING:
    from meetings.convening.models import AgendaItem

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
    context = _context(page, ("Tagesordnung bearbeiten", None)) | {
        "agenda": with_moves(items_of(page.meeting)),
        "move_buttons": MOVE_BUTTONS,
        "moved": whole_number(request.GET.get("punkt", "")),
    }
    return render(request, "meetings/convening/agenda.html", context)


def _context(page: MeetingPage, *more: tuple[str, str | None]) -> dict[str, object]:
    return {
        "meeting_page": page,
        "is_dispatched": is_dispatched(page.meeting),
        "comes_late": comes_late(page.meeting),
        "crumbs": crumbs(page, *more),
    }


def _move(request: Request, page: MeetingPage) -> HttpResponse:
    move, _, number = request.POST.get("move", "").partition(":")
    if move not in MOVES:
        raise Http404
    item = item_or_404(page, or_404(whole_number(number)))
    with act(request):
        actions.move_item(item=item, move=move, by=request.user, now=clock.now())
        moved = item_or_404(page, item.pk)
        return done(request, f"„{moved.title}“ ist jetzt TOP {moved.number}.", _at(page, item))
    return redirect(page.url("agenda"))


def _at(page: MeetingPage, item: "AgendaItem") -> str:
    return f"{page.url('agenda')}?punkt={item.pk}"


def item_or_404(page: MeetingPage, pk: int) -> "AgendaItem":
    """An item of this meeting."""
    return or_404(item_of(page.meeting, pk))


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def new_item(request: Request, body: str, pk: int) -> HttpResponse:
    """A new item; after dispatch a late one."""
    page = page_or_404(request, body, pk, "agenda")
    form = NewItemForm(request.POST or None, tops=tops_of(page.meeting))
    if is_sent(request, form):
        with act(form):
            added = actions.add_item(meeting=page.meeting, **form.cleaned_data, by=request.user, now=clock.now())
            late = " Er ist nachgereicht; senden Sie eine geänderte Einladung." if added.is_late else ""
            return done(request, f"„{added.title}“ steht auf der Tagesordnung.{late}", _at(page, added))
    context = _context(page, ("Tagesordnung", page.url("agenda")), ("Neuer Punkt", None))
    return render(request, "meetings/convening/item.html", context | {"form": form, "item": None})


def item_form(request: Request, found: "AgendaItem") -> ItemForm:
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
    if is_sent(request, form):
        values, shown = typed_in(form)
        with act(form):
            actions.change_item(item=found, shown=shown, **values, by=request.user, now=clock.now())
            return done(request, f"TOP {found.number} ist geändert.", _at(page, found))
    context = _context(page, ("Tagesordnung", page.url("agenda")), (f"TOP {found.number}", None))
    return render(request, "meetings/convening/item.html", context | {"form": form, "item": found})


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def remove_item(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Removes an item after a page that shows what goes with it."""
    page = page_or_404(request, body, pk, "agenda")
    found = item_or_404(page, item)
    if request.method == "POST":
        shown = request.POST.get("seen", "")
        with act(request):
            actions.remove_item(item=found, shown=shown, by=request.user, now=clock.now())
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
