"""A title of the agenda once more, while the minutes are written."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, is_sent
from meetings.convening.views.agenda import item_form, item_or_404, typed_in
from meetings.convening.views.lookup import crumbs
from meetings.record.actions import titles as actions
from meetings.record.views.lookup import draft_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def correct_item(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Title and explanation of an item once more, while the minutes are written."""
    page, minutes = draft_or_404(request, body, pk)
    found = item_or_404(page, item)
    form = item_form(request, found)
    if is_sent(request, form):
        values, seen = typed_in(form)
        with act(form):
            actions.correct_item(minutes=minutes, item=found, shown=seen, **values, by=request.user, now=clock.now())
            said = f"TOP {found.number} ist berichtigt. Die Einladung bleibt, wie sie versandt wurde."
            return done(request, said, f"{page.url('minutes')}#top-{found.pk}")
    context = {
        "meeting_page": page,
        "form": form,
        "item": found,
        "crumbs": crumbs(page, ("Protokoll", page.url("minutes")), (f"TOP {found.number} berichtigen", None)),
    }
    return render(request, "meetings/record/item_correct.html", context)
