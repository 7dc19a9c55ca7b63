"""A meeting that took place without the application is entered with a reason, and counts."""

from datetime import date

import pytest

from meetings.models import LateEntry, Meeting
from tests.builders import a_body, a_user, an_agreement, the_body, the_partner
from tests.meetings.held import signed_in

pytestmark = pytest.mark.django_db
ENTER = "/wetteraukreis/sitzungen/nachtrag"


@pytest.fixture(autouse=True)
def _year_after(settings):
    settings.KOK_NOW = "2027-02-01T09:00"


@pytest.fixture
def client():
    an_agreement()
    return signed_in(a_user(role="secretariat"))


def _entry(**changes) -> dict[str, object]:
    return {
        "body": the_body().pk, "meets_on": "10.03.2026", "starts_at": "10:00", "ends_at": "12:00", "place": "Kassel",
        "office": the_partner("lwv-hessen").pk, "all_present": "on", "reason": "Vor der Einführung.",
        "text": "Es wurde beraten.",
    } | changes  # fmt: skip


def _url(meeting: Meeting, tail: str = "") -> str:
    return f"/wetteraukreis/gremien/{meeting.body.slug}/sitzungen/{meeting.pk}/{tail}"


def test_given_a_meeting_of_the_past_when_entered_then_every_page_says_that_it_was_entered_later(client):
    page = client.post(ENTER, _entry(), follow=True).content.decode()
    meeting = Meeting.objects.get()
    assert (meeting.state, meeting.number) == ("HELD", "KoK-06440-2026-01")
    for words in ("durchgeführt, nachgetragen", "Vor der Einführung.", "Es wurde beraten.", "LWV Hessen"):
        assert words in page
    for path in ("/wetteraukreis/sitzungen/", "/wetteraukreis/fristen/?jahr=2026"):
        assert "durchgeführt, nachgetragen" in client.get(path).content.decode(), path
    for tail in ("teilnehmende/", "protokoll/"):
        assert "Diese Sitzung ist nachgetragen." in client.get(_url(meeting, tail)).content.decode()
    assert "Sitzung nachgetragen" in client.get(_url(meeting, "verlauf/")).content.decode()


def test_given_two_meetings_entered_later_when_the_year_is_judged_then_it_is_no_longer_missed(client):
    overview = "/wetteraukreis/fristen/?jahr=2026"
    assert "verfehlt" in client.get(overview).content.decode()
    client.post(ENTER, _entry())
    client.post(ENTER, _entry(meets_on="10.09.2026"))
    page = client.get(overview).content.decode()
    assert "verfehlt" not in page
    assert "Einladung" not in page.split("<tbody")[1].split("</tbody")[0], "none is owed for it any more"


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("meets_on", "01.02.2027", "ist noch nicht vorbei"),
        ("reason", "", "Hier fehlt noch eine Angabe"),
        ("all_present", "", "dass alle Partner vertreten waren"),
        ("ends_at", "09:00", "Das Ende liegt vor dem Beginn"),
        ("text", "Geboren am 03.04.2010.", "sieht aus wie ein Geburtsdatum"),
    ],
)
def test_given_something_missing_when_entered_then_it_is_said_at_its_field_and_nothing_is_lost(
    client, field, value, sentence
):
    page = client.post(ENTER, _entry(**{field: value})).content.decode()
    assert sentence in page.split(f'id="id_{field}_error"')[1]
    assert "Kassel" in page
    assert not Meeting.objects.exists()


def test_given_the_same_day_twice_or_a_body_of_another_time_when_entered_then_it_is_refused(client):
    client.post(ENTER, _entry())
    assert "hat an diesem Tag hier schon eine Sitzung" in client.post(ENTER, _entry()).content.decode()
    assert "bestand an diesem Tag nicht" in client.post(ENTER, _entry(meets_on="10.03.2021")).content.decode()
    assert Meeting.objects.count() == 1


def test_given_a_board_when_entered_then_nobody_asks_for_all_partners(client):
    board = a_body()
    client.post(ENTER, _entry(body=board.pk, all_present="", text=""))
    meeting = Meeting.objects.get(body=board)
    assert "Ein Protokoll ist hier nicht eingetragen." in client.get(_url(meeting)).content.decode()


def test_given_an_entry_by_mistake_when_taken_out_then_it_counts_no_more_and_keeps_its_number(client):
    client.post(ENTER, _entry())
    meeting = Meeting.objects.get()
    asked = client.get(_url(meeting, "nachtrag-zuruecknehmen")).content.decode()
    assert "zählt nicht mehr" in asked
    client.post(_url(meeting, "nachtrag-zuruecknehmen"), {"confirmed": "1"})
    meeting.refresh_from_db()
    assert (meeting.state, meeting.standing) == ("CANCELLED", "irrtümlich nachgetragen")
    assert LateEntry.objects.get().text == "Es wurde beraten."
    client.post(ENTER, _entry())
    assert Meeting.objects.exclude(pk=meeting.pk).get().number == "KoK-06440-2026-02"
    assert meeting.meets_on == date(2026, 3, 10)
