"""Codes of acts, mails and documents have German words, or they are not used at all."""

import importlib
from datetime import UTC, datetime

import pytest
from django.db import transaction

from kok import audit, dispatch, documents, outbox
from kok.account_mails import CHANGES
from kok.models import AuditEvent, Dispatch, Document, OutboxMessage
from kok.vocabulary import ACTS, DOCUMENTS, MAILS, Unknown, Vocabulary

NOW = datetime(2027, 4, 16, 8, 0, tzinfo=UTC)
APPS = [
    "kok.acts", "members.rules.acts", "meetings.convening.rules.acts", "meetings.record.rules.acts",
    "transitions.rules.acts", "reporting.duties.rules.acts", "reporting.figures.rules.acts",
    "reporting.yearly.rules.acts",
]  # fmt: skip


@pytest.fixture
def seats():
    found = Vocabulary("Vorgang")
    found.add({"seat.assigned": "Sitz besetzt"})
    return found


def test_given_a_code_with_words_when_used_or_shown_then_it_is_known(seats):
    assert seats.known("seat.assigned") == "seat.assigned"
    assert seats.word("seat.assigned") == "Sitz besetzt"


def test_given_a_code_without_words_when_used_then_it_fails_and_when_shown_it_stays_as_it_is(seats):
    with pytest.raises(Unknown, match=r"seat\.gone"):
        seats.known("seat.gone")
    assert seats.word("seat.gone") == "seat.gone"


def test_given_a_code_of_one_app_when_another_one_brings_it_too_then_it_is_refused(seats):
    with pytest.raises(ValueError, match=r"seat\.assigned"):
        seats.add({"seat.assigned": "Anders"})


@pytest.mark.parametrize("module", APPS)
def test_given_an_app_when_it_starts_then_all_its_codes_are_registered(module):
    brought = importlib.import_module(module)
    assert brought.ACTS.items() <= ACTS.words.items()
    assert getattr(brought, "MAILS", {}).items() <= MAILS.words.items()
    assert getattr(brought, "DOCUMENTS", {}).items() <= DOCUMENTS.words.items()


def test_given_what_allauth_tells_of_an_account_when_it_is_recorded_then_it_has_words():
    assert {f"account.{change.replace('_', '-')}" for change in CHANGES} <= ACTS.words.keys()


@pytest.mark.django_db
def test_given_an_unknown_act_when_recorded_then_it_fails_and_nothing_is_written_down():
    with pytest.raises(Unknown):
        audit.record(by=None, action="seat.gone", now=NOW)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db
def test_given_an_unknown_mail_when_queued_or_promised_then_it_fails_and_nothing_is_written_down():
    sending = dispatch.Sending(dispatch.SentSubject("thing", 7, version="2"), dispatch.Addressee("Erika Beispiel"))
    with pytest.raises(Unknown), transaction.atomic():
        outbox.enqueue(kind="gone", key="1", to="a@example.org", context={}, now=NOW)
    with pytest.raises(Unknown):
        dispatch.promised(key="1", kind="gone", sending=sending, now=NOW)
    assert not OutboxMessage.objects.exists()
    assert not Dispatch.objects.exists()


@pytest.mark.django_db
def test_given_an_unknown_document_when_asked_for_then_it_fails_and_nothing_is_made():
    with pytest.raises(Unknown):
        documents.request(kind="gone", object_id=1, version=1, filename="gone.pdf", now=NOW)
    assert not Document.objects.exists()


def test_given_a_kind_without_words_when_an_app_registers_who_makes_it_then_the_application_does_not_start():
    with pytest.raises(Unknown):
        outbox.register("gone", lambda row: None)
    with pytest.raises(Unknown):
        documents.register("gone", lambda object_id, version: b"")
