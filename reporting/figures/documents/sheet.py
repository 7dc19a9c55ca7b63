"""One series of figures as a sheet of paper: the table, its picture and what both show."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from kok.pdf.apart import render_open
from reporting.figures.documents.charts import chart_of
from reporting.figures.documents.table import table_of
from reporting.figures.rules.disclosure import HOW_ROUNDED
from reporting.figures.rules.series import Series, sentences


@dataclass(frozen=True)
class SheetSender:
    """Who speaks, as `templates/pdf/base.html` reads it: the conference, not one of its partners."""

    name: str


def sheet(series: Series, *, region: str, conference: str, today: date) -> bytes:
    """The file, PDF/A-3a and PDF/UA-1. It holds what the series holds: a rounded one has no exact number to leave out.

    Raises kok.pdf.PdfFailed.
    """
    return render_open(html(series, region=region, conference=conference, today=today))


def html(series: Series, *, region: str, conference: str, today: date) -> str:
    """The page of which the file is made."""
    context: Mapping[str, object] = {
        "sender": SheetSender(conference),
        "region": region,
        "series": series,
        "how_rounded": HOW_ROUNDED,
        "table": table_of(series),
        "chart": chart_of(series),
        "sentences": sentences(series),
        "today": today,
    }
    return render_to_string("pdf/figures.html", context)
