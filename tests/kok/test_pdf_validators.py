"""The heavy judges: veraPDF for both standards and outloud, on the real documents and on bad ones."""

from datetime import UTC, datetime

import pytest

from kok import pdf
from reporting.figures.rules.disclosure import Exactness
from reporting.figures.rules.series import SeriesKind
from tests import pdf_samples as samples
from tests.pdf_validators import outloud_faults, verapdf_faults

pytestmark = pytest.mark.slow

FACTS = pdf.PdfAttachment("protokoll.json", "Das Protokoll als Daten", b"{}", datetime(2027, 5, 27, tzinfo=UTC))


@pytest.mark.parametrize(
    ("html", "attachments"),
    [
        (samples.minutes_html(), ()),
        (samples.minutes_html(samples.APPROVED), (FACTS,)),
        (samples.agenda_html(), ()),
        (samples.figures_html(), ()),
        (samples.figures_html(Exactness.EXACT, SeriesKind.STACK), ()),
        (samples.report_html(), ()),
    ],
    ids=["draft", "approved with data", "agenda", "lines", "stack", "report"],
)
def test_given_a_document_when_judged_then_it_is_archive_and_accessible_at_once(tmp_path, html, attachments):
    file = tmp_path / "dokument.pdf"
    file.write_bytes(pdf.render(html, attachments=attachments))
    assert verapdf_faults(file, "ua1") == []
    assert verapdf_faults(file, "3a") == []
    assert outloud_faults(file) == []


@pytest.mark.logs_errors
@pytest.mark.parametrize(
    "html",
    [
        "<title>Ohne Sprache</title><h1>x</h1>",
        '<html lang="de"><h1>Ohne Titel</h1>',
        '<html lang="de"><title>Sprung</title><h1>x</h1><h4>y</h4>',
    ],
)
def test_given_a_bad_page_when_judged_then_verapdf_finds_it(tmp_path, html):
    file = tmp_path / "schlecht.pdf"
    file.write_bytes(pdf.render(html))
    assert verapdf_faults(file, "ua1")


def test_given_tags_before_the_repair_when_judged_then_outloud_finds_them(tmp_path):
    file = tmp_path / "roh.pdf"
    file.write_bytes(pdf.engine.draw(samples.minutes_html(), ()))
    assert outloud_faults(file)
