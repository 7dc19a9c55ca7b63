"""Every rule of the shipped formats: a good file spoiled in one place, and where the person finds it."""

from dataclasses import dataclass, field
from datetime import date

import pytest

from reporting.figures.actions.importing import check_file
from reporting.figures.queries.formats import formats
from tests.builders import an_agreement
from tests.reporting.figures import HEADERS, Row, a_file, a_row, good_rows, imported

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 15)


@dataclass(frozen=True)
class Spoiled:
    """A good file, `changed` in the rows with `where` (or with the row `more`), and what is said of it."""

    rule: str
    format_id: str
    row: int
    column: str
    words: str  # part of the sentence
    changed: Row = field(default_factory=dict)
    where: Row = field(default_factory=dict)
    more: Row | None = None
    less: Row | None = None
    previous: Row | None = None  # rows of the year before
    is_warning: bool = False

    def rows(self) -> list[Row]:
        rows = good_rows(self.format_id)
        for row in rows:
            if all(row.get(name) == value for name, value in self.where.items()):
                row.update(self.changed)
        if self.less:
            rows = [row for row in rows if any(row.get(name) != value for name, value in self.less.items())]
        return rows + ([a_row(self.format_id, **self.more)] if self.more else [])


C, D, I = "KOK-8C", "KOK-8D", "KOK-IND"  # noqa: E741
TOTAL_8C = {"sex": "T", "age_group": "T", "service": "T", "setting": "T"}
TOTAL_8D = {**TOTAL_8C, "location": "T", "disability": "T"}
REGION = {"comparison_group": "REGION"}

SPOILED = [
    Spoiled("V-C01", C, 1, "person_count", "Ergänzen Sie die Zeile", less=TOTAL_8C),
    Spoiled("V-C01", C, 18, "person_count", "Gefunden: 2", more={"person_count": 100}),
    Spoiled("V-C02", C, 18, "sex", "wie Zeile 3 (M, T, T, T)", more={"sex": "M", "person_count": 45}),
    Spoiled("V-C03", C, 2, "person_count",
            "ergeben die Zeilen 101, hier steht 100", {"person_count": 46}, {"sex": "M"}),
    Spoiled("V-C03", C, 2, "person_count",
            "ergeben die Zeilen 143", {"person_count": 89}, {"sex": "M"}, less={"sex": "D"}),
    Spoiled("V-C04", C, 2, "person_count", "ergeben die Zeilen 99", {"person_count": 4}, {"age_group": "A85P"}),
    Spoiled("V-C05", C, 12, "person_count", "Leistung S07 stehen 101", {"person_count": 101}, {"service": "S07"}),
    Spoiled("V-C06", C, 2, "person_count",
            "alle Wohnformen zusammen ergeben die Zeilen 110", {"person_count": 60}, {"setting": "EIG"}),
    Spoiled("V-C07", C, 2, "reference_date", "heute ist der 15.03.2027", {"reference_date": "2027-12-31"}),
    Spoiled("V-C08", C, 2, "person_count",
            "Im Vorjahr waren es 70, jetzt 100: +43 Prozent", previous={"person_count": 70}, is_warning=True),
    Spoiled("V-C09", C, 2, "person_count",
            "Gemeldet sind 100 Personen", {"reference_date": "2024-12-31"}, is_warning=True),
    Spoiled("V-C10", C, 2, "person_count", "schreiben Sie 0 (Nullmeldung)", {"person_count": ""}, TOTAL_8C),
    Spoiled("V-D01", D, 1, "person_count", "Gefunden: 0", less=TOTAL_8D),
    Spoiled("V-D02", D, 1, "person_count", "die Zeile mit location UNK", less={"location": "UNK"}),
    Spoiled("V-D02", D, 2, "person_count",
            "ergeben zusammen 1001, hier steht 1000", {"person_count": 11}, {"location": "UNK"}),
    Spoiled("V-D03", D, 4, "ga_basis",
            "Hier steht ACT, in der ersten Zeile P98", {"ga_basis": "ACT"}, {"location": "OUT"}),
    Spoiled("V-D04", D, 2, "person_count",
            "alle Geschlechter zusammen ergeben die Zeilen 999", {"person_count": 559}, {"sex": "M"}),
    Spoiled("V-D04", D, 2, "person_count",
            "alle Altersgruppen zusammen ergeben die Zeilen 1005", more={"age_group": "U18", "person_count": 5}),
    Spoiled("V-D04", D, 2, "person_count", "alle Wohnformen zusammen", {"person_count": 21}, {"setting": "PFF"}),
    Spoiled("V-D05", D, 24, "person_count",
            "Leistung S02 stehen 1001 Personen, insgesamt (Zeile 2) nur 1000",
            {"person_count": 1001}, {"service": "S02"}),
    Spoiled("V-D06", D, 28, "person_count",
            "stehen 121 Personen, bei S10 (Zeile 27) nur 120", {"person_count": 121}, {"service": "S10T"}),
    Spoiled("V-D07", D, 29, "person_count",
            "3 Personen sind unter 18",
            {"person_count": 37}, {"age_group": "A_GT_RAG"},
            more={"age_group": "U18", "person_count": 3}, is_warning=True),
    Spoiled("V-D09", D, 2, "person_count",
            "Im Vorjahr waren es 1500, jetzt 1000: −33 Prozent", previous={"person_count": 1500}, is_warning=True),
    Spoiled("V-D10", D, 2, "region_kgs",
            "06415 (Hanau) gilt ab dem 01.01.2026, der Stichtag ist der 31.12.2025",
            {"region_kgs": "06415", "reference_date": "2025-12-31"}),
    Spoiled("V-I01", I, 2, "indicator",
            "Die Kennzahl I99 gibt es", {"indicator": "I99"}, {"indicator": "I01", **REGION}),
    Spoiled("V-I02", I, 2, "unit",
            "I01 wird in PERSON oder CASE angegeben, hier steht EUR", {"unit": "EUR"}, {"indicator": "I01", **REGION}),
    Spoiled("V-I03", I, 3, "value",
            "(1000 durch 250000) ergibt 4, hier steht 4,1", {"value": "4,1"}, {"indicator": "I02", **REGION}),
    Spoiled("V-I04", I, 3, "population_source",
            "fehlt die Angabe population_source", {"population_source": ""}, {"indicator": "I02", **REGION}),
    Spoiled("V-I04", I, 3, "population_date",
            "fehlt die Angabe population_date", {"population_date": ""}, {"indicator": "I02", **REGION}),
    Spoiled("V-I05", I, 4, "value",
            "Hier stehen 100,5 Prozent",
            {"value": "100,5", "numerator": "", "denominator": ""}, {"indicator": "I08", **REGION}),
    Spoiled("V-I05", I, 4, "value",
            "Hier stehen -1 Prozent",
            {"value": "-1", "numerator": "", "denominator": ""}, {"indicator": "I08", **REGION}),
    Spoiled("V-I06", I, 5, "value", "Hier stehen -0,5 Euro", {"value": "-0,50"}, {"indicator": "I17", **REGION}),
    Spoiled("V-I07", I, 2, "value",
            "REGION hat 30000, HESSEN (Zeile 6) nur 20000", {"value": "30000"}, {"indicator": "I01", **REGION}),
    Spoiled("V-I08", I, 6, "unit",
            "Hier wird in CASE gezählt, in Zeile 2 in PERSON",
            {"unit": "CASE"}, {"indicator": "I01", "comparison_group": "HESSEN"}),
    Spoiled("V-I09", I, 10, "comparison_group", "wie Zeile 2 (REGION, I01, T, T, T, T)", more={"value": 1}),
    # rules of all formats
    Spoiled("V-F01", C, 1, "Spalte 13",
            "Die Überschrift der 13. Spalte gibt es in KOK-8C 1.0.0 nicht", {"geheim": "x"}),
    Spoiled("V-F02", C, 3, "sex", "Füllen Sie die Spalte Geschlecht aus", {"sex": ""}, {"sex": "M"}),
    Spoiled("V-F03", C, 3, "person_count",
            "„4.500“ passt nicht in die Spalte Personen", {"person_count": "4.500"}, {"sex": "M"}),
    Spoiled("V-F03", C, 3, "person_count", "„-5“ passt nicht", {"person_count": "-5"}, {"sex": "M"}),
    Spoiled("V-F03", I, 4, "value",
            "eine Zahl mit Komma und ohne Punkt", {"value": "58.8"}, {"indicator": "I08", **REGION}),
    Spoiled("V-F03", C, 2, "reference_date", "Den Tag 2023-02-30 gibt es nicht", {"reference_date": "2023-02-30"}),
    Spoiled("V-F03", I, 3, "population_date",
            "Den Tag 2026-02-30 gibt es nicht", {"population_date": "2026-02-30"}, {"indicator": "I02", **REGION}),
    Spoiled("V-F04", C, 3, "sex",
            "„m“ gibt es in der Spalte Geschlecht nicht. Möglich sind M, W, D, O, T", {"sex": "m"}, {"sex": "M"}),
    Spoiled("V-F04", C, 3, "sex", "„…“ gibt es in der Spalte Geschlecht nicht", {"sex": "Quastenhagen"}, {"sex": "M"}),
    Spoiled("V-F05", C, 2, "reporting_kgs", "06415 (Hanau) gilt ab dem 01.01.2026", {"reporting_kgs": "06415"}),
    Spoiled("V-F06", C, 3, "reference_date",
            "steht …, in der ersten Zeile …. Die Angabe muss", {"reference_date": "2022-12-31"}, {"sex": "M"}),
    Spoiled("V-F07", C, 3, "remark", "beginnt wie eine Formel", {"remark": "=SUMME(A1)"}, {"sex": "M"}),
    Spoiled("V-F07", C, 3, "remark", "Der Text hat 201 Zeichen", {"remark": "x" * 201}, {"sex": "M"}),
    Spoiled("V-F08", D, 2, "person_count", "Die Zahl fehlt", {"person_count": "", "flag": "p"}, TOTAL_8D),
    Spoiled("V-F09", C, 2, "revision",
            "nennt Revision 1, die nächste ist 0 (r0 ist die erste Lieferung)", {"revision": 1}),
    Spoiled("V-F11", C, 2, "reference_date",
            "Der Stichtag 30.06.2023 ist kein 31.12.", {"reference_date": "2023-06-30"}),
    Spoiled("V-F12", D, 2, "reference_date", "liegt nicht in einem früheren Jahr", {"reference_date": "2027-12-31"}),
    Spoiled("V-F13", D, 29, "sex", "wie Zeile 7 (M, T, T, T, T, T)", more={"sex": "M", "person_count": 560}),
]  # fmt: skip


@pytest.mark.parametrize("case", SPOILED, ids=lambda case: f"{case.rule} {case.format_id} {case.words[:30]}")
def test_given_a_file_spoiled_in_one_place_when_checked_then_row_column_rule_and_sentence_name_it(case):
    if case.previous:
        an_agreement()
        rows = good_rows(case.format_id)
        year = int(rows[0]["reference_date"][:4]) - 1
        before = [a_row(case.format_id, **case.previous)]
        if case.format_id == D:
            before += [a_row(D, location=place, person_count=0) for place in ("IN", "BOTH", "UNK")]
            before += [a_row(D, location="OUT", **case.previous)]
        imported(case.format_id, rows=before, reference_date=f"{year}-12-31")
    found = check_file(content=a_file(case.format_id, case.rows()), today=TODAY)
    named = [each for each in found.problems + found.warnings if each.rule == case.rule]
    assert (case.row, case.column) in [(each.row, each.column) for each in named], found.problems
    said = next(each for each in named if (each.row, each.column) == (case.row, case.column))
    assert case.words in said.sentence
    assert said.is_warning is case.is_warning
    assert found.problem_count == len(found.problems)
    if case.is_warning:
        assert found.problems == []


@pytest.mark.parametrize("format_id", HEADERS)
@pytest.mark.parametrize("fmt", ["csv", "xlsx"])
def test_given_a_good_file_when_checked_then_nothing_is_wrong(format_id, fmt):
    found = check_file(content=a_file(format_id, fmt=fmt), today=TODAY)
    assert (found.problems, found.warnings, found.rows) == ([], [], len(good_rows(format_id)))


def test_given_the_rules_of_the_formats_when_counted_then_each_has_a_spoiled_file():
    codes = {check.code for each in formats().values() for check in each.checks}
    assert codes >= {f"V-C{n:02}" for n in range(1, 11)} | {f"V-D{n:02}" for n in range(1, 11)}
    assert codes >= {f"V-I{n:02}" for n in range(1, 10)}
    assert codes - {case.rule for case in SPOILED} == {"V-D08"}  # a note: see below


@pytest.mark.parametrize(("day", "rules"), [("2023-12-31", []), ("2024-12-31", ["V-D08"]), ("2026-12-31", ["V-D08"])])
def test_given_the_third_stage_of_life_when_8d_is_checked_then_the_break_in_the_series_is_noted(day, rules):
    found = check_file(content=a_file(D, reference_date=day), today=TODAY)
    assert [note["rule"] for note in found.notes] == rules
    assert (found.problems, found.warnings) == ([], [])


@pytest.mark.parametrize(
    ("format_id", "changed", "where"),
    [
        (C, {"person_count": 0}, {}),  # V-C10: the Nullmeldung
        (C, {"reference_date": "31.12.2023"}, {}),
        (C, {"person_count": "", "flag": "."}, {"service": "S07"}),
        (C, {"remark": "-3,5"}, {"sex": "M"}),
        (D, {"disability": ""}, {}),
        (D, {"person_count": "", "flag": "/"}, {"age_group": "A21_24"}),  # not all delivered: only "at most"
        (I, {"sex": "", "age_group": "", "service": "", "setting": ""}, {}),
        (I, {"value": "4,05"}, {"indicator": "I02"}),  # within rounding
    ],
)
def test_given_what_a_rule_allows_when_checked_then_nothing_is_wrong(format_id, changed, where):
    rows = Spoiled("", format_id, 0, "", "", changed, where).rows()
    found = check_file(content=a_file(format_id, rows), today=TODAY)
    assert found.problems == []
