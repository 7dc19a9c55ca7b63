"""Reading a file into the draft: all of it or nothing, sealed while it waits, no name where it does not belong."""

import json
import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from kok import erasure, sheets, vault
from kok.erasure.listing import sealed
from kok.errors import Refused
from kok.models import ErasedObject
from kok.vault import KeyLost
from tests.builders import a_second_agreement, a_user, an_agreement
from tests.roles import by_worker
from tests.transitions import traces, world
from tests.transitions.import_files import ROW, a_csv, a_sheet, lines, saved, with_rows
from tests.transitions.inside import enter
from tests.transitions.test_restriction import asked
from tests.transitions.world import seen
from tests.worlds import built_once
from transitions.actions import entries, importing
from transitions.models import AccessLogEntry, CaseEntry, PendingImport, TransitionCase
from transitions.queries.imports import opened, waiting_in
from transitions.queries.open_work import rows_to_decide
from transitions.rules.codes import CaseState, EndReason, FacilityBasis, RequestKind
from transitions.rules.columns import COLUMNS, HEADINGS
from transitions.rules.retention import PENDING_IMPORTS

pytestmark = pytest.mark.django_db
OTHER = {"Familienname": "Quarkstein", "Vorname": "Oda"}
UNLIKE = {"Informiert am": "", "Geburtsdatum": "13.03.2009"}
IN_THE_YEAR_OF_THE_LIST = {"Ende (Monat)": "7.2027"}


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def _spring() -> None:
    an_agreement()


@built_once
def author() -> Any:
    return world.an_access()


@built_once
def draft(author: Any) -> Any:
    return world.a_draft([], by=author)


@built_once
def officer(author: Any) -> Any:
    return enter(author.user)


def url(name: str, thing: Any = None) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", *([getattr(thing, "pk", thing)] if thing else [])])


def hand_in(client: Any, draft: Any, content: bytes, name: str = "Liste.csv") -> Any:
    return client.post(url("import", draft), {"file": SimpleUploadedFile(name, content), "seen": waiting_in(draft)})


def text(answer: Any) -> str:
    assert answer.status_code == 200
    return unescape(" ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split()))


def told(answer: Any) -> list[tuple[int, str]]:
    """Row and column of every wrong cell on the page."""
    return [(problem.row, problem.heading) for problem in answer.context["problems"]]


def stored() -> dict[str, int]:
    """How many rows each table of the database holds."""
    counts = " UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in traces.tables())
    with connection.cursor() as cursor:
        cursor.execute(counts)
        return dict(cursor.fetchall())


def add_one_case(by: Any, draft: Any) -> None:
    importing.hold_rows(version=draft, rows=[(world.case_data(), False)], by=by, now=world.NOW)


# Good files


TYPED = {"Geburtsdatum": date(2010, 3, 14), "Ende (Monat)": 7.2028, "Gemeinde (AGS)": 6440008}
GOOD_FILES = {
    "utf8": lines({}, OTHER).encode(),
    "bom": lines({}, OTHER).encode("utf-8-sig"),
    "cp1252": lines({}, OTHER).encode("cp1252"),
    "comma": lines({}, OTHER, separator=",").encode(),
    "comma-bom": lines({}, OTHER, separator=",").encode("utf-8-sig"),
    "comma-cp1252": lines({}, OTHER, separator=",").encode("cp1252"),
    "utf16-tab": lines({}, OTHER, separator="\t").encode("utf-16"),
    "other-order": lines({}, OTHER, header=reversed(HEADINGS)).encode(),
    "xlsx": saved(a_sheet({}, OTHER)),
    "typed": saved(a_sheet(TYPED, OTHER)),
}


def test_given_good_files_when_handed_in_then_each_waits_as_it_stands_and_the_last_is_taken_over(officer, draft):
    two, before = (world.case_data(), world.case_data(family_name="Quarkstein", given_name="Oda")), None
    for name, content in GOOD_FILES.items():
        answer = hand_in(officer, draft, content)
        assert (answer.status_code, answer["Location"]) == (302, url("import", draft)), name
        pending = PendingImport.objects.get()
        assert pending.pk != before, name
        assert opened(pending).rows == tuple((data, False) for data in two), name
        before = pending.pk
    assert not CaseEntry.objects.exists()
    page = text(officer.get(url("import", draft)))
    assert "2 Fälle warten beim Entwurf" in page
    assert "Zirbelnuss, Malwine" in page
    assert "Internat Haus Lindenhöhe" in page
    after = officer.post(url("import-take-over", draft), seen(draft), follow=True)
    assert "2 Fälle sind in den Entwurf genommen." in text(after)
    people = sorted((entry.data for entry in CaseEntry.objects.all()), key=lambda data: data.given_name)
    assert people == list(two)
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_given_the_template_when_filled_in_then_it_is_read(officer, draft, kind):
    template = officer.get(reverse("transitions:import-template", args=["wetteraukreis", kind]))
    assert f'filename="uebergangsliste-vorlage.{kind}"' in template["Content-Disposition"]
    table = sheets.read(template.content, sheet="Übergangsliste")
    assert (table.header, list(table.rows)) == (HEADINGS, [])
    if kind == "csv":
        filled = sheets.write_csv(table.header, [[ROW[heading] for heading in table.header]])
    else:
        book = load_workbook(BytesIO(template.content))
        book["Übergangsliste"].append([ROW[heading] for heading in table.header])
        filled = saved(book)
    assert hand_in(officer, draft, filled).status_code == 302
    officer.post(url("import-take-over", draft), seen(draft))
    assert CaseEntry.objects.get().data == world.case_data()


def test_given_the_template_for_spreadsheets_when_opened_then_every_code_is_a_list_to_choose_from(officer):
    template = officer.get(reverse("transitions:import-template", args=["wetteraukreis", "xlsx"]))
    book = load_workbook(BytesIO(template.content))
    page, words = book["Übergangsliste"], book["Auswahl"]
    offered = {}
    for rule in page.data_validations.dataValidation:
        heading = page.cell(1, next(iter(rule.sqref.ranges)).min_col).value
        offered[heading] = [cell.value for (cell,) in words[rule.formula1.split("!")[1].replace("$", "")]]
    assert offered.keys() == {column.heading for column in COLUMNS if column.codes} | {"Gemeinde (AGS)", "Nachmeldung"}
    assert offered["Grundlage"] == [code.label for code in FacilityBasis]
    assert offered["Nachmeldung"] == ["ja", "nein"]
    assert "Friedberg (Hessen)" in offered["Gemeinde (AGS)"]
    assert len(offered["Gemeinde (AGS)"]) == 25
    phone = page.column_dimensions[get_column_letter(HEADINGS.index("Telefon") + 1)]
    assert phone.number_format == "@"  # the zero at the beginning stays


def test_given_a_municipality_that_nobody_knows_when_read_in_then_it_is_a_warning_and_no_hindrance(officer, draft):
    assert hand_in(officer, draft, a_csv({}, OTHER | {"Gemeinde (AGS)": "06999999"})).status_code == 302
    assert text(officer.get(url("import", draft))).count("Dieser Gemeindeschlüssel gehört zu keiner Gemeinde") == 1
    officer.post(url("import-take-over", draft), seen(draft))
    assert CaseEntry.objects.count() == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_given_the_empty_template_when_handed_in_then_it_says_that_nobody_stands_in_it(officer, draft, kind):
    template = officer.get(reverse("transitions:import-template", args=["wetteraukreis", kind])).content
    assert "Die Datei enthält keine Fälle. Es wurde nichts gespeichert." in text(hand_in(officer, draft, template))


def test_12_given_the_wrong_year_in_a_file_when_handed_in_then_refused_and_offered_as_nachmeldung(officer, draft):
    answer = hand_in(officer, draft, a_csv({}, IN_THE_YEAR_OF_THE_LIST))
    assert told(answer) == [(3, "Ende (Monat)")]
    assert 'role="alert" tabindex="-1" data-focus' in answer.content.decode()
    page = text(answer)
    assert (
        "Die Liste 2027 nennt die Schulabgänge 2028. Als Nachmeldung können Sie den Fall aufnehmen: hier, oder" in page
    )
    assert "In der Datei schreiben Sie dazu in die Spalte Nachmeldung: ja." in page
    in_time = hand_in(officer, draft, a_csv({"Nachmeldung": "ja"}))
    assert told(in_time) == [(2, "Nachmeldung")]
    assert "das ist keine Nachmeldung. Lassen Sie diese Zelle leer." in text(in_time)
    hand_in(officer, draft, a_csv(IN_THE_YEAR_OF_THE_LIST | {"Nachmeldung": "ja"}))
    officer.post(url("import-take-over", draft), seen(draft))
    assert TransitionCase.objects.get().is_late


def test_given_a_year_of_another_list_when_handed_in_then_no_nachmeldung_is_offered(officer, draft):
    page = text(hand_in(officer, draft, a_csv({"Ende (Monat)": "7.2029"})))
    assert "Dieser Fall gehört auf die Liste 2028." in page
    assert "In der Datei schreiben Sie" not in page


def test_given_people_who_seem_to_be_there_twice_or_uninformed_when_waiting_then_hints_hinder_nothing(officer, author):
    draft = world.a_draft(by=author)
    hand_in(officer, draft, a_csv(OTHER | {"Familienname": "Ölz"}, {"Vorname": "Malvine"}, OTHER, OTHER | UNLIKE))
    page = text(officer.get(url("import", draft)))
    case = draft.entries.get().case
    asked = (
        f"Ist das dieselbe Person wie Zirbelnuss, Malwine (Fall {case.case_ref}) ? Der Fall steht auf der Liste 2027."
    )
    assert page.count(asked) == 1
    assert page.count("Ist das dieselbe Person") == 1
    assert page.count("Diese Person steht wohl zweimal in der Datei.") == 2
    assert page.count("Der Tag fehlt, an dem die Person über die Benennung informiert wurde") == 1
    assert page.count("die Grundlage sagt „minderjährig“") == 1
    assert "Bei 3 Zeilen stehen Hinweise, davon 3 zu prüfen." in page
    assert "Bitte prüfen Sie 3 Zeilen. 3 Zeilen nennen vielleicht jemanden, der schon benannt ist oder war" in page
    assert "sagen Einrichtung, Ort oder Ansprechstelle" not in page
    assert page.index("Malvine") < page.index("Ölz, Oda")  # what is to be looked at stands first
    assert "Trotzdem 4 Fälle in den Entwurf nehmen" in page
    officer.post(url("import-take-over", draft), seen(draft))
    assert CaseEntry.objects.count() == 5


# A corrected file


SIX = [{"Familienname": f"Muster{chr(97 + n)}", "Geburtsdatum": f"0{n + 1}.03.2010"} for n in range(6)]


@built_once
def corrected(officer, draft):
    """Six people stand in the draft; then a file comes with two of them changed and a seventh."""
    hand_in(officer, draft, a_csv(*SIX))
    officer.post(url("import-take-over", draft), seen(draft))
    rows = [
        *SIX[:4],
        SIX[4] | {"Telefon": "06031 83-99"},
        SIX[5] | {"Informiert am": "", "Ort der Einrichtung": "Nidda"},
    ]
    hand_in(officer, draft, a_csv(OTHER, *rows))
    return draft


def told_of(draft):
    people = [entry.data for entry in draft.entries.all()]
    return sorted(each.family_name for each in people), {each.contact_phone for each in people}


def test_given_a_corrected_file_when_read_again_then_it_says_who_is_new_and_what_differs_before_anything_is_saved(
    officer, corrected
):
    page = text(officer.get(url("import", corrected)))
    assert "Von 7 Zeilen: 1 neu, 2 weichen vom Entwurf ab, 4 stehen genauso darin." in page
    assert "Telefon: 06031 83-99, im Entwurf 06031 83-0" in page
    assert page.index("Mustere") < page.index("Quarkstein") < page.index("Mustera")
    assert corrected.entries.count() == 6


@pytest.mark.parametrize(
    ("sent", "phones", "sentence"),
    [
        ({}, {"06031 83-0", "06031 83-99"}, "Ein Fall ist in den Entwurf genommen, 2 Fälle sind geändert."),
        ({"was": "neue"}, {"06031 83-0"}, "Ein Fall ist in den Entwurf genommen."),
    ],
    ids=["differences", "only-new"],
)
def test_given_a_corrected_file_when_taken_over_then_as_chosen_and_nobody_stands_there_twice(
    officer, corrected, sent, phones, sentence
):
    answer = officer.post(url("import-take-over", corrected), seen(corrected) | sent, follow=True)
    assert sentence in text(answer)
    names, told = told_of(corrected)
    assert (names, told) == ([*(each["Familienname"] for each in SIX), "Quarkstein"], phones)
    last = next(entry.data for entry in corrected.entries.all() if entry.data.family_name == "Musterf")
    assert last.informed_on == date(2027, 1, 20)  # an empty cell that may be empty says nothing


def test_given_a_preview_when_a_colleague_changes_the_draft_then_nothing_is_taken_until_it_was_seen(
    officer, corrected, author
):
    shown = seen(corrected)
    entries.add_entry(version=corrected, data=world.case_data(), is_late=False, by=author, now=world.NOW)
    answer = officer.post(url("import-take-over", corrected), shown, follow=True)
    assert "Der Entwurf hat sich geändert, seit Sie die Zeilen angesehen haben." in text(answer)
    assert corrected.entries.count() == 7
    assert PendingImport.objects.exists()


def test_given_a_case_that_leaves_or_is_restricted_when_a_file_names_it_then_it_stays_as_it_is(officer, author):
    world.released(world.a_draft([world.case_data(), world.case_data(family_name="Brandmeister")], by=author))
    draft = world.a_draft([], by=author)
    leaving, kept = sorted(draft.entries.all(), key=lambda entry: entry.data.family_name, reverse=True)
    end = {"ending": CaseState.DECEASED, "reason": EndReason.DEATH, "postponed_to": None}
    entries.end_case(entry=leaving, **end, by=author, now=world.NOW)
    asked(kept.case, RequestKind.RESTRICTION)
    phone = {"Telefon": "06031 83-99"}
    hand_in(officer, draft, a_csv(phone, phone | {"Familienname": "Brandmeister"}))
    page = text(officer.get(url("import", draft)))
    assert "0 neu, 0 weichen vom Entwurf ab, 0 stehen genauso darin, 2 bleiben dort, wie sie sind." in page
    assert "Die Verarbeitung des Falls dieser Person ist eingeschränkt" in page
    assert url("import-take-over", draft) not in officer.get(url("import", draft)).content.decode()
    importing.take_over(version=draft, **seen(draft), by=author, now=world.NOW)
    assert told_of(draft)[1] == {"06031 83-0"}


# Bad files


WRONG_CELLS = [
    ({"Geburtsdatum": "30.02.2010"}, "Geburtsdatum", "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 30.04."),
    ({"Geburtsdatum": "14.03.1970"}, "Geburtsdatum", "wäre die Person bei Schulende 58 Jahre alt"),
    ({"Ende (Monat)": "13.2028"}, "Ende (Monat)", "Schreiben Sie ihn wie 7.2028"),
    ({"Bildung": "Universität"}, "Bildung", "Hier steht kein Wort aus der Liste. Möglich sind: Schulbildung;"),
    ({"Gemeinde (AGS)": "123456789"}, "Gemeinde (AGS)", "genau acht Ziffern"),
    ({"Gemeinde (AGS)": "Hanau"}, "Gemeinde (AGS)", "Eine Gemeinde dieses Namens gehört nicht zur Vereinbarung."),
    ({"Familienname": "=HYPERLINK(1)"}, "Familienname", "beginnt wie eine Formel"),
    ({"Vorname": "'@SUM(A1)"}, "Vorname", "beginnt wie eine Formel"),
    ({"Vorname": "Malwine3"}, "Vorname", "stehen keine Ziffern"),
    ({"Telefon": "bitte fragen"}, "Telefon", "Schreiben Sie eine Telefonnummer"),
    ({"Informiert am": "11.03.2027"}, "Informiert am", "liegt in der Zukunft"),
    ({"Grundlage": "ähnliche Einrichtung"}, "Grund bei ähnlicher Einrichtung", "worin die Einrichtung ähnlich"),
    ({"Familienname": ""}, "Familienname", "Diese Angabe fehlt"),
    ({"Nachmeldung": "vielleicht"}, "Nachmeldung", "ja oder nein"),
]


def test_given_a_wrong_cell_in_each_row_when_handed_in_then_row_column_and_sentence_are_said_and_nothing_is_stored(
    officer, draft
):
    before = stored()
    answer = hand_in(officer, draft, a_csv({}, OTHER, *(row for row, _, _ in WRONG_CELLS)))
    assert told(answer) == [(place, column) for place, (_, column, _) in enumerate(WRONG_CELLS, 4)]
    assert "Es wurde nichts gespeichert." in text(answer)
    said = [
        (problem, sentence) for problem, (_, _, sentence) in zip(answer.context["problems"], WRONG_CELLS, strict=True)
    ]
    assert [(problem, sentence) for problem, sentence in said if sentence not in problem.sentence] == []
    assert [sentence for _, sentence in said if sentence not in text(answer)] == []
    assert stored() == before


def test_given_one_wrong_cell_when_handed_in_then_the_whole_file_is_refused_and_nothing_is_stored(officer, draft):
    before = stored()
    row, column, sentence = WRONG_CELLS[0]
    answer = hand_in(officer, draft, a_csv({}, OTHER, row))
    assert told(answer) == [(4, column)]
    assert "Es wurde nichts gespeichert." in text(answer)
    assert sentence in text(answer)
    assert stored() == before


NO_SUCH_TABLE = {
    "empty": (b"", "leer"),
    "nul": (b"\0\1\2" * 30, "Nullbytes"),
    "pdf": (b"%PDF-1.7\n", "ein PDF, keine Tabelle"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "altes Format von Office"),
    "cp850": (lines({}).encode("cp850"), "Umlaute der Datei sind nicht lesbar"),
    "broken-utf8": (
        lines({}).encode("utf-8-sig").replace("ö".encode(), b"\xff"), "Umlaute der Datei sind nicht lesbar",
    ),
    "no-column": (lines({}, header=HEADINGS[1:]).encode(), "Es fehlen die Spalten Familienname"),
    "more-columns": (lines({}).replace("Anrede", "Diagnose").encode(), "Unbekannt oder doppelt"),
    "quotes": (lines({}).encode()[:-9] + b'"', "Anführungszeichen"),
    "long-cell": (lines({"Einrichtung": "x" * 301}).encode(), "300"),
    "formula": (saved(a_sheet({"Familienname": "=1+1"})), "eine Formel, die erste in Zelle A2"),
    "macros": (saved(a_sheet({}), xl__vbaProject=b"\0"), "Makros"),
    "cut-off": (saved(a_sheet({}))[:-40], "beschädigt"),
}  # fmt: skip


def test_given_files_that_are_no_such_table_when_handed_in_then_it_is_said_and_nothing_is_stored(officer, draft):
    before, wrong = stored(), []
    for name, (content, sentence) in NO_SUCH_TABLE.items():
        if sentence not in text(hand_in(officer, draft, content)):
            wrong.append((name, "is not said"))
        if stored() != before:
            wrong.append((name, "has stored something"))
    assert wrong == []


def test_given_merged_cells_when_handed_in_then_refused(officer, draft):
    book = a_sheet({}, OTHER)
    book.active.merge_cells("A2:A3")
    assert "verbundene Zellen (A2:A3)" in text(hand_in(officer, draft, saved(book), "Liste.xlsx"))
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_given_50_000_rows_when_handed_in_then_refused_with_the_number_that_may_and_nothing_is_stored(
    officer, draft, kind
):
    before = stored()
    row = [["x"] + [""] * (len(HEADINGS) - 1)]
    if kind == "csv":
        header, line = sheets.write_csv(HEADINGS, row).splitlines(keepends=True)
        content = header + line * 50_000
    else:
        content = with_rows(sheets.write_xlsx("Liste", HEADINGS, [["x"]]), 50_000)
    page = text(hand_in(officer, draft, content))
    assert "mehr als 2.000 Zeilen" in page
    assert stored() == before


def test_given_6_megabytes_when_handed_in_then_refused(officer, draft):
    assert "größer als 5 Megabyte" in text(hand_in(officer, draft, b"x;y\n" * 1_500_000))


def test_given_2_000_good_rows_when_handed_in_then_all_are_taken_over_in_few_queries(officer, draft):
    names = (f"{a}{b}{c}" for a in "ABCDEFGHIJKLMN" for b in "abcdefghijkl" for c in "abcdefghijkl")
    content = a_csv(*({"Vorname": name} for name, _ in zip(names, range(2000), strict=False)))
    assert hand_in(officer, draft, content).status_code == 302
    with CaptureQueriesContext(connection) as queries:
        officer.post(url("import-take-over", draft), seen(draft))
    assert CaseEntry.objects.count() == 2000
    assert len(queries) < 70
    assert "mehr als 2.000 Zeilen" in text(hand_in(officer, draft, content + content.splitlines()[-1]))


def test_given_more_wrong_cells_than_fit_when_handed_in_then_their_number_and_the_first_are_said(officer, draft):
    answer = hand_in(officer, draft, a_csv(*[{"Bildung": "?"}] * 300))
    assert "300 Zellen stimmen nicht, hier die ersten 200" in text(answer)
    assert len(told(answer)) == 200


def test_given_no_file_at_all_when_handed_in_then_it_is_asked_for(officer, draft):
    page = text(officer.post(url("import", draft), {"csrfmiddlewaretoken": "always there"}))
    assert "Es ist keine Datei angekommen." in page


# Waiting rows


def test_given_a_bad_file_after_a_good_one_when_handed_in_then_the_good_one_still_waits(officer, draft):
    hand_in(officer, draft, a_csv({}))
    page = text(hand_in(officer, draft, a_csv({"Bildung": "?"}, OTHER)))
    assert "Ein Fall wartet beim Entwurf" in page
    assert "Quarkstein" not in page


def test_given_a_second_good_file_when_handed_in_then_it_replaces_the_first(officer, draft):
    hand_in(officer, draft, a_csv({}))
    hand_in(officer, draft, a_csv(OTHER))
    officer.post(url("import-take-over", draft), seen(draft))
    assert CaseEntry.objects.get().data.family_name == "Quarkstein"


def test_given_a_second_good_file_when_a_backup_brings_the_first_back_then_it_is_erased_again_and_no_other(
    officer, draft
):
    hand_in(officer, draft, a_csv({}))
    first = PendingImport.objects.get()
    hand_in(officer, draft, a_csv(OTHER))
    by_worker(erasure.carry_out_what_was_asked, now=world.NOW)
    listed = list(ErasedObject.objects.values_list("rule", "object_id"))
    assert listed == [(PENDING_IMPORTS, str(first.pk))]
    second = PendingImport.objects.get()
    lines = [json.dumps(sealed(rule, number, "2027-03-10")) for rule, number in listed]
    by_worker(erasure.reapply, lines, now=world.NOW)
    assert PendingImport.objects.get() == second
    second.delete()
    first.save(force_insert=True)
    by_worker(erasure.reapply, lines, now=world.NOW)
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize("again", ["import-take-over", "import-discard"])
@pytest.mark.parametrize(("first", "count"), [("import-take-over", 1), ("import-discard", 0)])
def test_given_waiting_rows_when_finished_twice_then_the_second_finds_nothing(officer, draft, first, count, again):
    hand_in(officer, draft, a_csv({}))
    officer.post(url(first, draft), seen(draft))
    revision = world.fresh(draft).revision
    assert "Hier warten keine Zeilen mehr." in text(officer.post(url(again, draft), seen(draft), follow=True))
    assert (CaseEntry.objects.count(), world.fresh(draft).revision) == (count, revision)


@pytest.mark.parametrize("act", ["import-take-over", "import-discard"])
def test_given_rows_that_a_colleague_replaced_when_acted_on_then_nothing_happens_and_the_new_ones_are_shown(
    officer, draft, act
):
    hand_in(officer, draft, a_csv({}))
    shown = re.search(r'action="([^"]*/datei/uebernehmen)".*?name="seen" value="([^"]+)"', _page(officer, draft), re.S)
    assert shown is not None
    hand_in(officer, draft, a_csv(OTHER))
    after = text(officer.post(url(act, draft), {"seen": shown[2]}, follow=True))
    assert "Inzwischen hat jemand eine andere Datei eingelesen. Es wurde nichts geändert." in after
    assert "Quarkstein, Oda" in after
    assert (CaseEntry.objects.count(), PendingImport.objects.count()) == (0, 1)
    again = re.search(r'name="seen" value="([^"]+)"', _page(officer, draft))
    assert again is not None
    officer.post(url(act, draft), {"seen": again[1]})
    assert (CaseEntry.objects.count(), PendingImport.objects.count()) == (int("take" in act), 0)


@pytest.mark.parametrize("before", [True, False], ids=["other-rows", "no-rows"])
def test_given_a_page_of_before_when_a_colleague_read_in_a_file_then_mine_replaces_his_only_when_sent_again(
    officer, draft, before
):
    if before:
        hand_in(officer, draft, a_csv({}))
    shown = waiting_in(draft)
    hand_in(officer, draft, a_csv({"Familienname": "Kollegensohn"}))
    sent = {"file": SimpleUploadedFile("Liste.csv", a_csv(OTHER)), "seen": shown}
    page = text(officer.post(url("import", draft), sent))
    assert "Inzwischen hat jemand eine andere Datei eingelesen; ihre Zeilen stehen oben." in page
    assert "Kollegensohn" in page
    assert "Quarkstein" not in page
    again = re.findall(r'name="seen" value="([^"]+)"', officer.get(url("import", draft)).content.decode())[-1]
    assert again == waiting_in(draft)
    officer.post(url("import", draft), {"file": SimpleUploadedFile("Liste.csv", a_csv(OTHER)), "seen": again})
    assert "Quarkstein" in text(officer.get(url("import", draft)))


def test_given_waiting_rows_when_the_list_or_the_draft_is_opened_then_both_tell_of_them(officer, draft):
    hand_in(officer, draft, a_csv({}, OTHER))
    assert "2 Zeilen einer Datei warten" in text(officer.get(url("lists")))
    page = text(officer.get(url("version", draft)))
    assert "2 Zeilen einer Datei vom Mi 10.03.2027" in page
    assert "warten noch beim Entwurf. Nach sieben Tagen werden sie gelöscht." in page


def test_given_a_file_that_only_corrects_when_taken_over_then_it_says_so(officer, draft):
    hand_in(officer, draft, a_csv({}))
    officer.post(url("import-take-over", draft), seen(draft))
    hand_in(officer, draft, a_csv({"Telefon": "06031 83-99"}))
    answer = officer.post(url("import-take-over", draft), seen(draft), follow=True)
    assert "Ein Fall ist im Entwurf geändert. Neu war niemand." in text(answer)


@pytest.mark.parametrize("sent", [{}, {"seen": ""}, {"seen": "1"}, {"seen": "x" * 5000}])
def test_given_waiting_rows_when_a_form_without_their_number_is_sent_then_nothing_happens(officer, draft, sent):
    hand_in(officer, draft, a_csv({}))
    assert "Es wurde nichts geändert." in text(officer.post(url("import-take-over", draft), sent, follow=True))
    assert (CaseEntry.objects.count(), PendingImport.objects.count()) == (0, 1)


def test_given_rows_that_wait_when_the_next_file_is_wrong_then_nothing_urges_to_take_the_former_ones(officer, draft):
    hand_in(officer, draft, a_csv({}))
    assert "kern-btn--primary" in _take_over_button(_page(officer, draft))
    answer = hand_in(officer, draft, a_csv({"Geburtsdatum": "gestern"}))
    assert "Aus einer Datei davor." in text(answer)
    assert "kern-btn--secondary" in _take_over_button(answer.content.decode())


def _page(officer, draft) -> str:
    return officer.get(url("import", draft)).content.decode()


def _take_over_button(page: str) -> str:
    found = re.search(r'<form[^>]*/datei/uebernehmen".*?</form>', page, re.S)
    assert found is not None
    return found[0]


def test_given_waiting_rows_when_discarded_then_no_byte_of_them_is_left(officer, draft):
    hand_in(officer, draft, a_csv({}))
    assert "Die eingelesenen Zeilen sind verworfen." in text(
        officer.post(url("import-discard", draft), seen(draft), follow=True)
    )
    assert traces.traces("Zirbelnuss", "Malwine") == []


def test_given_waiting_rows_when_a_colleague_takes_them_over_then_both_are_authors_who_may_not_release(draft, author):
    colleague = world.an_access()
    add_one_case(author, draft)
    assert importing.take_over(version=draft, **seen(draft), by=colleague, now=world.NOW).added == 1
    assert set(world.fresh(draft).authors) == {colleague.user.pk, author.user.pk}


def test_given_waiting_rows_when_sql_gives_them_another_day_then_their_author_and_day_are_as_read_in(draft, author):
    colleague = world.an_access()
    add_one_case(author, draft)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE transitions_pendingimport SET uploaded_at = '2026-01-01'")
    assert importing.take_over(version=draft, **seen(draft), by=colleague, now=world.NOW).added == 1
    assert author.user.pk in world.fresh(draft).authors
    assert TransitionCase.objects.get().read_in_at == world.NOW


def test_given_rows_read_in_beside_another_draft_when_sql_moves_them_then_they_are_not_opened(draft, author):
    add_one_case(author, draft)
    other = world.a_draft([], year=world.YEAR + 1, now=world.NOW + timedelta(days=366))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE transitions_pendingimport SET version_id = %s", [other.pk])
    with pytest.raises(KeyLost):
        opened(PendingImport.objects.get())


def test_given_rows_that_wait_when_the_case_unit_looks_at_its_day_then_they_stand_there_until_decided(
    officer, author, draft
):
    what = "Eingelesene Zeilen in den Entwurf nehmen oder verwerfen"
    overview = "/wetteraukreis/"
    assert what not in text(officer.get(overview))
    hand_in(officer, draft, a_csv({}))
    told = text(officer.get(overview))
    assert what in told
    assert "Übergangsliste 2027, danach werden sie gelöscht" in told
    assert rows_to_decide(author.user, author.agreement) == [(2027, date(2027, 3, 16))]  # erased in the night after
    for role in ("case-releaser", "member"):
        assert what not in text(signed_in(role).get(overview))
    officer.post(url("import-discard", draft), world.seen(draft))
    assert what not in text(officer.get(overview))


def signed_in(role: str) -> Any:
    client = Client()
    client.force_login(a_user(role=role))
    return client


def test_given_a_preview_of_waiting_rows_when_it_is_shown_then_the_log_says_so_first(officer, author, draft):
    looks = AccessLogEntry.objects.filter(action="VIEW_FILE", version=str(draft.pk))
    officer.get(url("import", draft))
    assert not looks.exists()  # nobody is named yet
    hand_in(officer, draft, a_csv(OTHER))
    assert "Quarkstein" in text(officer.get(url("import", draft)))
    assert looks.count() == 1


def test_given_two_equal_rows_when_handed_in_then_the_second_names_the_first(officer, draft):
    answer = hand_in(officer, draft, a_csv({}, OTHER, {}))
    assert told(answer) == [(4, "Familienname")]
    assert "Hier steht dasselbe wie in Zeile 2. Löschen Sie eine der beiden Zeilen." in text(answer)
    assert not PendingImport.objects.exists()


def test_given_one_person_with_other_data_when_handed_in_then_the_second_row_names_the_first(officer, draft):
    answer = hand_in(officer, draft, a_csv({}, {"Familienname": "ZIRBELNUSS", "Telefon": "06031 83-1"}))
    assert told(answer) == [(3, "Familienname")]
    assert "Name und Geburtsdatum stehen schon in Zeile 2, mit anderen Angaben." in text(answer)


def test_given_waiting_rows_when_the_draft_is_to_be_submitted_then_the_page_leads_to_them_and_offers_no_button(
    officer, author
):
    draft = world.a_draft(by=author)
    add_one_case(author, draft)
    page = officer.get(url("submit", draft)).content.decode()
    assert "warten noch Zeilen einer Datei" in page
    assert url("import", draft) in page
    assert 'name="revision"' not in page


def test_given_a_submitted_draft_when_a_file_is_handed_in_then_refused_and_it_still_waits(officer, author):
    draft = world.submitted(world.a_draft(by=author), by=author)
    page = text(hand_in(officer, draft, a_csv(OTHER)))
    assert "zur Freigabe vor. Es wurde nichts geändert. Möchten Sie ihn zurückholen?" in page
    assert world.fresh(draft).submitted_at
    assert not PendingImport.objects.exists()


def test_given_waiting_rows_when_the_draft_is_submitted_then_refused_until_they_are_taken_or_gone(author):
    draft = world.a_draft(by=author)
    add_one_case(author, draft)
    with pytest.raises(Refused, match="warten noch Zeilen einer Datei"):
        world.submitted(draft)
    importing.discard_import(version=draft, **seen(draft), by=author, now=world.NOW)
    assert world.released(world.submitted(draft)).case_count == 1


def test_given_a_row_that_no_longer_fits_when_taken_over_then_refused_and_all_still_wait(draft, author):
    rows = [(world.case_data(), False), (world.case_data(contact_phone="anrufen"), False)]
    importing.hold_rows(version=draft, rows=rows, by=author, now=world.NOW)
    with pytest.raises(Refused, match="Telefonnummer"):
        importing.take_over(version=draft, **seen(draft), by=author, now=world.NOW)
    assert (CaseEntry.objects.count(), PendingImport.objects.get().row_count) == (0, 2)


# Who may


def test_given_somebody_elses_file_when_its_rows_wait_then_people_outside_the_case_unit_reach_nothing(draft, author):
    add_one_case(author, draft)
    pages = [("get", "import"), ("post", "import"), ("post", "import-take-over"), ("post", "import-discard")]
    for role, partner in (("case-releaser", "wetteraukreis"), ("case-receiver", "lwv-hessen")):
        client = enter(a_user(role=role, partner=partner))
        assert [getattr(client, way)(url(name, draft)).status_code for way, name in pages] == [403] * 4
    lwv = enter(a_user(role="case-officer", partner="lwv-hessen"))
    assert [getattr(lwv, way)(url(name, draft)).status_code for way, name in pages] == [404] * 4
    assert PendingImport.objects.get().row_count == 1


def test_given_a_draft_of_another_region_when_a_file_is_handed_in_then_it_does_not_exist(officer, author):
    elsewhere = world.an_access(agreement=a_second_agreement())
    theirs = world.a_draft([], by=elsewhere)
    before = stored()
    assert hand_in(officer, theirs, a_csv({})).status_code == 404
    assert officer.post(url("import-take-over", theirs), seen(theirs)).status_code == 404
    tried = {"kok_signinevent": 2, "kok_seal": before["kok_seal"] + 2}
    assert stored() == before | tried, "that somebody tried is written down, and nothing else"
    for act in (importing.take_over, importing.discard_import):
        with pytest.raises(Refused, match="Fallbearbeitung"):
            act(version=theirs, seen=None, by=author, now=world.NOW)
    with pytest.raises(Refused, match="Fallbearbeitung"):
        add_one_case(author, theirs)


def test_given_a_released_version_when_a_file_is_handed_in_then_it_is_not_taken(officer, author):
    version = world.released(world.a_draft(by=author)).version
    assert hand_in(officer, version, a_csv(OTHER)).status_code == 302
    with pytest.raises(Refused, match="schon freigegeben"):
        add_one_case(author, version)
    assert not PendingImport.objects.exists()


# No name where it does not belong


def test_given_waiting_rows_when_the_database_is_read_without_the_key_then_no_name_is_there(officer, draft):
    hand_in(officer, draft, a_csv({}))
    raw = " ".join(row for table in traces.tables() for row in traces.rows(table))
    assert all(word not in raw for word in ("Zirbelnuss", "Malwine", "Lindenhöhe", "14.03.2010", "2010-03-14"))
    assert traces.traces("Zirbelnuss") == ["transitions_pendingimport"]


@pytest.mark.parametrize("is_good", [True, False])
def test_given_a_file_when_handed_in_and_taken_over_then_session_messages_log_and_addresses_hold_no_name(
    officer, draft, caplog, is_good
):
    caplog.set_level("DEBUG")
    row = {} if is_good else {"Familienname": "=Zirbelnuss", "Geburtsdatum": "14.03.1910"}
    answer = hand_in(officer, draft, a_csv(row), name="Zirbelnuss Malwine.csv")
    if not is_good:
        assert "Zirbelnuss" not in answer.content.decode()
    after = officer.post(url("import-take-over", draft), seen(draft), follow=True)
    heard = [str(message) for message in after.context["messages"]]
    held = traces.held_by_sessions()
    went = [place for place, _ in after.redirect_chain]
    spoken = " ".join([*heard, *held, *went, *officer.cookies.output().splitlines()])
    logged = " ".join(record.getMessage() for record in caplog.records if record.name != "django.db.backends")
    assert all(word not in spoken + logged for word in ("Zirbelnuss", "Malwine"))
    assert len(heard) == 1


def test_given_the_name_of_a_file_when_handed_in_then_it_is_kept_nowhere(officer, draft, tmp_path, settings):
    hand_in(officer, draft, a_csv({}), name="Geheimfall-Wolpertinger.csv")
    officer.post(url("import-take-over", draft), seen(draft))
    assert traces.traces("Wolpertinger", folders=(settings.KOK_VAR,)) == []


def test_given_a_file_when_read_and_taken_over_then_the_log_says_both(officer, draft):
    hand_in(officer, draft, a_csv({}))
    officer.post(url("import-take-over", draft), seen(draft))
    assert list(AccessLogEntry.objects.order_by("pk").values_list("action", flat=True))[-2:] == ["IMPORT", "DRAFT"]


def test_given_the_seal_of_one_draft_when_moved_to_another_then_it_opens_nothing(author):
    first = world.a_draft([], by=author)
    second = world.a_draft([], by=author, year=world.YEAR + 1, now=world.NOW + timedelta(minutes=1))
    add_one_case(author, first)
    sealed = PendingImport.objects.get().content
    PendingImport.objects.update(version=second)
    with pytest.raises(vault.KeyLost):
        importing.take_over(version=second, **seen(second), by=author, now=world.NOW)
    assert PendingImport.objects.get().content == sealed


def test_given_the_template_when_opened_then_it_names_no_author_and_no_machine(officer):
    content = officer.get(reverse("transitions:import-template", args=["wetteraukreis", "xlsx"])).content
    core = ZipFile(BytesIO(content)).read("docProps/core.xml").decode()
    assert "KoK" in core
    assert "openpyxl" not in core
