"""Who writes to the database past the application, without the key, does not keep the night from being told."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse

from kok import chain_ends, clock, health, inspections, outbox, reminders, tasks, vault
from kok.inspections import Inspection
from kok.models import AuditEvent
from tests.builders import a_user, an_agreement, publish_pages
from tests.meetings.held import signed_in
from tests.night import inspected, inspected_and_told

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 3, 10, 3, 0, tzinfo=UTC)
DAY = timedelta(days=1)
BROKEN = Inspection("probe", "Probe", lambda today: ["Zeile 1 fehlt."])
WELL = Inspection("probe", "Probe", lambda today: [])


@pytest.fixture(autouse=True)
def only(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(inspections, "_inspections", [BROKEN])
    settings.KOK_NOW = NOW.isoformat()


@pytest.fixture
def operator() -> Any:
    user = a_user(role="admin")
    user.email = "technik@example.org"
    user.save()
    publish_pages(by=user)
    return user


def invented(at: datetime, action: str = "inspection.probe-passed", number: int = 1) -> None:
    """As web may do it: lines of the trail in any words."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new) "
            "SELECT %s, '', %s, '', '', '', 'ohne Befund', '', '' FROM generate_series(1, %s)", [at, action, number],
        )  # fmt: skip


@pytest.mark.parametrize("ahead", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=900)])
def test_given_a_finding_when_somebody_invents_a_night_without_then_health_and_technik_know_better(operator, ahead):
    inspected_and_told()
    now = NOW + timedelta(hours=2)
    invented(now + ahead)
    assert health.ask_inspections(now) != []
    (result,) = inspections.results(now)
    assert (result.event.note, result.is_right, result.has_finding) == ("Zeile 1 fehlt.", False, True)
    assert result.is_doubtful is (ahead < timedelta())
    page = signed_in(operator).get(reverse("kok:jobs")).content.decode()
    assert "Zeile 1 fehlt." in page
    assert "Eine nächtliche Prüfung hat etwas gefunden." in page


def test_given_an_invented_night_and_nothing_found_when_health_is_asked_then_the_state_is_doubtful(monkeypatch):
    monkeypatch.setattr(inspections, "_inspections", [WELL])
    inspected(NOW)
    assert inspections.results(NOW)[0].is_right
    invented(NOW + timedelta(minutes=1), "inspection.probe-failed")
    assert health.ask_inspections(NOW + timedelta(hours=1)) == ["Probe: fraglich."]


@pytest.mark.parametrize("number", [1, 2000])
def test_given_invented_nights_ahead_when_the_next_night_finds_the_same_then_nothing_of_them_counts(operator, number):
    invented(NOW - timedelta(minutes=1), number=number)
    inspected_and_told()
    assert len(mail.outbox) == 1
    invented(clock.now() + timedelta(minutes=1), "inspection.probe-failed", number)
    (result,) = inspections.results(NOW + DAY)
    assert result.is_doubtful
    assert result.event is not None, "however many somebody invents"


def test_given_a_true_finding_when_more_seals_are_put_beside_it_then_it_still_counts():
    inspected(NOW)
    event = AuditEvent.objects.get(action=BROKEN.failed)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_seal (chain, object_id, number, proof, at, salt, is_gone, state, marks, seal) "
            "SELECT 'trail', %s, 1, '', %s, gen_random_uuid(), false, '', '', '' FROM generate_series(1, 20)",
            [str(event.pk), NOW],
        )  # fmt: skip
    (result,) = inspections.results(NOW)
    assert (result.event, result.trouble) == (event, "Befund")


def test_given_rows_in_the_outbox_before_when_the_night_finds_something_then_technik_gets_the_mail(operator):
    prepared(f"inspection.failed:probe:{NOW:%Y-%m-%d}:{operator.pk}")
    inspected_and_told()
    (sent,) = mail.outbox
    assert sent.to == [operator.email]


def test_given_rows_in_the_outbox_before_when_the_week_begins_then_the_auditor_gets_the_ends_and_only_once():
    auditor = a_user(role="auditor", partner=None, agreement=an_agreement())
    for due in reminders.due_on(date(2027, 3, 10)):
        prepared(due.key)
    tasks.queue_reminders()
    reminders.queue(today=date(2027, 3, 11), now=NOW + DAY)
    outbox.deliver(now=NOW + DAY)
    assert [each.to for each in mail.outbox if "Enden der Ketten" in each.subject] == [[auditor.email]]


def prepared(key: str) -> None:
    """As web may do it: a row that says that this mail is not needed any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            'INSERT INTO kok_outboxmessage (kind, key, "to", context, state, next_try_at, attempts, message_id, error, '
            "mark) VALUES ('x', %s, '', '{}', 'OBSOLETE', %s, 0, '', '', '')", [key, NOW],
        )  # fmt: skip


def test_given_no_key_when_asked_then_a_mail_goes_all_the_same_and_the_last_night_is_doubtful(settings):
    inspected(NOW)
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], ""
    vault.forget_keys()
    try:
        assert outbox.marked("x") == "x"
        assert health.ask_inspections(NOW) == ["Probe: fraglich."]
    finally:
        vault.forget_keys()
    assert outbox.unmarked(outbox.marked("x:y")) == "x:y" == outbox.unmarked("x:y")


@pytest.mark.parametrize("note", ["Zeile 99", "gestern"])
def test_given_an_invented_line_on_the_file_when_the_night_compares_then_it_does_not_count(settings, tmp_path, note):
    settings.KOK_CHAIN_ENDS = tmp_path / "ends"
    assert chain_ends.findings(clock.today()) == ()
    invented(NOW + timedelta(minutes=1), chain_ends.WRITTEN)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new) "
            "VALUES (%s, '', %s, '', '', '', %s, '', '')", [NOW + DAY, chain_ends.WRITTEN, note],
        )  # fmt: skip
    assert chain_ends.findings(clock.today()) == ()
    lines = (tmp_path / "ends" / chain_ends.FILE).read_text().splitlines()
    assert [json.loads(line)["number"] for line in lines] == [1, 2]
