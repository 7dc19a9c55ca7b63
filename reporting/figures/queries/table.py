"""The table of a series: what the page shows and what the files hold, cell by cell the same."""

from dataclasses import dataclass
from datetime import date

from kok.sheets import Cell
from reporting.figures.rules.series import Series, Year, plain

FLAGS = {"p": "vorläufig", "r": "berichtigt"}
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
    heads = tuple(column.title for column in series.columns)
    rows = [_row(series, year) for year in series.years]
    unit = UNIT_HEADS.get(series.unit, "")
    return SeriesTable(
        unit,
        heads,
        tuple(rows),
        ("Stichtag", *(f"{head} ({unit})" if unit else head for head in heads), "Anmerkung"),
        tuple(
            (row.reference_on, *_cells(series, year), row.remark) for row, year in zip(rows, series.years, strict=True)
        ),
    )


def _cells(series: Series, year: Year) -> list[Cell]:
    return [series.text(value) if value.number is None else plain(value.number, series.unit) for value in year.values]


def _row(series: Series, year: Year) -> TableRow:
    flags = sorted({FLAGS[value.flag] for value in year.values if value.flag in FLAGS} - {FLAGS["r"]})
    told = [f"r: berichtigt (r{year.revision})"] if year.is_corrected else []
    told += flags
    told += [f"Bruch: {each.label}" for each in series.breaks if each.year == year.year]
    pairs = tuple((column.title, series.text(value)) for column, value in zip(series.columns, year.values, strict=True))
    return TableRow(year.year, year.reference_on, pairs, ", ".join(told))
