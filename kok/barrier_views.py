"""Reporting a barrier, for everybody; the reports and their answers, for who answers them; their days, for Technik."""

from collections.abc import Callable, Collection
from datetime import date
from functools import wraps

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import barrier_office, barriers, clock, networks, throttle
from kok.access import FactorMissing, Grant, View, grants_of, public, signed_in, waiting_grants_of
from kok.navigation import tabs_of
from kok.page_forms import BarrierAnswerForm, ReportForm, SetAsideForm
from kok.requests import Crumbs, Request, act, done, is_sent, or_404
from kok.step_pages import StepPage, step_page
from kok.words import moment, weekday

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
TOO_MANY = (
    "Von Ihrem Anschluss kamen in der letzten Stunde sehr viele Meldungen. Diese ist noch nicht gespeichert, Ihr Text "
    "steht noch hier. Senden Sie ihn in einer Stunde noch einmal, oder nehmen Sie Kontakt auf, wie es in der Erklärung "
    "zur Barrierefreiheit steht."
)


def opened_by(opens: Callable[[Collection[Grant], date], bool]) -> Callable[[View], View]:
    """Opens a page to those whose roles open it today, of an office or of Technik; others get 404."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: Request, *args: object, **kwargs: object) -> HttpResponseBase:
            if not opens(grants_of(request.user), clock.today()):
                if opens(waiting_grants_of(request.user), clock.today()):
                    raise FactorMissing
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return decorate


@public
@require_read_or_post
def report_barrier(request: HttpRequest) -> HttpResponse:
    """A form without sign-in."""
    form = ReportForm(request.POST or None)
    status = 200
    if is_sent(request, form):
        if throttle.report(networks.network_of(request)).is_allowed():  # counts against its network, and no other
            now = clock.now()
            row = barriers.report(**form.cleaned_data, now=now)
            due_on = barriers.BarrierLine(row, clock.today()).due_on
            promise = f" Wir antworten bis {weekday(due_on)}." if row.contact else ""
            return done(request, f"Ihre Meldung ist angekommen.{promise}", "kok:barrier-reported")
        form.add_error(None, TOO_MANY)
        status = 429
    context = {"form": form, "office": barrier_office.answering(clock.today())}
    return render(request, "kok/barrier_report.html", context, status=status)


@public
@require_safe
def barrier_reported(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "kok/barrier_reported.html")


@opened_by(barrier_office.shows)
@require_safe
def reported_barriers(request: Request) -> HttpResponse:
    """All reports, the open ones first; without their words for Technik while an office answers."""
    today = clock.today()
    page = Paginator(barriers.reports(), 50).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "lines": [barriers.BarrierLine(row, today) for row in page],
        "tabs": tabs_of(request.user, "operation", "kok:barriers"),
        "today": today,
        "office": barrier_office.named(today),
        "may_answer": barrier_office.opens(grants_of(request.user), today),
    }
    return render(request, "kok/barriers.html", context)


def _line_or_404(pk: int) -> barriers.BarrierLine:
    return barriers.BarrierLine(or_404(barriers.report_of(pk)), clock.today())


@opened_by(barrier_office.opens)
@require_read_or_post
def answer_barrier(request: Request, pk: int) -> HttpResponse:
    """One report, and the form that closes it."""
    line = _line_or_404(pk)
    form = BarrierAnswerForm(request.POST or None, is_answerable=line.is_answerable, today=line.today)
    if is_sent(request, form):
        with act(form):
            barriers.answer(pk=pk, **form.cleaned_data, by=request.user, now=clock.now())
            told = "Die Meldung ist als erledigt eingetragen. Es kommt keine Erinnerung mehr."
            return done(request, told, "kok:barriers")
    context = {
        "line": line,
        "form": form,
        "today": line.today,
        "crumbs": [("Barrieren", reverse("kok:barriers")), (f"Meldung {pk}", None)],
    }
    return render(request, "kok/barrier.html", context)


ASIDE = (
    "Die Meldung ist damit abgeschlossen: Die sechs Wochen laufen nicht weiter, und es kommt keine Erinnerung mehr. Das"
    " lässt sich nicht zurücknehmen. Meldung und Grund bleiben in der Liste der abgeschlossenen Meldungen."
)


@opened_by(barrier_office.opens)
@require_read_or_post
def set_barrier_aside(request: Request, pk: int) -> HttpResponse:
    """Closes a report that is not about accessibility, with a reason."""
    line = _line_or_404(pk)
    form = SetAsideForm(request.POST or None)
    if is_sent(request, form):
        with act(form):
            barriers.set_aside(pk=pk, **form.cleaned_data, by=request.user, now=clock.now())
            told = f"Meldung {pk} ist als kein Anliegen zur Barrierefreiheit eingetragen."
            return done(request, f"{told} Es kommt keine Erinnerung mehr.", "kok:barriers")
    crumbs: Crumbs = [
        ("Barrieren", reverse("kok:barriers")),
        (f"Meldung {pk}", reverse("kok:barrier", args=[pk])),
        ("Kein Anliegen", None),
    ]
    is_done = not (line.is_open or form.is_bound)
    step = StepPage(
        title=f"Kein Anliegen zur Barrierefreiheit: Meldung {pk}",
        above=f"Meldung {pk}, eingegangen am {moment(line.report.received_at)}",
        heading="Kein Anliegen zur Barrierefreiheit",
        facts=[("Was hat gehindert?", line.report.text)],
        notes=() if is_done else (ASIDE,),
        hindrance="Diese Meldung ist schon abgeschlossen." if is_done else "",
        back="Zur Meldung",
        submit="Als kein Anliegen eintragen",
        cancel_url=reverse("kok:barrier", args=[pk]),
    )
    return step_page(request, step, form, crumbs=crumbs)
