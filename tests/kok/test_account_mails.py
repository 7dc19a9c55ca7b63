"""Mails about accounts: whoever asks for a new password learns nothing; a row holds no address, a link lives a day."""

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kok import account_mails, clock, outbox
from kok.models import OutboxMessage, User
from members import actions
from tests.builders import a_user
from tests.transitions.traces import rows, tables

pytestmark = pytest.mark.django_db
NEW = {"password1": "ein-ganz-anderes-Kennwort", "password2": "ein-ganz-anderes-Kennwort"}
STRANGER = "niemand@zaunkoenig.example"


@pytest.fixture
def person():
    return a_user(username="erika")


def ask(address: str, client: Client | None = None) -> tuple[list[str], tuple[int, str]]:
    """The statements, with everything that a person typed or chance made taken out, and the answer."""
    with CaptureQueriesContext(connection) as asked:
        answer = (client or Client()).post(reverse("account_reset_password"), {"email": address})
    said = [re.sub(r"'(?:[^']|'')*'(?:::\w+)?|\b\d+\b|s\d+_x\d+", "?", query["sql"]) for query in asked]
    return said, (answer.status_code, answer["Location"])


def path_of(link: str) -> str:
    return re.sub("https?://[^/]+", "", link)


def link_of(message: mail.EmailMessage) -> str:
    return path_of(re.search(r"https?://\S+", message.body)[0])


def opens(link: str) -> bool:
    return "Der Link gilt nicht mehr" not in Client().get(link, follow=True).content.decode()


# Nobody learns who has an account


def test_given_a_known_and_an_unknown_address_when_asked_then_answer_statements_and_rows_are_the_same(person):
    locked = a_user(username="otto")
    locked.is_active = False
    locked.save()
    ask("waerme@example.org")  # the first one prepares what is kept
    known, unknown, closed = ask(person.email), ask(STRANGER), ask(locked.email)
    assert known == unknown == closed
    made = OutboxMessage.objects.order_by("pk")[1:]
    assert [(row.kind, row.to, row.state, len(row.key)) for row in made] == [
        ("account.reset", "", "QUEUED", len(made[0].key))
    ] * 3
    assert [row.context for row in made] == [{"accounts": [person.pk]}, {"accounts": []}, {"accounts": []}]


def test_given_a_stranger_when_he_types_an_address_then_it_stands_nowhere_and_the_worker_drops_the_row(person):
    ask(STRANGER)
    outbox.deliver(now=clock.now())
    assert [table for table in tables() if any("zaunkoenig" in row for row in rows(table))] == []
    assert OutboxMessage.objects.get().state == "OBSOLETE"
    assert mail.outbox == []


def test_given_a_link_on_its_way_when_the_database_is_read_then_neither_link_nor_address_stands_in_the_outbox(person):
    ask(person.email)
    outbox.deliver(now=clock.now())
    [message] = mail.outbox
    key = link_of(message).rstrip("/").rpartition("/")[2].partition("-")[2]
    assert message.to == [person.email]
    everything = " ".join(row for table in tables() for row in rows(table) if table != "kok_user")
    assert key not in everything
    assert person.email not in " ".join(rows("kok_outboxmessage"))


class Refusing(BaseEmailBackend):
    """A mail server that takes nothing."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"no")})


def test_given_a_mail_server_that_refuses_when_asked_for_a_link_then_the_answer_is_the_same_and_a_password_changes(
    person, settings
):
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    assert ask(person.email)[1] == ask(STRANGER)[1] == (302, reverse("account_reset_password_done"))
    outbox.deliver(now=clock.now())
    client = Client()
    form = client.get(path_of(account_mails.password_link(person)), follow=True)
    done = client.post(form.redirect_chain[-1][0], NEW, follow=True)
    assert "Das neue Passwort gilt" in done.content.decode()
    person.refresh_from_db()
    assert person.check_password(NEW["password1"])


def test_given_somebody_who_asks_again_and_again_when_the_sixth_time_comes_then_he_waits_whoever_it_is(person):
    for address in (person.email, STRANGER):
        for _ in range(5):
            Client(REMOTE_ADDR="192.0.2.7").post(reverse("account_reset_password"), {"email": address})
    sixth = [
        Client(REMOTE_ADDR="192.0.2.7").post(reverse("account_reset_password"), {"email": address}).content.decode()
        for address in (person.email, STRANGER)
    ]
    assert all("Es ist keine weitere Mail unterwegs" in page for page in sixth)
    assert OutboxMessage.objects.count() == 10
    assert ask(person.email, Client(REMOTE_ADDR="203.0.113.9"))[1][0] == 302


def test_given_one_address_when_asked_for_from_many_networks_then_ten_mails_go_and_known_and_unknown_are_answered_alike(
    person,
):
    def ask_from(number: int, address: str) -> tuple[list[str], tuple[int, str]]:
        return ask(address, Client(REMOTE_ADDR=f"198.51.{number}.7"))

    ask("waerme@example.org")  # the first one prepares what is kept
    known = [ask_from(number, person.email.upper() if number % 2 else person.email) for number in range(12)]
    unknown = [ask_from(100 + number, STRANGER) for number in range(12)]
    assert known == unknown
    assert known[0] == known[11]
    assert known[0][1] == (302, reverse("account_reset_password_done"))
    assert OutboxMessage.objects.count() == 25
    outbox.deliver(now=clock.now())
    assert [message.to for message in mail.outbox] == [[person.email]] * 10
    assert all(opens(link_of(message)) for message in mail.outbox)


def test_given_two_accounts_with_one_address_when_asked_then_one_mail_has_a_link_for_each_and_says_which(person):
    other = a_user(username="erika-technik")
    other.email = person.email.upper()
    other.save()
    ask(person.email)
    outbox.deliver(now=clock.now())
    [message] = mail.outbox
    links = re.findall(r"(\S+):\nhttps?://[^/]+(/konto/\S+)", message.body)
    assert [name for name, _ in links] == ["erika", "erika-technik"]
    assert all(opens(link) for _, link in links)


# How long a link lives


@pytest.mark.parametrize(("hours", "works"), [(23, True), (25, False)])
def test_given_a_link_to_a_new_password_when_a_day_is_over_then_it_is_dead(person, hours, works):
    ask(person.email)
    outbox.deliver(now=clock.now())
    [message] = mail.outbox
    assert "Er gilt 24 Stunden" in message.body
    with time_machine.travel(clock.now().astimezone(clock.BERLIN) + timedelta(hours=hours), tick=True):
        assert opens(link_of(message)) is works


@pytest.mark.parametrize(("days", "works"), [(6, True), (8, False)])
def test_given_an_invitation_when_a_week_is_over_then_it_is_dead(person, days, works):
    person.set_unusable_password()
    person.save()
    link = path_of(account_mails.password_link(person))
    with time_machine.travel(clock.now().astimezone(clock.BERLIN) + timedelta(days=days), tick=True):
        assert opens(link) is works


# Which account


@pytest.mark.parametrize("is_alone", [True, False])
@pytest.mark.parametrize("what", ["changed", "code", "closed", "address"])
def test_given_a_mailbox_with_one_account_or_two_when_a_mail_is_about_one_then_only_of_two_it_says_which(
    person, what, is_alone
):
    other = a_user(username="otto")
    closed = a_user(username="zu")
    User.objects.filter(pk=closed.pk).update(email=person.email, is_active=False)
    if not is_alone:
        User.objects.filter(pk=other.pk).update(email=person.email.upper())
    now = clock.now()
    if what == "changed":
        account_mails.queue(account_mails.CHANGED, person, now=now, change="password_changed")
    elif what == "code":
        account_mails.queue("account.code", person, now=now, number="1")
    elif what == "closed":
        actions.close_account(user=person, by=a_user(role="admin", partner=None), now=now)
    else:
        actions.ask_for_address(user=person, email="anderswo@example.org", by=person, now=now)
    outbox.deliver(now=now)
    [sent] = [each for each in mail.outbox if each.to == [person.email]]
    assert ("Konto „erika“" in sent.body) is not is_alone
    for body in (each.body for each in mail.outbox if each is not sent):
        assert "erika" not in body
