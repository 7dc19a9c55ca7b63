"""What a format of figures asks for, and empty files to begin with."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kok import clock
from kok.access import Permission, can, requires
from kok.requests import Request, or_404
from reporting.figures.pages.formats import format_page, template_of
from reporting.figures.queries.reach import keys_of, sides_of
from reporting.figures.rules.file_limits import SHEET
from reporting.figures.views.tables import table_response


@requires(Permission.FIGURES_EXACT)
@require_safe
def description(request: Request, format_id: str, format_version: str) -> HttpResponse:
    """Columns, codes and checks of one version."""
    agreement = request.agreement
    page = or_404(format_page(format_id, format_version))
    context = {
        "page": page,
        "may_deliver": can(request.user, Permission.FIGURES_DELIVER, agreement),
        "crumbs": [
            ("Zahlen", reverse("reporting:figures", args=[agreement.slug])),
            ("Lieferungen", reverse("reporting:datasets", args=[agreement.slug])),
            (f"{page.format.id} {page.format.version}", None),
        ],
    }
    return render(request, "reporting/figures/format.html", context)


@requires(Permission.FIGURES_EXACT)
@require_safe
def template(request: Request, format_id: str, format_version: str, kind: str) -> HttpResponse:
    """A file with the header and a first row, as CSV or XLSX."""
    page = or_404(format_page(format_id, format_version))
    agreement = request.agreement
    keys = sides_of(request.user, Permission.FIGURES_EXACT, agreement).keys or keys_of(agreement)
    header, rows = template_of(page.format, keys=keys, today=clock.today())
    return table_response(SHEET, header, rows, f"{page.format.id}-{page.format.version}-Vorlage", kind)
