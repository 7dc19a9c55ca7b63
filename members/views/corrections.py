"""Wrong clicks on the seats of the registrar's own partner, made good: taken back, struck, corrected, filled in."""

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html

from kok import clock
from kok.access import Permission, requires
from kok.requests import Request
from kok.step_pages import Act, Done, in_two_steps
from kok.words import between, last_day
from members import actions
from members.actions import Mender, SeatEntry
from members.forms import FillInForm, RemovalForm, SeatEntryForm
from members.pages.corrections import STAYS, entry_in_words, removed, speaks_against
from members.queries.corrections import mark_of, predecessor_of
from members.queries.seats import assignments_of_registrar
from members.rules.codes import Capacity
from members.rules.leaving import Span
from members.views.lookup import maintained, require_read_or_post, url_of
from members.views.seat_changes import seat_crumbs, seat_or_404, seat_url

if TYPE_CHECKING:
    from members.models import SeatAssignment

NEVER_WAS = 'Gab es diese Besetzung gar nicht? <a href="{}">Nehmen Sie die Eintragung ganz heraus.</a>'


def _assignment_or_404(request: Request, pk: int) -> "SeatAssignment":
    return get_object_or_404(assignments_of_registrar(request.agreement, maintained(request)), pk=pk)


def _mender(request: Request, form: RemovalForm | SeatEntryForm) -> Mender:
    return Mender(by=request.user, now=clock.now(), reason=form.cleaned_data["reason"])


def _entry(form: SeatEntryForm) -> SeatEntry:
    typed = form.cleaned_data
    return SeatEntry(person=typed["person"], from_on=typed["from_on"], last_on=typed["last_on"])


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def remove(request: Request, pk: int) -> HttpResponse:
    """An entry that has not begun is taken back; one that was wrong altogether is struck, with a reason."""
    assignment = _assignment_or_404(request, pk)
    seat, span = assignment.seat, Span(assignment.period.lower, assignment.period.upper)
    before = predecessor_of(assignment)
    has_begun = span.starts_on <= clock.today()
    form = RemovalForm(request.POST or None, follows=str(before.person) if before else "", has_begun=has_begun)

    def goes_on() -> bool:
        return bool(form.cleaned_data.get("goes_on"))

    def perform() -> Done:
        mender, shown = _mender(request, form), request.POST.get("seen", "")
        kind = actions.remove_assignment(assignment=assignment, goes_on=goes_on(), mender=mender, shown=shown)
        return f"Die Eintragung von {assignment.person} ist {kind.label}.", seat_url(seat)

    def consequences() -> list[str]:
        planned = actions.check_removal(assignment=assignment, goes_on=goes_on(), mender=_mender(request, form))
        return removed(assignment, planned.kind, planned.follows)

    heading = "Eintragung streichen" if has_begun else "Eintragung zurücknehmen"
    act = Act(
        heading=heading,
        above=f"{entry_in_words(assignment)}, {seat}",
        submit=heading,
        consequences=consequences,
        perform=perform,
        cancel_url=seat_url(seat),
        crumbs=seat_crumbs(seat, heading),
        seen=mark_of(assignment),
    )
    return in_two_steps(request, form, act)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def correct(request: Request, pk: int) -> HttpResponse:
    """Who it was, or from when to when, is put right with a reason."""
    assignment = _assignment_or_404(request, pk)
    seat, before = assignment.seat, Span(assignment.period.lower, assignment.period.upper)
    initial = {"person": assignment.person_id, "from_on": before.starts_on, "last_on": last_day(before.ends_before)}
    form = SeatEntryForm(request.POST or None, seat=seat, initial=initial)

    def perform() -> Done:
        mender, shown = _mender(request, form), request.POST.get("seen", "")
        actions.correct_assignment(assignment=assignment, meant=_entry(form), mender=mender, shown=shown)
        return f"Die Eintragung ist berichtigt: {form.cleaned_data['person']}.", seat_url(seat)

    def consequences() -> list[str]:
        meant = _entry(form)
        span = actions.check_correction(assignment=assignment, meant=meant, mender=_mender(request, form))
        same = span if meant.person == assignment.person else None
        return [
            f"Bisher steht da: {entry_in_words(assignment)}.",
            f"Danach steht da: {meant.person}, {assignment.get_capacity_display()}, {_in_words(span)}.",
            *STAYS,
            *speaks_against(assignment, before, same),
        ]

    act = Act(
        heading="Eintragung berichtigen",
        above=f"{entry_in_words(assignment)}, {seat}",
        notes=[format_html(NEVER_WAS, url_of(request, "assignment-remove", assignment.pk))],
        submit="Eintragung berichtigen",
        consequences=consequences,
        perform=perform,
        cancel_url=seat_url(seat),
        crumbs=seat_crumbs(seat, "Eintragung berichtigen"),
        seen=mark_of(assignment),
    )
    return in_two_steps(request, form, act)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def fill_in(request: Request, pk: int) -> HttpResponse:
    """Somebody who had the seat and was forgotten."""
    seat = seat_or_404(request, pk)
    form = FillInForm(request.POST or None, seat=seat, initial={"capacity": Capacity.HOLDER})

    def perform() -> Done:
        typed, mender = form.cleaned_data, _mender(request, form)
        actions.fill_in(seat=seat, capacity=typed["capacity"], meant=_entry(form), mender=mender)
        return f"{typed['person']} ist nachgetragen.", seat_url(seat)

    def consequences() -> list[str]:
        capacity, meant = form.cleaned_data["capacity"], _entry(form)
        span = actions.check_filling_in(seat=seat, capacity=capacity, meant=meant, mender=_mender(request, form))
        return [f"Nachgetragen wird: {meant.person}, {Capacity(capacity).label}, {_in_words(span)}.", *STAYS]

    act = Act(
        heading="Besetzung nachtragen",
        above=f"{seat}, {seat.partner.short_name}",
        lead="Für jemanden, der den Sitz schon hatte und nicht eingetragen ist. Wer ihn jetzt bekommt, besetzt ihn.",
        submit="Besetzung nachtragen",
        consequences=consequences,
        perform=perform,
        cancel_url=seat_url(seat),
        crumbs=seat_crumbs(seat, "Besetzung nachtragen"),
    )
    return in_two_steps(request, form, act)


def _in_words(span: Span) -> str:
    return between(span.starts_on, last_day(span.ends_before))
