"""What did not reach anybody, on the page of the jobs: why, and what Technik can do about it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from kok import actions, clock, queries
from kok.models import AuditEvent, OutboxMessage
from tests.builders import a_user, an_outbox_row

pytestmark = pytest.mark.django_db
REASON = "Der Mailserver lehnt den Empfänger ab (550)."


@pytest.fixture
def technik():
    client = Client()
    client.force_login(a_user(role="admin"))
    return client


def a_message(state, *, minutes=0, error=REASON):
    at = clock.now() - timedelta(minutes=minutes)
    return an_outbox_row(
        kind="invitation", key=f"{state}{minutes}", to="k.muster@example.org", state=state, attempts=2, error=error,
        created_at=at, next_try_at=at,
    )  # fmt: skip


def page(client):
    return client.get(reverse("kok:jobs")).content.decode()


@pytest.mark.parametrize(("minutes", "is_listed"), [(14, False), (16, True)])
def test_given_a_message_that_waits_when_it_waits_too_long_then_the_page_says_why_and_names_nobody(
    technik, minutes, is_listed
):
    a_message("QUEUED", minutes=minutes, error="Der Mailserver nimmt gerade nichts an (451).")
    shown = page(technik)
    assert ("Der Mailserver nimmt gerade nichts an (451)." in shown) == is_listed
    assert "k.muster@" not in shown


def test_given_a_message_given_up_when_it_is_dismissed_then_it_is_asked_once_more_and_the_trail_says_so(technik):
    row = a_message("FAILED")
    assert REASON in page(technik)
    address = reverse("kok:dismiss-message", args=[row.pk])
    assert "Das lässt sich nicht zurücknehmen." in technik.get(address).content.decode()
    assert OutboxMessage.objects.get().state == "FAILED"
    assert "Sie wird nicht mehr gesendet." in technik.post(address, follow=True).content.decode()
    assert OutboxMessage.objects.get().state == "OBSOLETE"
    assert REASON not in page(technik)
    assert AuditEvent.objects.filter(action="message.dismissed", note=f"Nachricht {row.pk}").count() == 1


@pytest.mark.parametrize("act", [actions.retry_message, actions.dismiss_message])
def test_given_two_of_technik_when_both_deal_with_a_message_then_the_second_is_told_that_nothing_changed(
    technik, monkeypatch, act
):
    row = a_message("FAILED")
    looked_up = OutboxMessage.objects.filter(pk=row.pk)
    monkeypatch.setattr(queries, "failed_messages", lambda: looked_up)
    actions.retry_message(message_id=row.pk, by=None, now=clock.now())
    name = "kok:retry-message" if act == actions.retry_message else "kok:dismiss-message"
    answer = technik.post(reverse(name, args=[row.pk]), follow=True).content.decode()
    assert "Diese Nachricht steht nicht mehr unter den nicht zugestellten. Es wurde nichts geändert." in answer
    assert "noch einmal gesendet." not in answer
    assert "nicht mehr gesendet." not in answer
    assert OutboxMessage.objects.get().state == "QUEUED"
    assert AuditEvent.objects.filter(action__startswith="message.").count() == 1


@pytest.mark.parametrize("state", ["QUEUED", "OBSOLETE"])
def test_given_a_message_that_was_not_given_up_when_dismissed_then_there_is_nothing_to_dismiss(technik, state):
    row = a_message(state)
    assert technik.post(reverse("kok:dismiss-message", args=[row.pk])).status_code == 404
    assert OutboxMessage.objects.get().state == state
