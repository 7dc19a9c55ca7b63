"""The figures of the Jahresbericht: the newest beside those of the year before, and pictures of what matters most."""

from itertools import chain
from operator import attrgetter, itemgetter

from kok.words import day, said
from reporting.figures.documents.charts import Chart, chart_of
from reporting.figures.documents.table import table_of
from reporting.figures.rules.disclosure import HOW_ROUNDED
from reporting.figures.rules.series import Series, sentences
from reporting.yearly.documents.blocks import Block, Head, Heading, Paragraph, Picture, TableBlock, table
from reporting.yearly.rules.facts import Facts

CHARTED = ("8c", "8d", "i02", "i08")
NOT_DELIVERED = "nicht geliefert"
ROUNDED = f"Alle Zahlen stehen in der Fassung für Gremien und Gäste: Sie sind {HOW_ROUNDED}"
REMARK, TEXT = attrgetter("remark"), itemgetter(1)


def figures(facts: Facts) -> tuple[Block, ...]:
    """A table of all series, and pictures of the most important ones."""
    newest = max((each.years[-1].year for each in facts.figures if each.years), default=None)
    if newest is None:
        return ()
    older = f"Zum Stichtag 31.12.{facts.year} lagen noch keine Zahlen vor. Die neuesten sind von {newest}."
    told = [ROUNDED, *said((newest != facts.year, older))]
    pictures = chain.from_iterable(_picture(each) for each in facts.figures if each.slug in CHARTED)
    return (*map(Paragraph, told), *_overview(facts, newest), *pictures)


def _picture(series: Series) -> tuple[Block, ...]:
    """A series as sentences, table and picture; nothing where there is no number to draw."""
    chart = chart_of(series)
    if chart is None:
        return ()
    words = Paragraph(" ".join(sentences(series)))
    return Heading(series.title), words, *_numbers(series), Picture(chart, _note(chart, series))


def _overview(facts: Facts, newest: int) -> list[TableBlock]:
    """A line for each series that has a number in one of the two years."""
    is_one = len({each.region_kgs for each in facts.figures}) == 1
    place = facts.region if is_one else "örtlicher Träger"
    numbers = (f"{place} {newest - 1}", f"{place} {newest}", f"Hessen {newest}")
    told = [each for each in facts.figures if each.of_years.keys() & {newest - 1, newest}]
    rows = [
        (
            each.title,
            _value(each, newest - 1, each.whole),
            _value(each, newest, each.whole),
            _value(each, newest, _hessen(each)),
        )
        for each in told
    ]
    heads = (Head("Kennzahl", "wide"), *(Head(text, "num") for text in numbers))
    return table(f"Zahlen zu den Stichtagen 31.12.{newest - 1} und 31.12.{newest}", heads, rows)


def _hessen(series: Series) -> int | None:
    return {column.code: place for place, column in enumerate(series.columns)}.get("HESSEN")


def _value(series: Series, wanted: int, place: int | None) -> str:
    if place is None:
        return "–"
    found = series.of_years.get(wanted)
    return series.text(found.values[place]) if found else NOT_DELIVERED


def _numbers(series: Series) -> list[TableBlock]:
    """The numbers of a picture; remarks only where there is one."""
    found = table_of(series)
    remarks = [Head("Anmerkung")] if any(map(REMARK, found.rows)) else []
    heads = [Head("Stichtag", "day"), *(Head(text, "num") for text in found.heads), *remarks]
    rows = [(day(row.reference_on), *map(TEXT, row.pairs), row.remark or "–")[: len(heads)] for row in found.rows]
    return table(found.unit or "Werte", heads, rows)


def _note(chart: Chart, series: Series) -> str:
    starts = f"Die senkrechte Achse beginnt bei {chart.starts_at}, nicht bei null."
    return " ".join([*said((chart.starts_at, starts)), *(f"{each.year}: {each.sentence}" for each in series.breaks)])
