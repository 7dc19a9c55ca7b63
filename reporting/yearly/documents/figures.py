"""The figures of the Jahresbericht: the newest beside those of the year before, and pictures of what matters most."""

from kok.words import day
from reporting.figures.documents.charts import chart_of
from reporting.figures.queries.table import table_of
from reporting.figures.rules.series import Kind, Series, sentences
from reporting.yearly.documents.blocks import Block, Head, Heading, Picture, TableBlock, Words, table
from reporting.yearly.rules.facts import Facts

CHARTED = ("8c", "8d", "i02", "i08")
NOT_DELIVERED = "nicht geliefert"
ROUNDED = (
    "Alle Zahlen stehen in der Fassung für Gremien und Gäste: Sie sind auf ein Vielfaches von fünf gerundet, jede für "
    "sich; Summen können abweichen. Anteile und Dichten sind aus gerundeten Zahlen berechnet. „Nicht genannt“ steht, "
    "wo weniger als 20 Menschen dahinterstehen."
)


def figures(facts: Facts) -> tuple[Block, ...]:
    """A table of all series, and pictures of the most important ones."""
    newest = facts.figures_year
    if newest is None:
        return ()
    found: list[Block] = [Words(ROUNDED)]
    if newest != facts.year:
        found.append(
            Words(f"Zum Stichtag 31.12.{facts.year} lagen noch keine Zahlen vor. Die neuesten sind von {newest}.")
        )
    found.append(_overview(facts, newest))
    for series in facts.figures:
        if series.slug in CHARTED:
            found += _charted(series)
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
    return len(series.columns) - 1 if series.kind is Kind.STACK else 0


def _hessen(series: Series) -> int | None:
    return next((place for place, column in enumerate(series.columns) if column.code == "HESSEN"), None)


def _value(series: Series, wanted: int, place: int | None) -> str:
    if place is None:
        return "–"
    found = next((each for each in series.years if each.year == wanted), None)
    return series.text(found.values[place]) if found else NOT_DELIVERED


def _charted(series: Series) -> list[Block]:
    """What the picture shows, its numbers, and the picture."""
    found, chart = table_of(series), chart_of(series)
    if chart is None:
        return []
    heads = [Head("Stichtag", "day"), *(Head(text, "num") for text in found.heads)]
    if any(row.remark for row in found.rows):
        heads.append(Head("Anmerkung"))
    rows = [
        (day(row.reference_on), *(text for _, text in row.pairs), row.remark or "–")[: len(heads)] for row in found.rows
    ]
    notes = [f"Die senkrechte Achse beginnt bei {chart.starts_at}, nicht bei null."] if chart.starts_at else []
    notes += [f"{each.year}: {each.sentence}" for each in series.breaks]
    return [
        Heading(series.title),
        Words(" ".join(sentences(series))),
        table(found.unit or "Werte", heads, rows),
        Picture(chart, " ".join(notes)),
    ]
