"""A planned meeting that never was, and one in place of a cancelled one: nothing that was prepared is lost."""

from datetime import date

import pytest

from kok.models import OutboxMessage
from meetings.models import AgendaItem, InvitationRound, Meeting
from tests import builders
from tests.builders import the_partner
from tests.meetings.held import NOW, signed_in

pytestmark = pytest.mark.django_db
PLAN = "/wetteraukreis/sitzungen/neu"


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.fixture
def client():
    builders.an_agreement()
    return signed_in(builders.a_user(role="secretariat"))


def _url(meeting: Meeting, tail: str = "") -> str:
    return f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{tail}"


def _past() -> Meeting:
    return builders.a_meeting(on=date(2026, 5, 13), items=("Begrüßung", "Planung"))


def test_given_a_planned_day_that_passed_when_one_click_says_so_then_the_meeting_leaves_what_is_overdue(client):
    meeting = _past()
    before = client.get("/wetteraukreis/").content.decode()
    assert "Sitzung am Mi 13.05.2026 fand nicht statt?" in before
    assert "Tagen überfällig" not in client.get(_url(meeting)).content.decode()
    answer = client.post(_url(meeting, "nicht-stattgefunden"), {"revision": meeting.revision}, follow=True)
    page = answer.content.decode()
    assert "Niemand erhält eine Nachricht, denn eingeladen war niemand." in page
    assert "Diese Sitzung fand nicht statt." in page
    assert "13.05.2026" not in client.get("/wetteraukreis/").content.decode()
    assert "fand nicht statt" in client.get("/wetteraukreis/sitzungen/").content.decode()
    assert not OutboxMessage.objects.exists()


def test_given_that_click_when_it_was_wrong_then_another_one_takes_it_back(client):
    meeting = _past()
    client.post(_url(meeting, "nicht-stattgefunden"), {"revision": meeting.revision})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.standing) == ("CANCELLED", "fand nicht statt")
    client.post(_url(meeting, "wieder-aufnehmen"), {"revision": meeting.revision})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancellation_reason) == ("PLANNED", "")


def test_given_an_old_page_or_invited_people_when_the_click_comes_then_nothing_changes(client):
    meeting = _past()
    stale = client.post(_url(meeting, "nicht-stattgefunden"), {"revision": 7}, follow=True).content.decode()
    assert "Jemand anderes hat die Sitzung inzwischen geändert." in stale
    InvitationRound.objects.create(
        meeting=meeting, round_no=1, convened_by=the_partner(), chaired_by=the_partner(), meets_on=meeting.meets_on,
        starts_at=meeting.starts_at, calendar_sequence=0, dispatched_at=NOW,
    )  # fmt: skip
    assert "Fand nicht statt</span>" not in client.get(_url(meeting)).content.decode()
    told = client.post(_url(meeting, "nicht-stattgefunden"), {"revision": 1}, follow=True).content.decode()
    assert "Zu dieser Sitzung waren Menschen eingeladen." in told
    meeting.refresh_from_db()
    assert meeting.is_planned


def test_given_nobody_invited_when_a_meeting_is_cancelled_then_nobody_invited_is_spoken_of(client):
    page = client.get(_url(builders.a_meeting(), "absagen")).content.decode().split("<main")[1]
    assert "Noch ist niemand eingeladen" in page
    assert "Die Eingeladenen" not in page
    assert "Das lässt sich nicht zurücknehmen" not in page


def _cancelled() -> Meeting:
    meeting = builders.a_meeting(
        state="CANCELLED", cancellation_reason="Krankheit", items=("Begrüßung", "Unser Thema", "Planung"),
        link="https://video.example.org/kok",
    )  # fmt: skip
    above = meeting.items.get(position=3)
    AgendaItem.objects.create(
        meeting=meeting, parent=above, position=4, number="3.1", title="Ein Teil", note="Bitte lesen.", is_late=True,
        subject_kind="statement", subject_id=7,
    )  # fmt: skip
    return meeting


def test_given_a_cancelled_meeting_when_a_substitute_is_planned_then_items_times_place_and_link_come_along(client):
    cancelled = _cancelled()
    page = client.get(f"{PLAN}?ersetzt={cancelled.pk}").content.decode()
    assert "Beginn, Ende, Ort und Link sind von ihr übernommen" in page
    assert "Ihre Tagesordnung kommt mit 4 Punkten in derselben Reihenfolge mit" in page
    for value in ("10:00", "12:00", "Kreishaus Friedberg, Raum 204", "https://video.example.org/kok"):
        assert f'value="{value}' in page
    sent = {
        "body": builders.the_body().pk, "meets_on": "20.05.2027", "starts_at": "10:00", "ends_at": "12:00",
        "place": cancelled.place, "link": cancelled.link,
    }  # fmt: skip
    client.post(f"{PLAN}?ersetzt={cancelled.pk}", sent)
    substitute = Meeting.objects.get(replaces=cancelled)
    taken = list(substitute.items.values_list("number", "title", "note", "subject_kind", "subject_id", "is_late"))
    assert taken == [
        ("1", "Begrüßung", "", "", None, False),
        ("2", "Unser Thema", "", "", None, False),
        ("3", "Planung", "", "", None, False),
        ("3.1", "Ein Teil", "Bitte lesen.", "statement", 7, False),
    ]
    assert substitute.items.get(number="3.1").parent == substitute.items.get(number="3")
    assert cancelled.items.count() == 4, "the old one keeps its record"


def test_given_a_cancelled_meeting_without_items_when_replaced_then_the_agenda_is_the_usual_one(client):
    cancelled = builders.a_meeting(state="CANCELLED", cancellation_reason="Krankheit")
    assert "mit den üblichen Punkten" in client.get(f"{PLAN}?ersetzt={cancelled.pk}").content.decode()
