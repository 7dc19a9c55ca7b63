"""An authority: what holds today, what is planned, what was, and the pages on which its registrar changes it."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from kok import barrier_office, clock
from kok.access import Permission, can, grants_of, requires
from kok.requests import Crumbs, Request
from kok.step_pages import Act, Done, after_asking, in_two_steps, turned_back
from kok.words import day as in_words
from members import actions
from members.forms import AuthorityForm
from members.queries import authorities as queries
from members.views.day import day_of
from members.views.lookup import crumbs, require_read_or_post, url_of

if TYPE_CHECKING:
    from members.models import Authority


def _authority_or_404(request: Request, slug: str) -> "Authority":
    return get_object_or_404(queries.authorities_in(request.agreement), slug=slug)


def _own_or_403(request: Request, slug: str) -> "Authority":
    house = _authority_or_404(request, slug)
    if not queries.may_change(request.user, house):
        raise PermissionDenied
    return house


@requires(Permission.AGREEMENT_READ)
@require_safe
def authority(request: Request, authority: str) -> HttpResponse:
    """Name, address and office of a partner on a day, its agreements, what is planned and what was."""
    house = _authority_or_404(request, authority)
    _, day = day_of(request)
    shown = queries.values_on(house, day)
    context = {
        "authority": house,
        "shown": shown,
        "day": day,
        "is_today": day == clock.today(),
        "agreements": [
            (each, can(request.user, Permission.AGREEMENT_READ, each))
            for each in queries.agreements_of_authority(house)
        ],
        "planned": queries.planned_changes(house),
        "done": queries.done_changes(house),
        "maintainers": queries.maintainers_of(house, clock.now()),
        "unmaintained": queries.regions_without_registrar(house, clock.now()),
        "may_answer": house.answers_barriers and barrier_office.opens(grants_of(request.user), clock.today()),
        "may_change": queries.may_change(request.user, house),
        "crumbs": crumbs(request, (shown.short_name, None)),
    }
    return render(request, "members/authority.html", context)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def change(request: Request, authority: str) -> HttpResponse:
    """Another name, address or office from a day on."""
    house = _own_or_403(request, authority)
    form = AuthorityForm(request.POST or None, initial=queries.values_of(house) | {"from_on": clock.today()})

    def perform() -> Done:
        from_on = form.cleaned_data["from_on"]
        actions.change_authority(
            authority=house,
            values=form.changed_values,
            from_on=from_on,
            by=request.user,
            agreement=request.agreement,
            now=clock.now(),
        )
        return f"Die Änderung ab dem {in_words(from_on)} ist eingetragen.", _url(request, house)

    def consequences() -> list[str]:
        from_on = form.cleaned_data["from_on"]
        before = queries.values_on(house, from_on)
        wanted = actions.check_authority_change(
            authority=house, values=form.changed_values, from_on=from_on, today=clock.today()
        )
        told = map(_told, queries.differences(vars(before), wanted))
        return [
            f"Ab dem {in_words(from_on)} gilt in allen Vereinbarungen der Behörde:",
            *told,
            "Die bisherigen Angaben bleiben für die Zeit davor stehen.",
        ]

    act = Act(
        heading="Behörde ändern",
        above=house.short_name,
        submit="Änderung eintragen",
        consequences=consequences,
        perform=perform,
        cancel_url=_url(request, house),
        crumbs=_crumbs(request, house, "Ändern"),
    )
    return in_two_steps(request, form, act)


@requires(Permission.SEATS_MANAGE)
@require_read_or_post
def withdraw(request: Request, authority: str, pk: int) -> HttpResponse:
    """Takes a planned change back."""
    house = _own_or_403(request, authority)
    change = get_object_or_404(house.changes, pk=pk)
    if sentence := actions.refusal(lambda: actions.check_authority_withdrawal(change)):
        return turned_back(request, sentence, _url(request, house))
    lost = [line for each in queries.planned_changes(house) if each.change == change for line in each.lines]

    def perform() -> Done:
        actions.withdraw_authority_change(change=change, by=request.user, agreement=request.agreement, now=clock.now())
        return f"Die Änderung ab dem {in_words(change.from_on)} ist zurückgezogen.", _url(request, house)

    act = Act(
        heading=f"Änderung ab dem {in_words(change.from_on)} zurückziehen",
        above=house.short_name,
        submit="Änderung zurückziehen",
        consequences=lambda: [
            "Es bleibt bei den Angaben, die davor gelten. Entfallen würde:",
            *map(_told, lost),
        ],
        perform=perform,
        cancel_url=_url(request, house),
        crumbs=_crumbs(request, house, "Zurückziehen"),
    )
    return after_asking(request, act)


def _told(line: tuple[str, str, str]) -> str:
    label, before, after = line
    return f"{label}: {after or 'keine Angabe'} (bisher: {before or 'keine Angabe'})"


def _url(request: Request, authority: "Authority") -> str:
    return url_of(request, "authority", authority.slug)


def _crumbs(request: Request, authority: "Authority", last: str) -> Crumbs:
    return crumbs(request, (authority.short_name, _url(request, authority)), (last, None))
