"""Resolutions and positions of the partners, added in place while the minutes are written."""

from functools import partial

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from kok import clock, seen
from kok.access import Permission, requires
from kok.requests import Request, act, is_sent
from meetings.record.actions import decisions as actions
from meetings.record.forms.decisions import PositionsForm, ResolutionForm
from meetings.record.queries.minutes import positions_of, proposal_of, resolution_of
from meetings.record.rules.codes import OutcomeKind
from meetings.record.rules.consensus import check_decides
from meetings.record.views.in_place import (
    at_item,
    in_place,
    outcome_added,
    page_url,
    removed,
    said_on,
    struck_meanwhile,
)
from meetings.record.views.lookup import draft_or_404, item_or_404

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def new_resolution(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Records a resolution in Einvernehmen. Without it the page offers to write down the positions.

    Where nothing is resolved (7.4) there is no form; what was typed all the same stays in it.
    """
    page, found = draft_or_404(request, body, pk)
    row = item_or_404(found, item)
    if request.method != "POST":
        with act() as attempt:
            check_decides(decides=row.decides)
        if attempt.sentence:
            return said_on(request, at_item(page.url("minutes"), row), attempt.sentence)
    form = ResolutionForm(request.POST or None, partners=[*page.partners.values()], auto_id=f"beschluss_{item}_%s")
    if is_sent(request, form):
        with act(form):
            actions.record_resolution(
                minutes=found, item=row, text=form.cleaned_data["text"], consenting=form.consent,
                by=request.user, now=clock.now(),
            )  # fmt: skip
            return outcome_added(request, page, row, "Der Beschluss ist festgehalten.")
    more = {"without_consensus": form.is_bound and not form.errors.get("text")}
    return in_place(request, page, row, form, "Beschluss", "Beschluss festhalten", **more)


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def change_resolution(request: Request, body: str, pk: int, resolution: int) -> HttpResponse:
    """Changes the wording as long as it is a draft."""
    page, found = draft_or_404(request, body, pk)
    row = resolution_of(found, resolution)
    if row is None:
        return struck_meanwhile(request, page, found, OutcomeKind.RESOLUTION, resolution, ResolutionForm)
    form = ResolutionForm(
        request.POST or None,
        partners=[*page.partners.values()],
        initial={"text": row.text, "consenting": [*map(str, page.partners)]},
        auto_id=f"beschluss_{row.item_id}_{row.pk}_%s",
    )
    seen.carry(form, seen.mark(row.text))
    if is_sent(request, form):
        with act(form):
            actions.change_resolution(
                minutes=found, resolution=row, text=form.cleaned_data["text"], consenting=form.consent,
                shown=form.cleaned_data["seen"], by=request.user, now=clock.now(),
            )  # fmt: skip
            return outcome_added(request, page, row.item, f"Beschluss {row.number} ist geändert.")
    remove = page_url(page, "resolution-remove", row.pk)
    return in_place(request, page, row.item, form, f"Beschluss {row.number}", "Beschluss ändern", remove=remove)


@requires(Permission.MINUTES_WRITE)
@require_POST
def remove_resolution(request: Request, body: str, pk: int, resolution: int) -> HttpResponse:
    """Strikes a resolution that was recorded by mistake."""
    page, found = draft_or_404(request, body, pk)
    row = resolution_of(found, resolution)
    if row is None:
        return struck_meanwhile(request, page, found, OutcomeKind.RESOLUTION, resolution)
    shown = request.POST.get("seen", "")
    strike = partial(
        actions.remove_resolution, minutes=found, resolution=row, shown=shown, by=request.user, now=clock.now()
    )
    return removed(request, page, row.item, f"Beschluss {row.number} ist gestrichen.", strike)


@requires(Permission.MINUTES_WRITE)
@require_read_or_post
def positions(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Writes down what each partner holds, where no consensus was reached, and on what."""
    page, found = draft_or_404(request, body, pk)
    row = item_or_404(found, item)
    there, proposed = positions_of(row), proposal_of(row)
    refused = request.POST.get("text")  # the wording of a resolution that found no consent: here it is only carried on
    form = PositionsForm(
        request.POST if refused is None and request.POST else None,
        partners=[*page.partners.values()],
        there=there,
        proposal=refused or proposed,
        auto_id=f"auffassung_{item}_%s",
    )
    seen.carry(form, actions.mark_of_positions(there, proposed))
    if is_sent(request, form):
        with act(form):
            actions.record_positions(
                minutes=found, item=row, positions=form.positions, shown=form.cleaned_data["seen"],
                proposal=form.cleaned_data["proposal"], by=request.user, now=clock.now(),
            )  # fmt: skip
            return outcome_added(request, page, row, "Die Auffassungen der Partner sind festgehalten.")
    remove = page_url(page, "positions-remove", row.pk) if there else ""
    return in_place(request, page, row, form, "Kein Einvernehmen", "Auffassungen festhalten", remove=remove)


@requires(Permission.MINUTES_WRITE)
@require_POST
def remove_positions(request: Request, body: str, pk: int, item: int) -> HttpResponse:
    """Strikes the positions, for example when the partners agreed after all."""
    page, found = draft_or_404(request, body, pk)
    row = item_or_404(found, item)
    nothing = dict.fromkeys(page.partners, "")
    shown = request.POST.get("seen", "")
    strike = partial(
        actions.record_positions,
        minutes=found, item=row, positions=nothing, shown=shown, by=request.user, now=clock.now(),
    )  # fmt: skip
    return removed(request, page, row, "Die Auffassungen sind gestrichen.", strike)
