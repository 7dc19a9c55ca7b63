"""Deliveries of figures: hand in a file, watch its check, remark, submit, accept, compare."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, sheets
from kok.access import Permission, can, requires
from kok.requests import Crumbs, Request, act, done, file_response, is_sent, or_404, whole_number
from kok.words import day
from reporting.duties.pages.lines import url_of
from reporting.figures.actions import datasets as actions
from reporting.figures.actions import jobs
from reporting.figures.forms.datasets import ImportForm, RemarkForm
from reporting.figures.pages import datasets as pages
from reporting.figures.pages.differences import comparison_of
from reporting.figures.pages.import_jobs import steps_of
from reporting.figures.queries import datasets as queries
from reporting.figures.queries import import_jobs
from reporting.figures.queries.formats import latest_formats
from reporting.figures.rules.codes import DeliveryPart

MOST_PROBLEMS = 200
PROBLEM_HEADINGS = ("Zeile", "Spalte", "Regel", "Was zu tun ist")


@requires(Permission.FIGURES_EXACT)
@require_safe
def datasets(request: Request) -> HttpResponse:
    """Everything delivered for this region."""
    context = {
        "deliveries": queries.deliveries_of(request.user, request.agreement),
        "may_deliver": _may_deliver(request),
        "crumbs": [_above(request)[0], ("Lieferungen", None)],
    }
    return render(request, "reporting/figures/datasets.html", context)


@requires(Permission.FIGURES_EXACT)
@require_safe
def dataset(request: Request, pk: int) -> HttpResponse:
    """One delivery, opened at its newest revision or at the one named in the address."""
    return _render_dataset(request, _page_or_404(request, pk))


@requires(Permission.FIGURES_EXACT)
@require_safe
def compare(request: Request, pk: int) -> HttpResponse:
    """Two revisions side by side: only what changed."""
    delivery = or_404(queries.delivery_of(request.user, request.agreement, pk=pk))
    by_number = {str(each.number): each for each in delivery.revisions}
    new = or_404(by_number.get(request.GET.get("neu", str(delivery.newest.number))))
    old = or_404(by_number.get(request.GET.get("alt", str(new.number - 1))))
    context = {
        "delivery": delivery,
        "old": old,
        "new": new,
        "comparison": comparison_of(old, new, delivery.format),
        "crumbs": _crumbs(request, delivery, "Unterschiede"),
    }
    return render(request, "reporting/figures/dataset_compare.html", context)


@requires(Permission.FIGURES_DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: Request) -> HttpResponse:
    """Takes a file and leads to its check; shows one's own files of late, so that they are found again."""
    received = int(request.META.get("CONTENT_LENGTH") or 0)
    form = ImportForm(request.POST, request.FILES, received=received) if request.method == "POST" else ImportForm()
    if is_sent(request, form):
        file = form.cleaned_data["file"]
        job = jobs.hand_in(
            agreement=request.agreement,
            filename=file.name,
            content=file.read(),
            correction_reason=form.cleaned_data["correction_reason"],
            by=request.user,
            now=clock.now(),
        )
        return redirect("reporting:import-job", request.agreement.slug, job.pk)
    own = import_jobs.jobs_of(request.user, request.agreement)
    context = {
        "form": form,
        "jobs": own,
        "formats": latest_formats(),
        "crumbs": [*_above(request), ("Datei einlesen", None)],
    }
    return render(request, "reporting/figures/dataset_import.html", context)


@requires(Permission.FIGURES_DELIVER)
@require_safe
def import_job(request: Request, pk: UUID) -> HttpResponse:
    """How the check of a file stands; asked again and again while it runs."""
    job = or_404(import_jobs.job_of(request.user, request.agreement, pk))
    context = {
        "job": job,
        "steps": steps_of(job),
        "problems": job.problems[:MOST_PROBLEMS],
        "formats": latest_formats(),
        "crumbs": [*_above(request), ("Datei einlesen", _url(request, "dataset-import")), (job.filename, None)],
    }
    template = "reporting/figures/_import_progress.html" if request.htmx else "reporting/figures/import_job.html"
    return render(request, template, context)


@requires(Permission.FIGURES_DELIVER)
@require_safe
def import_problems(request: Request, pk: UUID) -> HttpResponse:
    """The problems of a refused file as CSV, to work through them beside the file."""
    job = or_404(import_jobs.job_of(request.user, request.agreement, pk))
    rows = [[each["row"], each["column"], each["rule"], each["sentence"]] for each in job.problems]
    return file_response(sheets.write_csv(PROBLEM_HEADINGS, rows), "maengel.csv", sheets.CSV_TYPE)


@requires(Permission.FIGURES_DELIVER)
@require_POST
def remark(request: Request, pk: int) -> HttpResponse:
    """Keeps what is said to one warning; on an error the page stays with what was typed."""
    page = _revision_or_404(request, pk)
    rule = or_404(next((each.rule for each in page.doubts if each.rule == request.POST.get("rule")), None))
    form = RemarkForm(request.POST, prefix=rule)
    if form.is_valid():
        with act(form, "text"):
            actions.remark(
                revision=page.revision, key=rule, text=form.cleaned_data["text"], by=request.user, now=clock.now()
            )
            sentence = f"Die Bemerkung zu {rule} ist gespeichert."
            return done(request, sentence, f"{_dataset_url(request, page)}#{rule}")
    return _render_dataset(request, page, form)


@dataclass(frozen=True)
class StepOfDelivery:
    """One step of a delivery: for whom it is, how it is called, what it does, and what is said before and after."""

    part: DeliveryPart
    verb: str
    act: Callable[..., object]
    lead: str
    done: str
    asks_evidence: bool = False
    ends: bool = False  # nothing of the delivery is left


SUBMIT = StepOfDelivery(
    DeliveryPart.DELIVERS,
    "abgeben",
    actions.submit,
    "Danach sehen die übrigen Partner die Zahlen. Die Lieferung bleibt, wie sie ist; ein Fehler wird mit einer neuen "
    "Datei berichtigt.",
    "abgegeben",
    asks_evidence=True,
)
ACCEPT = StepOfDelivery(
    DeliveryPart.RECEIVES,
    "annehmen",
    actions.accept,
    "Sie bestätigen, dass die Lieferung bei Ihnen angekommen ist. Eine spätere Berichtigung bleibt möglich.",
    "angenommen",
)
DISCARD = StepOfDelivery(
    DeliveryPart.DELIVERS,
    "verwerfen",
    actions.discard,
    "Die Lieferung wird gelöscht. Sie ist noch nicht abgegeben; die Datei auf Ihrem Rechner bleibt.",
    "verworfen. Dazu ist nichts mehr gespeichert",
    ends=True,
)


@requires(Permission.FIGURES_DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request: Request, pk: int, step: StepOfDelivery) -> HttpResponse:
    """One step of a delivery: a page that says what happens, then the act. For the other side there is no page."""
    page = _revision_or_404(request, pk)
    if step.part not in page.parts:
        raise Http404
    label, attempt = page.revision.label, act()
    if request.method == "POST":
        with attempt:
            step.act(revision=page.revision, by=request.user, now=clock.now())
            there = _url(request, "datasets") if step.ends else _dataset_url(request, page)
            return done(request, f"{page.delivery.title}: {label} ist {step.done}.", there)
    context = {
        "page": page,
        "delivery": page.delivery,
        "step": step,
        "problem": attempt.sentence,
        "back_url": _dataset_url(request, page),
        "crumbs": _crumbs(request, page.delivery, f"{label} {step.verb}"),
    }
    return render(request, "reporting/figures/dataset_submit.html", context)


def _page_or_404(request: Request, pk: int) -> pages.DatasetPage:
    number = whole_number(request.GET.get("revision", ""))
    return or_404(pages.dataset_page(request.user, request.agreement, clock.today(), pk=pk, number=number))


def _revision_or_404(request: Request, pk: int) -> pages.DatasetPage:
    return or_404(pages.dataset_page_at(request.user, request.agreement, clock.today(), revision=pk))


def _render_dataset(request: Request, page: pages.DatasetPage, remark_form: RemarkForm | None = None) -> HttpResponse:
    duty_url = url_of(page.duty, request.agreement.slug) if page.duty else ""
    context = {
        "page": page,
        "delivery": page.delivery,
        "doubts": [(doubt, _remark_form(doubt, remark_form)) for doubt in page.doubts],
        "duty_url": duty_url,
        "evidence_url": duty_url and f"{duty_url}?pruefsumme={page.revision.file_sha256}",
        "may_deliver": _may_deliver(request),
        "crumbs": _crumbs(request, page.delivery),
    }
    return render(request, "reporting/figures/dataset.html", context | ({"form": remark_form} if remark_form else {}))


def _remark_form(doubt: pages.Doubt, sent: RemarkForm | None) -> RemarkForm:
    """The form that was sent, with what was typed, or a fresh one."""
    if sent is not None and sent.prefix == doubt.rule:
        return sent
    return RemarkForm(prefix=doubt.rule, initial={"text": doubt.remark})


def _may_deliver(request: Request) -> bool:
    return can(request.user, Permission.FIGURES_DELIVER, request.agreement)


def _url(request: Request, name: str, *args: object) -> str:
    return reverse(f"reporting:{name}", args=[request.agreement.slug, *args])


def _dataset_url(request: Request, page: pages.DatasetPage) -> str:
    url = _url(request, "dataset", page.delivery.dataset.pk)
    return url if page.is_newest else f"{url}?revision={page.revision.number}"


def _above(request: Request) -> Crumbs:
    """The way to the list."""
    return [("Zahlen", _url(request, "figures")), ("Lieferungen", _url(request, "datasets"))]


def _crumbs(request: Request, delivery: queries.Delivery, below: str = "") -> Crumbs:
    name = f"{delivery.title}, {day(delivery.dataset.reference_date)}"
    here = _url(request, "dataset", delivery.dataset.pk)
    crumbs: Crumbs = [*_above(request), (name, here if below else None)]
    return [*crumbs, (below, None)] if below else crumbs
