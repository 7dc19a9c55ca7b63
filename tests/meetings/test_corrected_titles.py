"""A title that says too much is corrected while the minutes are written; what was sent stays what it was."""

import pytest

from kok.errors import Refused
from kok.models import AuditEvent
from meetings.convening.actions.agenda import mark_of
from meetings.models import AgendaItem, MinutesVersion
from meetings.record.actions.titles import correct_item
from meetings.record.documents.frozen import read
from tests.meetings.held import NOW, Stage, a_held_meeting, circulated, complete, seen_on, signed_in

pytestmark = pytest.mark.django_db
NAMED = "Fall Malou Quastenhagen"


@pytest.fixture
def stage(settings) -> Stage:
    settings.KOK_NOW = NOW.isoformat()
    stage = complete(a_held_meeting())
    AgendaItem.objects.filter(meeting=stage.meeting, position=3).update(title=NAMED, note="Akte Quastenhagen")
    return stage


def item_of(stage: Stage) -> AgendaItem:
    return stage.meeting.items.get(position=3)


def test_given_a_title_that_names_somebody_when_corrected_then_page_minutes_and_agenda_carry_the_new_one(stage):
    client, path = signed_in(stage.writer), f"{stage.url}top/{item_of(stage).pk}/titel/"
    assert f"top/{item_of(stage).pk}/titel/" in client.get(stage.url).content.decode()
    assert NAMED in client.get(path).content.decode()
    typed = {"title": "Ein Fall", "note": "", "seen": seen_on(client, path)}
    answered = client.post(path, typed, follow=True).content.decode()
    assert "TOP 3 ist berichtigt." in answered
    agenda = signed_in(stage.member).get(stage.url.replace("protokoll/", "")).content.decode()
    assert "Ein Fall" in agenda
    circulated(stage)
    content = MinutesVersion.objects.get().content
    assert "Ein Fall" in [item.title for item in read(content).document.items]
    for text in (answered, agenda, content, str([*AuditEvent.objects.values_list("note", "old", "new")])):
        assert "Quastenhagen" not in text
    assert AuditEvent.objects.get(action="agenda.item-corrected").note == "TOP 3"


def test_given_minutes_that_went_out_or_another_partner_when_a_title_is_corrected_then_it_is_refused(stage):
    item = item_of(stage)
    act = {"minutes": stage.minutes, "item": item, "shown": mark_of(item), "title": "Ein Fall", "note": "", "now": NOW}
    with pytest.raises(Refused, match="liegen beim Wetteraukreis"):
        correct_item(**act, by=stage.other_secretariat)
    circulated(stage)
    with pytest.raises(Refused):
        correct_item(**act, by=stage.writer)
    assert item_of(stage).title == NAMED
