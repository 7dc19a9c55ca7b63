"""A document is asked for once, made by a worker, and survives double clicks and failures."""

from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import OperationalError, connection

from kok import documents
from kok.errors import Refused
from kok.models import Document
from tests.processes import wait_until
from tests.roles import as_owner

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
State = Document.State


@pytest.fixture
def renderers(monkeypatch):
    """An empty register of renderers for one test."""
    found = {}
    monkeypatch.setattr(documents, "_renderers", found)
    return found


def request(now=NOW):
    return documents.request(kind="minutes", object_id=5, version=1, filename="KoK-P.pdf", now=now)


@pytest.mark.django_db
def test_given_a_request_when_clicked_twice_then_there_is_one_document(renderers):
    assert request().pk == request().pk


@pytest.mark.django_db
def test_given_a_request_when_the_worker_runs_twice_then_the_bytes_are_made_once(renderers):
    calls = []
    renderers["minutes"] = lambda object_id, version: calls.append(object_id) or b"%PDF-1"
    document = request()
    documents.render(document.pk, now=NOW)
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, bytes(document.content), calls) == (State.DONE, b"%PDF-1", [5])
    assert len(document.sha256) == 64


@pytest.mark.django_db
def test_given_a_failing_renderer_when_it_is_tried_again_then_the_document_is_made(renderers):
    def fail(object_id, version):
        raise Refused("Die Schrift fehlt.")

    renderers["minutes"] = fail
    document = request()
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, document.error) == (State.FAILED, "Die Schrift fehlt.")
    renderers["minutes"] = lambda object_id, version: b"%PDF-2"
    assert request().state == State.WAITING
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert document.state == State.DONE


@pytest.mark.django_db
def test_given_an_unexpected_failure_when_rendering_then_its_text_is_not_shown(renderers):
    def fail(object_id, version):
        raise ValueError("Erika Mustermann")

    renderers["minutes"] = fail
    document = request()
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, document.error) == (State.FAILED, "")


@pytest.mark.django_db
@pytest.mark.parametrize("state", list(State))
def test_given_a_document_when_the_sweep_comes_then_it_is_asked_for_again_until_it_is_there(state, told):
    document = request()
    Document.objects.update(state=state, content=b"%PDF-", finished_at=NOW)
    left = state in documents.OPEN
    assert documents.sweep() == left
    assert told == [("kok.render", document.pk)] * left


@pytest.fixture
def told(monkeypatch):
    """What the worker was told."""
    found = []
    monkeypatch.setattr(documents, "publish", lambda *told: found.append(told))
    return found


@pytest.fixture
def other():
    """A connection of its own, as another process has one."""
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as opened:
        opened.autocommit = True
        opened.execute("SET ROLE NONE")  # the login's, which may end others
        yield opened


@pytest.mark.django_db
def test_given_another_process_at_a_document_when_asked_for_it_then_it_is_left_alone_until_that_process_ends(
    renderers, told, other
):
    renderers["minutes"] = lambda object_id, version: b"%PDF-1"
    document = request()
    Document.objects.update(state=State.WORKING)
    other.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"document:{document.pk}"])
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, documents.sweep(), told) == (State.WORKING, 0, [])

    other.close()
    wait_until(lambda: documents.sweep() == 1, seconds=5, what="the turn of a process that is gone")
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, document.interrupted) == (State.DONE, 1)


@pytest.mark.django_db
@pytest.mark.logs_errors
def test_given_a_document_that_ends_every_process_when_it_did_so_five_times_then_a_person_decides(renderers):
    def die(object_id, version):
        raise SystemExit

    renderers["minutes"] = die
    document = request()
    for _ in range(5):
        with pytest.raises(SystemExit):
            documents.render(document.pk, now=NOW)
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, document.error) == (State.FAILED, documents.INTERRUPTED)
    again = request()
    assert (again.state, again.interrupted) == (State.WAITING, 0)


FULL = """
    CREATE FUNCTION pg_temp.full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
    CREATE TRIGGER full_disk BEFORE UPDATE ON kok_document FOR EACH ROW
    WHEN (NEW.state = 'DONE') EXECUTE FUNCTION pg_temp.full_disk();
"""


@pytest.mark.django_db(transaction=True)
def test_given_a_full_disk_when_a_document_is_stored_then_it_waits_and_is_made_as_soon_as_there_is_room(
    renderers, told, caplog
):
    renderers["minutes"] = lambda object_id, version: b"%PDF-1"
    document = request()
    with as_owner():
        connection.cursor().execute(FULL)
    try:
        for _ in range(10):
            documents.render(document.pk, now=NOW)
    finally:
        with as_owner():
            connection.cursor().execute("DROP TRIGGER full_disk ON kok_document")
    document.refresh_from_db()
    assert (document.state, document.error, document.content) == (State.WAITING, "", None)
    assert "OperationalError" in caplog.text
    assert documents.sweep() == 1
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert document.state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_given_a_connection_that_breaks_while_drawing_when_it_is_stored_then_it_waits_for_the_next_try(
    renderers, told, other
):
    def cut(object_id, version):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            other.execute("SELECT pg_terminate_backend(%s, 5000)", cursor.fetchone())
        return b"%PDF-1"

    renderers["minutes"] = cut
    document = request()
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert (document.state, documents.sweep()) == (State.WAITING, 1)
    renderers["minutes"] = lambda object_id, version: b"%PDF-2"
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert bytes(document.content) == b"%PDF-2"


@pytest.mark.django_db(transaction=True)
def test_given_a_renderer_that_finds_the_database_away_when_rendering_then_nothing_is_called_a_failure(renderers):
    def away(object_id, version):
        raise OperationalError("the connection is closed")

    renderers["minutes"] = away
    document = request()
    documents.render(document.pk, now=NOW)
    document.refresh_from_db()
    assert document.state == State.WAITING


@pytest.mark.django_db
def test_given_documents_when_asked_for_the_oldest_that_waits_then_those_that_are_there_do_not_count():
    assert documents.oldest_waiting() is None
    for number, state in enumerate([State.FAILED, State.DONE, State.WORKING, State.WAITING]):
        asked_at = NOW + timedelta(minutes=number)
        Document.objects.create(
            kind="x", object_id=number, filename="x", state=state, requested_at=asked_at, content=b"x", finished_at=NOW
        )
    assert documents.oldest_waiting() == NOW + timedelta(minutes=2)
