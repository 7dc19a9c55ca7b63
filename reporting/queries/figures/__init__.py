"""Figures as somebody may see them. Views, documents and reports read them from here only."""

from reporting.queries.figures.catalogue import COMPARED_BY, COUNTED_BY, Subject, subjects
from reporting.queries.figures.overview import FiguresOverview, figures_overview
from reporting.queries.figures.regions import Region, region_named, regions_of
from reporting.queries.figures.series import ROUNDED_VERSION, SeriesPage, exactness_for, series_page
from reporting.queries.figures.statewide import StatewidePage, statewide_page
from reporting.queries.figures.table import SeriesTable, table_of
from reporting.rules.disclosure import Exactness

__all__ = [
    "COMPARED_BY",
    "COUNTED_BY",
    "ROUNDED_VERSION",
    "Exactness",
    "FiguresOverview",
    "Region",
    "SeriesPage",
    "SeriesTable",
    "StatewidePage",
    "Subject",
    "exactness_for",
    "figures_overview",
    "region_named",
    "regions_of",
    "series_page",
    "statewide_page",
    "subjects",
    "table_of",
]
