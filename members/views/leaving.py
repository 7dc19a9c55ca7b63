"""Somebody leaves: entered in two steps that show what remains open, taken back until the day is over."""

from django.http import HttpResponse

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request, or_404
from kok.step_pages import Act, Done, after_asking, in_two_steps, turned_back
from kok.words import day
from members import actions
from members.forms import DepartureForm
from members.pages.leaving import remaining, stays, told
from members.queries.leaving import Leaving, pending_departure
from members.views.lookup import person_crumbs, person_or_404, require_read_or_post, url_of

ONE_STEP = (
    "Ein Schritt für alles: Alle Sitze und Rollen der Person enden an diesem Tag, danach wird ihr Konto gesperrt. Hat "
    "es die Rolle Prüfung, sperrt es die Technik. Bevor Sie bestätigen, sehen Sie, was offen bleibt."
)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def leave(request: Request, pk: int) -> HttpResponse:
    """Ends all seats and roles of a person after a last day."""
    person, by = person_or_404(request, pk), request.user
    here, heading = url_of(request, "person", pk), "Ausscheiden eintragen"
    form = DepartureForm(request.POST or None)

    def perform() -> Done:
        last_on = form.cleaned_data["last_on"]
        actions.enter_departure(person=person, last_on=last_on, by=by, agreement=request.agreement, now=clock.now())
        return f"Das Ausscheiden von {person} zum {day(last_on)} ist eingetragen.", here

    def consequences() -> list[str]:
        last_on = form.cleaned_data["last_on"]
        return told(actions.check_departure(person=person, last_on=last_on, by=by, now=clock.now()))

    def shown() -> dict[str, object]:
        return {"remaining": remaining(Leaving(person, form.cleaned_data["last_on"], by, clock.today()))}

    act = Act(
        heading=heading,
        above=str(person),
        submit=heading,
        consequences=consequences,
        perform=perform,
        cancel_url=here,
        crumbs=person_crumbs(request, person, heading),
        notes=[ONE_STEP],
        shown=shown,
        check="members/confirm.html",
    )
    return in_two_steps(request, form, act)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def stay(request: Request, pk: int) -> HttpResponse:
    """Takes a departure back."""
    person = person_or_404(request, pk)
    departure = or_404(pending_departure(person=person))
    here, heading = url_of(request, "person", pk), "Ausscheiden zurücknehmen"

    def perform() -> Done:
        left = actions.withdraw_departure(
            departure=departure, by=request.user, agreement=request.agreement, now=clock.now()
        )
        changed = f" Eintragungen, die inzwischen jemand geändert hat und die so bleiben: {left}." if left else ""
        return f"Das Ausscheiden von {person} ist zurückgenommen.{changed}", here

    def check() -> None:
        actions.check_staying(departure=departure, by=request.user, now=clock.now())

    if sentence := actions.refusal(check):
        return turned_back(request, sentence, here)
    act = Act(
        heading=heading,
        above=str(person),
        submit=heading,
        consequences=lambda: stays(departure),
        perform=perform,
        cancel_url=here,
        crumbs=person_crumbs(request, person, heading),
    )
    return after_asking(request, act)
