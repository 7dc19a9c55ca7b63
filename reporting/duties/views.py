"""The deadlines of a year, and one duty with its entries."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.errors import Refused
from kok.requests import Request, or_404
from members.queries import partners_of_agreement
from reporting.duties.actions import submissions as actions
from reporting.duties.forms import DeadlineFilter, SubmissionForm, WithdrawalForm
from reporting.duties.pages.deadlines import DutyPage, deadlines_page, duty_page, years_of
from reporting.duties.rules.fulfilment import nil_warning

FIRST_YEAR, LAST_YEAR = 2000, 2099


@requires(Permission.DUTIES_READ)
@require_safe
def deadlines(request: Request) -> HttpResponse:
    """The deadlines of a year; the filter stands in the address."""
    today, agreement = clock.today(), request.agreement
    partners = [(partner.slug, partner.short_name) for partner in partners_of_agreement(agreement)]
    values = {"jahr": today.year, **request.GET.dict()}
    form = DeadlineFilter(values, years=years_of(agreement, today), partners=partners)
    year = int(form.chosen("jahr") or today.year)
    page = deadlines_page(
        request.user, agreement, today, year=year, partner=form.chosen("partner"), state=form.chosen("stand")
    )
    return render(request, "reporting/duties/deadlines.html", {"page": page, "filter": form, "today": today})


@requires(Permission.DUTIES_READ)
@require_safe
def duty(request: Request, code: str, year: int, partner: str) -> HttpResponse:
    """One occurrence: dates, entries, reminders, and the form for those who may enter."""
    page = _page_or_404(request, code, year, partner)
    evidence = {"file_sha256": request.GET.get("pruefsumme", "")}  # from the page of the delivery
    return _render_duty(request, page, SubmissionForm(duty=page.duty, initial=evidence))


@requires(Permission.DUTY_RECORD)
@require_POST
def record(request: Request, code: str, year: int, partner: str) -> HttpResponse:
    """Enters that a duty was fulfilled."""
    page = _page_or_404(request, code, year, partner)
    form = SubmissionForm(request.POST, duty=page.duty)
    if form.is_valid():
        try:
            actions.record_submission(
                agreement=request.agreement,
                code=code,
                due_year=year,
                debtor=or_404(page.duty.debtor),
                by=request.user,
                now=clock.now(),
                **form.cleaned_data,
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Die Abgabe ist eingetragen. Dazu kommen keine Erinnerungen mehr.")
            warning = nil_warning(page.duty.occurrence, is_nil_report=form.cleaned_data["is_nil_report"])
            if warning:
                messages.warning(request, warning)
            return redirect(page.duty.url)
    return _render_duty(request, page, form)


@requires(Permission.DUTY_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, code: str, year: int, partner: str, pk: int) -> HttpResponse:
    """Takes a wrong entry back; the page before shows what happens then."""
    page = _page_or_404(request, code, year, partner)
    submission = next((each for each in page.history if each.pk == pk), None)
    if submission is None or not page.may_record:
        raise Http404
    form = WithdrawalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.withdraw_submission(
                submission=submission, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
        except Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, "Die Eintragung ist zurückgenommen. Sie steht weiter im Verlauf.")
            return redirect(page.duty.url)
    context = _duty_context(request, page, "Eintragung zurücknehmen") | {"form": form, "submission": submission}
    return render(request, "reporting/duties/withdraw.html", context)


def _page_or_404(request: Request, code: str, year: int, partner: str) -> DutyPage:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    today: date = clock.today()
    page = duty_page(request.user, request.agreement, today, code=code, year=year, partner=partner)
    if page is None:
        raise Http404
    return page


def _render_duty(request: Request, page: DutyPage, form: SubmissionForm) -> HttpResponse:
    return render(request, "reporting/duties/duty.html", _duty_context(request, page) | {"form": form})


def _duty_context(request: Request, page: DutyPage, below: str = "") -> dict[str, Any]:
    duty = page.duty
    year_url = f"{reverse('reporting:deadlines', args=[request.agreement.slug])}?jahr={duty.occurrence.due_year}"
    crumbs = [("Fristen", year_url), (duty.heading, duty.url if below else None)]
    return {
        "page": page,
        "duty": duty,
        "today": duty.today,
        "crumbs": [*crumbs, (below, None)] if below else crumbs,
        "record_url": reverse("reporting:record", args=_place(request, page)),
        "may_deliver": can(request.user, Permission.FIGURES_DELIVER, request.agreement),
    }


def _place(request: Request, page: DutyPage) -> list[Any]:
    occurrence = page.duty.occurrence
    return [request.agreement.slug, occurrence.code, occurrence.due_year, occurrence.debtor]
