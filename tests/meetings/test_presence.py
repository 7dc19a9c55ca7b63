"""Presence as it was: on site, by video, by telephone, from when to when. Nothing is concluded from a plan (7.2)."""

import re
from html import unescape

import pytest

from kok.errors import Refused
from meetings.models import Attendance, Meeting
from meetings.record.actions.holding import AttendanceMark, add_guest, save_attendance
from meetings.record.rules.presence import Presence
from tests.meetings.held import NOW, Stage, a_held_meeting, signed_in
from tests.worlds import built_once

pytestmark = pytest.mark.django_db


@built_once
def stage() -> Stage:
    """A meeting in a room, with a link for those who are not there."""
    stage = a_held_meeting()
    Meeting.objects.update(link="https://video.example.org/kok")
    stage.meeting.refresh_from_db()
    return stage


def _words(stage: Stage, url: str) -> str:
    page = signed_in(stage.writer).get(url).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(page)).split())


def _url(stage: Stage) -> str:
    return f"/wetteraukreis/gremien/kok/sitzungen/{stage.meeting.pk}/teilnehmende/"


def _mark(stage: Stage, name: str, mark: AttendanceMark) -> Attendance:
    row = stage.meeting.attendances.get(name=name)
    save_attendance(minutes=stage.minutes, marks={row.pk: mark}, by=stage.writer, now=NOW)
    row.refresh_from_db()
    return row


def test_given_a_link_that_was_planned_when_minutes_are_read_then_nobody_is_said_to_have_been_there_by_video(stage):
    _mark(stage, "Antonia Abel", AttendanceMark("PRESENT"))  # type: ignore[arg-type]
    paper = _words(stage, stage.url + "lesen/")
    assert "per Video" not in paper
    assert "Ort Kreishaus Friedberg, Raum 204 Leitung" in paper
    assert "Antonia Abel Leitung, Fachbereich Jugend und Soziales anwesend Bernd Busch" in paper


def test_given_how_and_when_on_the_page_when_saved_then_page_minutes_and_paper_say_it(stage):
    row = stage.meeting.attendances.get(name="Antonia Abel")
    typed = {
        f"status_{row.pk}": "PRESENT",
        f"way_{row.pk}": "VIDEO",
        f"came_{row.pk}": "10:15",
        f"left_{row.pk}": "11:30",
    }
    rows = stage.meeting.attendances.all()
    others = {f"status_{each.pk}": "ABSENT" for each in rows} | {f"initial-status_{each.pk}": "ABSENT" for each in rows}
    answer = signed_in(stage.writer).post(_url(stage), others | typed)
    assert answer.status_code == 302
    said = "anwesend, per Video, 10:15 bis 11:30 Uhr"
    assert said in _words(stage, stage.url + "lesen/")
    seen = signed_in(stage.other_secretariat).get(_url(stage)).content.decode()
    assert f'data-label="Teilnahme">{said}<' in seen
    assert said in signed_in(stage.other_secretariat).get(stage.url).content.decode()
    form = signed_in(stage.writer).get(_url(stage)).content.decode()
    assert re.search(r'<option value="VIDEO" selected>per Video</option>', form)
    assert 'value="10:15"' in form


def test_given_a_deputy_by_telephone_when_minutes_are_read_then_they_say_who_represented_whom_and_how(stage):
    _mark(stage, "Antonia Abel", AttendanceMark("DEPUTY", "Ida Irgendwer", Presence("PHONE")))  # type: ignore[arg-type]
    paper = _words(stage, stage.url + "lesen/")
    assert "Soziales vertreten durch Ida Irgendwer, per Telefon" in paper


def test_given_somebody_who_was_not_there_when_saved_then_nothing_is_kept_of_how(stage):
    row = _mark(stage, "Antonia Abel", AttendanceMark("EXCUSED", "", Presence("VIDEO")))  # type: ignore[arg-type]
    assert (row.status, row.way) == ("EXCUSED", "")


def test_given_an_end_before_the_beginning_when_saved_then_it_is_refused_and_what_was_typed_stands_there(stage):
    row = stage.meeting.attendances.get(name="Antonia Abel")
    others = {f"status_{each.pk}": "ABSENT" for each in stage.meeting.attendances.all()}
    typed = {f"status_{row.pk}": "PRESENT", f"came_{row.pk}": "11:00", f"left_{row.pk}": "10:00"}
    page = unescape(signed_in(stage.writer).post(_url(stage), others | typed).content.decode())
    assert "Antonia Abel: Das Ende der Teilnahme liegt vor ihrem Beginn." in page
    assert 'value="11:00"' in page
    row.refresh_from_db()
    assert row.status == "ABSENT"


def test_given_a_guest_by_video_when_entered_then_minutes_say_it_and_nonsense_is_refused(stage):
    more = {"minutes": stage.minutes, "name": "Gerd Gast", "organisation": "EUTB", "item": None, "by": stage.writer}
    add_guest(**more, presence=Presence("VIDEO"))
    assert "Gerd Gast, EUTB: ganze Sitzung, per Video" in _words(stage, stage.url + "lesen/")
    nonsense = Presence("", stage.meeting.ends_at, stage.meeting.starts_at)
    with pytest.raises(Refused, match="Gerd Gast: Das Ende"):
        add_guest(**more, presence=nonsense)
