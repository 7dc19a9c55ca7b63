"""The pages of inviting, answering, cancelling and reading: what they show, to whom, at what cost."""

import html
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kok import clock, text_checks
from kok.models import TextCheck, User
from meetings.convening.actions import invitations
from meetings.models import ActionItem, AgendaItem, Invitation, Meeting
from members.models import Person, SeatAssignment
from tests import builders
from tests.meetings.held import consent_fields, seen_on, shown_on
from tests.roles import emptied

NOW = datetime(2027, 4, 1, 8, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db
LIST = "/wetteraukreis/sitzungen/"


@pytest.fixture(autouse=True)
def _spring(settings):
    settings.KOK_NOW = "2027-04-01T09:00"


@pytest.fixture
def meeting():
    builders.an_agreement()
    return builders.a_meeting(items=("Begrüßung", "Verschiedenes"))


@pytest.fixture
def user(meeting, client):
    user = builders.a_user(role="secretariat")
    client.force_login(user)
    return user


def url(meeting, page=""):
    return f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{page}"


def text(answer) -> str:
    return " ".join(html.unescape(answer.content.decode()).split())


@pytest.fixture
def send(client, monkeypatch):
    """Presses the buttons as a person does: the text is looked at, then it goes out; the last page."""
    monkeypatch.setattr(text_checks, "_judges", [])

    def sent(meeting, page="einladen", revision=1, **more):
        address = url(meeting, page)
        client.post(address, {"revision": revision, **more} | shown_on(client, address))
        work()
        return client.post(
            address, {"revision": revision, "seen": "CLEAR", **more} | shown_on(client, address), follow=True
        )

    return sent


def work():
    for check in TextCheck.objects.filter(state="WAITING"):
        text_checks.run(str(check.pk), clock.now())


def test_given_a_preview_when_read_then_recipients_deadline_mail_and_the_button_are_shown(meeting, user, client):
    page = text(client.get(url(meeting, "einladen")))
    assert "Text prüfen" in page
    assert "Personen senden" not in page
    assert "spätestens am Mi 28.04.2027" in page
    assert "Antonia Abel" in page
    assert "Es lädt ein: Wetteraukreis. Es leitet und führt das Protokoll: Wetteraukreis." in page
    assert "Betreff:</strong> KoK Wetteraukreis: Einladung zur Sitzung am Mi 12.05.2027" in page


def test_given_the_button_when_pressed_twice_then_the_second_page_says_it_was_sent_already(meeting, user, client, send):
    first = send(meeting)
    assert "Die Einladung an 7 Personen ist unterwegs." in text(first)
    second = client.post(url(meeting, "einladen"), {"revision": 1}, follow=True)
    assert "Es ging nichts ein zweites Mal hinaus." in text(second)
    assert Invitation.objects.count() == 7


def test_given_a_vacant_seat_and_a_missing_address_when_previewed_then_both_are_named(meeting, user, client, send):
    Person.objects.filter(family_name="Abel").update(email="")
    SeatAssignment.objects.filter(person__family_name="Busch").delete()
    page = text(client.get(url(meeting, "einladen")))
    assert "keine Adresse" in page
    assert "nicht besetzt" in page
    refused = text(send(meeting))
    assert "Einladung an 5 Personen senden" in refused
    assert "Bestätigen Sie diesen Satz" in refused
    send(meeting, without_address="on")
    assert Invitation.objects.count() == 6


def test_given_a_short_notice_when_sent_then_the_form_asks_for_reason_and_consent(
    meeting, user, client, settings, send
):
    settings.KOK_NOW = "2027-05-03T09:00"
    page = text(client.post(url(meeting, "einladen"), {"revision": 1}))
    assert "Warum ist die Sitzung dringlich?" in page
    assert "Hier fehlt noch eine Angabe." in page
    given = consent_fields(date(2027, 5, 3))
    typed = {"revision": 1, "urgency_reason": "siehe www.zaunkoenig.test", **given}
    assert "denn in Mails würde sie zum Link" in text(client.post(url(meeting, "einladen"), typed))
    assert not Invitation.objects.exists()
    assert "Wer hat der kurzen Ladungsfrist zugestimmt?" not in page, "asked when the text was looked at"
    send(meeting, urgency_reason="Frist", **given)
    assert Invitation.objects.count() == 7
    meeting.refresh_from_db()
    assert (meeting.rounds.get().urgency_reason, meeting.urgency_draft) == ("Frist", "")


def test_given_refusals_when_sent_again_then_the_reason_goes_out_as_it_was_typed(meeting, user, settings, send):
    settings.KOK_NOW = "2027-05-03T09:00"
    given = consent_fields(date(2027, 5, 3), but="lwv-hessen")
    refused = text(send(meeting, urgency_reason="Schließung eines Hauses", **given))
    assert "LWV Hessen: Wer hat der kurzen Ladungsfrist zugestimmt?" in refused
    assert "Hier fehlt noch eine Angabe." in refused
    assert 'value="Kim Wetteraukreis"' in refused
    assert 'value="Schließung eines Hauses"' in refused
    assert "12.05.2027</span><span>10:00" in refused


def test_given_the_other_partner_when_it_opens_the_preview_then_it_reads_who_may_and_finds_no_button(meeting, client):
    client.force_login(builders.a_user(role="secretariat", partner="lwv-hessen"))
    page = text(client.get(url(meeting, "einladen")))
    assert "Wetteraukreis, bis zum 29.02.2028" in page
    assert "Personen senden" not in page


def test_given_an_invited_member_when_he_answers_then_the_page_keeps_it_and_the_secretariat_sees_it(
    meeting, user, client
):
    guest = builders.a_user(role="member")
    Person.objects.filter(family_name="Abel").update(user=guest)
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    client.force_login(guest)
    client.post(url(meeting, "antwort"), {"answer": "ACCEPTED", "seen": seen_on(client, url(meeting, "antwort"))})
    assert "ist gespeichert" in text(client.get(url(meeting, "antwort")))
    client.force_login(user)
    assert "nimmt teil" in text(client.get(url(meeting, "teilnehmende/")))
    Meeting.objects.update(meets_on=date(2027, 6, 9), state="PLANNED")
    page = text(client.get(url(meeting, "teilnehmende/")))
    assert "hat für Mi 12.05.2027, 10:00 Uhr, zugesagt" in page
    assert "nimmt teil" not in page


def test_given_a_member_without_an_invitation_when_he_follows_the_link_then_the_page_says_so(meeting, user, client):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    client.force_login(builders.a_user(role="member"))
    page = text(client.get(url(meeting, "antwort")))
    assert "Für Ihr Konto liegt keine Einladung zu dieser Sitzung vor." in page


def test_given_an_invited_meeting_when_cancelled_then_the_page_shows_the_reason_and_offers_a_substitute(
    meeting, user, client, send
):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    assert "7 Personen sind eingeladen" in text(client.get(url(meeting, "absagen")))
    for address in ("https://zaunkoenig.test/neu", "raum@zaunkoenig.test"):
        told = text(client.post(url(meeting, "absagen"), {"reason": f"Kein Raum, siehe {address}", "revision": 2}))
        assert "denn in Mails würde sie zum Link" in told
        assert "Grund:" not in text(client.get(url(meeting)))
    client.post(url(meeting, "absagen"), {"reason": "Kein Raum", "revision": 2})
    assert "Grund:" not in text(client.get(url(meeting))), "asked about and not sent yet"
    send(meeting, "absagen", revision=2, reason="Kein Raum")
    page = text(client.get(url(meeting)))
    assert "Grund: Kein Raum" in page
    assert "Ersatztermin planen" in page


def test_given_nobody_invited_when_a_meeting_is_cancelled_then_the_page_promises_only_where_the_reason_stands(
    meeting, user, client, send
):
    page = text(client.get(url(meeting, "absagen")))
    assert "Die Eingeladenen lesen den Grund" not in page
    assert "Der Grund steht bei der Sitzung." in page
    send(meeting, "absagen", reason="Kein Raum")
    assert "Grund: Kein Raum" in text(client.get(url(meeting)))


PAGES = ["", "einladen", "angaben", "verlegen", "absagen", "antwort", "tagesordnung/", "unterlagen/", "verlauf/"]
FOR_ALL = {"", "antwort", "unterlagen/", "verlauf/"}


@pytest.mark.parametrize("page", PAGES)
def test_given_another_agreement_when_its_people_ask_then_the_meeting_does_not_exist(meeting, client, page):
    other = builders.a_second_agreement()
    stranger = builders.a_user(role="secretariat", partner="lwv-hessen", agreement=other)
    client.force_login(stranger)
    assert client.get(url(meeting, page)).status_code == 404
    assert client.get(url(meeting, page).replace("wetteraukreis", builders.OTHER_COUNTY)).status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_given_a_member_when_he_asks_then_he_reads_but_does_not_prepare(meeting, client, page):
    client.force_login(builders.a_user(role="member"))
    assert client.get(url(meeting, page)).status_code == (200 if page in FOR_ALL else 403)


def cost(client, address) -> tuple[int, int]:
    """Queries and bytes of a page."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return len(queries), len(answer.content)


def test_given_ten_or_a_hundred_items_when_the_meeting_is_read_then_queries_stay_the_same_and_the_page_is_small(
    user, client
):
    """S2: at most 12 queries and 60 kB."""
    costs = []
    for month, number in ((6, 10), (7, 100)):
        meeting = builders.a_meeting(on=date(2027, month, 16), items=tuple(f"Punkt {n}" for n in range(number)))
        AgendaItem.objects.filter(meeting=meeting, position=3).update(code="tasks")
        AgendaItem.objects.filter(meeting=meeting, position=2).update(code="previous-minutes")
        invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
        ActionItem.objects.bulk_create(
            ActionItem(body=meeting.body, item=meeting.items.first(), number=f"A-{month}-{n}", what="x", who="y")
            for n in range(number)
        )
        costs.append(cost(client, url(meeting)))
    assert costs[0][0] == costs[1][0] <= 12
    assert costs[1][1] <= 60_000


def test_given_a_few_or_fifty_meetings_when_listed_then_queries_stay_the_same(user, client):
    """S3: at most 10 queries."""
    few = cost(client, LIST)[0]
    for n in range(60):
        builders.a_meeting(on=date(2030, 1 + n % 12, 1 + n % 28))
    assert cost(client, LIST)[0] == few <= 10


def test_given_filters_in_the_address_when_listed_then_they_count_and_can_be_cleared(user, client):
    builders.a_meeting(on=date(2026, 5, 12), state="HELD", number="KoK-06440-2026-01")
    page = text(client.get(f"{LIST}?jahr=2026&gremium=kok&stand="))
    assert "1 Sitzung" in page
    assert "KoK-06440-2026-01" in page
    assert "Mi 12.05.2027" not in page.split("<tbody>")[1]
    assert "Filter löschen" in page
    empty = text(client.get(f"{LIST}?jahr=2026&stand=CANCELLED"))
    assert "Zu diesen Filtern gibt es keine Sitzung." in empty


def test_given_a_wrong_filter_when_listed_then_it_is_ignored(user, client):
    assert "1 Sitzung" in text(client.get(f"{LIST}?jahr=abc&gremium=nein&sortierung=x&seite=99"))


def test_given_meetings_when_listed_then_the_next_one_is_marked(user, client):
    page = text(client.get(LIST))
    assert "Die nächste Sitzung ist am" in page
    assert "nächste Sitzung</small>" in page


def test_given_no_meeting_when_listed_then_the_page_says_what_to_do(user, client):
    emptied(Meeting)
    assert "Es gibt noch keine Sitzung." in text(client.get(LIST))


def test_given_acts_when_the_history_is_read_then_it_says_what_happened_without_the_notes(meeting, user, client):
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    page = text(client.get(url(meeting, "verlauf/")))
    assert "Einladung versandt" in page
    assert user.username in page
    assert "Fassung 1" not in page
    User.objects.filter(pk=user.pk).update(first_name="Julia", last_name="Hartwig")
    page = text(client.get(url(meeting, "verlauf/")))
    assert "Julia Hartwig" in page
    assert page.count(user.username) == 1  # in the menu only


def test_given_every_act_in_the_code_when_the_history_shows_it_then_it_has_a_word_of_its_own():
    import re
    from pathlib import Path

    from meetings.desk.pages.history import WORDS

    code = "".join(path.read_text() for path in Path("meetings").glob("*/actions/*.py"))
    acts = r'(?:action=|\b_?(?:record|touch|write)\([^"]*)"((?:meeting|agenda|minutes)\.[a-z_-]+)"'
    found = set(re.findall(acts, code))
    assert len(found) > 10
    assert found <= set(WORDS)


def test_given_an_invited_member_when_he_opens_the_meeting_then_the_page_leads_him_to_the_answer(meeting, user, client):
    guest = builders.a_user(role="member")
    Person.objects.filter(family_name="Abel").update(user=guest)
    invitations.invite(meeting=meeting, revision=1, by=user, now=NOW)
    client.force_login(guest)
    assert "Auf die Einladung antworten" in text(client.get(url(meeting)))
    client.force_login(builders.a_user(role="member"))
    assert "Auf die Einladung antworten" not in text(client.get(url(meeting)))
