"""What somebody writes into the outbox past the application is never sent, and the night names it."""

import tracemalloc
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok import actions, clock, erasure, health, outbox, outbox_check, vault
from kok.models import OutboxMessage
from kok.outbox import Mail
from tests.builders import a_user, an_agreement, an_outbox_row
from tests.meetings.held import signed_in
from tests.roles import by_worker
from tests.transitions.checking import checked

pytestmark = [pytest.mark.django_db, pytest.mark.logs_errors]
NOW = datetime(2027, 4, 16, 8, 0, tzinfo=UTC)
TODAY = date(2027, 4, 16)
State = OutboxMessage.State
DEEP, LONG = "[" * 4000 + "]" * 4000, "9" * 5000  # no program in Python reads them


@pytest.fixture(autouse=True)
def builder(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.KOK_NOW = NOW.isoformat()
    monkeypatch.setitem(outbox._builders, "x", lambda row: Mail("Betreff", "Text"))


def by_web(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def put_in(key: str = "erfunden", *, context: str = "{}", state: str = "QUEUED", mark: str = "") -> int:
    """As web may do it."""
    by_web(
        'INSERT INTO kok_outboxmessage (kind, key, "to", context, state, created_at, next_try_at, attempts, message_id,'
        " error, mark) VALUES ('x', %s, 'opfer@example.org', %s, %s, %s, %s, 0, '', '', %s)",
        key, context, state, NOW, NOW, mark,
    )  # fmt: skip
    return OutboxMessage.objects.values_list("pk", flat=True).get(key=key)


def not_ours(number: int) -> str:
    return outbox_check.NOT_OURS.format(number=number)


@pytest.mark.parametrize(
    "change",
    [
        "\"to\" = 'opfer@example.org'",
        "context = '{\"user\": 2}'",
        "key = 'anders'",
        "kind = 'y'",
        "created_at = created_at - interval '1 day'",
        "mark = ''",
    ],
)
def test_given_a_waiting_message_changed_by_sql_when_delivered_then_it_is_put_aside_and_named(monkeypatch, change):
    monkeypatch.setitem(outbox._builders, "y", lambda row: Mail("Betreff", "Text"))
    changed = an_outbox_row(next_try_at=NOW, to="a@example.org", context={"user": 1}).pk
    an_outbox_row(key="other", next_try_at=NOW, to="b@example.org")
    assert outbox_check.findings(TODAY) == []
    by_web(f"UPDATE kok_outboxmessage SET {change} WHERE id = %s", changed)
    assert outbox_check.findings(TODAY) == [not_ours(changed)]
    assert outbox.deliver(now=NOW) == 1
    assert [each.to for each in mail.outbox] == [["b@example.org"]]
    assert OutboxMessage.objects.get(pk=changed).state == State.FOREIGN
    assert outbox_check.findings(TODAY) == [not_ours(changed)]


@pytest.mark.parametrize("value", [DEEP, LONG], ids=["deep", "long"])
def test_given_a_value_that_python_cannot_read_when_put_in_by_sql_then_the_table_refuses_it(value):
    with pytest.raises(IntegrityError, match="bounded_context"), transaction.atomic():
        put_in(context=value)


def test_given_a_message_put_in_by_sql_when_delivered_then_the_others_go_out_and_every_page_opens():
    other = an_outbox_row(key="before", next_try_at=NOW)
    number = put_in(mark=other.mark)
    an_outbox_row(key="other", next_try_at=NOW, to="b@example.org")
    technik = signed_in(a_user(role="admin"))
    assert technik.get(reverse("kok:jobs")).status_code == 200
    assert outbox_check.findings(TODAY) == [not_ours(number)]
    outbox.deliver(now=NOW)
    assert [each.to for each in mail.outbox] == [["b@example.org"]]
    assert health.ask_messages(NOW) == ["Eine Nachricht ist nicht von der Anwendung."]
    page = technik.get(reverse("kok:jobs")).content.decode()
    assert f"Nummer {number}" in page
    assert "opfer@example.org" not in page
    assert outbox_check.findings(TODAY) == [not_ours(number)]
    address = reverse("kok:retry-message", args=[number])
    assert outbox.NOT_OURS in technik.post(address, follow=True).content.decode()
    assert OutboxMessage.objects.values_list("state", flat=True).get(pk=number) == State.FOREIGN


@pytest.mark.parametrize(
    "change", ["state = 'SENT', sent_at = now()", "state = 'OBSOLETE'", "state = 'FAILED'", "state = 'FOREIGN'"]
)
def test_given_a_waiting_message_that_is_said_to_be_done_when_the_night_looks_then_it_is_named(change):
    number = an_outbox_row(next_try_at=NOW, to="a@example.org").pk
    by_web(f"UPDATE kok_outboxmessage SET {change}")
    (told,) = outbox_check.findings(TODAY)
    assert f"Nachricht Nr. {number}: " in told


def test_given_a_sent_message_that_waits_again_by_sql_when_delivered_then_it_is_not_sent_again():
    number = an_outbox_row(next_try_at=NOW, to="a@example.org").pk
    assert outbox.deliver(now=NOW) == 1
    by_web("UPDATE kok_outboxmessage SET state = 'QUEUED', sent_at = NULL")
    assert outbox.deliver(now=NOW) == 0
    assert outbox_check.findings(TODAY) == [not_ours(number)]


@pytest.mark.parametrize("act", ["retry-message", "dismiss-message"])
def test_given_a_failed_message_changed_by_sql_when_technik_deals_with_it_then_it_stays_a_finding(act):
    number = an_outbox_row(next_try_at=NOW, to="a@example.org", state="FAILED").pk
    by_web("UPDATE kok_outboxmessage SET \"to\" = 'opfer@example.org'")
    technik = signed_in(a_user(role="admin"))
    page = technik.post(reverse(f"kok:{act}", args=[number]), follow=True).content.decode()
    assert outbox.NOT_OURS in page
    assert outbox_check.findings(TODAY) == [not_ours(number)]
    assert OutboxMessage.objects.get().state == State.FAILED


def test_given_everything_that_becomes_of_messages_when_the_night_looks_then_nothing_is_found(monkeypatch):
    monkeypatch.setitem(outbox._builders, "obsolete", lambda row: None)
    monkeypatch.setitem(outbox._builders, "broken", lambda row: 1 / 0)
    for kind in ("x", "obsolete", "broken"):
        outbox.enqueue(kind=kind, key=kind, to="a@example.org", context={"of": [1, None, "ü"]}, now=NOW)
    moment = NOW
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.deliver(now=moment)
        assert outbox_check.findings(TODAY) == []
        moment += timedelta(days=1)
    states = dict(OutboxMessage.objects.values_list("kind", "state"))
    assert states == {"x": State.SENT, "obsolete": State.OBSOLETE, "broken": State.FAILED}
    broken = OutboxMessage.objects.get(kind="broken").pk
    actions.retry_message(message_id=broken, by=None, now=moment)
    assert outbox_check.findings(TODAY) == []
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.deliver(now=moment)
        moment += timedelta(days=1)
    actions.dismiss_message(message_id=broken, by=None, now=clock.now())
    assert outbox_check.findings(TODAY) == []
    by_worker(erasure.run, now=NOW + timedelta(days=800), dry=False)
    assert not OutboxMessage.objects.exists()
    assert outbox_check.findings(TODAY) == []


def test_given_another_key_while_delivering_when_the_right_one_is_back_then_technik_can_send_it(settings):
    row = an_outbox_row(next_try_at=NOW, to="a@example.org")
    settings.CASE_KEYS, settings.CASE_LOG_KEY = [vault.new_key()], vault.new_hmac_key()
    vault.forget_keys()
    try:
        assert outbox.deliver(now=NOW) == 0
    finally:
        settings.CASE_KEYS, settings.CASE_LOG_KEY = [], ""
        vault.forget_keys()
    assert outbox_check.findings(TODAY) == [outbox_check.PUT_ASIDE.format(number=row.pk)]
    technik = signed_in(a_user(role="admin"))
    technik.post(reverse("kok:retry-message", args=[row.pk]))
    outbox.deliver(now=clock.now())
    assert [each.to for each in mail.outbox] == [["a@example.org"]]
    assert outbox_check.findings(TODAY) == []


def test_given_a_row_put_in_when_an_auditor_checks_all_seals_then_the_page_names_it():
    an_agreement()
    number = put_in()
    auditor = signed_in(a_user(role="auditor", partner=None))
    assert not_ours(number) in checked(auditor)


def test_given_hundreds_of_long_messages_put_in_by_sql_when_the_night_looks_then_it_holds_only_some_at_a_time():
    count, length = 8 * outbox_check.AT_ONCE, 50_000
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO kok_outboxmessage (kind, key, "to", context, state, next_try_at, attempts, message_id, error,
               mark) SELECT 'x', n, '', jsonb_build_object('a', repeat('a', %s)), 'QUEUED', now(), 0, '', '', ''
               FROM generate_series(1, %s) n""",
            [length, count],
        )
    tracemalloc.start()
    try:
        told = outbox_check.findings(clock.today())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert told
    assert most < count * length / 2


FLOOD = """
INSERT INTO kok_outboxmessage (kind, key, "to", context, state, created_at, next_try_at, attempts, message_id,
  error, mark)
SELECT 'x', 'erfunden' || number, '', '{}', 'QUEUED', %s, %s, 0, '', '', '' FROM generate_series(1, 2500) AS number
"""


def test_given_thousands_of_messages_put_in_by_sql_when_delivered_then_what_is_behind_them_goes_at_once():
    an_outbox_row(key="before", next_try_at=NOW, to="a@example.org")
    by_web(FLOOD, NOW, NOW)
    an_outbox_row(key="behind", next_try_at=NOW, to="b@example.org")
    with CaptureQueriesContext(connection) as queries:
        assert outbox.deliver(now=NOW) == 2
    assert [each.to for each in mail.outbox] == [["a@example.org"], ["b@example.org"]]
    assert OutboxMessage.objects.filter(state=State.FOREIGN).count() == 2500
    assert sum("= 'FOREIGN'" in each["sql"] for each in queries) == 3
    assert len(queries) < 150


def test_given_the_most_tries_that_sql_can_write_when_the_mail_server_refuses_then_the_others_go_on(monkeypatch):
    monkeypatch.setitem(outbox._builders, "broken", lambda row: 1 / 0)
    broken = an_outbox_row(key="broken", kind="broken", next_try_at=NOW, to="a@example.org").pk
    by_web("UPDATE kok_outboxmessage SET attempts = 2200")
    an_outbox_row(key="other", next_try_at=NOW, to="b@example.org")
    assert outbox.deliver(now=NOW) == 1
    assert OutboxMessage.objects.get(pk=broken).state == State.FAILED
