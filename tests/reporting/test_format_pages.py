"""What a format asks for, as a page, and a template that the check takes as a file of this format."""

import re
from datetime import date
from html import unescape

import pytest
from django.urls import reverse

from kok import sheets
from reporting.figures.actions.importing import check_file
from reporting.figures.pages.formats import format_page, template_of
from reporting.figures.queries.formats import latest_formats
from reporting.figures.rules.file_limits import LIMITS, SHEET
from reporting.figures.rules.formats import a_day
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.django_db
TODAY = date(2027, 3, 10)
IDS = [found.id for found in latest_formats()]
EMPTY = {"KOK-8C": {"V-C10"}, "KOK-8D": {"V-F02", "V-F08"}, "KOK-IND": {"V-F02", "V-F08"}}  # rules about what is empty


@pytest.fixture
def reporter(client, settings):
    settings.KOK_NOW = f"{TODAY}T09:00"
    an_agreement()
    client.force_login(a_user(role="reporter"))
    return client


def address(name, format_id, *more):
    return reverse(f"reporting:{name}", args=["wetteraukreis", format_id, "1.0.0", *more])


def text_of(answer):
    page = answer.content.decode()
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page[page.index("<main") : page.index("</main>")])).split())


@pytest.mark.parametrize("format_id", IDS)
def test_given_a_format_when_its_page_opens_then_every_column_code_and_check_stands_there(reporter, format_id):
    found = format_page(format_id, "1.0.0").format
    page = text_of(reporter.get(address("format", format_id)))
    for column in found.columns:
        assert f"{column.name} {column.title}" in page
    for column in found.columns:
        for code, meaning in found.codes(column.name).items():
            assert f"{code} {meaning.title}" in page
    for check in found.checks:
        assert f"{check.code} {check.sentence.split('{')[0].strip()}" in page
    assert "{" not in page


def test_given_the_format_8d_when_its_page_opens_then_it_says_what_may_stand_where(reporter):
    page = text_of(reporter.get(address("format", "KOK-8D")))
    for row in (
        "reference_date Stichtag ein Tag wie 2026-12-31 ja",
        "disability Behinderung ein Code der Liste Behinderung leer heißt T nein",
        "person_count Personen eine ganze Zahl ohne Punkt und Vorzeichen, zum Beispiel 1250 ja",
        "remark Bemerkung Text mit höchstens 200 Zeichen nein",
        "06415 Hanau ab dem 01.01.2026",
        "06440 Wetteraukreis immer",
        "Seit dem Stichtag 31.12.2024 enthält die Altersgruppe A_GT_RAG auch den dritten Lebensabschnitt",
        "Nennen Sie vor der Abgabe den Grund. Hinweis",
    ):
        assert row in page


def test_given_the_page_of_handing_in_when_opened_then_it_leads_to_each_format(reporter):
    page = reporter.get(reverse("reporting:dataset-import", args=["wetteraukreis"])).content.decode()
    for format_id in IDS:
        assert f'href="{address("format", format_id)}"' in page


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("format_id", IDS)
def test_given_a_template_when_downloaded_then_the_check_reads_it_and_misses_only_what_is_to_be_filled_in(
    reporter, format_id, kind
):
    answer = reporter.get(address("format-template", format_id, kind))
    assert answer["Content-Disposition"] == f'attachment; filename="{format_id}-1.0.0-Vorlage.{kind}"'
    found = format_page(format_id, "1.0.0").format
    table = sheets.read(answer.content, limits=LIMITS, sheet=SHEET)
    assert table.header == tuple(column.name for column in found.columns)
    checked = check_file(content=answer.content, today=TODAY)
    assert checked.format == found
    first = checked.contents.first
    assert (first[found.region_column], a_day(first["reference_date"])) == ("06440", date(2026, 12, 31))
    assert checked.broken == EMPTY[format_id]


@pytest.mark.parametrize("keys", [("99999",), ("06411", "06432")], ids=["unknown", "two"])
def test_given_no_single_region_that_the_format_knows_when_a_template_is_made_then_its_key_is_left_to_the_person(keys):
    header, rows = template_of(latest_formats()[0], keys=keys, today=TODAY)
    assert rows[0][header.index(latest_formats()[0].region_column)] == ""


@pytest.mark.parametrize(
    "path", ["KOK-9Z/1.0.0/", "KOK-8D/7.0.0/", "KOK-8D/1.0.0/vorlage.pdf", "KOK-8D/7.0.0/vorlage.csv"]
)
def test_given_a_format_or_kind_that_is_not_there_when_asked_for_then_it_is_not_found(reporter, path):
    assert reporter.get(f"/wetteraukreis/zahlen/formate/{path}").status_code == 404
