"""Mail is a row before it is a mail: once per key, in the transaction of its act, whatever fails on the way."""

import email
import email.policy
import re
import time
from datetime import UTC, datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused, SMTPServerDisconnected

import psycopg
import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import BadHeaderError
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from kok import actions, mail_server, outbox
from kok.celery import LONGEST_TASK
from kok.models import OutboxMessage
from kok.outbox import Mail, MailAttachment, NotReady
from tests.roles import as_owner, emptied

NOW = datetime(2027, 4, 16, 8, 0, tzinfo=UTC)
State = OutboxMessage.State


@pytest.fixture
def kinds(monkeypatch):
    """An empty register of mail kinds for one test."""
    builders = {}
    monkeypatch.setattr(outbox, "_builders", builders)
    return builders


def enqueue(key="duty:1", to="a@example.org", now=NOW):
    with transaction.atomic():
        return outbox.enqueue(kind="duty", key=key, to=to, context={"id": 1}, now=now)


@pytest.mark.django_db(transaction=True)
def test_given_no_transaction_when_a_mail_is_queued_then_it_is_a_programming_error():
    with pytest.raises(RuntimeError):
        outbox.enqueue(kind="duty", key="k", to="a@example.org", context={}, now=NOW)


@pytest.mark.django_db
def test_given_a_queued_key_when_it_is_queued_again_then_there_is_one_row(kinds):
    assert enqueue() is True
    assert enqueue() is False
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_given_many_mails_in_one_act_when_it_commits_then_the_worker_is_told_once(kinds, monkeypatch):
    told = []
    monkeypatch.setattr(outbox, "publish", told.append)
    with transaction.atomic():
        enqueue("1")
        enqueue("2")
    assert told == ["kok.deliver"]


@pytest.mark.django_db
def test_given_a_due_mail_when_delivered_twice_then_it_is_sent_once(kinds):
    kinds["duty"] = lambda row: Mail("Betreff", "Text", (MailAttachment("a.ics", b"BEGIN", "text/calendar"),))
    enqueue()
    assert outbox.deliver(now=NOW) == 1
    assert outbox.deliver(now=NOW) == 0
    [sent] = mail.outbox
    assert (sent.to, sent.subject, sent.attachments[0][0]) == (["a@example.org"], "Betreff", "a.ics")
    row = OutboxMessage.objects.get()
    assert (row.state, row.sent_at) == (State.SENT, NOW)
    assert row.message_id == sent.extra_headers["Message-ID"]


@pytest.mark.django_db
def test_given_a_mail_no_longer_due_when_delivered_then_nothing_goes_out(kinds):
    kinds["duty"] = lambda row: None
    enqueue()
    assert outbox.deliver(now=NOW) == 0
    assert mail.outbox == []
    assert OutboxMessage.objects.get().state == State.OBSOLETE


@pytest.mark.django_db
def test_given_one_broken_mail_when_delivered_then_the_others_go_out(kinds):
    def build(row):
        if row.to.startswith("broken"):
            raise ValueError("Name Muster in broken@example.org")
        return Mail("Betreff", "Text")

    kinds["duty"] = build
    enqueue("1", "broken@example.org")
    enqueue("2", "b@example.org")
    assert outbox.deliver(now=NOW) == 1
    broken = OutboxMessage.objects.get(key=outbox.marked("1"))
    assert (broken.state, broken.attempts) == (State.QUEUED, 1)
    assert broken.error == "Die Nachricht ließ sich nicht erstellen (ValueError)."
    assert broken.next_try_at == NOW + timedelta(minutes=1)


class Server(BaseEmailBackend):
    """Takes what goes to b@example.org and fails for others as `error` says."""

    error: Exception = TimeoutError()
    asked: list[str] = []

    def open(self):
        return True

    def send_messages(self, messages):
        self.asked.extend(messages[0].to)
        if messages[0].to != ["b@example.org"]:
            raise self.error
        return 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "asked"),
    [
        (TimeoutError(), ["a@example.org"]),
        (ConnectionRefusedError(), ["a@example.org"]),
        (SMTPServerDisconnected(), ["a@example.org"]),
        (SMTPDataError(451, b"later"), ["a@example.org", "b@example.org"]),
        (SMTPRecipientsRefused({"a@example.org": (451, b"")}), ["a@example.org", "b@example.org"]),
    ],
)
def test_given_a_mail_server_without_answer_when_delivered_then_nobody_waits_for_it_again_before_the_next_sweep(
    kinds, monkeypatch, error, asked
):
    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    monkeypatch.setattr(Server, "error", error)
    monkeypatch.setattr(Server, "asked", [])
    monkeypatch.setattr(outbox, "get_connection", Server)
    enqueue("1")
    enqueue("2", "b@example.org")
    outbox.deliver(now=NOW)
    assert Server.asked == asked
    outbox.deliver(now=NOW)
    assert Server.asked == ["a@example.org", "b@example.org"]
    assert [(row.state, row.attempts) for row in OutboxMessage.objects.order_by("pk")] == [("QUEUED", 1), ("SENT", 0)]


@pytest.mark.logs_errors
@pytest.mark.django_db
@pytest.mark.parametrize(("code", "tries"), [(550, 3), (451, 6)])
def test_given_a_refused_recipient_when_the_answer_is_final_then_it_is_given_up_within_minutes(
    kinds, monkeypatch, caplog, code, tries
):
    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    monkeypatch.setattr(Server, "error", SMTPRecipientsRefused({"a@example.org": (code, b"<a@example.org> unknown")}))
    monkeypatch.setattr(outbox, "get_connection", Server)
    enqueue()
    moment = NOW
    while OutboxMessage.objects.get().state == State.QUEUED:
        outbox.deliver(now=moment)
        moment += timedelta(days=1)
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == (State.FAILED, tries)
    assert f"({code})" in row.error
    assert f"SMTPRecipientsRefused ({code})" in caplog.records[-1].getMessage()
    assert "example.org" not in row.error + caplog.text


@pytest.mark.django_db
def test_given_a_number_used_again_after_a_restore_when_sent_then_the_message_id_is_new_and_stays_for_every_try(
    kinds, monkeypatch
):
    def sent(key):
        kinds["duty"] = lambda row: Mail("Betreff", "Text")
        enqueue(key)
        with as_owner():
            OutboxMessage.objects.update(id=4711)
        with monkeypatch.context() as refusing:
            refusing.setattr(outbox, "get_connection", Server)
            outbox.deliver(now=NOW)
        first = OutboxMessage.objects.get().message_id
        outbox.deliver(now=NOW + timedelta(minutes=5))
        assert OutboxMessage.objects.get().message_id == first == mail.outbox[-1].extra_headers["Message-ID"]
        emptied(OutboxMessage)
        return first

    assert sent("duty:1") != sent("duty:2")


@pytest.mark.django_db(transaction=True)
def test_given_another_process_that_delivers_when_asked_then_nothing_is_sent_and_nobody_waits(kinds):
    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    enqueue()
    with psycopg.connect(**connection.get_connection_params() | {"cursor_factory": psycopg.Cursor}) as other:
        other.execute("SELECT pg_try_advisory_lock(hashtextextended('delivery', 0))")
        began = time.monotonic()
        assert outbox.deliver(now=NOW) == 0
        assert time.monotonic() - began < 1
        other.execute("SELECT pg_advisory_unlock(hashtextextended('delivery', 0))")
    assert outbox.deliver(now=NOW) == 1


@pytest.mark.django_db
def test_given_a_pdf_that_gets_ready_while_others_are_sent_when_delivered_then_its_mail_goes_out_too(kinds):
    asked = []

    def build(row):
        asked.append(row.key)
        if asked == ["1"]:
            raise NotReady
        return Mail("Betreff", "Text")

    kinds["duty"] = build
    enqueue("1")
    enqueue("2")
    assert outbox.deliver(now=NOW) == 2


@pytest.mark.django_db
def test_given_mails_that_take_long_when_delivered_then_none_is_begun_that_the_end_of_the_task_could_hit(
    kinds, monkeypatch
):
    clock = iter(range(0, 10_000, 100))
    monkeypatch.setattr(outbox.time, "monotonic", lambda: next(clock))
    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    for key in "12345":
        enqueue(key)
    assert outbox.deliver(now=NOW, answer_within=500) == 2
    steps = 4  # connecting, greeting, sender, recipient
    longest = mail_server.ANSWER_WITHIN * 1.5 + steps * settings.EMAIL_TIMEOUT
    assert longest < LONGEST_TASK


@pytest.mark.django_db
def test_given_a_database_error_in_a_builder_when_delivered_then_the_row_still_records_the_failure(kinds):
    def build(row):
        OutboxMessage.objects.create(key=row.key, kind="x", to="x@example.org", next_try_at=NOW)
        return Mail("Betreff", "Text")

    kinds["duty"] = build
    enqueue()
    outbox.deliver(now=NOW)
    assert "(IntegrityError)" in OutboxMessage.objects.get().error


@pytest.mark.django_db
def test_given_a_pdf_still_in_work_when_delivered_then_it_goes_out_as_soon_as_the_pdf_is_there(kinds):
    def build(row):
        raise NotReady

    kinds["duty"] = build
    enqueue()
    outbox.deliver(now=NOW)
    row = OutboxMessage.objects.get()
    assert (row.state, row.attempts) == (State.QUEUED, 0)
    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    assert outbox.deliver(now=NOW) == 1  # the worker made the PDF within the same second


@pytest.mark.django_db
def test_given_six_failures_when_delivered_then_a_person_must_look_and_can_send_it_again(kinds, caplog):
    def build(row):
        raise ConnectionRefusedError

    kinds["duty"] = build
    enqueue()
    moment = NOW
    for _ in range(outbox.MAX_ATTEMPTS):
        outbox.deliver(now=moment)
        moment += timedelta(days=1)
    row = OutboxMessage.objects.get()
    assert row.state == State.FAILED
    assert [record.levelname for record in caplog.records if record.levelname == "ERROR"] == ["ERROR"]
    assert "example.org" not in caplog.text
    caplog.clear()
    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    actions.retry_message(message_id=row.pk, by=None, now=moment)
    assert outbox.deliver(now=moment) == 1


@pytest.mark.django_db(transaction=True)
def test_given_a_broker_that_is_down_when_an_act_commits_then_the_act_stands_and_the_mail_is_kept(kinds, monkeypatch):
    from kok.celery import app

    kinds["duty"] = lambda row: Mail("Betreff", "Text")
    broker = app.conf.broker_url
    app.conf.broker_url = "redis://127.0.0.1:1/0"
    waits = []
    monkeypatch.setattr("kombu.utils.functional.sleep", waits.append)
    try:
        app.pool.force_close_all()
        enqueue()
        assert waits == [], "nobody waits for a broker that is down"
    finally:
        app.conf.broker_url = broker
    assert OutboxMessage.objects.get().state == State.QUEUED
    assert outbox.deliver(now=NOW) == 1


@pytest.mark.parametrize("subject", ["Wer übermittelt die Liste? " * 6, "Who sends " * 12, "kurz"])
def test_given_a_long_subject_when_sent_then_each_header_begins_on_the_line_of_its_name(subject):
    wanted = subject.strip()
    number = {"Message-ID": f"<{'7' * 30}.account.address-changed@{'h' * 20}.example.org>"}
    sent = mail_server.Message(wanted, "Text", to=["a@example.org"], headers=number).message()
    content = sent.as_bytes(linesep="\r\n")
    assert not re.search(rb"^[A-Za-z-]+:[ \t]*\r$", content, re.MULTILINE)
    assert all(len(line) <= 120 for line in content.split(b"\r\n"))
    assert email.message_from_bytes(content, policy=email.policy.default)["Subject"] == wanted


def test_given_a_subject_with_a_line_break_when_sent_then_it_is_refused():
    with pytest.raises(BadHeaderError):
        mail_server.Message("Größe\nBcc: b@example.org", "Text", to=["a@example.org"]).message()
