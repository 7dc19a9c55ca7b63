"""What earlier meetings postponed is taken up again, or not, with one click that another one takes back."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, act, done, or_404, whole_number
from meetings.convening.views.lookup import page_or_404
from meetings.desk.actions import postponed as actions

if TYPE_CHECKING:
    from meetings.convening.models import AgendaItem

ACTS: dict[str, tuple[Callable[..., "AgendaItem"], str]] = {
    "take": (actions.take, "„{}“ steht auf der Tagesordnung dieser Sitzung."),
    "decline": (actions.decline, "„{}“ wird nicht wieder aufgenommen. Unten können Sie den Punkt wieder anbieten."),
    "offer": (actions.offer_again, "„{}“ wird wieder angeboten."),
}


@requires(Permission.MEETING_PLAN)
@require_POST
def postponed(request: Request, body: str, pk: int) -> HttpResponse:
    """POST `take=17` puts an item onto this agenda, `decline=17` puts it aside, `offer=17` takes that back."""
    page = page_or_404(request, body, pk, "agenda")
    wanted = next((name for name in ACTS if name in request.POST), None)
    if wanted is None:
        raise Http404
    action, sentence = ACTS[wanted]
    item = or_404(whole_number(request.POST[wanted]))
    with act(request):
        found = action(meeting=page.meeting, item=item, by=request.user, now=clock.now())
        return done(request, sentence.format(found.title), page.url("detail"))
    return redirect(page.url("detail"))
