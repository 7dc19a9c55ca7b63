"""Files and pages of the footer that somebody changed past the application: not handed out, and named by the night."""

import hashlib
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from kok import documents, queries, seals, statutory
from kok.database.roles import WEB, WORKER
from kok.errors import Forged
from kok.models import Document, StatutoryPage
from meetings.models import MinutesVersion
from meetings.record.documents import minutes
from meetings.record.queries import versions
from tests.builders import a_user, publish_pages
from tests.meetings.held import a_held_meeting, circulated, signed_in
from tests.roles import acting_as, as_worker, unguarded
from tests.worlds import built_once

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 3, 10, 9, 0, tzinfo=UTC)
TODAY = date(2027, 3, 10)
FORGED = b"%PDF-erfunden"


def by_sql(statement: str, *values: object) -> None:
    """As web or worker may do it."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def changed(values: str, *parameters: object) -> None:
    """As only the owner of the database can: triggers keep what is there."""
    with unguarded("kok_document") as cursor:
        cursor.execute(f"UPDATE kok_document SET {values}", parameters)


def found() -> list[str]:
    return [*seals.findings(TODAY), *documents.findings(TODAY)]


@built_once
def file() -> Document:
    """The PDF of circulated minutes."""
    stage = circulated(a_held_meeting())
    document = Document.objects.get(kind="minutes")
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    document.stage = stage
    return document


def test_given_a_finished_pdf_when_nobody_touched_it_then_it_is_handed_out_and_nothing_is_found(file):
    assert hashlib.sha256(queries.document_content(file)).hexdigest() == file.sha256
    assert found() == []
    with as_worker():
        Document.objects.filter(pk=file.pk).delete()
    assert found() == []


@pytest.mark.parametrize(
    "values",
    [
        "state = 'WAITING'",
        "state = 'FAILED', content = NULL, error = ''",
        "content = NULL, finished_at = NULL, state = 'FAILED', sha256 = ''",
        "interrupted = 9",
        "sha256 = repeat('a', 64)",
        "object_id = object_id + 1",
    ],
)
@pytest.mark.parametrize("role", [WEB, WORKER])
def test_given_a_finished_file_when_a_role_changes_its_row_then_the_database_refuses(file, role, values):
    with acting_as(role), pytest.raises(DatabaseError, match="Eine fertige Datei bleibt"), transaction.atomic():
        by_sql(f"UPDATE kok_document SET {values} WHERE id = %s", file.pk)
    assert found() == []


def test_given_a_finished_file_that_is_to_wait_again_when_the_sweep_comes_then_nothing_is_drawn_anew(file, monkeypatch):
    changed("state = 'WAITING'")
    monkeypatch.setitem(documents._renderers, "minutes", lambda object_id, version: FORGED)
    assert documents.sweep() == 0
    documents.render(file.pk, now=NOW)
    assert bytes(Document.objects.get(pk=file.pk).content) == bytes(file.content)


def test_given_a_finished_file_without_its_bytes_when_the_night_comes_then_it_is_named_whatever_its_state_says(file):
    changed("state = 'FAILED', content = NULL")
    assert found() == [documents.OTHER_BYTES.format(number=file.pk)]


def test_given_an_approval_put_in_when_the_file_is_drawn_then_it_fails_with_the_sentence(file):
    version = MinutesVersion.objects.get(pk=file.object_id)
    by_sql(
        "INSERT INTO meetings_minutesapproval (version_id, partner_id, approved_at, approved_by_id, name,"
        " function) VALUES (%s, %s, %s, %s, 'Niemand', '')",
        version.pk, version.minutes.owner_id, NOW, file.stage.member.pk,
    )  # fmt: skip
    with pytest.raises(Forged, match="Genehmigung eines Protokolls"):
        minutes.render(version.pk, versions.DRAFT_FILE)


def test_given_a_pdf_with_other_bytes_when_asked_for_then_it_is_refused_in_words_and_named_by_night(file):
    changed("content = %s", FORGED)
    assert found() == [documents.OTHER_BYTES.format(number=file.pk)]
    answer = signed_in(file.stage.member).get(f"{file.stage.url}fassung/1/pdf")
    assert answer.status_code == 503
    assert FORGED not in answer.content
    assert "<h1" in (page := answer.content.decode())
    assert "Diese Datei ist nicht mehr die, die erstellt wurde" in page


def test_given_a_pdf_with_other_bytes_and_their_checksum_when_asked_for_then_it_is_refused_and_named(file):
    changed("content = %s, sha256 = %s", FORGED, hashlib.sha256(FORGED).hexdigest())
    (told,) = found()
    assert told.startswith(f"Dokument Nr. {file.pk}: An der Anwendung vorbei geändert (Prüfsumme)")
    with pytest.raises(Forged):
        queries.document_content(file)


def test_given_a_pdf_put_in_when_asked_for_then_it_is_refused_and_named(file):
    by_sql(
        "INSERT INTO kok_document (kind, object_id, version, filename, state, requested_at, interrupted, finished_at,"
        " content, sha256, error) VALUES ('agenda', 1, 1, 'x.pdf', 'DONE', %s, 0, %s, %s, %s, '')",
        NOW, NOW, FORGED, hashlib.sha256(FORGED).hexdigest(),
    )  # fmt: skip
    put_in = Document.objects.latest("pk")
    assert found() == [f"Dokument Nr. {put_in.pk}: An der Anwendung vorbei eingefügt, ein Siegel fehlt."]
    with pytest.raises(Forged):
        queries.document_content(put_in)


def test_given_a_file_deleted_as_the_worker_when_the_night_comes_then_it_is_named(file):
    with as_worker():
        by_sql("DELETE FROM kok_document WHERE id = %s", file.pk)
    (told,) = found()
    assert told.startswith(f"Dokument Nr. {file.pk}: An der Anwendung vorbei gelöscht")


def test_given_an_imprint_put_in_when_somebody_reads_it_then_the_published_one_stands_there_and_technik_can_write():
    technik = a_user(role="admin")
    publish_pages(by=technik)
    page = statutory.PAGES["impressum"]
    by_sql(
        "INSERT INTO kok_statutorypage (page, number, text, is_reviewed, published_at, published_by_id)"
        " VALUES ('impressum', 2, 'Erfunden GmbH', false, %s, %s)", NOW, technik.pk,
    )  # fmt: skip
    address = reverse("kok:page", args=["impressum"])
    shown = Client().get(address).content.decode()
    assert "Erfunden" not in shown
    assert "https://example.org/" in shown
    assert found() == ["Fassung einer Seite impressum, 2: An der Anwendung vorbei eingefügt, ein Siegel fehlt."]
    form = signed_in(technik).get(reverse("kok:page-edit", args=["impressum"])).content.decode()
    assert "Erfunden" not in form
    statutory.publish(page=page, text="Das Amt.", base=statutory.newest_number("impressum"), by=technik, now=NOW)
    assert "Das Amt." in Client().get(address).content.decode()
    assert StatutoryPage.objects.filter(page="impressum").count() == 3
