"""Reported barriers: told without an account, answered within six weeks, forgotten in time, in no mail."""

from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from kok import barriers, erasure, health, outbox, reminders
from kok.errors import Refused
from kok.models import AuditEvent, BarrierReport, OutboxMessage
from tests.builders import a_user, an_agreement, publish_pages
from tests.meetings.held import signed_in
from tests.roles import by_worker, emptied

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 3, 1, 22, 30, tzinfo=UTC)  # 23:30 in Berlin
RECEIVED, DUE = date(2027, 3, 1), date(2027, 4, 12)
TEXT, PLACE, CONTACT = "Zitronenfalter unlesbar", "/seite/zaunkoenig/", "rotkehlchen@example.org"
FIELDS = {"text": TEXT, "place": PLACE, "contact": CONTACT}


@pytest.fixture
def operator(settings, monkeypatch):
    """Who runs the installation; of its parts only the pages are looked at, no worker and no broker runs here."""
    monkeypatch.setattr(health, "_parts", {"statutory_pages": health._parts["statutory_pages"]})
    settings.KOK_NOW = NOW.isoformat()
    an_agreement()
    user = a_user(role="admin")
    user.email = "technik@example.org"
    user.save()
    publish_pages(by=user)
    return user


def a_report(now=NOW, **fields):
    return barriers.report(**FIELDS | fields, now=now)


def send(client=None, **fields):
    return (client or Client()).post(reverse("kok:barrier-report"), FIELDS | fields, follow=True)


def text_of(answer):
    """A page, without the breaks of the lines of its template."""
    return " ".join(unescape(answer.content.decode()).split())


@pytest.mark.parametrize(
    ("received_on", "due_on"),
    [
        (RECEIVED, DUE),
        (date(2026, 12, 1), date(2027, 1, 12)),
        (date(2024, 2, 29), date(2024, 4, 11)),
        (date(2027, 3, 20), date(2027, 5, 1)),  # a Saturday and a holiday: not later
    ],
)
def test_given_the_day_of_receipt_when_counted_then_the_answer_is_due_six_weeks_later(received_on, due_on):
    assert barriers.answer_due(received_on) == due_on


def test_given_nobody_signed_in_when_a_barrier_is_reported_then_the_page_says_what_happens_and_technik_is_told(
    operator,
):
    answer = send()
    assert answer.redirect_chain == [(reverse("kok:barrier-reported"), 302)]
    assert "Ihre Meldung ist angekommen. Wir antworten bis Mo 12.04.2027." in text_of(answer)
    assert "Durchsetzungsstelle" in text_of(answer)
    row = BarrierReport.objects.get()
    assert (row.text, row.place, row.contact) == (TEXT, PLACE, CONTACT)
    outbox.deliver(now=NOW + timedelta(minutes=1))
    (message,) = mail.outbox
    assert message.to == [operator.email]
    assert reverse("kok:barriers") in message.body
    assert "12.04.2027" in message.body


def test_given_no_contact_when_a_barrier_is_reported_then_no_answer_is_promised(operator):
    answer = text_of(send(contact=""))
    assert "Ihre Meldung ist angekommen." in answer
    assert "Wir antworten bis" not in answer


def test_given_reports_of_two_hours_when_mails_are_counted_then_there_is_one_for_each_hour(operator):
    for minutes in (0, 5, 29, 60):
        a_report(NOW + timedelta(minutes=minutes))
    assert OutboxMessage.objects.count() == 2


def test_given_a_report_that_was_answered_before_its_mail_when_another_came_in_that_hour_then_technik_is_told_of_it(
    operator,
):
    first = a_report()
    a_report(NOW + timedelta(minutes=5), contact="")
    barriers.answer(pk=first.pk, on=RECEIVED, what="Getan.", by=operator, now=NOW + timedelta(minutes=6))
    outbox.deliver(now=NOW + timedelta(minutes=7))
    (message,) = mail.outbox
    assert "Die Meldung nennt keinen Weg für eine Antwort." in message.body


def test_given_a_report_when_everything_around_it_is_searched_then_its_words_stand_nowhere_else(operator, caplog):
    caplog.set_level("DEBUG")
    answer = send()
    outbox.deliver(now=NOW + timedelta(minutes=1))
    for day in (35, 42):
        reminders.queue(today=RECEIVED + timedelta(days=day), now=NOW + timedelta(days=day))
    outbox.deliver(now=NOW + timedelta(days=50))
    rows = [*OutboxMessage.objects.values_list("key", "context", "error"), *AuditEvent.objects.values_list()]
    around = [str(rows), caplog.text, str(answer.redirect_chain), *(m.subject + m.body for m in mail.outbox)]
    assert len(mail.outbox) == 3
    for word in ("Zitronenfalter", "zaunkoenig", "rotkehlchen"):
        assert word not in "".join(around)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"text": ""}, "Hier fehlt noch eine Angabe."),
        ({"text": "x" * 4003}, "Der Text hat 4003 Zeichen, möglich sind 4000. Er steht noch hier."),
        ({"place": "x" * 301}, "Der Text hat 301 Zeichen, möglich sind 300."),
        ({"contact": "x" * 201}, "Der Text hat 201 Zeichen, möglich sind 200."),
    ],
)
def test_given_too_little_or_too_much_when_reported_then_a_sentence_says_so_and_nothing_typed_is_lost(
    operator, fields, says
):
    answer = send(**fields)
    assert says in text_of(answer)
    for value in (FIELDS | fields).values():
        assert value in text_of(answer)
    assert not BarrierReport.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "elsewhere"),
    [("192.0.2.7", "192.0.2.99", "198.51.100.8"), ("2001:db8:0:1::1", "2001:db8:0:1:a:b:c:d", "2001:db8:0:2::1")],
)
def test_given_a_flood_from_one_network_when_another_reports_then_only_the_first_waits_and_keeps_its_text(
    operator, first, last, elsewhere
):
    flood, other = Client(REMOTE_ADDR=first), Client(REMOTE_ADDR=elsewhere)
    for _ in range(10):
        assert send(flood).status_code == 200
    refused = send(Client(REMOTE_ADDR=last))
    assert list(OutboxMessage.objects.values_list("to", flat=True)) == [operator.email]
    assert refused.status_code == 429
    assert "in der letzten Stunde sehr viele Meldungen" in text_of(refused)
    assert TEXT in text_of(refused)
    assert BarrierReport.objects.count() == 10
    assert send(other).status_code == 200
    assert BarrierReport.objects.count() == 11
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(held::text, ' ') FROM kok_attempts held")
        assert "192.0.2" not in cursor.fetchone()[0]


def test_given_a_form_of_somebody_else_when_sent_then_it_is_refused(operator):
    assert Client(enforce_csrf_checks=True).post(reverse("kok:barrier-report"), FIELDS).status_code == 403
    assert not BarrierReport.objects.exists()


@pytest.mark.parametrize(
    ("today", "says"),
    [
        (RECEIVED, "noch 42 Tage"),
        (DUE - timedelta(days=1), "noch ein Tag"),
        (DUE, "nur noch heute"),
        (date(2027, 4, 14), "seit 2 Tagen überfällig"),
    ],
)
def test_given_an_open_report_when_technik_looks_then_the_jobs_and_the_list_say_until_when(
    operator, settings, today, says
):
    row = a_report()
    settings.KOK_NOW = f"{today}T12:00"
    client = signed_in(operator)
    for name in ("kok:jobs", "kok:barriers"):
        page = text_of(client.get(reverse(name)))
        assert says in page
        assert ("kok-tone-danger" in page) is (today > DUE)
        assert reverse("kok:barrier", args=[row.pk]) in page
        for word in (TEXT, PLACE):
            assert (word in page) is (name == "kok:barriers")
        assert "nichts Unerledigtes" not in page
        assert name == "kok:barriers" or page.index('id="betrieb"') < page.index('id="barrieren"')
    page = text_of(client.get(reverse("kok:barrier", args=[row.pk])))
    assert TEXT in page
    assert CONTACT in page


def test_given_an_answer_when_written_down_then_it_is_closed_once_and_nobody_is_reminded(operator):
    row, client = a_report(), signed_in(operator)
    address = reverse("kok:barrier", args=[row.pk])
    fields = {"on": "01.03.2027", "what": "Der Kontrast ist jetzt höher."}
    answer = client.post(address, fields, follow=True)
    assert "Die Meldung ist als erledigt eingetragen." in text_of(answer)
    row.refresh_from_db()
    assert (row.answered_on, row.answer, row.answered_by) == (RECEIVED, fields["what"], operator)
    assert AuditEvent.objects.filter(action="barrier.answered", actor_id=operator.pk).count() == 1
    assert "Es liegt nichts Unerledigtes vor" in text_of(client.get(reverse("kok:jobs")))
    assert "Als erledigt eintragen" not in text_of(client.get(address))
    again = client.post(address, fields)
    assert "schon als erledigt eingetragen" in text_of(again)
    assert text_of(again).count(fields["what"]) == 2
    assert [due for due in reminders.due_on(DUE) if due.kind == barriers.REMINDER] == []


def test_given_nobody_to_answer_when_a_report_is_worked_on_then_no_word_speaks_of_an_answer_to_the_person(
    operator, settings
):
    row, client = a_report(contact=""), signed_in(operator)
    address = reverse("kok:barrier", args=[row.pk])
    outbox.deliver(now=NOW)
    reminders.queue(today=DUE, now=NOW)
    outbox.deliver(now=NOW)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert "keinen Weg für eine Antwort" in message.body or "einen Weg für eine Antwort nennt" in message.body
        assert "wann Sie geantwortet haben" not in message.body
        assert "bei der Person" not in message.body
    page = text_of(client.get(address))
    assert "Erledigt am" in page
    assert f'value="{RECEIVED:%d.%m.%Y}"' in page or f'value="{RECEIVED}"' in page
    client.post(address, {"on": "01.03.2027", "what": "Getan."})
    for shown in (page, text_of(client.get(address)), text_of(client.get(reverse("kok:barriers")))):
        for word in ("geantwortet", "eantwortet am", "beantwortet"):
            assert word not in shown
    assert "Wann haben Sie geantwortet?" in text_of(client.get(reverse("kok:barrier", args=[a_report().pk])))


def test_given_the_page_after_a_report_when_opened_by_itself_then_it_does_not_say_that_something_arrived():
    page = text_of(Client().get(reverse("kok:barrier-reported")))
    for word in ("angekommen", "Danke"):
        assert word not in page
    assert "Durchsetzungsstelle" in page
    assert "Die Anschrift dieser Stelle steht in der" in page


@pytest.mark.parametrize("day", [RECEIVED - timedelta(days=1), RECEIVED + timedelta(days=1)])
def test_given_a_day_that_cannot_be_when_answered_then_it_is_refused(operator, day):
    row = a_report()
    with pytest.raises(Refused, match="vor der Meldung oder in der Zukunft"):
        barriers.answer(pk=row.pk, on=day, what="x", by=operator, now=NOW)
    page = signed_in(operator).post(reverse("kok:barrier", args=[row.pk]), {"on": f"{day:%d.%m.%Y}", "what": "Getan."})
    assert "Getan." in text_of(page)


def test_given_half_an_answer_when_stored_then_the_database_refuses(operator):
    row = a_report()
    row.answered_on = RECEIVED
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_given_six_weeks_when_their_days_are_asked_then_technik_is_reminded_a_week_before_and_on_the_last_day(
    operator, settings
):
    a_report()
    a_user(role="member")
    emptied(OutboxMessage)
    told = []
    for day in (0, 34, 35, 36, 41, 42, 43, 60):
        now = NOW + timedelta(days=day)
        settings.KOK_NOW = now.isoformat()
        reminders.queue(today=RECEIVED + timedelta(days=day), now=now)
        outbox.deliver(now=now)
        told += [(day, message.to) for message in mail.outbox]
        mail.outbox.clear()
    assert told == [(35, [operator.email]), (42, [operator.email])]


def test_given_beat_off_for_weeks_when_it_comes_back_then_only_the_latest_stage_is_told(operator, settings):
    a_report()
    emptied(OutboxMessage)
    settings.KOK_NOW = "2027-05-03T08:00"
    reminders.queue(today=date(2027, 5, 3), now=NOW)
    outbox.deliver(now=datetime(2027, 5, 3, tzinfo=UTC))
    (message,) = mail.outbox
    assert "und sind vorbei" in message.body


@pytest.mark.parametrize("change", ["answered", "role lost"])
def test_given_a_waiting_mail_when_it_is_answered_or_the_role_is_lost_then_it_is_not_sent(operator, change):
    row = a_report()
    if change == "answered":
        barriers.answer(pk=row.pk, on=RECEIVED, what="Getan.", by=operator, now=NOW)
    else:
        operator.is_active = False
        operator.save()
    outbox.deliver(now=NOW)
    assert mail.outbox == []


def test_given_answered_reports_when_time_goes_by_then_the_contact_goes_first_and_the_report_later(operator):
    answered, waiting = a_report(), a_report()
    barriers.answer(pk=answered.pk, on=RECEIVED, what="Getan.", by=operator, now=NOW)
    by_worker(erasure.run, now=datetime(2027, 8, 31, 3, 0, tzinfo=UTC))
    assert BarrierReport.objects.get(pk=answered.pk).contact == CONTACT
    by_worker(erasure.run, now=datetime(2027, 9, 1, 3, 0, tzinfo=UTC))
    assert BarrierReport.objects.get(pk=answered.pk).contact == ""
    assert BarrierReport.objects.get(pk=waiting.pk).contact == CONTACT
    by_worker(erasure.run, now=datetime(2030, 3, 1, 3, 0, tzinfo=UTC))
    assert list(BarrierReport.objects.all()) == [waiting]
    by_worker(erasure.run, now=datetime(2033, 3, 1, 3, 0, tzinfo=UTC))
    assert not BarrierReport.objects.exists()


def test_given_any_page_of_the_footer_when_read_then_it_leads_to_the_form():
    for name in ("hilfe", "barrierefreiheit", "leichte-sprache"):
        assert 'href="/barriere-melden/"' in text_of(Client().get(reverse("kok:page", args=[name])))
