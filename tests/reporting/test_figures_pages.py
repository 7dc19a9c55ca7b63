"""The pages of figures as people meet them: years, groups, filters, marks, files, and nothing at all."""

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from html import unescape
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import Agreement
from reporting.figures.actions import datasets
from reporting.models import DatasetRevision
from tests.builders import a_user, an_agreement, another_agreement
from tests.reporting.figures import a_row, good_rows, imported
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 15, 9, 0, tzinfo=UTC)
PAGES = "/wetteraukreis/zahlen/"


@built_once(autouse=True, KOK_NOW="2027-04-15T10:00")
def on_15_april_2027():
    """The figures of 2026 are there."""


@built_once
def agreement():
    return an_agreement()


@pytest.fixture
def reporter(client, agreement):
    user = a_user(role="reporter", partner="lwv-hessen", everywhere=True)
    client.force_login(user)
    return user


def submitted(by, rows, format_id="KOK-8D", **values):
    found = imported(format_id, rows=rows, **values)
    for rule in {each["rule"] for each in found.warnings}:
        datasets.remark(revision=found, key=rule, text="Geprüft und richtig.", by=by, now=NOW)
    return datasets.submit(revision=found, by=by, now=NOW)


def of_year(year, format_id="KOK-8D", **values):
    return good_rows(format_id, reference_date=f"{year}-12-31", **values)


def text_of(response):
    assert response.status_code == 200, response.status_code
    main = re.search(r"<main.*</main>", response.content.decode(), re.S).group()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def rows_of(response):
    """The body of the first table, cell by cell."""
    body = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.S).group(1)
    cells = [re.findall(r"<t[hd].*?</t[hd]>", row, re.S) for row in re.findall(r"<tr>(.*?)</tr>", body, re.S)]
    return [[unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]


def test_given_three_stichtage_when_the_series_is_opened_then_table_and_picture_run_through_the_years(client, reporter):
    for year in (2023, 2024, 2026):
        submitted(reporter, of_year(year))
    response = client.get(f"{PAGES}8d/")
    rows = rows_of(response)
    assert [row[0] for row in rows] == ["31.12.2023", "31.12.2024", "31.12.2026"]
    assert rows[0][1:-1] == ["700", "200", "90", "10", "1.000"]
    assert [row[-1] for row in rows] == ["", "Bruch: Zuständigkeit", ""]
    page = response.content.decode()
    assert page.index("<table") < page.index("<svg")
    assert "Seit dem 01.01.2024 ist der LWV Hessen" in text_of(response)


def test_given_a_correction_when_opened_then_the_year_carries_the_mark_r(client, reporter):
    submitted(reporter, of_year(2025))
    submitted(reporter, of_year(2025, revision=1), reason="Ein Zahlendreher.")
    response = client.get(f"{PAGES}8d/")
    assert rows_of(response)[0][-1] == "r: berichtigt (r1)"
    assert "2025 r" in text_of(response)
    assert "berichtigt (r)" in text_of(client.get(PAGES))


def test_given_a_density_when_opened_then_region_and_hessen_stand_beside_each_other(client, reporter):
    submitted(reporter, good_rows("KOK-IND"), "KOK-IND")
    response = client.get(f"{PAGES}i02/")
    assert rows_of(response) == [["31.12.2026", "4,00", "4,00", ""]]
    assert "Zum Vergleich 2026: Hessen 4,00." in text_of(response)
    assert f'href="{PAGES}i01/"' in response.content.decode()
    share = rows_of(client.get(f"{PAGES}i08/"))
    assert share[0][1] == "58,8\xa0%"


def test_given_a_count_when_opened_then_it_stands_alone_and_leads_to_its_density(client, reporter):
    submitted(reporter, good_rows("KOK-IND"), "KOK-IND")
    response = client.get(f"{PAGES}i01/")
    assert rows_of(response) == [["31.12.2026", "1.000", ""]]
    assert "zum Vergleich mit dem Regierungsbezirk und Hessen" in text_of(response)


@pytest.mark.parametrize(
    ("address", "row", "words"),
    [
        ("?alter=A18_20", "50", "Altersgruppe: 18 bis 20"),
        ("?leistung=S02", "450", "Leistung: WfbM"),
        ("?wohnform=BWF", "350", "besondere"),
    ],
)
def test_given_a_filter_when_chosen_then_numbers_heading_files_and_form_keep_it(client, reporter, address, row, words):
    submitted(reporter, good_rows("KOK-8D"))
    response = client.get(f"{PAGES}8d/{address}")
    page, text = response.content.decode(), text_of(response)
    assert rows_of(response) == [["31.12.2026", row, ""]]
    assert words in text
    name, code = address[1:].split("=")
    assert f'tabelle.csv{address}"' in page
    assert re.search(rf'<option value="{code}" selected', page)
    assert "nicht geliefert" not in text
    # The chosen version goes along, and the way back to all filters keeps it too.
    both = client.get(f"{PAGES}8d/{address}&fassung=gremien").content.decode()
    assert f'href="?{name}={code}"' in both
    assert f'href="{PAGES}8d/?fassung=gremien">Filter löschen' in both
    assert '<input type="hidden" name="fassung" value="gremien">' in both
    assert "Filter löschen" not in client.get(f"{PAGES}8d/?fassung=gremien").content.decode()


@pytest.mark.parametrize(
    "address", ["?alter=XX", "?alter=T", "?wohnform=%00", "?leistung=' OR 1=1", "?alter=&fassung="]
)
def test_given_a_filter_that_no_format_knows_when_asked_for_then_everything_is_shown(client, reporter, address):
    submitted(reporter, good_rows("KOK-8D"))
    assert rows_of(client.get(f"{PAGES}8d/{address}"))[0][5] == "1.000"


def test_given_a_filter_that_was_never_delivered_when_asked_for_then_a_sentence_says_so(client, reporter):
    submitted(reporter, good_rows("KOK-8D"))
    response = client.get(f"{PAGES}8d/?alter=A18_20&leistung=S02")
    assert "Zu dieser Auswahl gibt es keine Zahl." in text_of(response)
    assert "kok-figure__scroll" not in response.content.decode()


@pytest.mark.parametrize(
    ("slug", "region", "named"),
    [("wetteraukreis", "06440", ["8c", "8d", "9", "9", "8b"]), ("musterkreis", "06631", ["8c", "8d", "8b"])],
)
def test_given_figures_when_read_then_only_punkte_are_named_that_the_agreement_has(client, slug, region, named):
    an_agreement()
    found = Agreement.objects.get(slug=slug) if slug == "wetteraukreis" else another_agreement()
    imported("KOK-8D", agreement=found, region_kgs=region)
    user = a_user(role="reporter", partner="lwv-hessen", agreement=found)
    datasets.submit(revision=DatasetRevision.objects.get(), by=user, now=NOW)
    client.force_login(user)
    page = text_of(client.get(f"/{slug}/zahlen/"))
    assert sorted(re.findall(r"Punkt (\w+)", page)) == sorted(named)
    assert "Der LWV Hessen stellt die landesweit vereinbarten Kennzahlen für die Region bereit." in page


def test_given_nothing_when_opened_then_each_page_says_what_will_stand_there(client, reporter):
    assert "Hier liegen noch keine Zahlen vor." in text_of(client.get(PAGES))
    assert "Diese Zahlen sind noch nicht geliefert." in text_of(client.get(f"{PAGES}8d/"))
    assert client.get(f"{PAGES}gibtsnicht/").status_code == 404
    assert client.get(f"{PAGES}8d/tabelle.ods").status_code == 404


def test_given_a_table_as_csv_when_opened_then_it_follows_german_conventions(client, reporter):
    submitted(reporter, good_rows("KOK-IND"), "KOK-IND")
    response = client.get(f"{PAGES}i02/tabelle.csv")
    assert response["Content-Disposition"] == 'attachment; filename="Zahlen-06440-i02.csv"'
    assert response.content.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(StringIO(response.content.decode("utf-8-sig")), delimiter=";"))
    assert lines[0][0] == "Stichtag"
    assert lines[1] == ["31.12.2026", "4,00", "4,00", ""]
    rounded = client.get(f"{PAGES}i02/tabelle.csv?fassung=gremien")
    assert 'filename="Zahlen-06440-i02-gerundet.csv"' in rounded["Content-Disposition"]


def test_given_a_table_as_xlsx_when_opened_then_numbers_are_numbers_and_days_are_days(client, reporter):
    submitted(reporter, good_rows("KOK-8D"))
    response = client.get(f"{PAGES}8d/tabelle.xlsx")
    (sheet,) = openpyxl.load_workbook(BytesIO(response.content)).worksheets
    header, row = sheet.iter_rows(values_only=True)
    assert header[1] == "nur im Landkreis (Personen)"
    assert row[0].date() == date(2026, 12, 31)
    assert [Decimal(str(each)) for each in row[1:6]] == [700, 200, 90, 10, 1000]
    assert sheet.title.endswith("Aufenthalt") or len(sheet.title) == 31


@pytest.mark.parametrize("address", ["", "8d/", "i01/", "8d/tabelle.csv", "hessen/"])
def test_given_one_year_or_four_when_opened_then_the_number_of_queries_is_the_same(client, reporter, address):
    def asked():
        client.get(f"{PAGES}{address}")  # formats and sign-in are read once
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(f"{PAGES}{address}").status_code == 200
        return len(found)

    submitted(reporter, of_year(2023))
    submitted(reporter, of_year(2023, "KOK-IND"), "KOK-IND")
    one = asked()
    for year in (2024, 2025, 2026):
        submitted(reporter, of_year(year))
        submitted(reporter, of_year(year, "KOK-IND"), "KOK-IND")
    assert asked() == one


def test_given_two_regions_when_the_series_of_one_is_opened_then_the_other_is_not_in_it(client, reporter):
    submitted(reporter, good_rows("KOK-8D"))
    places = {"T": 777, "IN": 777, "OUT": 0, "BOTH": 0, "UNK": 0}
    rows = [a_row("KOK-8D", region_kgs="06434", location=place, person_count=n) for place, n in places.items()]
    submitted(reporter, rows)
    assert "777" not in text_of(client.get(f"{PAGES}8d/"))
    assert "777" in text_of(client.get(f"{PAGES}hessen/"))
