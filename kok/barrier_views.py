"""Reporting a barrier, for everybody; the reports and their answers, for Technik."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kok import barriers, clock, networks, throttle
from kok.access import Permission, installation, public
from kok.errors import Refused
from kok.navigation import tabs_of
from kok.page_forms import AnswerForm, ReportForm
from kok.templatetags.kok import weekday

require_read_or_post = require_http_methods(["GET", "HEAD", "POST"])
TOO_MANY = (
    "Von Ihrem Anschluss kamen in der letzten Stunde sehr viele Meldungen. Diese ist noch nicht gespeichert, Ihr Text "
    "steht noch hier. Senden Sie ihn in einer Stunde noch einmal, oder nehmen Sie Kontakt auf, wie es in der Erklärung "
    "zur Barrierefreiheit steht."
)


def _may_report(request: HttpRequest) -> bool:
    """Counts this report against the limit of its network, and of no other."""
    return throttle.report(networks.network_of(request)).is_allowed()


@public
@require_read_or_post
def report_barrier(request: HttpRequest) -> HttpResponse:
    """A form without sign-in."""
    form = ReportForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        if _may_report(request):
            now = clock.now()
            row = barriers.report(**form.cleaned_data, now=now)
            due_on = barriers.Line(row, clock.today()).due_on
            promise = f" Wir antworten bis {weekday(due_on)}." if row.contact else ""
            messages.success(request, f"Ihre Meldung ist angekommen.{promise}")
            return redirect("kok:barrier-reported")
        form.add_error(None, TOO_MANY)
        status = 429
    return render(request, "kok/barrier_report.html", {"form": form}, status=status)


@public
@require_safe
def barrier_reported(request: HttpRequest) -> HttpResponse:
    """What happens next."""
    return render(request, "kok/barrier_reported.html")


@installation(Permission.JOBS_MANAGE)
@require_safe
def reported_barriers(request: HttpRequest) -> HttpResponse:
    """All reports, the open ones first."""
    today = clock.today()
    page = Paginator(barriers.reports(), 50).get_page(request.GET.get("seite"))
    context = {
        "page": page,
        "lines": [barriers.Line(row, today) for row in page],
        "tabs": tabs_of(request.user, "operation", "kok:barriers"),
        "today": today,
    }
    return render(request, "kok/barriers.html", context)


@installation(Permission.JOBS_MANAGE)
@require_read_or_post
def answer_barrier(request: HttpRequest, pk: int) -> HttpResponse:
    """One report, and the form that closes it."""
    found = barriers.report_of(pk)
    if found is None:
        raise Http404
    line = barriers.Line(found, clock.today())
    form = AnswerForm(request.POST or None, is_answerable=line.is_answerable, today=line.today)
    if request.method == "POST" and form.is_valid():
        try:
            barriers.answer(pk=pk, **form.cleaned_data, by=request.user, now=clock.now())
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Die Meldung ist als erledigt eingetragen. Es kommt keine Erinnerung mehr.")
            return redirect("kok:barriers")
    context = {
        "line": line,
        "form": form,
        "today": line.today,
        "crumbs": [("Barrieren", reverse("kok:barriers")), (f"Meldung {pk}", None)],
    }
    return render(request, "kok/barrier.html", context)
