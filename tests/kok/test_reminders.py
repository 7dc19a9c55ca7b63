"""Reminders are queued once per stage and person, and a missed day is caught up."""

from datetime import UTC, date, datetime

import pytest

from kok import outbox, reminders
from kok.models import OutboxMessage
from kok.reminders import Due

NOW = datetime(2027, 5, 3, 6, 0, tzinfo=UTC)


def due(stage, recipient="7"):
    return Due(
        kind="reminder.duty",
        subject_key="wetteraukreis:O-04:2027",
        due_on=date(2027, 4, 30),
        stage=stage,
        recipient=recipient,
        to="meldung@example.org",
        context={},
    )


@pytest.fixture
def provided(monkeypatch):
    """One provider whose answers the test fills."""
    answers = []
    monkeypatch.setattr(reminders, "_providers", [lambda today: answers])
    return answers


@pytest.mark.django_db
def test_given_a_due_stage_when_queued_twice_then_one_message_waits(provided):
    provided.append(due("-14"))
    assert reminders.queue(today=NOW.date(), now=NOW) == 1
    assert reminders.queue(today=NOW.date(), now=NOW) == 0
    assert outbox.unmarked(OutboxMessage.objects.get().key) == "reminder.duty:wetteraukreis:O-04:2027:2027-04-30:-14:7"


@pytest.mark.django_db
def test_given_a_new_stage_or_another_person_when_queued_then_each_gets_a_message(provided):
    provided.extend([due("-14"), due("-3"), due("-3", recipient="8")])
    assert reminders.queue(today=NOW.date(), now=NOW) == 3
