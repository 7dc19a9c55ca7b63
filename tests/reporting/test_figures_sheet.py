"""A series on paper: who gets which version, and what it says."""

from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pytest
from django.test import Client

from kok import pdf
from kok.pdf import PdfFailed
from reporting.figures.actions import datasets
from reporting.figures.documents import sheet as figures_sheet
from tests import pdf_samples as samples
from tests.builders import a_user, an_agreement
from tests.pdf_validators import page_texts, quick_faults, tag_faults, tags
from tests.reporting.figures import a_row, imported
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 15, 9, 0, tzinfo=UTC)
SERIES = "/wetteraukreis/zahlen/8d/"
SHEET = f"{SERIES}blatt.pdf"
PLACES = {"T": 1013, "IN": 704, "OUT": 203, "BOTH": 97, "UNK": 9}
EXACT, ROUNDED = {"1.013", "704", "203", "97"}, {"1.015", "705", "205", "95"}


@built_once(autouse=True, KOK_NOW="2027-04-15T10:00")
def figures_of_2026():
    an_agreement()
    by = a_user(role="reporter", partner="lwv-hessen")
    rows = [a_row("KOK-8D", location=place, person_count=count) for place, count in PLACES.items()]
    rows += [a_row("KOK-8D", service="S02", person_count=451)]
    found = imported(rows=rows)
    for rule in {each["rule"] for each in found.warnings}:
        datasets.remark(revision=found, key=rule, text="Geprüft und richtig.", by=by, now=NOW)
    datasets.submit(revision=found, by=by, now=NOW)


def signed_in(client, role):
    client.force_login(a_user(role=role))
    return client


def words_of(response):
    assert response.status_code == 200, response.status_code
    assert response["Content-Type"] == "application/pdf"
    return set(" ".join(page_texts(response.content)).split())


@pytest.mark.parametrize(
    ("role", "address", "told", "kept", "filename"),
    [
        ("member", "", EXACT, ROUNDED, "Zahlen-06440-8d.pdf"),
        ("member", "?fassung=gremien", ROUNDED, EXACT, "Zahlen-06440-8d-gerundet.pdf"),
        ("case-officer", "", ROUNDED, EXACT, "Zahlen-06440-8d-gerundet.pdf"),
        ("registrar", "?fassung=genau", ROUNDED, EXACT, "Zahlen-06440-8d-gerundet.pdf"),
    ],
)
def test_given_a_role_when_it_asks_for_the_sheet_then_it_gets_the_version_that_its_page_shows(
    client, role, address, told, kept, filename
):
    response = signed_in(client, role).post(f"{SHEET}{address}")
    words = words_of(response)
    assert told <= words
    assert not kept & words
    assert ("gerundet." in words) is (told is ROUNDED)
    assert filename in response["Content-Disposition"]
    assert quick_faults(response.content) == []
    assert tag_faults(response.content) == []


def test_given_a_picture_on_paper_when_read_aloud_then_its_tag_says_what_it_shows():
    with pikepdf.open(BytesIO(pdf.render(samples.figures_html()))) as opened:
        (said,) = [str(element.Alt) for element, kind, _ in tags(opened) if kind == "Figure"]
    assert "Der Wert ist von 11,10 (2022) auf 12,20 (2025) gestiegen." in said


def test_given_a_filter_when_the_button_is_pressed_then_the_sheet_keeps_it(client):
    page = signed_in(client, "member").get(f"{SERIES}?leistung=S02").content.decode()
    assert page.count("blatt.pdf") == 1
    assert f'action="{SHEET}?leistung=S02"' in page
    words = words_of(client.post(f"{SHEET}?leistung=S02"))
    assert "451" in words
    assert not EXACT & words


def test_given_a_link_or_a_foreign_form_when_it_asks_for_the_sheet_then_none_is_made(client, monkeypatch):
    monkeypatch.setattr(figures_sheet, "render_open", pytest.fail)
    assert signed_in(client, "member").get(SHEET).status_code == 405
    strict = signed_in(Client(enforce_csrf_checks=True), "member")
    assert strict.post(SHEET).status_code == 403
    assert client.post("/wetteraukreis/zahlen/gibtsnicht/blatt.pdf").status_code == 404


def test_given_a_sheet_that_fails_when_asked_for_then_the_page_says_so_and_keeps_its_filter(client, monkeypatch):
    def fail(html):
        raise PdfFailed("Die Datei konnte nicht erstellt werden.")

    monkeypatch.setattr(figures_sheet, "render_open", fail)
    response = signed_in(client, "member").post(f"{SHEET}?leistung=S02&fassung=gremien", follow=True)
    assert response.redirect_chain[0][0] == f"{SERIES}?leistung=S02&fassung=gremien"
    assert "Die Datei konnte nicht erstellt werden." in response.content.decode()
