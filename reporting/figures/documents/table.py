"""The table of a series: what the page shows and what the files hold, cell by cell the same."""

from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from kok.sheets import Cell
from kok.words import said
from reporting.figures.rules.series import Series, Year, plain

PRELIMINARY = "p"
UNIT_HEADS = {
    "PERSON": "Personen",
    "CASE": "Fälle",
    "PER_1000": "je 1.000 Einwohnerinnen und Einwohner",
    "PERCENT": "Prozent",
    "EUR": "Euro",
}


@dataclass(frozen=True)
class TableRow:
    """One Stichtag: its values in words, and what is to be known about it."""

    year: int
    reference_on: date
    pairs: tuple[tuple[str, str], ...]  # (head, text)
    remark: str
    line: tuple[Cell, ...]  # of the file


@dataclass(frozen=True)
class SeriesTable:
    """Years as rows."""

    unit: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]
    header: tuple[str, ...]  # of the file
    lines: tuple[tuple[Cell, ...], ...]  # of the file


def table_of(series: Series) -> SeriesTable:
    """The years run forward, on the page and in the file."""
    heads = tuple(map(attrgetter("title"), series.columns))
    rows = tuple(_row(series, year) for year in series.years)
    unit = UNIT_HEADS.get(series.unit, "")
    with_unit = f"{{}} ({unit})" if unit else "{}"
    header = ("Stichtag", *map(with_unit.format, heads), "Anmerkung")
    return SeriesTable(unit, heads, rows, header, tuple(map(attrgetter("line"), rows)))


def _row(series: Series, year: Year) -> TableRow:
    breaks = [f"Bruch: {each.label}" for each in series.breaks if each.year == year.year]
    is_preliminary = PRELIMINARY in map(attrgetter("flag"), year.values)
    told = said((year.is_corrected, f"r: berichtigt (r{year.revision})"), (is_preliminary, "vorläufig"))
    remark = ", ".join([*told, *breaks])
    heads, texts = map(attrgetter("title"), series.columns), map(series.text, year.values)
    line = (year.reference_on, *_cells(series, year), remark)
    return TableRow(year.year, year.reference_on, tuple(zip(heads, texts, strict=True)), remark, line)


def _cells(series: Series, year: Year) -> list[Cell]:
    return [series.text(value) if value.number is None else plain(value.number, series.unit) for value in year.values]
