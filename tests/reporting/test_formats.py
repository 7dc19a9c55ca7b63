"""Formats are data: the shipped files, what an administrator puts beside them, and what is wrong with a file."""

from datetime import date

import pytest

from kok.errors import Refused
from reporting.figures.actions.importing import check_file
from reporting.figures.queries.formats import SHIPPED, format_of, formats, latest_formats
from reporting.figures.rules.formats import FormatWrong
from reporting.figures.rules.formats_file import parse_format
from tests.reporting.figures import a_file

TEXT = (SHIPPED / "KOK-8C-1.0.0.toml").read_text(encoding="utf-8")


def test_given_the_shipped_files_when_read_then_each_describes_the_format_of_its_name():
    assert {f"{name}-{version}" for name, version in formats()} == {path.stem for path in SHIPPED.glob("*.toml")}
    assert [each.id for each in latest_formats()] == ["KOK-8C", "KOK-8D", "KOK-IND"]
    assert [each.delivered_by for each in latest_formats()] == ["LOCAL", "LWV", "LWV"]


@pytest.mark.parametrize("key", formats())
def test_given_the_keys_of_the_regions_when_counted_then_27_carriers_stand_there_and_hanau_since_2026(key):
    found = formats()[key]
    codes = found.codes(found.region_column)
    assert len(codes) == 27
    assert sum(code.is_valid_on(date(2025, 12, 31)) for code in codes.values()) == 26
    assert codes["06415"].is_valid_on(date(2026, 1, 1))
    assert codes["06440"].title == "Wetteraukreis"


@pytest.mark.parametrize(
    ("old", "new", "path", "words"),
    [
        ('id = "KOK-8C"', 'id = "kok 8c"', "format.id", "Großbuchstaben"),
        ('version = "1.0.0"', 'version = "1"', "format.version", "eine Fassung wie 1.0.0"),
        ('"LOCAL"', '"COUNTY"', "format.delivered_by", "Möglich sind: LOCAL, LWV"),
        ('title = "Format"', 'titel = "Format"', "column[1].titel", "Meinten Sie „title“?"),
        ('type = "text"', 'type = "string"', "column[1].type", "Möglich sind: text, int"),
        ("required = true", 'required = "ja"', "column[1].required", "true oder false"),
        ('name = "sex"', 'name = "sex; DROP TABLE"', "column[6].name", "Kleinbuchstaben"),
        ('cell = "sex"', 'cell = "id"', "column[6].cell", "Möglich sind"),
        ('code_list = "CL-SEX"', 'code_list = "CL-SEXX"', "column[6].code_list", "gibt es nicht"),
        ('kind = "total_row"', 'kind = "total"', "check[4].kind", "„total“ gibt es hier nicht"),
        ('dimension = "sex"', 'dimension = "colour"', "check[6].dimension", "Die Spalte colour gibt es nicht"),
        ("{first} ({key})", "{first} ({passwort})", "check[5].sentence", "{passwort} gibt es hier nicht"),
        ("{first} ({key})", "{first.__class__}", "check[5].sentence", "{first.__class__} gibt es hier nicht"),
        ("percent = 25", 'percent = "25"', "check[11].percent", "eine ganze Zahl"),
        ("percent = 25\n", "", "check[11].percent", "fehlt"),
        ('code = "V-C01"', 'code = "C01"', "check[4].code", "eine Regel wie V-C03"),
        ('flags = ["."', 'flags = ["?"', "check[13]", "Den Code ? gibt es"),
        ('key = ["sex"', 'key = ["remark"', "format.key[1]", "keine Spalte mit einem Merkmal"),
        ("[format]", "[format", "Zeile", "lässt sich die Datei nicht lesen"),
        ('M = "männlich"', '"a b" = "x"', "code_lists.CL-SEX.a b", "höchstens zehn Zeichen"),
        ("from = 2026-01-01", 'from = "bald"', "code_lists.CL-KGS.06415.from", "ein Datum"),
    ],
)
def test_given_a_format_with_a_mistake_when_read_then_its_place_is_named(old, new, path, words):
    assert old in TEXT
    with pytest.raises(FormatWrong) as refused:
        parse_format(TEXT.replace(old, new, 1))
    assert any(each.path.startswith(path) and words in each.sentence for each in refused.value.problems), (
        refused.value.sentence
    )


@pytest.fixture
def folder(settings, tmp_path):
    settings.KOK_FORMATS = str(tmp_path)
    return tmp_path


@pytest.mark.django_db
def test_given_a_new_version_in_the_folder_when_a_file_names_it_then_its_rules_hold_and_the_old_ones_for_old_files(
    folder,
):
    text = TEXT.replace('version = "1.0.0"', 'version = "1.1.0"').replace('D = "divers"', 'X = "neu"')
    (folder / "KOK-8C-1.1.0.toml").write_text(text, encoding="utf-8")
    assert latest_formats()[0].version == "1.1.0"
    today = date(2027, 1, 1)
    assert check_file(content=a_file("KOK-8C"), today=today).problem_count == 0
    (problem, *_) = check_file(content=a_file("KOK-8C", format_version="1.1.0"), today=today).problems
    assert "Möglich sind M, W, X, O, T." in problem.sentence


def test_given_the_same_version_in_the_folder_when_changed_then_it_replaces_the_shipped_one_at_once(folder):
    path = folder / "eigenes.toml"
    path.write_text(TEXT.replace("8c: Personen", "8c, Fassung der AG: Personen"), encoding="utf-8")
    assert format_of("KOK-8C", "1.0.0").title.startswith("8c, Fassung der AG")
    path.unlink()
    assert format_of("KOK-8C", "1.0.0").title.startswith("8c: Personen")


def test_given_a_minor_version_that_is_not_there_when_asked_for_then_the_same_major_one_is_taken():
    assert format_of("KOK-8C", "1.7.3").version == "1.0.0"


def test_given_a_broken_file_in_the_folder_when_formats_are_asked_for_then_the_others_stand_and_the_reason_is_told(
    folder,
):
    (folder / "neu.toml").write_text(TEXT.replace("KOK-8C", "KOK-9").replace("[format]", "[form]"), encoding="utf-8")
    assert len(formats()) == 3
    with pytest.raises(Refused, match=r"Bekannt sind KOK-8C 1.0.0, KOK-8D 1.0.0, KOK-IND 1.0.0.*neu.toml"):
        format_of("KOK-9", "1.0.0")
