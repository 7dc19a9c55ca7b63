"""The PDF door: what comes out is accessible, the same every time, and made of our own files only."""

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
import pyphen
import pytest
from pikepdf import Name

from kok import pdf
from kok.pdf import engine
from tests import pdf_samples as samples
from tests.pdf_validators import page_texts, quick_faults, tag_faults, tags

DOCUMENTS = {
    "draft": samples.minutes_html(),
    "approved": samples.minutes_html(samples.APPROVED),
    "agenda": samples.agenda_html(),
    "figures": samples.figures_html(),
    "report": samples.report_html(),
}
FOOTERS = {
    "agenda": "Einladung und Tagesordnung KoK-06440-2027-01",
    "report": "Jahresbericht 2026, Wetteraukreis, Fassung 2",
    "figures": "Fassung für Gremien und Gäste, gerundet. Stand 15.04.2027",
}
OUTSIDE = [
    "http://169.254.169.254/latest/meta-data/",
    "https://example.org/bild.png",
    "http://127.0.0.1:8000/health/live",
    "http://127.0.0.1:8000@example.org/static/bild.svg",
    "http://127.0.0.1:8000/static/../../etc/hostname",
    "http://127.0.0.1:8000/static/%2e%2e/manage.py",
    "http://127.0.0.1:8000/static/missing.svg",
    "file:///etc/hostname",
    "file://example.org/etc/hostname",
    "data:image/svg+xml,<svg/>",
    "ftp://example.org/",
]
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><rect width="80" height="40"/></svg>'


def sheet(body: str, head: str = "<title>Prüfblatt</title>", lang: str = ' lang="de"') -> str:
    return f'<!DOCTYPE html><html{lang}><head><meta charset="utf-8">{head}</head><body>{body}</body></html>'


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: pdf.render(html) for name, html in DOCUMENTS.items()}


@pytest.fixture
def own_picture(settings, tmp_path):
    """A static file of ours, collected under its name."""
    settings.STATIC_ROOT = tmp_path
    (tmp_path / "bild.svg").write_text(PICTURE)
    return "/static/bild.svg"


@pytest.fixture
def fresh_style():
    """The style is read once per process; a test that changes fonts reads it anew and leaves nothing behind."""
    engine._style.cache_clear()
    yield
    engine._style.cache_clear()


@pytest.mark.parametrize("name", DOCUMENTS)
def test_given_a_document_when_rendered_then_no_judge_finds_a_fault(made, name):
    assert quick_faults(made[name]) == []
    assert tag_faults(made[name]) == []


@pytest.mark.parametrize("name", DOCUMENTS)
def test_given_a_document_when_rendered_then_each_page_tells_its_name_and_place(made, name):
    pages = page_texts(made[name])
    document = FOOTERS.get(name, "KoK-06440-2027-01/P, Fassung 1")
    for number, text in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in text
        assert document in text


def test_given_minutes_not_approved_when_rendered_then_every_page_says_draft(made):
    assert all("Entwurf" in text for text in page_texts(made["draft"]))
    assert not any("Entwurf" in text for text in page_texts(made["approved"]))


def test_given_minutes_when_read_then_the_record_is_complete(made):
    text = re.sub(r"\s+", " ", " ".join(page_texts(made["approved"])))
    for words in (
        "Wetteraukreis Kreisausschuss des Wetteraukreises",
        "Dienstag, 11. Mai 2027",
        "10:00 bis 12:30 Uhr",
        "Thiele, Jonas Sozialplanung Regionalteam 205.0 entschuldigt",
        "EUTB Wetterau: TOP 4",
        "Keßler, Bernd Teamleitung 205.1 – Einzelfallhilfe anwesend, per Video, ab 10:15 Uhr",
        "Beide Partner sind vertreten.",
        "TOP 6.2",
        "KEIN BESCHLUSS B-2027-02",
        "Auffassung LWV Hessen: Der Bedarf",
        "AUFGABE A-2027-002",
        "Bis: 15.09.2027",
        "genehmigt am 27.05.2027 durch Keßler, Bernd",
        "Verwaltungsausschuss des LWV Hessen",
    ):
        assert words in text


def test_given_marks_of_html_in_a_text_when_rendered_then_they_stay_text():
    item = samples.an_item("1", "<b>fett</b>", text='<img src="https://example.org/x.png"> & mehr')
    html = samples.minutes_html(replace(samples.DRAFT, items=(item,)))
    text = " ".join(page_texts(pdf.render(html)))
    assert '<img src="https://example.org/x.png"> & mehr' in text
    assert "<b>fett</b>" in text


def test_given_nothing_but_the_least_when_rendered_then_the_document_still_stands():
    bare = replace(samples.DRAFT, guests=(), items=(), distribution="", ends_at=None)
    content = pdf.render(samples.minutes_html(bare))
    assert quick_faults(content) == tag_faults(content) == []
    assert "Gäste" not in " ".join(page_texts(content))


def test_given_the_same_html_when_rendered_twice_then_the_bytes_are_the_same(made):
    assert pdf.render(DOCUMENTS["draft"]) == made["draft"]
    assert made["draft"] != made["approved"]


@pytest.mark.parametrize("url", OUTSIDE)
def test_given_an_address_that_is_not_ours_when_asked_for_then_it_is_refused(settings, url):
    settings.KOK_PUBLIC_URL = "http://127.0.0.1:8000"
    with pytest.raises(PermissionError):
        engine.own_file(url)


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "body",
    [
        '<img src="{url}" alt="x">',
        '<p style="background: url({url})">x</p>',
        '<link rel="stylesheet" href="{url}">',
        "<style>@import url({url});</style>",
        '<object data="{url}"></object>',
    ],
)
@pytest.mark.parametrize("url", ["file:///etc/hostname", "http://169.254.169.254/latest/"])
def test_given_html_that_wants_a_foreign_file_when_rendered_then_it_fails_and_nothing_is_read(body, url):
    with pytest.raises(pdf.PdfFailed, match="unverändert gespeichert") as failure:
        pdf.render(sheet(body.format(url=url)))
    assert url not in str(failure.value)


@pytest.mark.logs_errors
def test_given_a_drawing_that_wants_a_foreign_file_when_rendered_then_it_is_left_out_unread(monkeypatch):
    refused = []

    def watched(url: str) -> object:
        with pytest.raises(PermissionError):
            own_file(url)
        refused.append(url)
        raise PermissionError

    own_file = engine.own_file
    monkeypatch.setattr(engine, "own_file", watched)
    drawing = '<svg xmlns="http://www.w3.org/2000/svg"><title>x</title><image href="file:///etc/hostname"/></svg>'
    assert pdf.render(sheet(f"<h1>x</h1>{drawing}"))
    assert refused == ["file:///etc/hostname"]


def test_given_our_own_picture_when_rendered_then_it_stands_where_its_tag_says(own_picture):
    content = pdf.render(sheet(f'<h1>Bild</h1><p><img src="{own_picture}" alt="Ein Rechteck"></p>'))
    assert quick_faults(content) == tag_faults(content) == []
    with pikepdf.open(BytesIO(content)) as file:
        (figure,) = (element for element, kind, _ in tags(file) if kind == "Figure")
        left, bottom, right, top = (float(value) for value in figure.A.BBox)
    assert (round(right - left), round(top - bottom)) == (60, 30)  # 80 × 40 CSS pixels in points
    assert bottom > 700  # near the top of the page


def test_given_a_relative_link_when_rendered_then_it_leads_to_the_public_address(settings):
    settings.KOK_PUBLIC_URL = "https://kok.example.org"
    content = pdf.render(sheet('<h1>Link</h1><p><a href="/wetteraukreis/">Übersicht</a></p>'))
    with pikepdf.open(BytesIO(content)) as file:
        (link,) = file.pages[0].Annots
        assert str(link.A.URI) == "https://kok.example.org/wetteraukreis/"
    assert tag_faults(content) == []


def test_given_lists_when_rendered_then_each_tells_its_kind_and_every_item_has_a_body():
    numbered = "<ol><li>Eins</li><li>Zwei</li></ol>"
    content = pdf.render(sheet(f'<h1>Listen</h1><ul><li>Punkt</li></ul>{numbered}<ul class="plain"><li>Ohne</li></ul>'))
    with pikepdf.open(BytesIO(content)) as file:
        found = list(tags(file))
        assert [str(element.A.ListNumbering) for element, kind, _ in found if kind == "L"] == [
            "/Disc",
            "/Decimal",
            "/None",
        ]
        items = [[str(kid.S) for kid in element.K] for element, kind, _ in found if kind == "LI"]
    assert items == [["/Lbl", "/LBody"]] * 3 + [["/LBody"]]
    assert quick_faults(content) == tag_faults(content) == []


def test_given_a_table_over_pages_when_rendered_then_the_head_returns_and_no_cell_is_ambiguous():
    rows = "".join(f'<tr><th scope="row">Zeile {n}</th><td>Wert {n}</td></tr>' for n in range(120))
    head = '<thead><tr><th scope="col">Kopf</th><th scope="col">Wert</th></tr></thead>'
    content = pdf.render(sheet(f"<h1>Tabelle</h1><table>{head}<tbody>{rows}</tbody></table>"))
    pages = page_texts(content)
    assert len(pages) > 2
    assert all("Kopf" in text for text in pages)
    assert quick_faults(content) == tag_faults(content) == []
    with pikepdf.open(BytesIO(content)) as file:
        index = [bytes(name) for name in list(file.Root.StructTreeRoot.IDTree.Names)[::2]]
    assert index == sorted(index)
    assert len(index) == 120 + 2 * len(pages)


@pytest.mark.parametrize("lines", range(36, 50))
def test_given_a_heading_near_the_end_of_a_page_when_rendered_then_it_is_not_left_behind(lines):
    filler = "<p>Zeile</p>" * lines
    first, *_ = page_texts(pdf.render(sheet(f"<h1>Kopf</h1>{filler}<h2>Verwaist</h2><p>Text</p><p>Text</p>")))
    assert not re.search(r"Verwaist\s+(Seite|$)", first)


def test_given_facts_as_data_when_attached_then_they_travel_inside_the_file():
    made_at = datetime(2027, 5, 27, 9, 0, tzinfo=UTC)
    facts = pdf.PdfAttachment("protokoll.json", "Das Protokoll als Daten", b'{"nummer": "KoK-06440-2027-01"}', made_at)
    html = sheet("<h1>Mit Anlage</h1>")
    content = pdf.render(html, attachments=(facts,))
    assert content == pdf.render(html, attachments=(facts,))
    with pikepdf.open(BytesIO(content)) as file:
        assert file.attachments["protokoll.json"].get_file().read_bytes() == facts.content
        assert {specification.AFRelationship for specification in file.Root.AF} == {Name.Data}


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    ("html", "fault"),
    [
        (sheet("<h1>Ohne Sprache</h1>", lang=""), "the language is not German"),
        (sheet("<h1>Ohne Titel</h1>", head=""), "no title"),
    ],
)
def test_given_a_page_without_language_or_title_when_judged_then_both_judges_find_it(html, fault):
    content = pdf.render(html)
    assert fault in tag_faults(content)
    assert quick_faults(content)


def test_given_tags_before_the_repair_when_judged_then_every_kind_of_fault_is_found(own_picture):
    rows = '<thead><tr><th scope="col">K</th></tr></thead><tbody>' + "<tr><td>x</td></tr>" * 90 + "</tbody>"
    low = f'<div style="height: 800px"></div><img src="{own_picture}" alt="x">'
    body = f"<h1>Roh</h1>{low}<ul><li>a</li></ul><table>{rows}</table>"
    faults = " ".join(tag_faults(engine.draw(sheet(body), ())))
    for words in (
        "PDF/UA-1",
        "the footer is not an artifact",
        "does not say what it heads",
        "a list does not say its kind",
        "a picture stands outside the page",
    ):
        assert words in faults


@pytest.mark.logs_errors
def test_given_a_machine_without_pango_when_rendered_then_the_sentence_names_the_remedy(monkeypatch):
    def no_library(*_: object) -> bytes:
        raise OSError("cannot load library 'libgobject-2.0-0'")

    monkeypatch.setattr(engine, "draw", no_library)
    monkeypatch.setattr(pdf, "_loadable", lambda _: False)
    with pytest.raises(pdf.PdfFailed, match=r"fehlt das Programm Pango.*apt-get install.*libpango") as failure:
        pdf.render(sheet("<h1>x</h1>"))
    assert len(failure.value.sentence) <= 300
    pdf.preload()  # a worker without Pango starts all the same
    (warning,) = pdf.check_environment()
    assert "pango-1.0" in warning.msg
    assert "apt-get install" in warning.hint


@pytest.mark.logs_errors
def test_given_a_fault_inside_when_rendered_then_the_sentence_says_nothing_is_lost(monkeypatch):
    monkeypatch.setattr(engine, "draw", lambda *_: b"no pdf")
    with pytest.raises(pdf.PdfFailed, match="unverändert gespeichert") as failure:
        pdf.render(sheet("<h1>x</h1>"))
    assert len(failure.value.sentence) <= 300
    assert failure.value.__cause__ is not None


def test_given_fonts_made_at_set_up_when_rendered_then_they_are_used(made, fresh_style):
    assert pdf.check_environment() == []
    assert fonts_of(made["draft"]) == {"Fira-Sans", "Fira-Sans-Semi-Bold", "Fira-Sans-Bold"}


def test_given_no_fonts_when_checked_and_rendered_then_a_warning_comes_and_another_font_serves(
    settings, tmp_path, fresh_style
):
    settings.KOK_BUILD = tmp_path
    (warning,) = pdf.check_environment()
    assert "FiraSans-Regular.ttf" in warning.msg
    content = pdf.render(sheet("<h1>Ersatz</h1>"))
    assert all(name.startswith("DejaVu") for name in fonts_of(content))
    assert quick_faults(content) == []


def test_given_a_worker_that_preloads_when_it_renders_then_the_hyphenation_is_there():
    pyphen.hdcache.clear()
    pdf.preload()
    assert pyphen.hdcache


def fonts_of(content: bytes) -> set[str]:
    with pikepdf.open(BytesIO(content)) as file:
        names = (str(font.BaseFont) for sheet in file.pages for font in sheet.Resources.Font.values())
        return {name.partition("+")[2] for name in names}


def test_given_a_child_of_a_worker_when_it_ends_at_once_then_its_fonts_do_not_stay_in_the_temporary_folder(tmp_path):
    program = (
        "import os, django; django.setup()\n"
        "from celery import signals; from kok import celery, pdf\n"
        "pdf.preload(); print(len(os.listdir(os.environ['TMPDIR'])))\n"
        "signals.worker_process_shutdown.send(sender=None, pid=os.getpid(), exitcode=0)\n"
        "os.sys.stdout.flush(); os._exit(0)"
    )
    environment = os.environ | {"TMPDIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "kok.settings"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=False)
    assert done.stdout == "1\n", done.stderr
    assert list(tmp_path.iterdir()) == []
