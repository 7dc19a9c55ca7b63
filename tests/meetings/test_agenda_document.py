"""The agenda that goes out with the invitation names the open tasks of earlier meetings, and none of a draft."""

from datetime import date, timedelta

import pytest

from meetings.convening.actions import invitations
from meetings.convening.documents import agenda
from meetings.record.actions.tasks import close_task, record_task
from tests.builders import a_meeting
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage():
    """A held meeting with one task that is open."""
    stage = a_held_meeting()
    record_task(
        minutes=stage.minutes, item=stage.sections[0].item, what="Konzept abstimmen", who="Sozialplanung",
        by=stage.writer, now=NOW,
    )  # fmt: skip
    return stage


def invited_next(stage: Stage) -> str:
    """The agenda of the next meeting as it is sent."""
    meeting = a_meeting(on=date(2027, 5, 20), items=("Begrüßung", "Aufgabenkontrolle"))
    now = NOW + timedelta(days=30)
    return agenda.html(invitations.invite(meeting=meeting, revision=meeting.revision, by=stage.writer, now=now))


def test_given_an_open_task_when_the_next_meeting_is_called_then_its_agenda_names_it(stage):
    circulated(stage)
    sent = invited_next(stage)
    assert "Offene Aufgaben" in sent
    assert "Konzept abstimmen" in sent


def test_given_a_closed_task_when_the_next_meeting_is_called_then_its_agenda_is_silent(stage):
    circulated(stage)
    task = stage.sections[0].item.action_items.get()
    close_task(task=task, state="DONE", note="", by=stage.writer, now=NOW)
    assert "Konzept abstimmen" not in invited_next(stage)


def test_given_a_task_of_a_draft_when_the_next_meeting_is_called_then_it_stays_inside(stage):
    assert "Konzept abstimmen" not in invited_next(stage)
