"""Nightly inspections: each result stands in the trail and on the page of the jobs, a new finding is mailed once."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.urls import reverse

from kok import clock, health, inspections, outbox, vault
from kok.errors import Refused
from kok.inspections import Inspection
from kok.models import AuditEvent
from tests.builders import a_user, an_agreement, publish_pages
from tests.night import inspected, inspected_and_told
from tests.roles import as_owner, unguarded
from tests.transitions.test_receipts import put_back, two_versions
from tests.transitions.world import a_draft, people, released

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 3, 12, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
THREE = "3 Befunde. Zeile 1 fehlt. b c Prüfzahl der Befunde: 20b16d24."


@pytest.fixture
def only(monkeypatch):
    """These inspections and no others."""
    return lambda *found: monkeypatch.setattr(inspections, "_inspections", list(found))


@pytest.fixture
def operator():
    """Who runs the installation, with an address."""
    user = a_user(role="admin")
    user.email = "technik@example.org"
    user.save()
    return user


def finding(*sentences):
    return Inspection("probe", "Probe", lambda today: sentences)


def refusing(today):
    raise Refused("Der Schlüssel fehlt.")


def breaking(today):
    raise RuntimeError("Zirbelnuss")


def told():
    return list(
        AuditEvent.objects.filter(action__startswith="inspection.").order_by("pk").values_list("action", "note")
    )


@pytest.mark.parametrize(
    ("inspection", "expected"),
    [
        (finding(), ("inspection.probe-passed", "ohne Befund")),
        (finding("Zeile 1 fehlt."), ("inspection.probe-failed", "Zeile 1 fehlt.")),
        (finding("Zeile 1 fehlt.", "b", "c"), ("inspection.probe-failed", THREE)),
        (Inspection("probe", "", refusing), ("inspection.probe-failed", "Der Schlüssel fehlt.")),
        (
            Inspection("probe", "", breaking),
            ("inspection.probe-failed", "Die Prüfung ist nicht gelungen (RuntimeError)."),
        ),
    ],
)
def test_given_an_inspection_when_the_night_comes_then_the_trail_says_what_it_found(
    only, operator, inspection, expected
):
    only(inspection)
    inspected(NOW)
    assert told() == [expected]


def test_given_one_that_breaks_when_the_night_comes_then_the_next_is_carried_out(only):
    only(Inspection("bad", "", breaking), finding())
    inspected(NOW)
    assert [action for action, _ in told()] == ["inspection.bad-failed", "inspection.probe-passed"]


@pytest.mark.django_db(transaction=True)
def test_given_a_database_that_refuses_when_the_night_comes_then_what_can_be_written_is_and_health_says_the_rest(
    only, operator, monkeypatch
):
    def refused(today):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 / 0")

    an_agreement()
    well = finding()
    only(well, Inspection("bad", "Schlecht", refused))
    inspected(NOW)
    assert told()[1:] == [("inspection.bad-failed", "Die Prüfung ist nicht gelungen (DataError).")]
    with monkeypatch.context() as broken:
        broken.setattr(inspections.operators, "tell", lambda *_, **__: refused(None))
        only(finding("Zeile 1 fehlt."), Inspection("bad", "Schlecht", lambda today: []))
        inspected(NOW + DAY)
    note = f"Zeile 1 fehlt. {inspections.NOT_TOLD}"
    assert told()[2:] == [("inspection.probe-failed", note), ("inspection.bad-passed", "ohne Befund")]
    only(finding("Zeile 1 fehlt."))
    inspected(NOW + 2 * DAY)
    outbox.deliver(now=NOW + 2 * DAY)
    assert len(mail.outbox) == 2, "what was refused, and the finding that a night could not tell"
    with monkeypatch.context() as broken:
        broken.setattr(inspections.audit, "record", lambda **_: refused(None))
        only(well)
        inspected(NOW + 3 * DAY)
    assert health.ask_inspections(NOW + 3 * DAY + timedelta(hours=5)) == ["Probe: ausgeblieben."]


def test_given_a_finding_of_many_words_when_written_down_then_it_fits_the_trail(only, operator):
    only(finding("x" * 1400, "y"))
    inspected(NOW)
    ((_, note),) = told()
    assert len(note) == 1000 - len(f" {inspections.NOT_TOLD}")
    assert note.startswith("2 Befunde. xxx")


def test_given_many_findings_of_two_kinds_when_written_down_then_each_kind_is_counted_and_shown_once(only):
    lines = [f"Zeile {number} vom 12.03.2027 fehlt." for number in range(1, 5001)]
    only(finding(*lines, "Rolle Nr. 7: geändert."))
    inspected(NOW)
    ((_, note),) = told()
    assert note.startswith("5001 Befunde. 5000-mal wie: Zeile 1 vom 12.03.2027 fehlt. Rolle Nr. 7: geändert. Prüfzahl")
    only(finding(*lines[:-1], "Zeile 5001 vom 12.03.2027 fehlt.", "Rolle Nr. 7: geändert."))
    inspected(NOW + DAY)
    (_, (_, other)) = told()
    assert other != note


def test_given_the_same_finding_every_night_when_told_then_only_the_operators_know_and_only_once(only, operator):
    an_agreement()
    a_user(role="member")
    only(finding("Zeile 1 fehlt."))
    for night in range(3):
        inspected(NOW + night * DAY)
    only(finding("Zeile 1 fehlt.", "Zeile 2 fehlt."))
    inspected(NOW + 3 * DAY)
    outbox.deliver(now=NOW + 3 * DAY)
    assert [message.to for message in mail.outbox] == [[operator.email]] * 2
    assert reverse("kok:jobs") in mail.outbox[0].body
    assert "Zeile" not in mail.outbox[0].body + mail.outbox[0].subject


def test_given_somebody_who_lost_the_role_when_the_mail_is_sent_then_it_is_not(only, operator):
    only(finding("Zeile 1 fehlt."))
    inspected(NOW)
    operator.is_active = False
    operator.save()
    outbox.deliver(now=NOW)
    assert mail.outbox == []


def test_given_released_lists_when_nothing_happened_then_the_page_of_the_jobs_says_so(operator, settings, monkeypatch):
    monkeypatch.setattr(health, "_parts", {})
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    released(a_draft(people(1)))
    publish_pages(by=operator)
    client = Client()
    client.force_login(operator)
    assert "Die erste Prüfung läuft in der kommenden Nacht." in client.get(reverse("kok:jobs")).content.decode()
    inspected_and_told()
    names = [
        "database-rights",
        "seals",
        "outbox",
        "documents",
        "erasure",
        "chain-ends",
        "minutes",
        "access-log",
        "names",
        "receipts",
    ]
    assert [action for action, _ in told()] == [f"inspection.{name}-passed" for name in names]
    page = client.get(reverse("kok:jobs")).content.decode()
    assert page.count("ohne Befund") == 10
    assert "Es liegt nichts Unerledigtes vor." in page


@pytest.mark.parametrize(
    ("last_run", "installed", "says"),
    [
        (None, timedelta(hours=27), "Die erste Prüfung läuft in der kommenden Nacht."),
        (None, timedelta(hours=29), "Die Prüfung ist ausgeblieben."),
        (timedelta(hours=27), timedelta(days=99), "ohne Befund"),
        (timedelta(hours=29), timedelta(days=99), "Die Prüfung ist ausgeblieben."),
    ],
)
def test_given_a_night_without_an_inspection_when_technik_looks_then_only_a_new_installation_is_told_to_wait(
    operator, settings, monkeypatch, only, last_run, installed, says
):
    monkeypatch.setattr(health, "_parts", {"inspections": health._parts["inspections"]})
    settings.KOK_NOW = NOW.isoformat()
    only(finding())
    publish_pages(by=operator)
    if last_run:
        inspected(NOW - last_run)
    with as_owner():
        MigrationRecorder(connection).migration_qs.update(
            applied=datetime.fromtimestamp(clock.machine_seconds(), UTC) - installed
        )
    client = Client()
    client.force_login(operator)
    page = client.get(reverse("kok:jobs")).content.decode()
    is_missing = "ausgeblieben" in says
    assert says in page
    assert page.count("läuft in der kommenden Nacht") + page.count("ist ausgeblieben") <= 1
    assert ("kok-tone-danger" in page) is is_missing
    assert ("Nicht in Ordnung: " in page) is is_missing
    assert health.answer(NOW)["parts"]["inspections"] == ("degraded" if is_missing else "ok")


def test_given_a_list_put_back_and_a_log_without_a_line_when_the_night_comes_then_both_are_findings(operator, settings):
    settings.KOK_NOW = NOW.isoformat()
    first, second = two_versions()
    put_back(second, first)
    with unguarded("transitions_accesslogentry") as cursor:
        cursor.execute("DELETE FROM transitions_accesslogentry WHERE chain = 'ACT' AND position = 2")
    inspected_and_told()
    *_, (log_action, log_note), _, (receipt_action, receipt_note) = told()
    assert (log_action, receipt_action) == ("inspection.access-log-failed", "inspection.receipts-failed")
    assert "Diese Zeile fehlt." in log_note
    assert receipt_note.startswith(f"Quittung {second.number}: Der Inhalt ist nicht mehr der übermittelte.")
    client = Client()
    client.force_login(operator)
    page = client.get(reverse("kok:jobs")).content.decode()
    assert f"Quittung {second.number}" in page
    assert "Eine nächtliche Prüfung hat etwas gefunden." in page
    assert len([message for message in mail.outbox if message.to == [operator.email]]) == 2


@pytest.mark.parametrize("lost", ["CASE_LOG_KEY", "CASE_KEYS"])
def test_given_a_lost_key_when_the_night_comes_then_that_is_a_finding(lost, settings):
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], "ab" * 32
    settings.FACTOR_KEYS, settings.CASE_NAME_KEY = [vault.new_key()], "cd" * 32
    vault.forget_keys()
    try:
        an_agreement()
        released(a_draft(people(1)))
        setattr(settings, lost, {"CASE_LOG_KEY": "", "CASE_KEYS": [vault.new_key()]}[lost])
        vault.forget_keys()
        inspected(NOW)
    finally:
        vault.forget_keys()
    failed = {
        "CASE_LOG_KEY": ["seals", "outbox", "chain-ends", "access-log"],
        "CASE_KEYS": ["names", "receipts"],
    }[lost]
    told_of = [action for action, _ in told() if action.endswith("failed")]
    assert told_of == [f"inspection.{name}-failed" for name in failed]


@pytest.mark.parametrize(("runs_for", "is_missing"), [(timedelta(hours=27), False), (timedelta(hours=29), True)])
def test_given_a_demo_whose_clock_was_put_forward_when_technik_looks_then_only_nights_since_then_can_be_missing(
    operator, settings, only, runs_for, is_missing
):
    only(finding())
    publish_pages(by=operator)
    inspected(NOW)
    settings.KOK_NOW = (NOW + 400 * DAY).isoformat()
    settings.KOK_NOW_SINCE = time.monotonic() - runs_for.total_seconds()
    client = Client()
    client.force_login(operator)
    assert ("ist ausgeblieben" in client.get(reverse("kok:jobs")).content.decode()) is is_missing
