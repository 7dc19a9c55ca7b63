"""Pictures of figures: they tell what the table tells, in the same words, without needing colour."""

import re
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from django.template.loader import render_to_string
from hypothesis import assume, given
from hypothesis import strategies as st

from reporting.figures.documents.charts import DASHES, WIDTH, chart_of
from reporting.figures.documents.table import table_of
from reporting.figures.rules.disclosure import A_FEW, WITHHELD, Exactness, Shown
from reporting.figures.rules.series import Series, SeriesColumn, SeriesKind, Year, breaks_of, in_words, sentences

NONE = Shown(None)
GROUPS = ("Wetteraukreis", "Regierungsbezirk Darmstadt", "Hessen")
SVG = "{http://www.w3.org/2000/svg}"


def a_year(year, *numbers, revision=0, source=""):
    values = tuple(each if isinstance(each, Shown) else Shown(Decimal(str(each))) for each in numbers)
    return Year(year, date(year, 12, 31), revision, values, source)


def a_series(kind, *years, kgs="06440", unit="PERSON", is_density=False):
    columns = tuple(SeriesColumn(name, name) for name in GROUPS[: len(years[0].values)])
    breaks = tuple(breaks_of(kgs, years, is_density=is_density))
    return Series("i02", "Personen", unit, kind, kgs, columns, years, Exactness.EXACT, breaks)


def drawn(chart, **more):
    context = {"chart": chart, "with_text": False, **more}
    return ElementTree.fromstring(render_to_string("reporting/figures/_chart.html", context))


numbers = st.one_of(st.just(NONE), st.just(WITHHELD), st.integers(0, 60_000).map(lambda n: Shown(Decimal(n))))
years = st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=6)


@given(st.sampled_from(SeriesKind), years, st.sampled_from(["PERSON", "PER_1000", "PERCENT", "EUR"]))
def test_given_any_series_when_drawn_then_every_number_of_the_picture_stands_in_the_table(kind, rows, unit):
    series = a_series(kind, *(a_year(2020 + place, *row) for place, row in enumerate(rows)), unit=unit)
    chart = chart_of(series)
    assume(chart is not None)
    told = {text for row in table_of(series).rows for _, text in row.pairs}
    labels = [label.text for line in chart.lines for label in line.labels]
    labels += [bar.label.text for bar in chart.bars if bar.label]
    assert labels
    assert set(labels) <= told
    said = {each.rstrip(".,") for each in re.findall(r"\d[\d.,]*", chart.description)}
    assert said - {str(year.year) for year in series.years} <= {text.split("\xa0")[0] for text in told}


@given(st.sampled_from(SeriesKind), years)
def test_given_any_series_when_drawn_then_nothing_leaves_the_picture(kind, rows):
    series = a_series(kind, *(a_year(2020 + place, *row) for place, row in enumerate(rows)))
    chart = chart_of(series)
    assume(chart is not None)
    for line in chart.lines:
        assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= chart.bottom for mark in line.marks)
    assert all(bar.y >= 0 and bar.y + bar.height <= chart.bottom + 0.2 for bar in chart.bars)


def test_given_lines_when_drawn_then_dash_and_shape_tell_them_apart_without_colour():
    chart = chart_of(a_series(SeriesKind.LINES, a_year(2025, 11, 12, 13), a_year(2026, 12, 13, 14), unit="PER_1000"))
    assert len({line.dash for line in chart.lines}) == len(DASHES) == 3
    kinds = [len(line.marks[0].shape.split()) for line in chart.lines]
    assert len(set(kinds)) == 3
    svg = drawn(chart)
    groups = [group for group in svg.iter(f"{SVG}g") if group.get("class", "").startswith("kok-chart__line")]
    dashes = [{each.get("stroke-dasharray") for each in group.iter(f"{SVG}polyline")} for group in groups[:3]]
    assert dashes == [{None}, {"9 5"}, {"2 5"}]
    assert [text.text for group in groups[3:] for text in group.iter(f"{SVG}text")] == list(GROUPS)


def test_given_parts_when_drawn_then_each_has_a_hatching_of_its_own():
    svg = drawn(chart_of(a_series(SeriesKind.STACK, a_year(2026, 700, 300, 1000))))
    fills = [bar.get("fill") for bar in svg.iter(f"{SVG}rect") if bar.get("class") == "kok-chart__bar"]
    assert fills == ["url(#muster-i02-0)", "url(#muster-i02-1)"] * 2
    patterns = {pattern.get("id"): ElementTree.tostring(pattern[-1]) for pattern in svg.iter(f"{SVG}pattern")}
    assert len(set(patterns.values())) == len(patterns) == 4


def test_given_a_picture_when_read_aloud_then_title_and_text_say_what_it_shows():
    chart = chart_of(a_series(SeriesKind.BARS, a_year(2025, 1000), a_year(2026, 1040)))
    svg = drawn(chart)
    assert svg.get("role") == "img"
    ids = svg.get("aria-labelledby").split()
    said = {each.get("id"): each.text for each in svg if each.get("id")}
    assert said[ids[0]] == "Balkendiagramm: Personen"
    assert said[ids[1]] == "Wetteraukreis: Der Wert ist von 1.000 (2025) auf 1.040 (2026) gestiegen."


@pytest.mark.parametrize(
    ("kgs", "first", "second", "sources", "labels"),
    [
        ("06440", 2022, 2023, ("", ""), []),
        ("06440", 2023, 2024, ("", ""), ["Zuständigkeit"]),
        ("06440", 2021, 2026, ("", ""), ["Zuständigkeit"]),  # also when years between are missing
        ("06440", 2024, 2025, ("", ""), []),
        ("06440", 2025, 2026, ("", ""), []),
        ("06435", 2025, 2026, ("", ""), ["Hanau"]),
        ("06435", 2026, 2027, ("", ""), []),
        ("06435", 2023, 2026, ("", ""), ["Zuständigkeit", "Hanau"]),
        ("06440", 2025, 2026, ("Zensus 2011", "Zensus 2022"), ["Bevölkerung"]),
        ("06440", 2025, 2026, ("", "Zensus 2022"), []),
    ],
)
def test_given_two_stichtage_when_something_changed_between_then_the_break_is_marked_and_said(
    kgs, first, second, sources, labels
):
    two = [a_year(year, 10, source=source) for year, source in zip((first, second), sources, strict=True)]
    series = a_series(SeriesKind.LINES, *two, kgs=kgs, is_density=True)
    assert [each.label for each in series.breaks] == labels
    assert {each.year for each in series.breaks} <= {second}
    assert [text.text for text in chart_of(series).breaks] == [f"Bruch: {label}" for label in labels]
    assert ("Bruch der Reihe" in " ".join(sentences(series))) == bool(labels)
    assert all(f"Bruch: {label}" in table_of(series).rows[-1].remark for label in labels)


def test_given_a_break_when_drawn_then_its_line_stands_between_the_two_years():
    chart = chart_of(a_series(SeriesKind.BARS, a_year(2023, 10), a_year(2024, 12), a_year(2025, 13)))
    before, after = chart.years[0].x, chart.years[1].x
    assert before < chart.breaks[0].x < after


def test_given_breaks_of_two_years_in_a_row_when_drawn_then_their_words_stand_one_below_the_other():
    two = [a_year(year, 10, source=source) for year, source in ((2022, "a"), (2023, "b"), (2024, "b"))]
    chart = chart_of(a_series(SeriesKind.LINES, *two, is_density=True))
    first, second = chart.breaks
    assert first.x < second.x
    assert second.y - first.y >= 18
    assert max(first.y, second.y) < chart.ticks[-1].y


def test_given_a_missing_year_when_drawn_then_the_line_has_a_gap_and_years_keep_their_distance():
    chart = chart_of(a_series(SeriesKind.LINES, a_year(2020, 10), a_year(2021, 11), a_year(2023, 12)))
    assert len(chart.lines[0].paths) == 2
    first, second, last = (year.x for year in chart.years)
    assert last - second == pytest.approx(2 * (second - first), abs=0.2)


def test_given_no_number_when_drawn_then_there_is_no_picture_and_no_sentence():
    series = a_series(SeriesKind.BARS, a_year(2026, WITHHELD))
    assert chart_of(series) is None
    assert sentences(series) == []
    assert series.is_told
    assert not a_series(SeriesKind.BARS, a_year(2026, NONE)).is_told


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (Shown(Decimal(3480)), "PERSON", "3.480"),
        (Shown(Decimal(11)), "PER_1000", "11,00"),
        (Shown(Decimal("11.4")), "PER_1000", "11,40"),
        (Shown(Decimal("45.58")), "PERCENT", "45,6\xa0%"),
        (Shown(Decimal(1_250_000)), "EUR", "1.250.000\xa0€"),
        (Shown(Decimal("312.5")), "EUR", "312,50\xa0€"),
        (Shown(None, "."), "PERSON", "geheim"),
        (Shown(None, "x"), "PERSON", "nicht sinnvoll"),
        (Shown(None, "/"), "PERSON", "nicht verlässlich"),
        (WITHHELD, "PERSON", "nicht genannt"),
        (A_FEW, "PERSON", "weniger als 5"),
        (NONE, "PERSON", "nicht geliefert"),
    ],
)
def test_given_a_value_when_said_then_it_reads_as_in_a_german_table(value, unit, words):
    assert in_words(value, unit) == words
