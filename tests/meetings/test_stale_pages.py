"""An old page acts on what it showed: what came meanwhile is said, and what was typed stays."""

from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client

from kok import clock, text_checks
from kok.models import Dispatch, TextCheck, User
from meetings.convening.actions import agenda, invitations, planning
from meetings.models import AgendaItem, DeviatingTerm, Invitation, MinutesVersion
from meetings.record.actions.circulation import circulate, take_back
from members.models import Person
from tests.builders import a_meeting, a_user, an_agreement, the_partner
from tests.htmx import parse, swapped
from tests.meetings.held import (
    NOW,
    Stage,
    a_held_meeting,
    checked,
    circulated,
    complete,
    consent_fields,
    seen_on,
    shown_on,
    signed_in,
    write,
)

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
    assert "Soll Ihre Eingabe gelten, wählen Sie den Knopf, der mit „Trotzdem“ beginnt." in page
    assert "Trotzdem speichern</span></button>" in page
    assert 'value="Planung und Bedarf"' in page
    item.refresh_from_db()
    assert item.title == "Planung 2028"
    client.post(url, typed | {"seen": agenda.mark_of(item)})
    item.refresh_from_db()
    assert item.title == "Planung und Bedarf"


@pytest.mark.parametrize(
    ("note", "said"), [("Mit Gast.", "Mit Gast. Es"), ("Mit Gast", "Mit Gast. Es"), ("", "keine. Es")]
)
def test_given_an_item_that_somebody_explained_when_an_old_page_is_sent_then_the_sentence_ends_once(note, said):
    client, url, item = an_item_being_planned()
    typed = {"title": "Planung und Bedarf", "note": "", "seen": seen_on(client, url)}
    AgendaItem.objects.filter(pk=item.pk).update(title="Planung 2028", note=note)
    assert f"„Planung 2028“, Erläuterung: {said} wurde nichts geändert." in unescape(
        client.post(url, typed).content.decode()
    )


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
    assert "jetzt ist es die Fassung 2" in page
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
    assert "Soll Ihre Eingabe gelten, wählen Sie den Knopf, der mit „Trotzdem“ beginnt." in page
    assert "Trotzdem speichern</span></button>" in page
    newest = Invitation.objects.filter(round__round_no=2, person__user=guest)
    assert newest.get().answer == "OPEN"
    client.post(url, old | {"seen": seen_on(client, url)})
    assert newest.get().answer == "ACCEPTED"


# What another window changed and had checked meanwhile


class Window:
    """One browser with a page that waits for the worker open: the page stays as it was opened, its last part is fetched
    anew meanwhile."""

    def __init__(self, client: Client, url: str) -> None:
        self.client, self.url = client, url
        self.page = parse(client.get(url).content)

    def fetch(self) -> None:
        """What htmx does every second."""
        headers = {"HX-Request": "true", "HX-Target": "pruefung"}
        answer = parse(self.client.get(self.url, headers=headers).content)
        self.page = swapped(self.page, answer, target="#pruefung", select="#pruefung")

    def send(self) -> str:
        """Presses the one button of the part, with all that belongs to its form; the page that follows."""
        form = self.page.xpath('//*[@id="pruefung"]//form')[0]
        fields = [*form.xpath(".//input"), *self.page.xpath(f'//input[@form="{form.get("id")}"]')]
        typed = {field.get("name"): field.get("value", "on") for field in fields}
        return unescape(self.client.post(self.url, typed, follow=True).content.decode())


def answered() -> None:
    """The worker has looked."""
    for check in TextCheck.objects.filter(state="WAITING"):
        text_checks.run(str(check.pk), clock.now())


def an_invitation_asked_about(settings) -> tuple[Any, User, str, dict[str, Any]]:
    meeting, by, url = an_invitation(settings)
    return meeting, by, url + "einladen", {"revision": 1}


def a_cancellation_asked_about(settings) -> tuple[Any, User, str, dict[str, Any]]:
    meeting, by, url = an_invitation(settings)
    invitations.invite(meeting=meeting, revision=1, by=by, now=PLANNED_AT)
    return meeting, by, url + "absagen", {"revision": 2, "reason": "Kein Raum"}


def minutes_asked_about(settings) -> tuple[Any, User, str, dict[str, Any]]:
    settings.KOK_NOW = NOW.isoformat()
    stage = complete(a_held_meeting())
    return stage.meeting, stage.writer, stage.url + "versenden/", {"version": 1}


POLLED = [
    (an_invitation_asked_about, "Wer eingeladen wird"),
    (a_cancellation_asked_about, "Wer eingeladen ist"),
    (minutes_asked_about, "Wer eine Nachricht erhält"),
]


@pytest.mark.parametrize(("opened", "named"), POLLED, ids=["invitation", "cancellation", "minutes"])
def test_given_a_page_that_waits_for_the_worker_when_somebody_changes_meanwhile_then_it_sends_only_what_it_showed(
    settings, opened, named
):
    _, by, url, typed = opened(settings)
    client = signed_in(by)
    client.post(url, typed | shown_on(client, url))
    asked, sent = TextCheck.objects.count(), Dispatch.objects.count()
    window = Window(client, url)
    Person.objects.filter(family_name="Abel").update(email="neu@wetteraukreis.example")
    answered()
    window.fetch()
    answer = window.send()
    assert f"wurde geändert: {named}. Es ist noch nichts geschehen." in answer
    assert (TextCheck.objects.count(), Dispatch.objects.count()) == (asked, sent)
    again = Window(client, url)
    again.send()
    assert Dispatch.objects.count() > sent


def test_given_an_invitation_when_the_chair_of_its_day_changes_meanwhile_then_it_goes_out_only_as_seen(settings):
    meeting, by, url, typed = an_invitation_asked_about(settings)
    shown = looked_at(signed_in(by), url, typed)
    DeviatingTerm.objects.create(
        agreement=meeting.body.agreement, partner=the_partner("lwv-hessen"),
        period=DateRange(date(2027, 5, 1), date(2028, 3, 1)), recorded_at=PLANNED_AT,
    )  # fmt: skip
    answer = unescape(signed_in(by).post(url, shown).content.decode())
    assert "wurde geändert: Wer einlädt und leitet. Es ist noch nichts geschehen." in answer
    assert not Dispatch.objects.exists()


def looked_at(client: Any, url: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Presses "Text prüfen" in one window and lets the worker answer; what the page that it then shows would send."""
    client.post(url, typed | shown_on(client, url))
    answered()
    return typed | {"seen": seen_on(client, url)} | shown_on(client, url)


def test_given_minutes_that_another_window_changed_and_had_checked_when_the_old_one_sends_then_it_learns_what_changed(
    settings,
):
    settings.KOK_NOW = NOW.isoformat()
    stage = complete(a_held_meeting())
    old, url = signed_in(stage.writer), stage.url + "versenden/"
    shown = looked_at(old, url, {"version": 1})
    write(stage, stage.sections[2], "Ganz anders.")
    stage.meeting.attendances.create(kind="GUEST", name="Malwine Zirbelnuss", status="PRESENT")
    looked_at(signed_in(stage.writer), url, {"version": 1})
    answer = old.post(url, shown, follow=True).content.decode()
    assert "wurde geändert: Teilnehmende, TOP 3. Es ist noch nichts geschehen." in answer
    assert not Dispatch.objects.exists()
    now = shown | shown_on(old, url)
    assert "Das Protokoll ist versandt." in old.post(url, now, follow=True).content.decode()


def test_given_minutes_that_changed_when_an_old_page_asks_for_the_check_then_it_learns_what_changed_first(settings):
    settings.KOK_NOW = NOW.isoformat()
    stage = complete(a_held_meeting())
    old, url = signed_in(stage.writer), stage.url + "versenden/"
    shown = {"version": 1} | shown_on(old, url)
    write(stage, stage.sections[2], "Ganz anders.")
    assert "wurde geändert: TOP 3." in old.post(url, shown, follow=True).content.decode()
    assert not TextCheck.objects.exists()


def an_invitation(settings) -> tuple[Any, Any, str]:
    settings.KOK_NOW = PLANNED_AT.isoformat()
    an_agreement()
    meeting, by = a_meeting(items=("Begrüßung", "Planung")), a_user(role="secretariat")
    return meeting, by, f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/"


def _another_agenda(meeting, by):
    item = meeting.items.get(title="Planung")
    agenda.change_item(item=item, shown=agenda.mark_of(item), title="Wohnen", note="", by=by, now=PLANNED_AT)


def _another_address(meeting, by):
    Person.objects.filter(family_name="Abel").update(email="neu@wetteraukreis.example")


@pytest.mark.parametrize(
    ("change", "named"), [(_another_agenda, "TOP 2"), (_another_address, "Wer eingeladen wird")], ids=["agenda", "who"]
)
def test_given_an_invitation_that_another_window_changed_and_had_checked_when_the_old_one_sends_then_nothing_goes(
    settings, change, named
):
    meeting, by, url = an_invitation(settings)
    old, url = signed_in(by), url + "einladen"
    shown = looked_at(old, url, {"revision": 1})
    change(meeting, by)
    meeting.refresh_from_db()
    looked_at(signed_in(by), url, {"revision": meeting.revision})
    answer = unescape(old.post(url, shown | {"checked": "on"}).content.decode())
    assert f"wurde geändert: {named}. Es ist noch nichts geschehen." in answer
    assert 'name="checked" checked' not in answer
    assert not Dispatch.objects.exists()
    old.post(url, shown | {"revision": meeting.revision} | shown_on(old, url))
    assert Dispatch.objects.count() == 7


def test_given_a_short_notice_when_another_window_gives_another_reason_then_the_old_one_reads_it_and_keeps_its_own(
    settings,
):
    _, by, url = an_invitation(settings)
    settings.KOK_NOW = datetime(2027, 5, 3, 9, tzinfo=UTC).isoformat()
    old, url = signed_in(by), url + "einladen"
    shown = looked_at(old, url, {"revision": 1, "urgency_reason": "Frist des Landes"})
    given = consent_fields(date(2027, 5, 3))
    looked_at(signed_in(by), url, {"revision": 1, "urgency_reason": "Umzug des Hauses", **given})
    answer = unescape(old.post(url, shown | given).content.decode())
    assert "wurde geändert: Grund der Dringlichkeit (jetzt „Umzug des Hauses“)." in answer
    assert 'value="Frist des Landes"' in answer
    assert not Dispatch.objects.exists()


def test_given_a_cancellation_with_another_reason_in_another_window_when_the_old_one_sends_then_it_reads_it_first(
    settings,
):
    meeting, by, url = an_invitation(settings)
    invitations.invite(meeting=meeting, revision=1, by=by, now=PLANNED_AT)
    old, url = signed_in(by), url + "absagen"
    shown = looked_at(old, url, {"revision": 2, "reason": "Kein Raum"})
    looked_at(signed_in(by), url, {"revision": 2, "reason": "Kein Thema"})
    answer = unescape(old.post(url, shown).content.decode())
    assert "wurde geändert: Grund der Absage (jetzt „Kein Thema“)." in answer
    assert 'value="Kein Raum"' in answer
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancellation_reason) == ("INVITED", "Kein Thema")
    again = looked_at(old, url, {"revision": 2, "reason": "Kein Raum"})
    old.post(url, again)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancellation_reason) == ("CANCELLED", "Kein Raum")


def test_given_a_cancellation_page_of_before_the_invitation_when_it_asks_then_it_says_who_is_invited_now(settings):
    meeting, by, url = an_invitation(settings)
    old, url = signed_in(by), url + "absagen"
    shown = shown_on(old, url)
    invitations.invite(meeting=meeting, revision=1, by=by, now=PLANNED_AT)
    given = shown | {"revision": 1, "reason": "Kein Raum"}
    answer = unescape(old.post(url, given).content.decode())
    assert "wurde geändert: Wer eingeladen ist. Es ist noch nichts geschehen." in answer
    assert "nichts weiter tun" not in answer
    meeting.refresh_from_db()
    assert meeting.state == "INVITED"


def test_given_a_cancellation_when_another_window_invites_others_then_the_old_one_learns_of_it_first(settings):
    meeting, by, url = an_invitation(settings)
    invitations.invite(meeting=meeting, revision=1, by=by, now=PLANNED_AT)
    old, url = signed_in(by), url + "absagen"
    shown = looked_at(old, url, {"revision": 2, "reason": "Kein Raum"})
    Person.objects.filter(family_name="Abel").update(email="")
    answer = unescape(old.post(url, shown).content.decode())
    assert "wurde geändert: Wer eingeladen ist." in answer
    meeting.refresh_from_db()
    assert meeting.state == "INVITED"
