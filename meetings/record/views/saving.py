"""Saving what is typed on the page of the minutes: place by place as somebody types, or all of it by any button.

All fields of the page belong to one form: whoever has no JavaScript sends everything with each button, and nothing
that was typed elsewhere is lost.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from kok import clock, seen
from kok.access import Permission, requires
from kok.addresses import address
from kok.errors import Refused
from kok.requests import Request, act, whole_number
from kok.words import enumeration
from meetings.record.actions import minutes as actions
from meetings.record.forms.minutes import HeaderForm, SectionForm
from meetings.record.pages.writing import header_state, saved_state, section_field
from meetings.record.queries.minutes import is_as_shown, sections_of
from meetings.record.views.in_place import Alone, alone, at_item, swapped
from meetings.record.views.lookup import draft_or_404, section_or_404

if TYPE_CHECKING:
    from meetings.convening.pages.meetings import MeetingPage
    from meetings.record.models import Minutes, MinutesSection

PROBLEM = "meetings/record/_section_problem.html"


@dataclass(frozen=True)
class Tried:
    """What became of the text of a section: saved, or its form with why not (no refusal: it is not valid)."""

    section: "MinutesSection"
    form: SectionForm
    saved: "MinutesSection | None" = None
    refusal: Refused | None = None


@dataclass(frozen=True)
class TriedHeader:
    """The same for who chaired and wrote, and when it began and ended."""

    form: HeaderForm
    saved: "Minutes | None" = None
    refusal: Refused | None = None

    @property
    def is_overtaken(self) -> bool:
        """Whether somebody else was quicker."""
        return isinstance(self.refusal, seen.Changed)

    @property
    def marks(self) -> str:
        """Of what this person has seen by now."""
        return self.refusal.now if isinstance(self.refusal, seen.Changed) else self.form.shown


def _try(request: Request, row: "MinutesSection") -> Tried:
    """A plain save, or what was chosen in a conflict: `over` and `take` name the revision that was shown."""
    form = SectionForm(request.POST, section=row.pk)
    if not form.is_valid():
        return Tried(row, form)
    text, result, revision = (form.cleaned_data[name] for name in ("text", "result", "revision"))
    take, over = form.chosen("take"), form.chosen("over")
    save = actions.take_theirs if take else actions.save_section
    shown = whole_number(take or over or str(revision))
    with act() as attempt:
        saved = save(section=row, text=text, result=result, revision=shown, by=request.user, now=clock.now())
        return Tried(row, form, saved)
    return Tried(row, form, refusal=attempt.refusal)


@requires(Permission.MINUTES_WRITE)
@require_POST
def section(request: Request, body: str, pk: int, section: int) -> HttpResponse:
    """Saves one section as somebody types, or after a choice between two texts; the answer stands beside the text.

    It is asked for at each pause of typing, so nothing of the page around it is read.
    """
    row = section_or_404(request, body, pk, section)
    tried, today = _try(request, row), clock.today()
    if tried.saved is None:
        status = 409 if tried.refusal else 422
        return render(request, PROBLEM, {"tried": tried, "url": request.path, "alone": False}, status=status)
    if not tried.form.chosen("take"):
        return HttpResponse(saved_state(tried.saved, today))
    url = address("meetings:minutes", request.agreement.slug, body, pk)
    field = section_field(tried.saved, url, today)
    return swapped(request, "meetings/record/_section_form.html", {"field": field}, f"#abschnitt-{row.pk}")


@requires(Permission.MINUTES_WRITE)
@require_POST
def header(request: Request, body: str, pk: int) -> HttpResponse:
    """Saves who chaired and wrote and when it began and ended, as somebody types; the answer stands beside it."""
    page, found = draft_or_404(request, body, pk)
    tried = _try_header(request, found)
    if tried.saved:
        return HttpResponse(header_state(tried.saved, clock.now()))
    context = {"tried": tried, "minutes_url": page.url("minutes"), "alone": False}
    return render(request, "meetings/record/_header_problem.html", context, status=409 if tried.refusal else 422)


def _try_header(request: Request, found: "Minutes") -> TriedHeader:
    form = HeaderForm(request.POST, instance=found)
    if not form.is_valid():
        return TriedHeader(form)
    values, shown = form.changes, form.shown
    with act() as attempt:
        saved = actions.save_header(minutes=found, values=values, shown=shown, by=request.user, now=clock.now())
        return TriedHeader(form, saved)
    return TriedHeader(form, refusal=attempt.refusal)


@requires(Permission.MINUTES_WRITE)
@require_POST
def everything(request: Request, body: str, pk: int) -> HttpResponse:
    """Saves all that was typed on the page, whatever button was pressed; what cannot be saved is shown with why."""
    page, found = draft_or_404(request, body, pk)
    tried = [_try(request, row) for row in sections_of(found) if _was_typed_in(request, row)]
    unsaved, header = [each for each in tried if each.saved is None], _unsaved_header(request, found)
    _tell(request, tried)
    return _unsaved(request, page, unsaved, header) if unsaved or header else redirect(_place(request, page, tried))


def _unsaved_header(request: Request, found: "Minutes") -> TriedHeader | None:
    """The head of the minutes, where it was sent and could not be saved."""
    tried = _try_header(request, found) if seen.FIELD in request.POST else None
    return None if tried is None or tried.saved else tried


def _tell(request: Request, tried: list[Tried]) -> None:
    numbers = [f"TOP {each.section.item.number}" for each in tried if each.saved]
    if numbers:
        messages.success(request, f"Gespeichert: {enumeration(numbers)}.")


def _was_typed_in(request: Request, row: "MinutesSection") -> bool:
    """Whether somebody wrote there; what he did not touch another person may have changed meanwhile."""
    form = SectionForm(request.POST, section=row.pk)
    if form.add_prefix("revision") not in request.POST:
        return False
    if not form.is_valid():
        return True
    values = {name: form.cleaned_data[name] for name in ("text", "result")}
    if values == {"text": row.text, "result": row.result}:
        return False
    return not is_as_shown(row, form.cleaned_data["revision"], **values)


def _place(request: Request, page: "MeetingPage", tried: list[Tried]) -> str:
    """Where the button was that was pressed."""
    pressed = request.POST.get("save", "")
    items = [each.section.item for each in tried if str(each.section.pk) == pressed]
    return at_item(page.url("minutes"), items[0]) if items else f"{page.url('minutes')}#angaben"


def _unsaved(request: Request, page: "MeetingPage", unsaved: list[Tried], header: TriedHeader | None) -> HttpResponse:
    context = {"unsaved": unsaved, "header": header, "action_url": request.path}
    heading = "Noch nicht gespeichert"
    shown = Alone("meetings/record/_unsaved.html", f"{heading}: Protokoll {page.meeting.number}", heading)
    return alone(request, page, shown, context, status=409)
