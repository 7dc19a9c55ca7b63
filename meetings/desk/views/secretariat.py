"""Who holds the secretariat when, and terms that deviate from the rotation."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request, act, done, is_sent
from meetings.convening.queries.secretariat import Secretariat, now_and_next, secretariat_of, turns, with_deviation
from meetings.desk.actions.secretariat import record_deviating_term
from meetings.desk.forms.secretariat import DeviatingTermForm
from meetings.desk.queries.deviating import approved_resolutions, deviating_terms
from members.queries import clause_of
from members.rules.codes import Recurrence

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.AGREEMENT_READ)
@require_safe
def secretariat(request: Request) -> HttpResponse:
    """The rotation over the years, as a strip and as a table."""
    agreement = request.agreement
    today = clock.today()
    found = secretariat_of(agreement)
    context = {
        "terms": turns(found, found.deviations, today),
        "now": now_and_next(found, today),
        "deviating": deviating_terms(agreement),
        "clause": clause_of(agreement, Recurrence.PER_MEETING, today),
        "today": today,
        "may_record": can(request.user, Permission.MEETING_PLAN, agreement),
        "crumbs": [("Geschäftsführung", None)],
    }
    return render(request, "meetings/desk/secretariat.html", context)


@requires(Permission.MEETING_PLAN)
@require_read_or_post
def deviating_term(request: Request) -> HttpResponse:
    """Records a deviating term: first the form, then a page that shows the terms before and after, then the act."""
    agreement = request.agreement
    found = secretariat_of(agreement)
    resolutions = approved_resolutions(agreement)
    form = DeviatingTermForm(request.POST or None, partners=list(found.partners.values()), resolutions=resolutions)
    here = reverse("meetings:secretariat", args=[agreement.slug])
    context = {
        "form": form,
        "has_resolutions": bool(resolutions),
        "today": clock.today(),
        "crumbs": [("Geschäftsführung", here), ("Abweichung eintragen", None)],
    }
    if is_sent(request, form):
        with act(form):
            return _confirmed(request, found, form, context)
    return render(request, "meetings/desk/deviating_term.html", context)


def _confirmed(request: Request, found: Secretariat, form: DeviatingTermForm, context: dict[str, Any]) -> HttpResponse:
    """The terms before and after, or once that was seen the act."""
    agreement, deviation = request.agreement, form.deviation
    if "confirmed" in request.POST:
        resolution = form.cleaned_data["resolution"]
        record_deviating_term(
            agreement=agreement, deviation=deviation, resolution=resolution, by=request.user, now=clock.now()
        )
        said = "Die abweichende Geschäftsführung ist eingetragen."
        return done(request, said, "meetings:secretariat", agreement.slug)
    context |= {
        "sides": (
            ("bisher", "Bisher", turns(found, found.deviations, context["today"])),
            ("danach", "Danach", turns(found, with_deviation(found, deviation), context["today"])),
        ),
    }
    return render(request, "meetings/desk/deviating_term_confirm.html", context)
