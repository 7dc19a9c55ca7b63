"""`manage.py import_dataset`: the same checks for operators, and files that want to do harm."""

import json
import time
import zipfile
from io import BytesIO, StringIO

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from reporting.models import DataCell, Dataset, DatasetRevision
from tests.builders import an_agreement
from tests.reporting.figures import a_file, a_row, good_rows
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


@built_once(autouse=True, KOK_NOW="2027-03-15T09:00")
def _in_2027():
    an_agreement()


@pytest.fixture
def run(tmp_path):
    def call(content, *arguments):
        path = tmp_path / "KOK-8D_06440_2026-12-31_r0_v1.0.0.csv"
        path.write_bytes(content)
        out, err = StringIO(), StringIO()
        try:
            call_command("import_dataset", str(path), *arguments, stdout=out, stderr=err)
        except SystemExit as ended:
            return ended.code, out.getvalue(), err.getvalue()
        return 0, out.getvalue(), err.getvalue()

    return call


def nothing_is_stored():
    return not (Dataset.objects.exists() or DatasetRevision.objects.exists() or DataCell.objects.exists())


def test_given_a_good_file_when_imported_then_revision_rows_and_warnings_are_told(run):
    code, out, _ = run(a_file("KOK-8D"), "--json")
    told = json.loads(out)
    assert (code, told["revision"], told["rows"], told["warnings"]) == (0, "r0", 27, [])
    assert [note["rule"] for note in told["notes"]] == ["V-D08"]
    assert DataCell.objects.count() == 27


def test_given_a_good_file_when_only_checked_then_nothing_is_stored(run):
    code, out, _ = run(a_file("KOK-8D"), "--check", "--json")
    assert (code, json.loads(out)["revision"], json.loads(out)["rows"]) == (0, None, 27)
    assert nothing_is_stored()


def test_given_two_errors_when_imported_then_each_is_told_and_nothing_is_stored(run):
    rows = good_rows("KOK-8D")
    rows[1]["sex"], rows[5]["person_count"] = "Z", "1.000"
    code, out, _ = run(a_file("KOK-8D", rows), "--json")
    told = json.loads(out)
    assert code == 1
    assert [(each["row"], each["column"], each["rule"]) for each in told["problems"]] == [
        (3, "sex", "V-F04"), (7, "person_count", "V-F03"),
    ]  # fmt: skip
    assert told["problem_count"] == 2
    assert nothing_is_stored()


def test_given_an_error_when_told_to_people_then_in_german_on_standard_error(run):
    rows = good_rows("KOK-8D")
    rows[1]["sex"] = "Z"
    code, out, err = run(a_file("KOK-8D", rows))
    assert (code, out) == (1, "")
    assert "Die Datei hat einen Fehler. Es wurde nichts übernommen." in err
    assert "Zeile 3, Spalte sex (V-F04): „Z“ gibt es in der Spalte Geschlecht nicht." in err


def test_given_warnings_when_told_to_people_then_place_and_rule_are_named(run):
    code, out, _ = run(a_file("KOK-8C", reference_date="2024-12-31"))
    assert code == 0
    assert "Eingelesen als r0: 16 Zeilen." in out
    assert "Hinweis Zeile 2, Spalte person_count (V-C09): Gemeldet sind 100 Personen." in out


def test_given_more_errors_than_anybody_reads_when_told_then_500_are_listed_and_all_counted(run):
    rows = good_rows("KOK-8D") + [a_row("KOK-8D", sex="Z", person_count=n, remark=str(n)) for n in range(700)]
    _, out, _ = run(a_file("KOK-8D", rows), "--json")
    told = json.loads(out)
    assert len(told["problems"]) == 500
    assert told["problem_count"] >= 700


def test_given_a_correction_when_the_reason_is_missing_then_refused_and_with_it_stored(run):
    run(a_file("KOK-8D"))
    code, out, _ = run(a_file("KOK-8D", revision=1), "--json")
    assert (code, json.loads(out)["problems"][0]["rule"]) == (1, "V-F09")
    code, out, _ = run(a_file("KOK-8D", revision=1), "--reason", "Nachmeldung aus zwei Einrichtungen", "--json")
    assert (code, json.loads(out)["revision"]) == (0, "r1")
    code, out, _ = run(a_file("KOK-8D", revision=1), "--reason", "Noch einmal", "--json")
    assert "die nächste ist 2 (eingelesen ist schon r1)" in json.loads(out)["problems"][0]["sentence"]


def test_given_8c_of_another_region_when_imported_here_then_refused(run):
    code, out, _ = run(a_file("KOK-8C", reporting_kgs="06531"), "--agreement", "wetteraukreis", "--json")
    assert (code, json.loads(out)["problems"][0]["rule"]) == (1, "V-F10")
    code, out, _ = run(a_file("KOK-8C", reporting_kgs="06531"), "--json")
    assert "keine Vereinbarung geladen" in json.loads(out)["problems"][0]["sentence"]
    assert run(a_file("KOK-8D", region_kgs="06531"), "--agreement", "wetteraukreis")[0] == 0  # LWV: all of Hessen


# --- files that want to do harm, or were made carelessly ---


def a_book(spoil=lambda book, sheet: None):
    book = Workbook()
    sheet = book.active
    sheet.title = "Daten"
    rows = good_rows("KOK-8D")
    sheet.append(list(rows[0]))
    for row in rows:
        sheet.append(list(row.values()))
    spoil(book, sheet)
    return saved(book)


def saved(book):
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def with_part(name, data):
    file = BytesIO(a_book())
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, data)
    return file.getvalue()


def hidden(book, sheet):
    book.create_sheet("Versteckt").sheet_state = "hidden"


HOSTILE = {
    "a formula": (lambda: a_book(lambda _, sheet: sheet.__setitem__("M3", "=1+1")), "Formel"),
    "merged cells": (lambda: a_book(lambda _, sheet: sheet.merge_cells("A3:B3")), "verbundene Zellen"),
    "a hidden sheet": (lambda: a_book(hidden), "ausgeblendet"),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"x"), "Makro"),
    "a bomb": (lambda: with_part("xl/worksheets/sheet9.xml", b"\0" * 300_000_000), ""),
    "200 MB": (lambda: b"format_id;format_version\n" + b"x" * 200_000_000, "größer als 20 Megabyte"),
    "UTF-16 without mark": (lambda: a_file("KOK-8D").decode("utf-8-sig").encode("utf-16-le"), "Nullbytes"),
    "MS-DOS": (lambda: a_file("KOK-8D", remark="für alle").decode("utf-8-sig").encode("cp850"), "Umlaute"),
    "NUL": (lambda: a_file("KOK-8D") + b"\0", "Nullbytes"),
    "unequal columns": (lambda: a_file("KOK-8D") + b"KOK-8D;1.0.0\r\n", "hat 2 Spalten"),
    "an open quote": (lambda: a_file("KOK-8D") + b'"KOK', "Anführungszeichen"),
    "the end of COPY": (lambda: a_file("KOK-8D") + b"\\.\r\n", "Spalten"),
    "a PDF": (lambda: b"%PDF-1.7\n", ""),
    "nothing": (lambda: b"", "leer"),
    "a header only": (lambda: b"format_id;format_version\r\n", "nennt ihr Format nicht"),
    "another table": (lambda: b"Name;Ort\r\nAnna;Friedberg\r\n", "nennt ihr Format nicht"),
    "an unknown version": (lambda: a_file("KOK-8D", format_version="7.0.0"), "gibt es hier nicht. Bekannt sind"),
    "SQL": (lambda: a_file("KOK-8D", **{'x"); DROP TABLE y; --': "1"}), "gibt es in KOK-8D"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_given_a_hostile_file_when_imported_then_refused_with_a_reason_in_bounded_time(run, name):
    make, words = HOSTILE[name]
    content = make()
    began = time.process_time()
    code, out, _ = run(content, "--json")
    assert time.process_time() - began < 5
    told = json.loads(out)
    assert (code, told["problem_count"]) == (1, 1)
    assert words in told["problems"][0]["sentence"]
    assert nothing_is_stored()


def test_given_windows_1252_and_excel_numbers_when_imported_then_read_as_meant(run):
    content = a_file("KOK-8D", remark="für alle").decode("utf-8-sig").encode("cp1252")
    assert run(content)[0] == 0
    assert DataCell.objects.filter(remark="für alle").count() == 27
    book = load_workbook(BytesIO(a_file("KOK-8D", fmt="xlsx", revision=1)))
    for row in book.active.iter_rows(min_row=2):
        row[2].value = 6440  # a number has lost its zero
    assert run(saved(book), "--reason", "Andere Quelle")[0] == 0
    assert DatasetRevision.objects.get(number=1).dataset.region_kgs == "06440"


@pytest.mark.parametrize("remark", ['mit "Anführung"', "zwei; Teile", "zwei\nZeilen", "  Rand  ", "Ümläute", "'=x"])
def test_given_texts_beyond_the_plain_when_imported_then_they_arrive(run, remark):
    rows = good_rows("KOK-8D")
    rows[3]["remark"] = remark
    assert run(a_file("KOK-8D", rows))[0] == 0
    assert DataCell.objects.get(row=5).remark == remark.strip()
