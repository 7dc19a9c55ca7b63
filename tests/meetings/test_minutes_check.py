"""Before minutes go out a worker says whether they name somebody of an open list; whatever it says, they may go out."""

import re
from datetime import timedelta

import pytest

from kok import clock, text_checks
from kok.errors import Refused
from kok.models import AuditEvent, OutboxMessage, TextCheck
from meetings.models import Attendance, Minutes
from meetings.record.actions.circulation import check_names, circulate
from meetings.record.actions.decisions import record_resolution
from meetings.record.actions.holding import AttendanceMark, save_attendance
from meetings.record.queries.readiness import text_for_check
from tests.builders import a_user
from tests.meetings.held import NOW, Stage, a_held_meeting, checked, complete, shown_on, signed_in, write
from tests.worlds import built_once

State = TextCheck.State
pytestmark = pytest.mark.django_db


@built_once(KOK_NOW=NOW.isoformat())
def stage() -> Stage:
    return complete(a_held_meeting())


@pytest.fixture
def answer(monkeypatch):
    """What the worker will say."""
    said = [State.CLEAR]
    monkeypatch.setattr(text_checks, "_judges", [lambda question, now: said[0]])

    def say(state):
        said[0] = state

    return say


def page_of(stage, client=None, **headers):
    return (client or signed_in(stage.writer)).get(stage.url + "versenden/", headers=headers).content.decode()


def send(client, stage, typed, **more):
    """Presses the button of the page as it stands now."""
    url = stage.url + "versenden/"
    has_form = 'name="shown"' in page_of(stage, client)
    return client.post(url, typed | shown_on(client, url) if has_form else typed, **more)


def work():
    for check in TextCheck.objects.filter(state=State.WAITING):
        text_checks.run(str(check.pk), clock.now())


def test_given_a_complete_draft_when_looked_at_then_nothing_is_asked_yet_and_nothing_can_be_sent(stage, answer):
    page = page_of(stage)
    assert "Text prüfen" in page
    assert "Personen versenden" not in page
    assert not TextCheck.objects.exists()


def test_given_the_button_when_pressed_then_it_is_asked_once_and_the_page_waits_and_then_shows_the_answer(
    stage, answer
):
    client = signed_in(stage.writer)
    for _ in range(2):  # a double click
        assert send(client, stage, {"version": 1}).status_code == 302
    page = page_of(stage, client)
    assert "Der Text wird auf Namen geprüft." in page
    assert f'hx-get="{stage.url}versenden/"' in page
    assert "Stand neu laden" in page
    assert "Personen versenden" not in page
    work()
    part = page_of(stage, client, **{"HX-Request": "true", "HX-Target": "pruefung"})
    assert "<h1" not in part
    assert "hx-get" not in part
    assert "ergab keinen Hinweis" in part
    assert "Protokoll an 2 Personen versenden" in part
    assert TextCheck.objects.count() == 1
    answered = send(client, stage, {"version": 1, "seen": "CLEAR"}, follow=True)
    assert "Das Protokoll ist versandt." in answer_text(answered)
    assert _note() == "Prüfung auf Namen: kein Hinweis"


def answer_text(answer):
    return answer.content.decode()


def _note():
    return AuditEvent.objects.get(action="minutes.circulated").note


def test_given_a_hint_when_shown_then_it_names_nothing_and_one_goes_back_or_sends_all_the_same(stage, answer):
    write(stage, stage.sections[2], "Malwine Zirbelnuss zieht um.")
    answer(State.WARNED)
    assert checked(stage) == "WARNED"
    client = signed_in(stage.writer)
    page = page_of(stage, client)
    assert "Prüfen Sie den Text." in page
    assert "Protokoll trotzdem an 2 Personen versenden" in page
    assert "Zirbelnuss" not in page
    assert "TOP" not in re.sub(r"<input [^>]*>", "", page[page.index('id="pruefung"') :])
    send(client, stage, {"version": 1, "seen": "WARNED"})
    assert not OutboxMessage.objects.filter(kind="minutes.circulated").exists(), "without the tick it waits"
    send(client, stage, {"version": 1, "seen": "WARNED", "checked": "on"})
    stage.minutes.refresh_from_db()
    assert stage.minutes.state == "CIRCULATED"
    assert _note() == "trotz Hinweis der Prüfung auf Namen"
    history = signed_in(stage.member).get(stage.url.replace("protokoll/", "verlauf/")).content.decode()
    assert "Protokoll zur Genehmigung versandt" in history
    assert "Hinweis" not in history[history.index("<h1") :], "members must not learn it"


def test_given_a_hint_when_the_text_is_changed_then_the_new_text_is_a_new_question(stage, answer):
    answer(State.WARNED)
    checked(stage)
    write(stage, stage.sections[2], "Eine Person zieht um.")
    assert "Text prüfen" in page_of(stage)
    with pytest.raises(Refused, match="heute noch nicht auf Namen geprüft"):
        circulate(minutes=stage.minutes, version=1, seen="WARNED", by=stage.writer, now=NOW)


@pytest.mark.parametrize(
    ("state", "words", "note"),
    [
        (State.SKIPPED, "Der Text wurde heute nicht mehr geprüft.", "an diesem Tag nicht mehr auf Namen geprüft"),
        (State.FAILED, "Der Text konnte nicht auf Namen geprüft werden.", "auf Namen nicht geprüft"),
    ],
)
def test_given_no_answer_when_shown_then_the_minutes_go_out_all_the_same(stage, answer, state, words, note):
    answer(state)
    checked(stage)
    client = signed_in(stage.writer)
    assert words in page_of(stage, client)
    send(client, stage, {"version": 1, "seen": state})
    assert _note() == note


def test_given_a_silent_worker_when_twenty_seconds_are_over_then_the_minutes_go_out_all_the_same(
    stage, answer, settings
):
    client = signed_in(stage.writer)
    send(client, stage, {"version": 1})
    answered = send(client, stage, {"version": 1, "seen": "WAITING"}, follow=True)
    assert "Der Text wird noch auf Namen geprüft. Es wurde nichts versandt." in answer_text(answered)
    settings.KOK_NOW = (clock.now() + timedelta(seconds=25)).isoformat()
    page = page_of(stage, client)
    assert "Der Text konnte nicht auf Namen geprüft werden." in page
    assert "hx-get" not in page[page.index('id="pruefung"') : page.index("<h2")]
    send(client, stage, {"version": 1, "seen": "WAITING"})
    assert _note() == "auf Namen nicht geprüft, der Worker schwieg"


def test_given_a_late_hint_when_sent_from_a_page_that_did_not_show_it_then_it_is_shown_first(stage, answer):
    check = check_names(minutes=stage.minutes, version=1, by=stage.writer, now=NOW - timedelta(minutes=1))
    answer(State.WARNED)
    text_checks.run(str(check.pk), NOW)
    answered = send(signed_in(stage.writer), stage, {"version": 1, "seen": "WAITING", "checked": "on"}, follow=True)
    assert "Die Prüfung auf Namen ist inzwischen fertig. Es wurde nichts versandt." in answer_text(answered)
    assert "Prüfen Sie den Text." in answer_text(answered)


def test_given_an_incomplete_draft_or_a_stranger_when_asked_then_it_is_refused_and_not_counted(answer):
    stage = a_held_meeting()
    with pytest.raises(Refused, match="noch nicht vollständig"):
        check_names(minutes=stage.minutes, version=1, by=stage.writer, now=NOW)
    complete(stage)
    for by, version in ((stage.other_secretariat, 1), (a_user(role="member"), 1), (stage.writer, 2)):
        with pytest.raises(Refused):
            check_names(minutes=stage.minutes, version=version, by=by, now=NOW)
    assert not TextCheck.objects.exists()


def test_given_minutes_when_their_text_is_read_for_the_check_then_every_part_is_in_it(stage):
    write(stage, stage.sections[3], "Ein Abschnitt.")
    text = text_for_check(stage.minutes.pk)
    assert text.agreement == "wetteraukreis"
    assert "Ein Abschnitt." in text.words
    assert "Begrüßung" in text.words
    assert stage.minutes.taker_name in text.words
    assert text_for_check(0) is None


def test_given_a_guest_and_whoever_writes_when_the_text_is_read_for_the_check_then_their_names_are_in_it(stage):
    meeting = stage.minutes.meeting
    meeting.attendances.create(kind="GUEST", name="Malwine Zirbelnuss", status="PRESENT")
    Minutes.objects.filter(pk=stage.minutes.pk).update(taker_name="Otto Quarkstein")
    words = text_for_check(stage.minutes.pk).words
    assert "Malwine Zirbelnuss" in words
    assert "Otto Quarkstein" in words


@pytest.mark.parametrize(("status", "asks"), [("EXCUSED", True), ("PRESENT", False)])
def test_given_a_resolution_when_a_partner_was_not_there_then_whoever_circulates_is_asked(stage, answer, status, asks):
    rows = Attendance.objects.filter(meeting=stage.meeting, partner__authority__slug="lwv-hessen")
    save_attendance(
        minutes=stage.minutes, marks={row.pk: AttendanceMark(status) for row in rows}, by=stage.writer, now=NOW
    )
    everybody = frozenset(stage.meeting.body.agreement.partners.values_list("pk", flat=True))
    item = stage.sections[2].item
    client = signed_in(stage.writer)
    assert "Beschlüsse ohne alle Partner" not in page_of(stage, client)
    record_resolution(
        minutes=stage.minutes, item=item, text="So sei es.", consenting=everybody, by=stage.writer, now=NOW
    )
    answer(State.CLEAR)
    send(client, stage, {"version": 1})
    work()
    page = page_of(stage, client)
    assert ("Beschlüsse ohne alle Partner" in page) is asks
    assert ("Nach der Anwesenheit fehlte aber: LWV Hessen." in page) is asks
    sent = {"version": 1, "seen": "CLEAR"}
    send(client, stage, sent)
    stage.minutes.refresh_from_db()
    assert (stage.minutes.state == "DRAFT") is asks
    send(client, stage, sent | {"checked": "on"})
    stage.minutes.refresh_from_db()
    assert stage.minutes.state == "CIRCULATED"
