"""Deliveries of figures: hand in a file, watch its check, remark, submit, accept, compare."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kok import clock, sheets, words
from kok.access import Permission, can, requires
from kok.errors import Refused
from kok.requests import Request
from reporting.figures.actions import datasets as actions
from reporting.figures.actions import jobs
from reporting.figures.forms.datasets import ImportForm, RemarkForm
from reporting.figures.queries import datasets as queries
from reporting.figures.queries import import_jobs
from reporting.figures.queries.differences import comparison_of
from reporting.figures.queries.formats import latest_formats

T = TypeVar("T")
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
    delivery = _found(queries.delivery_of(request.user, request.agreement, pk))
    by_number = {str(each.number): each for each in delivery.revisions}
    newest = delivery.newest
    new = _found(by_number.get(request.GET.get("neu", str(newest.number))))
    old = _found(by_number.get(request.GET.get("alt", str(new.number - 1))))
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
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None, received=received)
    if is_sent and form.is_valid():
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
        "jobs": [(job, import_jobs.tone_of(job)) for job in own],
        "formats": latest_formats(),
        "crumbs": [*_above(request), ("Datei einlesen", None)],
    }
    return render(request, "reporting/figures/dataset_import.html", context)


@requires(Permission.FIGURES_DELIVER)
@require_safe
def import_job(request: Request, pk: UUID) -> HttpResponse:
    """How the check of a file stands; asked again and again while it runs."""
    job = _found(import_jobs.job_of(request.user, request.agreement, pk))
    context = {
        "job": job,
        "is_running": import_jobs.is_running(job),
        "steps": import_jobs.steps_of(job),
        "place": import_jobs.place_of(job),
        "problems": job.problems[:MOST_PROBLEMS],
        "formats": latest_formats(),
        "crumbs": [*_above(request), ("Datei einlesen", _url(request, "dataset-import")), (job.filename, None)],
    }
    template = (
        "reporting/figures/_import_progress.html" if _is_fragment(request) else "reporting/figures/import_job.html"
    )
    return render(request, template, context)


@requires(Permission.FIGURES_DELIVER)
@require_safe
def import_problems(request: Request, pk: UUID) -> HttpResponse:
    """The problems of a refused file as CSV, to work through them beside the file."""
    job = _found(import_jobs.job_of(request.user, request.agreement, pk))
    rows = [[each["row"], each["column"], each["rule"], each["sentence"]] for each in job.problems]
    headers = {"Content-Disposition": 'attachment; filename="maengel.csv"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(sheets.write_csv(PROBLEM_HEADINGS, rows), content_type=sheets.CSV_TYPE, headers=headers)


@requires(Permission.FIGURES_DELIVER)
@require_POST
def remark(request: Request, pk: int) -> HttpResponse:
    """Keeps what is said to one warning; on an error the page stays with what was typed."""
    page = _revision_or_404(request, pk)
    rule = _found(next((each.rule for each in page.doubts if each.rule == request.POST.get("rule")), None))
    form = RemarkForm(request.POST, prefix=rule)
    if form.is_valid():
        try:
            actions.remark(
                revision=page.revision, key=rule, text=form.cleaned_data["text"], by=request.user, now=clock.now()
            )
        except Refused as refused:
            form.add_error("text", refused.sentence)
        else:
            messages.success(request, f"Die Bemerkung zu {rule} ist gespeichert.")
            return redirect(f"{_dataset_url(request, page)}#{rule}")
    return _render_dataset(request, page, form)


@requires(Permission.FIGURES_DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def submit(request: Request, pk: int) -> HttpResponse:
    """The page before a delivery is submitted."""
    return _step(request, pk, queries.Part.DELIVERS, "abgeben", actions.submit)


@requires(Permission.FIGURES_DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: Request, pk: int) -> HttpResponse:
    """The page before the other partner accepts a delivery."""
    return _step(request, pk, queries.Part.RECEIVES, "annehmen", actions.accept)


@requires(Permission.FIGURES_DELIVER)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: Request, pk: int) -> HttpResponse:
    """The page before a delivery that nobody submitted is deleted."""
    return _step(request, pk, queries.Part.DELIVERS, "verwerfen", actions.discard)


DONE = {"abgeben": "abgegeben", "annehmen": "angenommen", "verwerfen": "verworfen. Dazu ist nichts mehr gespeichert"}


def _step(request: Request, pk: int, part: queries.Part, verb: str, act: Callable[..., Any]) -> HttpResponse:
    """One step of a delivery: a page that says what happens, then the act. For the other side there is no page."""
    page = _revision_or_404(request, pk)
    if part not in page.parts:
        raise Http404
    label, problem = page.revision.label, ""
    if request.method == "POST":
        try:
            act(revision=page.revision, by=request.user, now=clock.now())
        except Refused as refused:
            problem = refused.sentence
        else:
            messages.success(request, f"{page.delivery.title}: {label} ist {DONE[verb]}.")
            return redirect(_url(request, "datasets") if verb == "verwerfen" else _dataset_url(request, page))
    context = {
        "page": page,
        "delivery": page.delivery,
        "verb": verb,
        "problem": problem,
        "back_url": _dataset_url(request, page),
        "crumbs": _crumbs(request, page.delivery, f"{label} {verb}"),
    }
    return render(request, "reporting/figures/dataset_submit.html", context)


def _page_or_404(request: Request, pk: int) -> queries.DatasetPage:
    chosen = request.GET.get("revision", "")
    number = int(chosen) if chosen.isascii() and chosen.isdecimal() else None
    return _found(queries.dataset_page(request.user, request.agreement, clock.today(), pk=pk, number=number))


def _revision_or_404(request: Request, pk: int) -> queries.DatasetPage:
    return _found(queries.dataset_page_at(request.user, request.agreement, clock.today(), revision=pk))


def _render_dataset(request: Request, page: queries.DatasetPage, remark_form: RemarkForm | None = None) -> HttpResponse:
    context = {
        "page": page,
        "delivery": page.delivery,
        "doubts": [(doubt, _remark_form(doubt, remark_form)) for doubt in page.doubts],
        "evidence_url": f"{page.duty.url}?pruefsumme={page.revision.file_sha256}" if page.duty else "",
        "may_deliver": _may_deliver(request),
        "crumbs": _crumbs(request, page.delivery),
    }
    return render(request, "reporting/figures/dataset.html", context | ({"form": remark_form} if remark_form else {}))


def _remark_form(doubt: queries.Doubt, sent: RemarkForm | None) -> RemarkForm:
    """The form that was sent, with what was typed, or a fresh one."""
    if sent is not None and sent.prefix == doubt.rule:
        return sent
    return RemarkForm(prefix=doubt.rule, initial={"text": doubt.remark})


def _found(thing: T | None) -> T:
    if thing is None:
        raise Http404
    return thing


def _may_deliver(request: Request) -> bool:
    return can(request.user, Permission.FIGURES_DELIVER, request.agreement)


def _is_fragment(request: Request) -> bool:
    return bool(request.htmx)


def _url(request: Request, name: str, *args: Any) -> str:
    return reverse(f"reporting:{name}", args=[request.agreement.slug, *args])


def _dataset_url(request: Request, page: queries.DatasetPage) -> str:
    url = _url(request, "dataset", page.delivery.dataset.pk)
    return url if page.is_newest else f"{url}?revision={page.revision.number}"


def _above(request: Request) -> list[tuple[str, str | None]]:
    """The way to the list."""
    return [("Zahlen", _url(request, "figures")), ("Lieferungen", _url(request, "datasets"))]


def _crumbs(request: Request, delivery: queries.Delivery, below: str = "") -> list[tuple[str, str | None]]:
    name = f"{delivery.title}, {words.day(delivery.dataset.reference_date)}"
    here = _url(request, "dataset", delivery.dataset.pk)
    crumbs = [*_above(request), (name, here if below else None)]
    return [*crumbs, (below, None)] if below else crumbs
