"""An old page acts on what it showed: what came meanwhile is said, and what was typed stays."""

from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest

from meetings.actions import agenda, invitations, planning
from meetings.actions.approval import circulate, take_back
from meetings.models import AgendaItem, Invitation, MinutesVersion
from members.models import Person
from tests.builders import a_meeting, a_user, an_agreement
from tests.meetings.held import NOW, Stage, a_held_meeting, checked, circulated, seen_on, signed_in

pytestmark = pytest.mark.django_db
PLANNED_AT = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)


def an_item_being_planned() -> tuple[Any, str, AgendaItem]:
    an_agreement()
    meeting = a_meeting(items=("Begrüßung", "Planung"))
    item = meeting.items.get(title="Planung")
    client = signed_in(a_user(role="secretariat"))
    return client, f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/tagesordnung/{item.pk}/", item


def an_item_of_minutes() -> tuple[Any, str, AgendaItem]:
    stage = a_held_meeting()
    item = stage.meeting.items.get(title="Planung")
    return signed_in(stage.writer), f"{stage.url}top/{item.pk}/titel/", item


@pytest.mark.parametrize("opened", [an_item_being_planned, an_item_of_minutes], ids=["planned", "minutes"])
def test_given_an_item_that_somebody_changed_when_an_old_page_is_sent_then_it_says_what_stands_there_now(opened):
    client, url, item = opened()
    typed = {"title": "Planung und Bedarf", "note": "", "seen": seen_on(client, url)}
    AgendaItem.objects.filter(pk=item.pk).update(title="Planung 2028")
    page = unescape(client.post(url, typed).content.decode())
    assert "Jemand hat diesen Punkt geändert" in page
    assert "„Planung 2028“" in page
    assert 'value="Planung und Bedarf"' in page
    item.refresh_from_db()
    assert item.title == "Planung 2028"
    client.post(url, typed | {"seen": agenda.mark_of(item)})
    item.refresh_from_db()
    assert item.title == "Planung und Bedarf"


def test_given_a_part_that_came_meanwhile_when_an_old_page_deletes_the_item_then_nothing_goes():
    client, url, item = an_item_being_planned()
    shown = seen_on(client, url + "loeschen")
    by = a_user(role="secretariat")
    agenda.add_item(meeting=item.meeting, title="Wohnen", parent=item, by=by, now=PLANNED_AT)
    page = client.post(url + "loeschen", {"seen": shown}, follow=True).content.decode()
    assert "Jemand hat diesen Punkt geändert" in page
    assert AgendaItem.objects.filter(title__in=("Planung", "Wohnen")).count() == 2


def test_given_a_later_version_when_an_old_page_takes_minutes_back_then_it_stays_and_nothing_is_withheld():
    stage: Stage = circulated(a_held_meeting())
    client = signed_in(stage.writer)
    assert '<input type="hidden" name="version" value="1"' in client.get(stage.url + "zurueck/").content.decode()
    take_back(minutes=stage.minutes, version=1, reason="Ein Fehler.", by=stage.writer, now=NOW)
    circulate(minutes=stage.minutes, version=2, seen=checked(stage), by=stage.writer, now=NOW)
    old = {"version": "1", "reason": "Ein Name gehört nicht hinein.", "withhold": "on"}
    page = client.post(stage.url + "zurueck/", old).content.decode()
    assert "es gilt die Fassung 2" in page
    assert "Ein Name gehört nicht hinein." in page
    assert MinutesVersion.objects.get(number=2).counts


def test_given_an_invitation_for_another_day_when_an_old_page_answers_then_the_answer_does_not_count_for_it(settings):
    settings.KOK_NOW = PLANNED_AT.isoformat()
    an_agreement()
    meeting = a_meeting(items=("Begrüßung",))
    by, guest = a_user(role="secretariat"), a_user(role="member")
    Person.objects.filter(family_name="Abel").update(user=guest)
    invitations.invite(meeting=meeting, revision=1, by=by, now=PLANNED_AT)
    client, url = signed_in(guest), f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/antwort"
    old = {"answer": "ACCEPTED", "seen": seen_on(client, url)}
    meeting.refresh_from_db()
    planning.reschedule(
        meeting=meeting, revision=meeting.revision, by=by, now=PLANNED_AT, meets_on=date(2027, 6, 9),
        starts_at=meeting.starts_at, ends_at=meeting.ends_at, place=meeting.place, link="",
    )  # fmt: skip
    meeting.refresh_from_db()
    invitations.invite(meeting=meeting, revision=meeting.revision, by=by, now=PLANNED_AT)
    page = client.post(url, old).content.decode()
    assert "neu eingeladen, für den 09.06.2027 um" in page
    newest = Invitation.objects.filter(round__round_no=2, person__user=guest)
    assert newest.get().answer == "OPEN"
    client.post(url, old | {"seen": seen_on(client, url)})
    assert newest.get().answer == "ACCEPTED"
