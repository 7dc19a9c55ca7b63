"""The figures: what there is, one series with its picture, and its table as a file."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request, act, file_response, or_404
from members.queries import conference_of, headings_on
from reporting.figures.documents import sheet as figures_sheet
from reporting.figures.documents.charts import chart_of
from reporting.figures.documents.table import table_of
from reporting.figures.forms.figures import PARAMETERS, SeriesFilter, StatewideFilter
from reporting.figures.pages.overview import figures_overview
from reporting.figures.pages.statewide import statewide_page
from reporting.figures.queries.catalogue import COMPARED_BY, COUNTED_BY, subjects
from reporting.figures.queries.reach import works_statewide
from reporting.figures.queries.regions import Region, region_named, regions_of
from reporting.figures.queries.series import ROUNDED_VERSION, SeriesPage, exactness_for, series_page
from reporting.figures.rules.disclosure import HOW_ROUNDED, THRESHOLD, Exactness
from reporting.figures.rules.series import sentences
from reporting.figures.views.tables import table_response

REGION = "region"


@requires(Permission.FIGURES_READ)
@require_safe
def figures(request: Request) -> HttpResponse:
    """What figures there are, and the last value of each."""
    agreement = request.agreement
    regions = regions_of(agreement)
    region = region_named(regions, request.GET.get(REGION, ""))
    exactness = exactness_for(request.user, agreement, version_of(request))
    context = {
        "page": figures_overview(region=region, exactness=exactness),
        "tabs": tabs_of(request, regions, region),
        "clauses": headings_on(agreement, clock.today()),
        "threshold": THRESHOLD,
        "version": version_context(request),
        "is_statewide": works_statewide(request.user, Permission.FIGURES_EXACT),
        "sees_deliveries": can(request.user, Permission.FIGURES_EXACT, agreement),
        "may_deliver": can(request.user, Permission.FIGURES_DELIVER, agreement),
    }
    return render(request, "reporting/figures/figures.html", context)


@requires(Permission.FIGURES_READ)
@require_safe
def series(request: Request, kennzahl: str) -> HttpResponse:
    """One series over the years, as a table and as a picture."""
    regions = regions_of(request.agreement)
    page = page_of(request, kennzahl, regions)
    known = subjects()
    other = COMPARED_BY.get(kennzahl) or COUNTED_BY.get(kennzahl, "")
    context = {
        "page": page,
        "tabs": tabs_of(request, regions, page.region),
        "series": page.series,
        "table": table_of(page.series),
        "chart": chart_of(page.series),
        "sentences": sentences(page.series),
        "filter": SeriesFilter(request.GET, options=page.options) if page.options else None,
        "other": known.get(other),
        "query": query_of(request, page),
        "version": version_context(request),
        "crumbs": [_start(request), (page.subject.title, None)],
    }
    return render(request, "reporting/figures/figures_series.html", context)


@requires(Permission.FIGURES_READ)
@require_safe
def download(request: Request, kennzahl: str, kind: str) -> HttpResponse:
    """Exactly the table of the page, as CSV or XLSX."""
    page = page_of(request, kennzahl, regions_of(request.agreement))
    table = table_of(page.series)
    title = f"{page.subject.title}{' (gerundet)' * page.series.is_rounded}"
    return table_response(title, table.header, table.lines, filename_of(page), kind)


@requires(Permission.FIGURES_READ)
@require_POST
def sheet(request: Request, kennzahl: str) -> HttpResponse:
    """The page on paper, in the version that it shows. It takes two seconds, so only a click makes it."""
    agreement = request.agreement
    page = page_of(request, kennzahl, regions_of(agreement))
    with act(request):
        content = figures_sheet.sheet(
            page.series,
            region=page.region.name,
            conference=f"{conference_of(agreement).called_on(clock.today()).name} {agreement.region}",
            today=clock.today(),
        )
        return file_response(content, f"{filename_of(page)}.pdf")
    there = reverse("reporting:figure-series", args=[agreement.slug, kennzahl])
    return redirect(f"{there}{query_of(request, page)}")


@requires(Permission.FIGURES_READ)
@require_safe
def statewide(request: Request) -> HttpResponse:
    """All regions beside each other; exists for people of the LWV only."""
    agreement = request.agreement
    if not works_statewide(request.user, Permission.FIGURES_EXACT):
        raise Http404
    page = statewide_page(
        agreement=agreement,
        today=clock.today(),
        year=request.GET.get("jahr", ""),
        kennzahl=request.GET.get("kennzahl", ""),
        sort=request.GET.get("sortierung", ""),
        exactness=exactness_for(request.user, agreement, version_of(request)),
    )
    context = {
        "page": page,
        "filter": StatewideFilter({"jahr": page.year, "kennzahl": page.subject.slug}, page=page),
        "version": version_context(request),
        "crumbs": [_start(request), ("Alle Regionen", None)],
    }
    return render(request, "reporting/figures/figures_statewide.html", context)


def page_of(request: Request, kennzahl: str, regions: Sequence[Region]) -> SeriesPage:
    """The series of this address as this person may see it; 404 for a word that is no series."""
    subject = or_404(subjects().get(kennzahl))
    agreement = request.agreement
    wanted = {dimension: request.GET.get(name, "") for name, dimension in PARAMETERS.items()}
    exactness = exactness_for(request.user, agreement, version_of(request))
    region = region_named(regions, request.GET.get(REGION, ""))
    return series_page(region=region, subject=subject, wanted=wanted, exactness=exactness)


def filename_of(page: SeriesPage) -> str:
    """`Zahlen-06440-i02-gerundet`: region and series, and whether it may be handed on."""
    chosen = "".join(f"-{code}" for code in page.chosen.values() if code != "T")
    return f"Zahlen-{page.series.region_kgs}-{page.subject.slug}{chosen}{'-gerundet' * page.series.is_rounded}"


def version_of(request: Request) -> str:
    """The version that the address asks for; only one word means anything."""
    return request.GET.get("fassung", "")


def tabs_of(request: Request, regions: Sequence[Region], shown: Region) -> list[dict[str, object]]:
    """The same page for each region, where there are several."""
    return [
        {"label": each.name, "url": f"?{_with(request, REGION, each.kgs)}", "current": each == shown}
        for each in (regions if len(regions) > 1 else ())
    ]


def _with(request: Request, name: str, value: str) -> str:
    wanted = request.GET.copy()
    wanted[name] = value
    return wanted.urlencode()


def version_context(request: Request) -> dict[str, object]:
    """The switch between the exact version and that for bodies and guests."""
    rest = request.GET.copy()
    rest.pop("fassung", None)
    exactness = exactness_for(request.user, request.agreement, version_of(request))
    return {
        "may_switch": can(request.user, Permission.FIGURES_EXACT, request.agreement),
        "is_rounded": exactness is Exactness.ROUNDED,
        "how_rounded": HOW_ROUNDED,
        "exact_url": f"?{rest.urlencode()}",
        "rounded_url": f"?{_with(request, 'fassung', ROUNDED_VERSION)}",
        "kept": _kept(request),
        "kept_values": _kept_values(request),
    }


def query_of(request: Request, page: SeriesPage) -> str:
    """The filters and the version in force, for addresses that show the same."""
    chosen = {name: page.chosen[dimension] for name, dimension in PARAMETERS.items() if page.chosen[dimension] != "T"}
    return f"?{urlencode(chosen | _kept_values(request))}"


def _kept(request: Request) -> str:
    kept = urlencode(_kept_values(request))
    return f"?{kept}" if kept else ""


def _kept_values(request: Request) -> dict[str, str]:
    """The chosen region and version go along from page to page."""
    version = version_of(request) if version_of(request) == ROUNDED_VERSION else ""
    return {name: value for name, value in ((REGION, request.GET.get(REGION, "")), ("fassung", version)) if value}


def _start(request: Request) -> tuple[str, str]:
    return "Zahlen", f"{reverse('reporting:figures', args=[request.agreement.slug])}{_kept(request)}"
