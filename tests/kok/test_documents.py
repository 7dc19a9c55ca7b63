"""A document is asked for once, made by a worker, and survives double clicks and failures."""

from datetime import UTC, datetime, timedelta

import pytest

from kok import documents
from kok.errors import Refused
from kok.models import Document

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
def test_given_a_killed_worker_when_the_sweep_comes_then_the_work_is_published_again(renderers, monkeypatch):
    published = []
    monkeypatch.setattr(documents, "publish", lambda task, *args: published.append((task, *args)))
    document = request()
    Document.objects.update(state=State.WORKING)
    assert documents.sweep(now=NOW + timedelta(minutes=1)) == 0
    assert documents.sweep(now=NOW + timedelta(minutes=6)) == 1
    assert published == [("kok.render", document.pk)]
