"""Who was sent what: the record goes with the mail, takes over what became of it, and outlives it (ADR 28)."""

import smtplib
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction

from kok import actions, dispatch, mail_server, outbox
from kok.dispatch import Addressee, Sending, SentSubject
from kok.models import Dispatch, OutboxMessage
from kok.outbox import Mail
from tests.roles import as_worker, by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
SENDING = Sending(SentSubject("thing", 7, version="2"), Addressee("Erika Beispiel", "Leitung", person=11, account=12))


@pytest.fixture(autouse=True)
def letters(monkeypatch):
    """A kind of mail that can always be made, and one that is no longer due."""
    monkeypatch.setitem(outbox._builders, "letter", lambda row: Mail("Betreff", "Text"))
    monkeypatch.setitem(outbox._builders, "stale", lambda row: None)


def enqueue(kind="letter", key="letter:7:2:11"):
    with transaction.atomic():
        return outbox.enqueue(kind=kind, key=key, to="erika@example.org", context={}, now=NOW, sending=SENDING)


def result():
    return Dispatch.objects.values_list("result", "sent_at", "reason").get()


def test_given_a_mail_with_a_sending_when_queued_then_it_is_written_down_who_gets_what_of_which_version():
    assert enqueue()
    row = Dispatch.objects.get()
    assert (row.subject_kind, row.subject_id, row.version) == ("thing", 7, "2")
    assert (row.name, row.function, row.person, row.account) == ("Erika Beispiel", "Leitung", 11, 12)
    assert (row.way, row.address, row.result, row.begun_at) == ("MAIL", "erika@example.org", "WAITING", NOW)


def test_given_a_mail_without_a_sending_when_delivered_then_nothing_is_written_down():
    with transaction.atomic():
        outbox.enqueue(kind="letter", key="a", to="erika@example.org", context={}, now=NOW)
    assert outbox.deliver(now=NOW) == 1
    assert not Dispatch.objects.exists()


def test_given_a_mail_when_it_went_out_or_is_no_longer_due_then_the_record_says_so():
    enqueue()
    enqueue("stale", "stale:7:2:11")
    by_worker(outbox.deliver, now=NOW)
    rows = Dispatch.objects.values_list("kind", "result", "sent_at")
    assert list(rows) == [("letter", "SENT", NOW), ("stale", "OBSOLETE", None)]


@pytest.fixture
def refused(monkeypatch):
    """The server does not take this recipient, ever."""

    def send(self):
        raise smtplib.SMTPRecipientsRefused({"erika@example.org": (550, b"unknown")})

    monkeypatch.setattr(mail_server.Message, "send", send)
    enqueue()
    for hour in range(outbox.MAX_REFUSALS):
        by_worker(outbox.deliver, now=NOW + timedelta(hours=6 * hour))
    monkeypatch.undo()
    monkeypatch.setitem(outbox._builders, "letter", lambda row: Mail("Betreff", "Text"))
    return OutboxMessage.objects.get()


@pytest.mark.logs_errors
def test_given_a_refused_recipient_when_given_up_then_the_reason_stands_in_the_record_without_the_address(refused):
    assert result() == ("FAILED", None, "Der Mailserver lehnt den Empfänger ab (550).")


@pytest.mark.logs_errors
def test_given_a_failed_mail_when_it_is_sent_once_more_then_the_record_waits_and_goes_out(refused):
    with transaction.atomic():
        actions.retry_message(message_id=refused.pk, by=None, now=NOW)
    assert result() == ("WAITING", None, "")
    by_worker(outbox.deliver, now=NOW)
    assert result() == ("SENT", NOW, "")


@pytest.mark.logs_errors
def test_given_a_failed_mail_when_it_is_let_go_then_the_record_says_that_nobody_needs_it(refused):
    actions.dismiss_message(message_id=refused.pk, by=None, now=NOW)
    assert result() == ("OBSOLETE", None, "")


def test_given_a_sent_mail_when_the_outbox_forgot_it_then_it_is_not_sent_a_second_time():
    enqueue()
    by_worker(outbox.deliver, now=NOW)
    by_worker(OutboxMessage.objects.all().delete)
    mail.outbox.clear()
    assert not enqueue()
    assert outbox.queued(["letter:7:2:11", "letter:7:2:12"]) == {"letter:7:2:11"}
    by_worker(outbox.deliver, now=NOW)
    assert mail.outbox == []
    assert result() == ("SENT", NOW, "")


def test_given_somebody_without_an_address_when_told_in_another_way_then_it_stands_there_once_as_promised():
    told = {"key": "letter:7:2:11", "kind": "letter", "sending": SENDING, "now": NOW}
    assert dispatch.promised(**told)
    assert not dispatch.promised(**told)
    row = Dispatch.objects.get()
    assert (row.way, row.result, row.address, row.sent_at) == ("OTHER", "PROMISED", "", None)


@pytest.mark.logs_errors
def test_given_a_waiting_mail_when_somebody_sends_it_elsewhere_by_sql_then_the_record_says_that_it_did_not_go_out():
    enqueue()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kok_outboxmessage SET \"to\" = 'anders@example.org'")
    by_worker(outbox.deliver, now=NOW)
    assert mail.outbox == []
    assert result() == ("FAILED", None, dispatch.CHANGED)


@pytest.mark.logs_errors
def test_given_a_sent_mail_when_somebody_queues_it_again_by_sql_then_others_go_out_and_the_record_stays():
    enqueue()
    by_worker(outbox.deliver, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE kok_outboxmessage SET state = 'QUEUED', sent_at = NULL")
    enqueue(key="letter:7:2:12")
    assert by_worker(outbox.deliver, now=NOW) == 1
    assert list(Dispatch.objects.values_list("result", flat=True)) == ["SENT", "SENT"]


FORGED = (
    "UPDATE kok_dispatch SET result = 'SENT', sent_at = now()",
    "UPDATE kok_dispatch SET result = 'OBSOLETE'",
    "UPDATE kok_dispatch SET name = 'Jemand'",
    "UPDATE kok_dispatch SET version = '1'",
    "UPDATE kok_dispatch SET begun_at = begun_at - interval '1 month'",
    "UPDATE kok_dispatch SET address = 'example.org'",
)


@pytest.mark.parametrize("statement", FORGED)
def test_given_the_web_part_when_it_rewrites_who_was_sent_what_then_the_database_refuses(statement):
    enqueue()
    with pytest.raises(IntegrityError, match="Wer was erhielt"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert result() == ("WAITING", None, "")


@pytest.mark.parametrize("statement", [*FORGED[2:5], "UPDATE kok_dispatch SET address = 'anders@example.org'"])
def test_given_the_worker_when_it_rewrites_who_was_sent_what_then_the_database_refuses_him_too(statement):
    enqueue()
    by_worker(outbox.deliver, now=NOW)
    with pytest.raises(IntegrityError), as_worker(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_given_a_mail_that_went_out_when_the_worker_takes_that_back_then_the_database_refuses():
    enqueue()
    by_worker(outbox.deliver, now=NOW)
    with pytest.raises(IntegrityError), as_worker(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE kok_dispatch SET result = 'WAITING', sent_at = NULL")


def test_given_a_sent_mail_that_never_was_when_the_web_part_puts_it_in_then_the_database_refuses():
    values = {"key": "x", "kind": "letter", "subject_kind": "thing", "subject_id": 7, "version": "1", "name": "Jemand"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.objects.create(**values, address="x@example.org", begun_at=NOW, result="SENT", sent_at=NOW)
