"""The deadlines of a year, and one duty with its entries."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Crumbs, Request, act, done, is_sent, or_404
from kok.step_pages import StepPage, step_page
from kok.words import weekday
from members.queries import partners_of_agreement
from reporting.duties.actions.submissions import record_submission, withdraw_submission
from reporting.duties.forms import DeadlineFilter, SubmissionForm, WithdrawalForm
from reporting.duties.pages.deadlines import DutyPage, deadlines_page, duty_page, years_of
from reporting.duties.rules.fulfilment import nil_warning

YEARS = range(2000, 2100)


@requires(Permission.DUTIES_READ)
@require_safe
def deadlines(request: Request) -> HttpResponse:
    """The deadlines of a year; the filter stands in the address."""
    today, agreement = clock.today(), request.agreement
    values = {"jahr": today.year, **request.GET.dict()}
    form = DeadlineFilter(values, years=years_of(agreement, today), partners=partners_of_agreement(agreement))
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
        with act(form):
            record_submission(
                agreement=request.agreement,
                code=code,
                due_year=year,
                debtor=page.debtor,
                by=request.user,
                now=clock.now(),
                **form.cleaned_data,
            )
            return _recorded(request, page, is_nil_report=form.cleaned_data["is_nil_report"])
    return _render_duty(request, page, form)


def _recorded(request: Request, page: DutyPage, *, is_nil_report: bool) -> HttpResponse:
    """Back on the page of the duty, with what is to be doubted of the entry."""
    answer = done(request, "Die Abgabe ist eingetragen. Dazu kommen keine Erinnerungen mehr.", page.url)
    if warning := nil_warning(page.duty.occurrence, is_nil_report=is_nil_report):
        messages.warning(request, warning)
    return answer


@requires(Permission.DUTY_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: Request, code: str, year: int, partner: str, pk: int) -> HttpResponse:
    """Takes a wrong entry back; the page before shows what happens then."""
    page = _page_or_404(request, code, year, partner)
    submission = or_404(page.entry(pk))
    form = WithdrawalForm(request.POST or None)
    if is_sent(request, form):
        with act(form):
            withdraw_submission(
                submission=submission, reason=form.cleaned_data["reason"], by=request.user, now=clock.now()
            )
            sentence = "Die Eintragung ist zurückgenommen. Sie steht weiter im Verlauf."
            return done(request, sentence, page.url)
    step = StepPage(
        above=page.duty.heading,
        heading=WITHDRAW,
        lead=f"Die Abgabe vom {weekday(submission.submitted_on)} gilt dann nicht mehr. {STAYS}",
        submit=WITHDRAW,
        cancel_url=page.url,
    )
    crumbs: Crumbs = [_year_crumb(request, page), (page.duty.heading, page.url), (WITHDRAW, None)]
    return step_page(request, step, form, crumbs=crumbs)


WITHDRAW = "Eintragung zurücknehmen"
STAYS = (
    "Sie bleibt mit Ihrem Grund im Verlauf stehen. Die Frist ist wieder unerfüllt, und die Erinnerungen gehen weiter."
)


def _page_or_404(request: Request, code: str, year: int, partner: str) -> DutyPage:
    today = clock.today()
    is_known = year in YEARS
    return or_404(
        duty_page(request.user, request.agreement, today, code=code, year=year, partner=partner) if is_known else None
    )


def _render_duty(request: Request, page: DutyPage, form: SubmissionForm) -> HttpResponse:
    context: dict[str, object] = {
        "page": page,
        "duty": page.duty,
        "form": form,
        "crumbs": [_year_crumb(request, page), (page.duty.heading, None)],
        "record_url": reverse("reporting:record", args=[request.agreement.slug, *page.duty.key]),
        "may_deliver": can(request.user, Permission.FIGURES_DELIVER, request.agreement),
    }
    return render(request, "reporting/duties/duty.html", context)


def _year_crumb(request: Request, page: DutyPage) -> tuple[str, str | None]:
    """The way to the deadlines of the year."""
    url = reverse("reporting:deadlines", args=[request.agreement.slug])
    return "Fristen", f"{url}?jahr={page.duty.occurrence.due_year}"
