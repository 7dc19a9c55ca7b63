"""Signs of life: a worker or a beat that is silent is seen, and told once by the other one."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from kok import celery, health, outbox, pulses, statutory, tasks
from kok.database import roles
from kok.models import AuditEvent, Document, OutboxMessage, Pulse
from kok.pulses import BEAT, WORKER
from tests.builders import a_user, an_agreement, an_outbox_row
from tests.roles import acting_as, by_worker

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 12, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def operator():
    """Who runs the installation, with an address."""
    user = a_user(role="admin")
    user.email = "technik@example.org"
    user.save()
    return user


def living(*names, minutes, since=NOW, started=NOW - timedelta(days=1)):
    """These, which were started then, give a sign each minute; when the last one was."""
    for minute in range(minutes + 1):
        for name in names:
            now = since + minute * MINUTE
            with acting_as({BEAT: roles.BEAT, WORKER: roles.WORKER}[name]):
                pulses.sign(name, now=now, age=now - started)
    return since + minutes * MINUTE


def trail():
    events = AuditEvent.objects.filter(action__startswith="pulse.").order_by("pk")
    return list(events.values_list("action", "note"))


@pytest.mark.logs_errors
@pytest.mark.parametrize(("silent", "left"), [(WORKER, BEAT), (BEAT, WORKER)])
def test_given_one_that_falls_silent_when_the_other_goes_on_then_it_tells_once_and_delivers_by_itself(
    operator, silent, left
):
    an_agreement()
    a_user(role="member")
    last = living(BEAT, WORKER, minutes=5)
    living(left, minutes=2, since=last)
    assert mail.outbox == []
    living(left, minutes=120, since=last + 3 * MINUTE)
    (message,) = mail.outbox
    assert message.to == [operator.email]
    assert reverse("kok:jobs") in message.body
    title = {WORKER: "Worker", BEAT: "Zeitplan (beat)"}[silent]
    assert message.subject == f"KoK: {title} arbeitet nicht"
    assert f"der Teil „{title}“ der Anwendung gibt seit" in message.body
    assert trail() == [(f"pulse.{silent}-silent", "seit 12.03.2027, 10:05 Uhr")]
    assert OutboxMessage.objects.get().state == OutboxMessage.State.SENT


@pytest.mark.logs_errors
def test_given_a_second_silence_when_the_first_is_over_then_it_is_told_again_and_the_end_is_not(operator):
    last = living(BEAT, WORKER, minutes=5)
    last = living(BEAT, minutes=10, since=last)
    last = living(BEAT, WORKER, minutes=5, since=last)
    assert len(mail.outbox) == 1
    living(BEAT, minutes=10, since=last)
    assert len(mail.outbox) == 2


@pytest.mark.logs_errors
def test_given_two_beats_when_a_worker_is_silent_then_it_is_told_once(operator):
    last = living(BEAT, BEAT, WORKER, minutes=5)
    living(BEAT, BEAT, minutes=10, since=last)
    assert len(mail.outbox) == len(trail()) == 1


@pytest.mark.logs_errors
def test_given_a_worker_that_never_came_when_beat_has_waited_then_it_is_told(operator):
    living(BEAT, minutes=2)
    assert mail.outbox == []
    living(BEAT, minutes=10, since=NOW + 3 * MINUTE)
    assert trail() == [("pulse.worker-silent", "seit 12.03.2027, 10:00 Uhr")]
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("jump", [timedelta(hours=9), -timedelta(hours=9), timedelta(minutes=4)])
@pytest.mark.parametrize("first", [(BEAT, WORKER), (WORKER, BEAT)])
def test_given_a_night_off_a_database_away_or_a_clock_that_jumps_when_all_go_on_then_nobody_is_told(
    operator, jump, first
):
    last = living(BEAT, WORKER, minutes=10)
    living(*first, minutes=10, since=last + jump)
    assert mail.outbox == []
    assert trail() == []


@pytest.mark.logs_errors
@pytest.mark.parametrize("first", [BEAT, WORKER])
def test_given_an_update_of_less_than_three_minutes_when_one_is_back_before_the_other_then_only_a_real_silence_is_told(
    operator, first
):
    last = living(BEAT, WORKER, minutes=10)
    back = last + timedelta(seconds=170)
    last = living(first, minutes=2, since=back, started=back)
    assert mail.outbox == []
    living(first, minutes=1, since=last + MINUTE, started=back)
    assert len(mail.outbox) == 1


@pytest.fixture
def fresh(monkeypatch):
    """A child of a worker that has given no sign yet."""
    monkeypatch.setattr(celery._sign_of_tasks, "_next", 0.0)


def signs_of_worker():
    return list(Pulse.objects.filter(name=WORKER).values_list("at", flat=True))


def test_given_a_queue_in_which_the_own_sign_is_late_when_any_task_ends_then_the_worker_has_given_one(fresh, settings):
    settings.KOK_NOW = NOW.isoformat()
    by_worker(tasks.deliver.apply)
    (at,) = signs_of_worker()
    assert NOW <= at < NOW + MINUTE


def test_given_many_tasks_when_they_end_within_half_a_minute_then_one_sign_is_written(fresh, settings):
    settings.KOK_NOW = NOW.isoformat()
    by_worker(tasks.deliver.apply)
    first = signs_of_worker()
    for _ in range(5):
        by_worker(tasks.deliver.apply)
    assert signs_of_worker() == first
    celery._sign_of_tasks._next -= 30
    by_worker(tasks.deliver.apply)
    assert signs_of_worker() > first


def test_given_a_sign_that_fails_when_a_task_ends_then_the_task_is_done_all_the_same(fresh, monkeypatch, caplog):
    monkeypatch.setattr(pulses, "_write", lambda name, now: 1 / 0)
    assert by_worker(tasks.deliver.apply).successful()
    assert "Das Lebenszeichen ist nicht gelungen (ZeroDivisionError)." in caplog.text


@pytest.mark.logs_errors
def test_given_a_clock_that_was_put_back_when_the_worker_is_silent_since_then_it_is_told_all_the_same(operator):
    last = living(BEAT, WORKER, minutes=10)
    living(BEAT, minutes=10, since=last - timedelta(hours=9))
    assert len(mail.outbox) == 1


@pytest.mark.logs_errors
def test_given_other_mails_that_wait_when_silence_is_told_then_only_that_mail_goes_out(operator):
    an_outbox_row(kind="x", key="x", to="x@example.org", next_try_at=NOW)
    last = living(BEAT, WORKER, minutes=5)
    living(BEAT, minutes=10, since=last)
    assert len(mail.outbox) == 1
    assert OutboxMessage.objects.get(key="x").attempts == 0  # nobody tried


@pytest.mark.logs_errors
def test_given_a_mail_server_that_refuses_when_it_answers_again_then_the_mail_is_sent_by_whoever_lives(
    operator, settings
):
    settings.EMAIL_BACKEND, sound = "tests.kok.test_pulses.Refusing", settings.EMAIL_BACKEND
    last = living(BEAT, WORKER, minutes=5)
    last = living(BEAT, minutes=3, since=last)
    assert OutboxMessage.objects.get().attempts == 1
    settings.EMAIL_BACKEND = sound
    living(BEAT, minutes=4, since=last)
    assert len(mail.outbox) == 1


class Refusing:
    """A mail server that takes nothing."""

    def __init__(self, *args, **kwargs):
        pass

    def open(self):
        raise ConnectionRefusedError

    def close(self):
        pass


def test_given_somebody_who_lost_the_role_when_the_mail_is_due_then_it_is_not_sent(operator):
    an_outbox_row(kind=pulses.MAIL, key="x", to=operator.email, context={"user": operator.pk}, next_try_at=NOW)
    operator.is_active = False
    operator.save()
    outbox.deliver(now=NOW)
    assert mail.outbox == []


# The page


@pytest.fixture
def page(operator, settings, monkeypatch):
    """The page *Aufträge* as it is at a moment, with a broker and pages of the footer that are well."""
    for name in ("broker", "statutory_pages"):
        monkeypatch.setitem(health._parts, name, health.HealthPart(name, name, lambda now: []))
    monkeypatch.setattr(statutory, "unpublished", list)

    def opened(now):
        settings.KOK_NOW = now.isoformat()
        client = Client()
        client.force_login(operator)
        return " ".join(client.get(reverse("kok:jobs")).content.decode().split())

    return opened


def waiting_message(at, **more):
    an_outbox_row(kind="x", key=f"x{at}", to="x@example.org", created_at=at, next_try_at=at, **more)


def waiting_document(at, **more):
    Document.objects.create(kind="minutes", object_id=1, filename="x.pdf", requested_at=at, **more)


def nothing(at):
    """All is done."""


NONE_LEFT = "Es liegt nichts Unerledigtes vor."


@pytest.mark.parametrize(
    ("left", "minutes", "says"),
    [
        (nothing, 0, NONE_LEFT),
        (waiting_message, 2, NONE_LEFT),
        (waiting_message, 2, "Eine Nachricht wartet seit 2 Minuten auf den Versand."),
        (waiting_message, 180, "Nicht in Ordnung: Nachrichten."),
        (waiting_message, 180, "Eine Nachricht wartet seit 3 Stunden."),
        (waiting_document, 2, "Das älteste Dokument, das noch nicht fertig ist, wartet seit 2 Minuten."),
        (waiting_document, 3000, "Nicht in Ordnung: Dokumente."),
        (waiting_document, 3000, "Ein Dokument wartet seit 2 Tagen."),
    ],
)
def test_given_something_that_waits_when_the_page_is_opened_then_it_says_since_when_and_never_that_nothing_is_left(
    page, left, minutes, says
):
    living(BEAT, WORKER, minutes=0)
    left(NOW - minutes * MINUTE)
    shown = page(NOW)
    assert says in shown
    assert (NONE_LEFT in shown) == (minutes < 15)


@pytest.mark.parametrize(
    ("gave_signs", "title", "sentence"),
    [
        ([BEAT], "Worker", "Hat noch kein Zeichen gegeben. Nachrichten und Dokumente warten."),
        ([WORKER], "Zeitplan (beat)", "Hat noch kein Zeichen gegeben. Erinnerungen, Löschlauf"),
    ],
)
def test_given_one_without_a_sign_when_the_page_is_opened_then_it_is_red_and_says_what_to_do(
    page, gave_signs, title, sentence
):
    living(*gave_signs, minutes=0)
    shown = page(NOW)
    assert f"Nicht in Ordnung: {title}." in shown
    assert sentence in shown
    name = {"Worker": "worker"}.get(title, "beat")
    assert (Path("docs/examples/systemd") / f"kok-{name}.service").is_file()
    for command in (f"systemctl restart kok-{name}", f"docker compose restart {name}", f"--unit kok-{name}"):
        assert f"{command}“" in shown
    assert not re.search(r"\bProtokoll\b", shown.partition('id="betrieb"')[2])
    assert NONE_LEFT not in shown


@pytest.mark.logs_errors
def test_given_a_silent_worker_when_the_page_is_opened_then_it_says_since_when_and_monitoring_reads_degraded(page):
    last = living(BEAT, WORKER, minutes=5)
    last = living(BEAT, minutes=3, since=last)
    assert "Schweigt seit 12.03.2027, 10:05 Uhr. Nachrichten und Dokumente warten." in page(last)
    answer = health.answer(last)
    assert (answer["status"], answer["parts"]["worker"], answer["parts"]["beat"]) == ("degraded", "degraded", "ok")


@pytest.mark.parametrize(
    ("attempts", "since"), [(0, timedelta(minutes=1)), (2, timedelta(hours=5))], ids=["put back", "tried in vain"]
)
def test_given_an_old_message_when_it_waits_again_then_a_new_beginning_counts_and_a_try_does_not(page, attempts, since):
    at = NOW - timedelta(hours=5)
    an_outbox_row(kind="x", key="x", to="x@example.org", created_at=at, next_try_at=NOW - MINUTE, attempts=attempts)
    assert f"Eine Nachricht wartet {health.so_long(since)} auf den Versand." in page(NOW)


@pytest.mark.parametrize(
    ("age", "words"),
    [
        (timedelta(seconds=-5), "seit weniger als einer Minute"),
        (timedelta(seconds=59), "seit weniger als einer Minute"),
        (MINUTE, "seit einer Minute"),
        (59.9 * MINUTE, "seit 59 Minuten"),
        (60 * MINUTE, "seit einer Stunde"),
        (timedelta(hours=23.9), "seit 23 Stunden"),
        (timedelta(days=1), "seit einem Tag"),
        (timedelta(days=12.5), "seit 12 Tagen"),
    ],
)
def test_given_an_age_when_told_then_in_words(age, words):
    assert health.so_long(age) == words


def test_given_signs_for_hours_when_counted_then_there_is_one_row_each_and_nothing_in_the_trail():
    living(BEAT, WORKER, minutes=200)
    assert sorted(Pulse.objects.values_list("name", flat=True)) == [BEAT, WORKER]
    assert not AuditEvent.objects.exists()
    assert not OutboxMessage.objects.exists()
