"""The day of a meeting: it begins at its hour or after a question, and runs until its end is written down."""

from datetime import time

import pytest

from kok.errors import Refused
from meetings.models import Attendance, Meeting, Minutes
from meetings.record.actions.circulation import check_names
from meetings.record.actions.holding import AttendanceMark, save_attendance, take_back_begin
from meetings.record.actions.minutes import save_header
from meetings.record.documents.minutes import draft_context, html
from meetings.record.queries.versions import newest_of
from tests.builders import a_user, an_agreement
from tests.meetings.held import NOW, Stage, a_held_meeting, an_invited_meeting, circulated, complete, signed_in, write
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


@built_once
def stage():
    return a_held_meeting()


def _page(client, stage: Stage, tail: str = "") -> str:
    return client.get(stage.url.removesuffix("protokoll/") + tail).content.decode()


@pytest.mark.parametrize(
    ("now", "asked"),
    [
        ("2026-11-17T10:20", ""),
        ("2026-11-17T08:10", "Jetzt ist es 08:10 Uhr."),
        ("2026-11-19T10:00", "Der Tag ist vorbei."),
    ],
)
def test_given_another_hour_than_planned_when_somebody_presses_begin_then_it_is_asked_first(
    settings, now, asked
) -> None:
    settings.KOK_NOW = now
    an_agreement()
    meeting = an_invited_meeting()
    url = f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/"
    client = signed_in(a_user(role="secretariat"))
    first = client.post(url + "beginnen")
    assert Minutes.objects.exists() == (not asked)
    if asked:
        page = first.content.decode()
        assert "Die Sitzung ist für Di 17.11.2026, 10:00 Uhr, geplant." in page
        assert asked in page
        assert client.post(url + "beginnen", {"confirmed": "1"})["Location"] == url + "teilnehmende/"
    began_at = Minutes.objects.get().began_at
    assert began_at == time.fromisoformat("10:00" if "19T" in now else now[-5:])


def test_given_a_meeting_that_began_when_lists_and_pages_are_read_then_it_runs_until_its_end_is_entered(
    settings, stage
) -> None:
    settings.KOK_NOW = "2026-11-17T10:45"
    writer, member = signed_in(stage.writer), signed_in(stage.member)
    listed, overview = "/wetteraukreis/sitzungen/", "/wetteraukreis/"
    for client in (writer, member):
        assert "läuft seit 10:30 Uhr" in _page(client, stage)
        assert "läuft seit 10:30 Uhr" in client.get(listed).content.decode()
        assert "Die Sitzung läuft seit 10:30 Uhr." in client.get(overview).content.decode()
        assert "durchgeführt" not in _page(client, stage).split("<main")[1]
    assert "Die Sitzung am Di 17.11.2026 läuft seit 10:30 Uhr: Ende eintragen" in writer.get(overview).content.decode()
    assert "läuft seit 10:30 Uhr" in client.get("/wetteraukreis/fristen/?jahr=2026").content.decode()
    save_header(minutes=stage.minutes, values={"ended_at": time(12, 0)}, by=stage.writer, now=NOW)
    for page in (_page(member, stage), member.get(listed).content.decode()):
        assert "läuft" not in page.split("<main")[1].split('name="stand"')[-1].split("</select>")[-1]
        assert "durchgeführt" in page
    save_header(minutes=stage.minutes, values={"ended_at": None}, by=stage.writer, now=NOW)
    assert "läuft seit 10:30 Uhr" in _page(member, stage)


def test_given_a_beginning_by_mistake_when_taken_back_then_the_meeting_is_invited_as_before(stage) -> None:
    client = signed_in(stage.writer)
    meeting_url = stage.url.removesuffix("protokoll/")
    assert "beginnen/zuruecknehmen" in client.get(meeting_url + "teilnehmende/").content.decode()
    asked = client.get(meeting_url + "beginnen/zuruecknehmen").content.decode()
    assert "Niemand erhält eine Nachricht." in asked
    assert Minutes.objects.exists()
    client.post(meeting_url + "beginnen/zuruecknehmen", {"confirmed": "1"})
    stage.meeting.refresh_from_db()
    assert stage.meeting.state == Meeting.State.INVITED
    assert not Minutes.objects.exists()
    assert not Attendance.objects.filter(meeting=stage.meeting).exists()
    assert "Beginn der Sitzung zurückgenommen" in client.get(meeting_url + "verlauf/").content.decode()


def _text(stage: Stage) -> None:
    write(stage, stage.sections[0], "Etwas.")


def _attendance(stage: Stage) -> None:
    row = stage.meeting.attendances.first()
    save_attendance(minutes=stage.minutes, marks={row.pk: AttendanceMark("PRESENT")}, by=stage.writer, now=NOW)  # type: ignore[arg-type]


def _chair(stage: Stage) -> None:
    save_header(minutes=stage.minutes, values={"chair_name": "Antonia Abel"}, by=stage.writer, now=NOW)


def _supplement(stage: Stage) -> None:
    signed_in(stage.writer).post(stage.url + "ergaenzung/", {"title": "Neues", "note": ""})


@pytest.mark.parametrize("record", [_text, _attendance, _chair, _supplement])
def test_given_anything_recorded_when_the_beginning_should_be_taken_back_then_nothing_is_lost(stage, record) -> None:
    record(stage)
    with pytest.raises(Refused, match="schon etwas festgehalten"):
        take_back_begin(minutes=stage.minutes, by=stage.writer, now=NOW)
    assert Minutes.objects.exists()
    assert "beginnen/zuruecknehmen" not in _page(signed_in(stage.writer), stage, "teilnehmende/")


def test_given_the_other_secretariat_when_it_takes_a_beginning_back_then_it_is_refused(stage) -> None:
    with pytest.raises(Refused, match="liegen beim Wetteraukreis"):
        take_back_begin(minutes=stage.minutes, by=stage.other_secretariat, now=NOW)


def test_given_a_running_meeting_when_an_item_is_added_then_it_has_the_next_number_and_the_minutes_say_so(
    stage,
) -> None:
    client = signed_in(stage.writer)
    before = list(stage.meeting.items.values_list("number", "title"))
    page = client.post(
        stage.url + "ergaenzung/", {"title": "Fachkräfte in der Eingliederungshilfe", "note": ""}, follow=True
    )
    assert "TOP 5 ist ergänzt." in page.content.decode()
    assert list(stage.meeting.items.values_list("number", "title"))[:-1] == before
    assert "Ergänzung der Tagesordnung" in _page(client, stage)
    added = stage.minutes.sections.get(item__number="5")
    write(stage, added, "Besprochen.")
    assert "Ergänzung der Tagesordnung" in client.get(stage.url + "lesen/").content.decode()
    version = newest_of(circulated(stage).minutes)
    printed = html(version, is_draft=True)  # type: ignore[arg-type]
    assert printed.count("Ergänzung der Tagesordnung") == 1
    assert "Ergänzung der Tagesordnung" in printed.split("Fachkräfte in der Eingliederungshilfe</h")[1]


def test_given_no_end_when_minutes_should_go_out_then_it_is_asked_for(stage) -> None:
    complete(stage)
    save_header(minutes=stage.minutes, values={"ended_at": None}, by=stage.writer, now=NOW)
    with pytest.raises(Refused, match="wann die Sitzung zu Ende war"):
        check_names(minutes=stage.minutes, version=1, by=stage.writer, now=NOW)
    page = signed_in(stage.writer).get(stage.url + "versenden/").content.decode()
    assert "Tragen Sie ein, wann die Sitzung zu Ende war." in page


def test_given_the_header_of_minutes_when_read_then_nothing_is_called_optional_that_the_sending_asks_for(stage) -> None:
    page = signed_in(stage.writer).get(stage.url).content.decode()
    header = page.split('id="angaben-titel"')[1].split("</section>")[0]
    assert "optional)" not in header
    assert draft_context(stage.minutes)["minutes"]
