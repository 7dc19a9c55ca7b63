"""Wrong agreement files: each fault is named by its key path or its line, and nothing else ever happens."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kok.errors import Refused
from members.rules.agreement_file import AgreementFileWrong, parse

WETTERAU = (Path(__file__).parents[2] / "agreements" / "wetterau-2022.toml").read_text(encoding="utf-8")
PARSED = parse(WETTERAU)

FRIEDBERG = 'address = { street = "Europaplatz", postal_code = "61169", city = "Friedberg/Hessen" }'


AGREED = '[[agreed]]\nperiod = "notice_days"\nclause = "5"\n'


def wrong(text: str) -> dict[str, str]:
    """Key path and sentence of every problem."""
    with pytest.raises(AgreementFileWrong) as refusal:
        parse(text)
    return {problem.path: problem.sentence for problem in refusal.value.problems}


# Each row: what stands in the shipped file (its first occurrence), what stands there instead, and what is named.
WRONG_FILES = [
    (FRIEDBERG, "", "partner[1].address", "fehlt"),
    (FRIEDBERG, 'address = "Europaplatz"', "partner[1].address", "Hier steht ein Text, nötig ist ein Abschnitt"),
    (FRIEDBERG, FRIEDBERG.replace("street", "stret"), "partner[1].address.stret", "Meinten Sie „street“?"),
    (FRIEDBERG, FRIEDBERG.replace("street", "stret"), "partner[1].address.street", "fehlt"),
    (FRIEDBERG, FRIEDBERG.replace('"61169"', "61169"), "partner[1].address.postal_code", "ein Text in Anführungs"),
    (FRIEDBERG, FRIEDBERG.replace("61169", "6116"), "partner[1].address.postal_code", "genau fünf Ziffern"),
    ('short_name = "LWV Hessen"', "", "partner[2].short_name", "fehlt"),
    ('slug = "lwv-hessen"', 'slug = "LWV Hessen"', "partner[2].slug", "Kleinbuchstaben"),
    ('slug = "lwv-hessen"', 'slug = "wetteraukreis"', "partner[2].slug", "steht schon bei partner[1].slug"),
    ('slug = "lwv-hessen"', 'slug = "secretariat"', "partner[2].slug", "Geschäftsführung"),
    ('slug = "lwv-hessen"', 'slug = "lwv"', "seat[5].partner", "Möglich sind: wetteraukreis, lwv."),
    ('kind = "COUNTY"', 'kind = "Kreis"', "partner[1].kind", "COUNTY, CITY"),
    ('kind = "COUNTY"', "kind = true", "partner[1].kind", "Wahrheitswert"),
    ("[rotation]", "[rotaton]", "rotaton", "Meinten Sie „rotation“?"),
    ("years = 2", 'years = 2\n"a\\nb" = 1', "rotation.a b", "Möglich sind: years, anchor_on."),
    ("years = 2", 'years = "2"', "rotation.years", "eine ganze Zahl ohne Anführungszeichen"),
    ("years = 2", "years = true", "rotation.years", "Hier steht ein Wahrheitswert"),
    ("years = 2", "years = 0", "rotation.years", "1 bis 20"),
    ("anchor_on = 2022-03-01", 'anchor_on = "01.03.2022"', "rotation.anchor_on", "2022-03-01"),
    ("anchor_on = 2022-03-01", "anchor_on = 2022-03-01T10:00:00", "rotation.anchor_on", "ohne Uhrzeit"),
    ("anchor_on = 2022-03-01", "anchor_on = 2022-02-28", "rotation.anchor_on", "vor dem Inkrafttreten"),
    ("signed_on = 2022-03-01", "signed_on = 0222-03-01", "agreement.signed_on", "2000-01-01 bis 2100-12-31"),
    ("minimum_per_year = 2", 'minimum_per_year = 2\nyear_mode = "AGREEMENT"', "meetings.year_mode", "nicht bekannt"),
    ("[periods]", '[[agreed]]\nperiod = "days"\nclause = "5"\n[periods]', "agreed[1].period", "wie notice_days"),
    ("[periods]", '[[agreed]]\nperiod = "paper_days"\nclause = "99"\n[periods]', "agreed[1].clause", "gibt es in"),
    ("[periods]", f"{AGREED * 2}[periods]", "agreed[2].period", "steht hier schon"),
    ("notice_days = 14", "notice_days = -1", "periods.notice_days", "0 bis 366"),
    ('title = "Kooperations', f'title = "{"x" * 200}', "agreement.title", "höchstens 200"),
    ('region = "Wetteraukreis"', 'region = " "', "agreement.region", "Hier steht kein Text"),
    ('region = "Wetteraukreis"', 'region = "a\\nb"', "agreement.region", "Zeilenumbruch"),
    ('region = "Wetteraukreis"', 'region = "Wetter\u0430ukreis"', "agreement.region", "kyrillisch"),
    ('region = "Wetteraukreis"', 'region = "Wetterau https://x.de"', "agreement.region", "zum Link"),
    ('region = "Wetteraukreis"', 'region = "a\\u0000b"', "agreement.region", "Zeichen, das hier nicht"),
    ('partner = "wetteraukreis"', 'partner = "wetterau"', "signatory[1].partner", "Einen Partner „wetterau“"),
    ('kind = "ADVISORY_BOARD"', 'kind = "CONFERENCE"', "body", "in dieser Datei 2"),
    ('kind = "CONFERENCE"', 'kind = "OTHER"', "body", "genau eine Kooperationskonferenz"),
    ('slug = "psychosozialer-beirat"', 'slug = "kok"', "body[3].slug", "steht schon bei body[1].slug"),
    ('operator = "wetteraukreis"', 'operator = "wetterau"', "body[2].operator", "wetteraukreis, lwv-hessen"),
    ('number_prefix = "DIB-06440"', 'number_prefix = "KoK-06440"', "body[2].number_prefix", "steht schon bei"),
    ('holder = { family_name = "Olt", given_name = "Benedikt" }', "", "seat[5].holder", "fehlt"),
    ('debtors = ["secretariat"]', "debtors = []", "obligation[1].debtors", "Liste ist leer"),
    ('debtors = ["secretariat"]', 'debtors = "secretariat"', "obligation[1].debtors", "eine Liste in eckigen"),
    ('debtors = ["secretariat"]', "debtors = [1]", "obligation[1].debtors[1]", "ein Text"),
    ('debtors = ["secretariat"]', 'debtors = ["lwv"]', "obligation[1].debtors[1]", "Einen Partner „lwv“"),
    ('code = "O-02"', 'code = "O-01"', "obligation[2].code", "steht schon bei obligation[1].code"),
    ('clause = "8b"', 'clause = "8g"', "obligation[4].clause", "Einen Punkt „8g“"),
    ("month = 4\n", "", "obligation[4].month", "jährliche Pflicht"),
    ("day = 30", "day = 31", "obligation[4].day", "31.4."),
    ('debtors = ["wetteraukreis"]', 'debtors = ["secretariat"]', "obligation[4].debtors", "trifft Partner"),
    ("first_year = 2023", "first_year = 2023\nlast_year = 2022", "obligation[5].last_year", "vor dem ersten"),
    ('recurrence = "PER_MEETING"', 'recurrence = "PER_MEETING"\nday = 3', "obligation[1].day", "nur zu jährlichen"),
    ('number = "8a"', 'number = "8b"', "clause[10].number", "steht schon bei clause[9].number"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "instead", "path", "told"), WRONG_FILES, ids=[f"{row[2]}-{n}" for n, row in enumerate(WRONG_FILES)]
)
def test_given_a_wrong_file_when_parsed_then_the_key_path_and_the_remedy_are_named(printed, instead, path, told):
    assert printed in WETTERAU
    problems = wrong(WETTERAU.replace(printed, instead, 1))
    assert told in problems[path]


BROKEN = [
    ("years = 2", "years = ", "Zeile {line}, Spalte 9"),
    ("years = 2", 'years = "2', "Zeile {line}, Spalte 11"),
    ("anchor_on = 2022-03-01", "anchor_on = 2022-02-30", "Zeile {line}, Spalte 13"),
    ("[rotation]", "[rotation", "Zeile {line}, Spalte 10"),
    ("months = 6", "months = 6\nmonths = 6", "Zeile {next}, Spalte 11"),
]


@pytest.mark.parametrize(("printed", "instead", "place"), BROKEN, ids=[row[1] for row in BROKEN])
def test_given_broken_syntax_when_parsed_then_line_and_column_are_named(printed, instead, place):
    line = WETTERAU[: WETTERAU.index(f"\n{printed}\n")].count("\n") + 2
    problems = wrong(WETTERAU.replace(f"\n{printed}\n", f"\n{instead}\n", 1))
    assert list(problems) == [place.format(line=line, next=line + 1)]


@pytest.mark.parametrize("text", ["a = ", "\n\n[", "x = " + "[" * 5000, "x = " + "9" * 5000])
def test_given_text_that_ends_or_nests_without_sense_when_parsed_then_a_line_is_named(text):
    assert next(iter(wrong(text))).startswith(f"Zeile {text.count(chr(10)) + 1}")


def test_given_several_faults_when_parsed_then_all_are_told_at_once_and_nothing_was_changed():
    text = WETTERAU.replace("years = 2", 'years = "2"', 1).replace(FRIEDBERG, "", 1)
    with pytest.raises(Refused) as refusal:
        parse(text)
    first, *told = refusal.value.sentence.splitlines()
    assert "es wurde nichts geändert" in first
    assert [line.split(":")[0] for line in told] == ["partner[1].address", "rotation.years"]


def test_given_a_file_without_its_periods_when_parsed_then_they_are_asked_for_and_no_number_is_assumed():
    start, end = WETTERAU.index("[periods]"), WETTERAU.index("# Gremien:")
    assert "Diese Angabe fehlt" in wrong(WETTERAU[:start] + WETTERAU[end:])["periods"]
    assert "Diese Angabe fehlt" in wrong(WETTERAU.replace("draft_days = 7 ", "# "))["periods.draft_days"]


def test_given_a_file_saved_on_windows_when_parsed_then_it_says_the_same():
    assert parse("\ufeff" + WETTERAU.replace("\n", "\r\n")) == PARSED


def test_given_a_single_partner_when_parsed_then_a_second_one_is_asked_for():
    start, end = WETTERAU.index('[[partner]]\nslug = "lwv'), WETTERAU.index("[[signatory]]")
    assert "mindestens zwei Partner" in wrong(WETTERAU[:start] + WETTERAU[end:])["partner"]


def test_given_a_third_partner_when_parsed_then_the_order_of_the_file_is_kept():
    third = WETTERAU[WETTERAU.index("[[partner]]\n") : WETTERAU.index('[[partner]]\nslug = "lwv')]
    third = third.replace('slug = "wetteraukreis"', 'slug = "bad-nauheim"')
    third = third.replace('"COUNTY"\nkgs = "06440"', '"SPECIAL_STATUS_TOWN"')
    third = third.replace('name = "Wetteraukreis"', 'name = "Bad Nauheim"')
    found = parse(WETTERAU.replace("[[signatory]]", f"{third}\n[[signatory]]", 1))
    assert [partner.slug for partner in found.partners] == ["wetteraukreis", "lwv-hessen", "bad-nauheim"]


LITERALS = ["1", "-1", "1.5", "nan", "true", '""', '"x"', "[]", "[1]", "{}", "{ a = 1 }", "2022-03-01", "10:00:00",
            "2022-03-01T00:00:00Z", '["x", 1]', "[[]]", '"\\u0000"', "99999999999999999999"]  # fmt: skip


@settings(deadline=None, max_examples=150)
@given(st.integers(0, WETTERAU.count("\n") - 1), st.sampled_from([*LITERALS, "", "gone", "twice"]))
def test_given_any_line_changed_when_parsed_then_nothing_but_a_refusal_is_raised(index, literal):
    lines = WETTERAU.splitlines()
    key = re.match(r"\w+ = ", lines[index])
    lines[index] = {"gone": "", "twice": f"{lines[index]}\n{lines[index]}"}.get(
        literal, f"{key[0] if key else ''}{literal}"
    )
    try:
        parse("\n".join(lines))
    except AgreementFileWrong as refusal:
        assert refusal.problems  # noqa: PT017


@settings(deadline=None, max_examples=100)
@given(st.integers(0, len(WETTERAU)), st.integers(0, 40), st.text(max_size=10))
def test_given_any_characters_changed_when_parsed_then_nothing_but_a_refusal_is_raised(start, length, inserted):
    try:
        parse(WETTERAU[:start] + inserted + WETTERAU[start + length :])
    except AgreementFileWrong as refusal:
        assert refusal.problems  # noqa: PT017


def test_given_an_obligation_of_a_single_year_when_the_file_is_read_then_it_is_taken():
    file = parse(WETTERAU.replace("first_year = 2023", "first_year = 2023\nlast_year = 2023", 1))
    assert any(each.first_year == each.last_year == 2023 for each in file.obligations)
