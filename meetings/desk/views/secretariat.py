"""Who holds the secretariat when, and terms that deviate from the rotation."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request, act, done, is_sent
from meetings.convening.queries.secretariat import now_and_next, secretariat_of, turns, with_deviation
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
    agreement, today = request.agreement, clock.today()
    found = secretariat_of(agreement)
    resolutions = approved_resolutions(agreement)
    form = DeviatingTermForm(request.POST or None, partners=list(found.partners.values()), resolutions=resolutions)
    here = reverse("meetings:secretariat", args=[agreement.slug])
    context = {
        "form": form,
        "has_resolutions": resolutions.exists(),
        "back_url": here,
        "crumbs": [("Geschäftsführung", here), ("Abweichung eintragen", None)],
    }
    if is_sent(request, form):
        with act(form):
            if "confirmed" in request.POST:
                record_deviating_term(
                    agreement=agreement,
                    deviation=form.deviation,
                    resolution=form.cleaned_data["resolution"],
                    by=request.user,
                    now=clock.now(),
                )
                return done(request, "Die abweichende Geschäftsführung ist eingetragen.", here)
            after = with_deviation(found, form.deviation)
            context |= {
                "sides": (
                    ("bisher", "Bisher", turns(found, found.deviations, today)),
                    ("danach", "Danach", turns(found, after, today)),
                )
            }
    return render(request, "meetings/desk/deviating_term.html", context)
