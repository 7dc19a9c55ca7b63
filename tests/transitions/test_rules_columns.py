"""How a file with the list is read: headings, cells, codes; every wrong cell gets a sentence (domain.md 5.3)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from tests.transitions.import_files import ROW
from tests.transitions.world import case_data
from transitions.rules import case, codes
from transitions.rules.columns import COLUMNS, HEADINGS, LATE, match_header, read_row

MUNICIPALITIES = {"06440008": "Friedberg (Hessen)", "06440016": "Nidda"}
CODED = [
    ("Anrede", codes.Salutation, "salutation"),
    ("Grundlage", codes.FacilityBasis, "facility_basis"),
    ("Grund bei ähnlicher Einrichtung", codes.SimilarReason, "similar_reason"),
    ("Bildung", codes.EducationKind, "education_kind"),
    ("Sicherheit", codes.Certainty, "certainty"),
    ("Zuständigkeit des LWV", codes.LwvResponsibility, "lwv_responsibility"),
    ("Gesetzliche Vertretung", codes.RepresentativeKind, "legal_representative_kind"),
    ("Verfahren der Bundesagentur begonnen", codes.Answer, "ba_procedure_started"),
    ("LWV daran beteiligt", codes.Answer, "lwv_involved"),
]


def read(**cells):
    return read_row(7, ROW | cells, MUNICIPALITIES)


def value(heading, cell):
    field = next(column.field for column in COLUMNS if column.heading == heading)
    found = read(**{heading: cell})
    assert found.problems == ()
    return getattr(found.data, field)


def test_given_a_row_as_the_template_wants_it_when_read_then_it_is_the_person():
    assert read().data == case_data()
    assert not read().is_late


def test_given_the_columns_when_compared_with_the_fields_of_a_case_then_each_stands_there_once():
    assert sorted(column.field for column in COLUMNS) == sorted(case.CaseData.__dataclass_fields__)
    assert len(set(HEADINGS)) == len(HEADINGS)


def test_given_the_fields_of_a_person_when_listed_then_they_are_those_of_the_proposal_and_no_other():
    """Each further field is one more thing told about a minor: it wants a need, and a line in docs/privacy.md."""
    assert list(case.CaseData.__dataclass_fields__) == [
        "family_name", "given_name", "date_of_birth", "salutation", "ga_municipality", "facility_name",
        "facility_place", "facility_basis", "similar_reason", "education_kind", "expected_end_on", "certainty",
        "lwv_responsibility", "contact_unit", "contact_phone", "legal_representative_kind", "informed_on",
        "ba_procedure_started", "lwv_involved",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("heading", "cell", "expected"),
    [
        ("Geburtsdatum", "14.3.2010", date(2010, 3, 14)),
        ("Geburtsdatum", "2010-03-14", date(2010, 3, 14)),
        ("Geburtsdatum", "29.02.2012", date(2012, 2, 29)),
        ("Ende (Monat)", "07/2028", date(2028, 7, 1)),
        ("Ende (Monat)", "Juli 2028", date(2028, 7, 1)),
        ("Ende (Monat)", "7,2028", date(2028, 7, 1)),  # a spreadsheet took 7.2028 for a number
        ("Ende (Monat)", "10,203", date(2030, 10, 1)),  # and dropped the nought of 10.2030
        ("Ende (Monat)", "31.07.2028", date(2028, 7, 1)),  # or made a day of it
        ("Gemeinde (AGS)", "6440008", "06440008"),  # a number has lost its nought
        ("Gemeinde (AGS)", "nidda", "06440016"),
        ("Gemeinde (AGS)", "Friedberg (Hessen)", "06440008"),
        ("Familienname", "von  der   Zirbelnuss", "von der Zirbelnuss"),
        ("Telefon", "+49 6031 83-0", "+49 6031 83-0"),
        ("Informiert am", "", None),
        ("Anrede", "", None),
    ],
)
def test_given_a_cell_as_people_and_spreadsheets_write_it_when_read_then_it_is_understood(heading, cell, expected):
    assert value(heading, cell) == expected


@pytest.mark.parametrize(
    ("heading", "field", "code"), [(heading, field, code) for heading, kind, field in CODED for code in kind], ids=str
)
def test_given_a_code_or_its_words_when_read_then_it_is_the_code(heading, field, code):
    for written in (code.value, code.value.lower(), code.label, code.label.upper().replace("ẞ", "SS")):
        assert getattr(read(**{heading: written}).data, field) is code


@pytest.mark.parametrize(("heading", "kind"), [(heading, kind) for heading, kind, _ in CODED])
def test_given_another_word_when_read_then_the_sentence_lists_what_may_stand_there(heading, kind):
    (problem,) = read(**{heading: "weiß nicht"}).problems
    assert (problem.row, problem.heading) == (7, heading)
    assert all(code.label in problem.sentence for code in kind)


@pytest.mark.parametrize(
    ("heading", "cell", "sentence"),
    [
        ("Familienname", "", "Diese Angabe fehlt. Schreiben Sie zum Beispiel: Muster."),
        ("Familienname", "=1+1", "beginnt wie eine Formel"),
        ("Vorname", "@SUM(A1)", "beginnt wie eine Formel"),
        ("Einrichtung", "-2+3", "beginnt wie eine Formel"),
        ("Ansprechstelle", "+cmd", "beginnt wie eine Formel"),
        ("Telefon", "=1", "beginnt wie eine Formel"),
        ("Geburtsdatum", "29.02.2010", "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 30.04.2010."),
        ("Geburtsdatum", "31.04.2010", "Diesen Tag gibt es so nicht"),
        ("Geburtsdatum", "2010-13-01", "Diesen Tag gibt es so nicht"),
        ("Geburtsdatum", "14.03.10", "Diesen Tag gibt es so nicht"),
        ("Geburtsdatum", "40251", "Diesen Tag gibt es so nicht"),
        ("Geburtsdatum", "00.00.0000", "Diesen Tag gibt es so nicht"),
        ("Ende (Monat)", "13.2028", "Schreiben Sie ihn wie 7.2028"),
        ("Ende (Monat)", "Sommer", "Schreiben Sie ihn wie 7.2028"),
        ("Ende (Monat)", "30.02.2028", "Diesen Tag gibt es so nicht"),
        ("Informiert am", "gestern", "Diesen Tag gibt es so nicht"),
        (LATE, "vielleicht", "Schreiben Sie hier ja oder nein"),
    ],
)
def test_given_a_wrong_cell_when_read_then_row_column_and_sentence_say_so(heading, cell, sentence):
    found = read(**{heading: cell})
    (problem,) = found.problems
    assert (found.data, problem.row, problem.heading) == (None, 7, heading)
    assert sentence in problem.sentence


def test_given_several_wrong_cells_when_read_then_each_is_named():
    found = read(Familienname="", Geburtsdatum="30.02.2010", Bildung="?", Nachmeldung="?")
    assert [problem.heading for problem in found.problems] == ["Familienname", "Geburtsdatum", "Bildung", LATE]


@pytest.mark.parametrize(("cell", "is_late"), [("ja", True), ("JA", True), ("nein", False), ("", False)])
def test_given_the_column_of_the_nachmeldung_when_read_then_yes_is_yes(cell, is_late):
    assert read(Nachmeldung=cell).is_late is is_late


def test_given_headings_in_other_order_capitals_and_spaces_when_matched_then_each_has_its_place():
    written = [f" {heading.upper().replace(' ', '  ')}" for heading in reversed(HEADINGS)]
    places = match_header(written)
    assert {heading: len(HEADINGS) - 1 - place for heading, place in places.items()} == {
        heading: place for place, heading in enumerate(HEADINGS)
    }


def test_given_only_the_columns_that_must_be_there_when_matched_then_they_suffice():
    needed = [column.heading for column in COLUMNS if not column.is_optional]
    assert sorted(match_header(needed)) == sorted(needed)


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (HEADINGS[1:], "Es fehlen die Spalten Familienname"),
        ((*HEADINGS, "Diagnose"), "Unbekannt oder doppelt sind die Überschriften der Spalten"),
        ((*HEADINGS, "familien name"), "Unbekannt oder doppelt"),
        ((), "Es fehlen die Spalten"),
    ],
)
def test_given_wrong_headings_when_matched_then_refused_and_nothing_of_the_file_is_repeated(header, sentence):
    with pytest.raises(Refused, match="Es wurde nichts gespeichert") as refused:
        match_header(header)
    assert sentence in refused.value.sentence
    assert "Diagnose" not in refused.value.sentence


@given(cells=st.fixed_dictionaries({heading: st.text(max_size=12) for heading in HEADINGS}))
def test_given_any_cells_when_read_then_there_is_a_person_or_a_problem_and_no_error(cells):
    found = read_row(2, {heading: cell.strip() for heading, cell in cells.items()}, MUNICIPALITIES)
    assert (found.data is None) == bool(found.problems)
    assert {problem.heading for problem in found.problems} <= set(HEADINGS)
