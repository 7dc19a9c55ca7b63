"""The figures of the Jahresbericht: the newest beside those of the year before, and pictures of what matters most."""

from operator import attrgetter

from kok.words import day
from reporting.figures.documents.charts import Chart, chart_of
from reporting.figures.documents.table import table_of
from reporting.figures.rules.disclosure import SMALLEST_DENOMINATOR
from reporting.figures.rules.series import Series, SeriesKind, sentences
from reporting.yearly.documents.blocks import Block, Head, Heading, Paragraph, Picture, TableBlock, table
from reporting.yearly.rules.facts import Facts

CHARTED = ("8c", "8d", "i02", "i08")
NOT_DELIVERED = "nicht geliefert"
ROUNDED = (
    "Alle Zahlen stehen in der Fassung für Gremien und Gäste: Sie sind auf ein Vielfaches von fünf gerundet, jede für "
    "sich; Summen können abweichen. Anteile und Dichten sind aus gerundeten Zahlen berechnet. „Nicht genannt“ steht, "
    f"wo weniger als {SMALLEST_DENOMINATOR} Menschen dahinterstehen."
)


def figures(facts: Facts) -> tuple[Block, ...]:
    """A table of all series, and pictures of the most important ones."""
    newest = facts.figures_year
    if newest is None:
        return ()
    found: list[Block] = [Paragraph(ROUNDED)]
    if newest != facts.year:
        found.append(
            Paragraph(f"Zum Stichtag 31.12.{facts.year} lagen noch keine Zahlen vor. Die neuesten sind von {newest}.")
        )
    found.append(_overview(facts, newest))
    for series in facts.figures:
        chart = chart_of(series)
        if chart and series.slug in CHARTED:
            found += [
                Heading(series.title),
                Paragraph(" ".join(sentences(series))),
                _numbers(series),
                Picture(chart, _note(chart, series)),
            ]
    return tuple(found)


def _overview(facts: Facts, newest: int) -> TableBlock:
    """A line for each series that has a number in one of the two years."""
    is_one = len({each.region_kgs for each in facts.figures}) == 1
    place = facts.region if is_one else "örtlicher Träger"
    heads = (
        Head("Kennzahl", "wide"),
        Head(f"{place} {newest - 1}", "num"),
        Head(f"{place} {newest}", "num"),
        Head(f"Hessen {newest}", "num"),
    )
    rows = [
        (
            each.title,
            _value(each, newest - 1, _own(each)),
            _value(each, newest, _own(each)),
            _value(each, newest, _hessen(each)),
        )
        for each in facts.figures
        if {year.year for year in each.years} & {newest - 1, newest}
    ]
    return table(f"Zahlen zu den Stichtagen 31.12.{newest - 1} und 31.12.{newest}", heads, rows)


def _own(series: Series) -> int:
    """The column of the region; where parts are told, the whole is the last one."""
    return len(series.columns) - 1 if series.kind is SeriesKind.STACK else 0


def _hessen(series: Series) -> int | None:
    return next((place for place, column in enumerate(series.columns) if column.code == "HESSEN"), None)


def _value(series: Series, wanted: int, place: int | None) -> str:
    if place is None:
        return "–"
    found = next((each for each in series.years if each.year == wanted), None)
    return series.text(found.values[place]) if found else NOT_DELIVERED


def _numbers(series: Series) -> TableBlock:
    """The numbers of a picture; remarks only where there is one."""
    found = table_of(series)
    remarks = [Head("Anmerkung")] if any(map(attrgetter("remark"), found.rows)) else []
    heads = [Head("Stichtag", "day"), *(Head(text, "num") for text in found.heads), *remarks]
    rows = [
        (day(row.reference_on), *(text for _, text in row.pairs), row.remark or "–")[: len(heads)] for row in found.rows
    ]
    return table(found.unit or "Werte", heads, rows)


def _note(chart: Chart, series: Series) -> str:
    notes = [f"Die senkrechte Achse beginnt bei {chart.starts_at}, nicht bei null."] if chart.starts_at else []
    return " ".join([*notes, *(f"{each.year}: {each.sentence}" for each in series.breaks)])
