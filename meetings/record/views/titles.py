"""The agenda while the minutes are written: a title once more, and items that the meeting itself added."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods

from kok import clock, seen
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent
from kok.step_pages import StepPage, step_page
from meetings.convening.forms.agenda import ItemForm
from meetings.convening.views.agenda import item_form, item_or_404, typed_in
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import titles as actions
from meetings.record.views.in_place import at_item
from meetings.record.views.lookup import draft_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
LEAD = (
    "Die Tagesordnung der Sitzung und das Protokoll zeigen dann die neuen Worte. Die Einladung bleibt, wie sie "
    "versandt wurde."
)


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def correct_item(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Title and explanation of an item once more, while the minutes are written."""
    page, minutes = draft_or_404(request, body, pk)
    found = item_or_404(page, item)
    form = item_form(request, found)
    url = page.url("minutes")
    if is_sent(request, form):
        values, shown = typed_in(form)
        with act(form):
            actions.correct_item(minutes=minutes, item=found, shown=shown, **values, by=request.user, now=clock.now())
            said = f"TOP {found.number} ist berichtigt. Die Einladung bleibt, wie sie versandt wurde."
            return done(request, said, at_item(url, found))
    heading = f"TOP {found.number} berichtigen"
    step = StepPage(
        title=f"{heading}, {page.title}",
        above=f"Protokoll {page.meeting.number}",
        heading=heading,
        lead=LEAD,
        submit=seen.button(form, "Speichern"),
        cancel_url=url,
    )
    return step_page(request, step, form, crumbs=crumbs(page, ("Protokoll", url), (heading, None)))


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def add_supplement(request: Request, body: str, pk: int) -> HttpResponse:
    """An item that the meeting itself put on its agenda."""
    page, minutes = draft_or_404(request, body, pk)
    form = ItemForm(request.POST or None)
    url = page.url("minutes")
    if is_sent(request, form):
        with act(form):
            added = actions.add_supplement(minutes=minutes, **form.cleaned_data, by=request.user, now=clock.now())
            return done(request, f"TOP {added.number} ist ergänzt.", at_item(url, added))
    heading = "Tagesordnung ergänzen"
    step = StepPage(
        title=f"{heading}, {page.title}",
        above=f"Protokoll {page.meeting.number}",
        heading=heading,
        lead=SUPPLEMENT,
        submit="Punkt ergänzen",
        cancel_url=url,
    )
    return step_page(request, step, form, crumbs=crumbs(page, ("Protokoll", url), (heading, None)))


SUPPLEMENT = (
    "Für einen Punkt, den die Sitzung selbst auf ihre Tagesordnung genommen hat. Er bekommt die nächste freie Nummer "
    "und steht im Protokoll als „Ergänzung der Tagesordnung“. Alle anderen Nummern bleiben."
)
