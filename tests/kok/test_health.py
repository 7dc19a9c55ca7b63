"""What monitoring is told: this process lives; whether it can work, and which part is degraded."""

import json
import time
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from celery import current_app
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from kok import audit, clock, erasure, health, inspections
from kok.models import Document, ErasureRun, OutboxMessage, PublicHoliday
from tests.builders import an_outbox_row
from tests.roles import as_owner, by_worker

NOW = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
LIVE, READY = "/health/live", "/health/ready"


@pytest.fixture
def parts(monkeypatch):
    """These parts and no others: name -> what asking says."""

    def only(**asked):
        found = {name: health.HealthPart(name, name.title(), ask) for name, ask in asked.items()}
        monkeypatch.setattr(health, "_parts", found)

    return only


def well(now):
    return []


def ill(now):
    return ["Es fehlt etwas: geheim.example.org"]


def breaking(now):
    raise RuntimeError("geheim.example.org")


@contextmanager
def no_database():
    def refuse(*_):
        raise OperationalError("connection to server at geheim.example.org failed")

    with connection.execute_wrapper(refuse):
        yield


def ready(client=None, **headers):
    answer = (client or Client()).get(READY, headers=headers)
    return answer.status_code, json.loads(answer.content)


def test_given_no_database_when_asked_whether_it_lives_then_the_process_answers(client):
    client.cookies["sessionid"] = "x" * 32  # pytest refuses any access to the database here
    assert client.get(LIVE).content == b"ok"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("asked", "status", "expected"),
    [
        ({"broker": well}, "ok", {"broker": "ok"}),
        ({"broker": ill, "beat": well}, "degraded", {"broker": "degraded", "beat": "ok"}),
        ({"broker": breaking, "beat": well}, "degraded", {"broker": "degraded", "beat": "ok"}),
    ],
)
def test_given_parts_when_one_is_not_well_then_the_answer_is_200_and_names_it_in_one_word(
    parts, asked, status, expected
):
    parts(**asked)
    code, answer = ready()
    assert (code, answer["status"]) == (200, status)
    assert answer["parts"] == {"database": "ok", "schema": "ok"} | expected
    assert "geheim" not in json.dumps(answer)


@pytest.mark.logs_errors
@pytest.mark.django_db
def test_given_no_database_when_asked_then_503_says_so_and_nothing_more(parts):
    parts(broker=ill)
    with no_database():
        assert ready() == (503, {"status": "unavailable", "parts": {"database": "unavailable"}})


def drop_a_table():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {PublicHoliday._meta.db_table}")


def drop_the_record():
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE django_migrations")


def forget_a_migration():
    with as_owner():
        MigrationRecorder(connection).migration_qs.filter(app="meetings").order_by("-name")[:1].get().delete()


@pytest.mark.logs_errors
@pytest.mark.django_db
@pytest.mark.parametrize("fault", [drop_a_table, drop_the_record, forget_a_migration])
def test_given_an_incomplete_schema_when_asked_then_503_says_so(parts, fault):
    parts()
    assert ready()[0] == 200
    fault()
    assert ready() == (503, {"status": "unavailable", "parts": {"schema": "unavailable"}})


@pytest.mark.logs_errors
@pytest.mark.django_db
@pytest.mark.parametrize("address", [LIVE, READY])
@pytest.mark.parametrize("host", ["10.1.2.3:8000", "kok-web-1", "[::1]:8000", "any.example.org"])
def test_given_a_health_check_when_it_asks_by_any_name_and_without_tls_then_it_is_answered(
    settings, parts, address, host
):
    settings.SECURE_SSL_REDIRECT = True
    parts()
    assert Client().get(address, headers={"host": host}).status_code == 200
    assert Client().get("/seite/hilfe/", headers={"host": host}).status_code != 200


@pytest.mark.django_db
def test_given_no_broker_when_asked_then_it_is_degraded_at_once_and_the_page_says_what_stands():
    before = current_app.conf.broker_write_url
    current_app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    try:
        health.ask_broker(NOW)  # the first look loads what it needs
        began = time.monotonic()
        (sentence,) = health.ask_broker(NOW)
        assert "„docker compose restart broker“" in sentence
        assert time.monotonic() - began < 1.5
    finally:
        current_app.conf.broker_write_url = before
    assert sentence.startswith("Der Broker ist nicht erreichbar.")


def test_given_a_broker_when_asked_then_it_is_well(broker):
    assert health.ask_broker(NOW) == []


@pytest.mark.django_db
def test_given_monitoring_when_it_asks_then_few_questions_reach_the_database(django_assert_max_num_queries):
    assert not OutboxMessage.objects.exists()
    with django_assert_max_num_queries(24):
        ready()


def a_message(state, key="1"):
    return an_outbox_row(kind="x", key=key, to="k.muster@example.org", state=state, next_try_at=NOW)


def a_document(state, version=1):
    done = {"content": b"x", "finished_at": NOW} if state == "DONE" else {}
    return Document.objects.create(
        kind="agenda", object_id=1, version=version, filename="x.pdf", state=state, requested_at=NOW, **done
    )


def a_run(*failed, rules=None, is_dry=False):
    slugs = rules or [rule.slug for rule in erasure.rules()]
    report = [{"rule": slug, "failed": "DataError" if slug in failed else ""} for slug in slugs]
    return by_worker(ErasureRun.objects.create, at=NOW, report=report, is_dry=is_dry)


def an_inspection(outcome, at=NOW):
    inspection = inspections.results(NOW)[0].inspection
    audit.record(by=None, action=getattr(inspection, outcome), note="x", now=at)
    return inspection.title


@pytest.mark.django_db
def test_given_a_message_given_up_when_asked_then_it_is_degraded_until_it_is_sent_again_or_dismissed():
    assert health.ask_messages(NOW) == []
    row = a_message("FAILED")
    assert health.ask_messages(NOW) == ["Eine Nachricht ist nicht zugestellt."]
    a_message("FAILED", "2")
    assert health.ask_messages(NOW) == ["2 Nachrichten sind nicht zugestellt."]
    OutboxMessage.objects.exclude(pk=row.pk).update(state="OBSOLETE")
    OutboxMessage.objects.filter(pk=row.pk).update(state="SENT", sent_at=NOW)
    assert health.ask_messages(NOW) == []


@pytest.mark.django_db
def test_given_a_document_that_failed_when_asked_then_it_is_degraded_until_a_later_version_is_there():
    a_document("FAILED")
    assert health.ask_documents(NOW) == ["Ein Dokument ist nicht gelungen."]
    a_document("DONE", version=2)
    assert health.ask_documents(NOW) == []


@pytest.mark.django_db
def test_given_a_rule_that_failed_when_asked_then_it_is_degraded_until_this_rule_is_carried_out():
    a_run()
    assert health.ask_erasure(NOW) == []
    a_run("mails")
    a_run(rules=["sessions"])
    a_run(is_dry=True)
    assert health.ask_erasure(NOW) == ["Eine Löschregel ist beim letzten Lauf nicht gelungen."]
    a_run()
    assert health.ask_erasure(NOW) == []


@pytest.mark.django_db
def test_given_a_finding_of_the_last_night_when_asked_then_it_is_degraded_until_a_night_without():
    assert health.ask_inspections(NOW) == []
    title = an_inspection("failed")
    assert health.ask_inspections(NOW) == [f"{title}: Befund."]
    an_inspection("passed")
    assert health.ask_inspections(NOW) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ("messages", lambda: a_message("FAILED")),
        ("documents", lambda: a_document("FAILED")),
        ("erasure", lambda: a_run("mails")),
        ("inspections", lambda: an_inspection("failed", clock.now())),
    ],
)
def test_given_something_given_up_when_monitoring_asks_then_the_part_is_degraded_and_nobody_is_named(part, fault):
    assert ready()[1]["parts"][part] == "ok"
    fault()
    answer = ready()[1]
    assert (answer["status"], answer["parts"][part]) == ("degraded", "degraded")
    assert "muster" not in json.dumps(answer)
