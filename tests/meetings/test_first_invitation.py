"""The first invitation to a day counts for the Ladungsfrist; minutes tell what was sent after it (7.2, 7.3)."""

import re
from datetime import UTC, date, datetime, time
from html import unescape
from typing import Any

import pytest

from kok.models import User
from meetings.convening.actions import agenda, invitations, planning
from meetings.convening.actions.notice import Consent
from meetings.models import Meeting
from meetings.record.actions.holding import begin
from members.models import SeatAssignment
from tests import builders
from tests.meetings.held import consents, signed_in
from tests.worlds import built_once

DAY, MOVED_TO = date(2026, 12, 14), date(2026, 12, 17)
IN_TIME = datetime(2026, 11, 30, 9, tzinfo=UTC)  # the last day that keeps the fourteen days
LATE = datetime(2026, 12, 10, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@built_once(KOK_NOW=LATE.isoformat())
def invited() -> tuple[Meeting, User]:
    """In time, by the county, which is in office."""
    builders.an_agreement()
    meeting, by = builders.a_meeting(on=DAY, items=("Begrüßung", "Verschiedenes")), builders.a_user(role="secretariat")
    _invite(meeting, by, IN_TIME)
    return meeting, by


@pytest.fixture
def _late(settings: Any) -> None:
    settings.KOK_NOW = LATE.isoformat()


def _invite(meeting: Meeting, by: User, at: datetime, consent: Consent | None = None) -> Any:
    meeting.refresh_from_db()
    return invitations.invite(meeting=meeting, revision=meeting.revision, consent=consent, by=by, now=at)


def _words(by: User, meeting: Meeting, page: str) -> str:
    answer = signed_in(by).get(f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/{page}")
    assert answer.status_code == 200, answer.status_code
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.content.decode())).split())


def _add_item(meeting: Meeting, by: User) -> None:
    agenda.add_item(meeting=meeting, title="Fahrdienste", by=by, now=LATE)


def _change_room(meeting: Meeting, by: User) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(place="Kreishaus, Raum 7")


def _change_holder(meeting: Meeting, by: User) -> None:
    seat = builders.a_seat()
    SeatAssignment.objects.create(seat=seat, person=builders.a_person("Neu"), period=(date(2022, 3, 1), None))


@pytest.mark.parametrize("change", [_add_item, _change_room, _change_holder])
def test_given_an_invitation_in_time_when_something_changes_late_then_neither_urgency_nor_consent_is_asked(
    invited, change
):
    meeting, by = invited
    change(meeting, by)
    page = _words(by, meeting, "einladen")
    assert "zu kurz" not in page
    assert "Zu diesem Tag wurde zuerst am Mo 30.11.2026 eingeladen. Diese Einladung zählt für die Ladungsfrist." in page
    assert "Warum ist die Sitzung dringlich?" not in page
    assert _invite(meeting, by, LATE).urgency_reason == ""


def test_given_a_late_item_when_minutes_are_read_then_they_state_the_rounds_and_the_item_as_late(invited):
    meeting, by = invited
    _add_item(meeting, by)
    _change_room(meeting, by)
    _invite(meeting, by, LATE)
    begin(meeting=meeting, by=by, now=datetime(2026, 12, 14, 9, tzinfo=UTC))
    paper = _words(by, meeting, "protokoll/lesen/")
    assert "Ladungsfrist von 14 Tagen ist gewahrt" in paper
    assert (
        "Eingeladen hat der Wetteraukreis am 30.11.2026. Die Ladungsfrist von 14 Tagen ist gewahrt. "
        "Eine geänderte Einladung: am 10.12.2026 (Ort, Tagesordnung). Nachgereicht am 10.12.2026: TOP 3."
    ) in paper
    assert "TOP 3 Fahrdienste Nachgereicht am 10.12.2026" in paper
    assert "verkürzt" not in paper


def test_given_a_second_round_when_the_meeting_is_opened_then_its_head_says_when_people_were_invited_first(invited):
    meeting, by = invited
    _add_item(meeting, by)
    _invite(meeting, by, LATE)
    assert "versandt am 30.11.2026, zuletzt geändert am 10.12.2026" in _words(by, meeting, "")


def _moved(meeting: Meeting, by: User, to: date, at: datetime) -> None:
    meeting.refresh_from_db()
    occasion = {"meets_on": to, "starts_at": time(10), "ends_at": None, "place": "Friedberg", "link": ""}
    planning.reschedule(meeting=meeting, revision=meeting.revision, by=by, now=at, **occasion)  # type: ignore[arg-type]


def test_given_another_day_when_invited_to_it_then_the_period_begins_anew(invited):
    meeting, by = invited
    _moved(meeting, by, MOVED_TO, LATE)
    assert "zu kurz" in _words(by, meeting, "einladen")


def test_given_a_day_that_comes_back_when_people_were_invited_to_a_third_then_it_begins_anew(invited):
    meeting, by = invited
    _moved(meeting, by, date(2026, 12, 28), LATE)
    _invite(meeting, by, LATE)
    _moved(meeting, by, DAY, LATE)
    assert "zu kurz" in _words(by, meeting, "einladen")
    _moved(meeting, by, date(2026, 12, 28), LATE)
    assert "zuerst am Do 10.12.2026 eingeladen" in _words(by, meeting, "einladen")


def test_given_a_short_notice_when_minutes_are_read_then_they_say_who_consented_when_and_how():
    builders.an_agreement()
    meeting, by = builders.a_meeting(on=DAY, items=("Begrüßung",)), builders.a_user(role="secretariat")
    _invite(meeting, by, LATE, Consent(urgency_reason="Schließung eines Hauses", given=consents(date(2026, 12, 9))))
    _change_room(meeting, by)
    again = _invite(meeting, by, LATE)  # what was agreed holds, and the next invitation says it too
    assert (again.urgency_reason, again.consents.count()) == ("", 0)
    begin(meeting=meeting, by=by, now=datetime(2026, 12, 14, 9, tzinfo=UTC))
    paper = _words(by, meeting, "protokoll/lesen/")
    assert "haben zugestimmt" in paper
    assert (
        "Eingeladen hat der Wetteraukreis am 10.12.2026. Die Ladungsfrist von 14 Tagen wurde wegen Dringlichkeit "
        "verkürzt: Schließung eines Hauses. Der kurzen Frist haben zugestimmt: Wetteraukreis (Kim Wetteraukreis, am "
        "09.12.2026, telefonisch); LWV Hessen (Kim LWV Hessen, am 09.12.2026, telefonisch). "
        "Eine geänderte Einladung: am 10.12.2026 (Ort)."
    ) in paper


@pytest.mark.usefixtures("_late")
def test_given_a_short_notice_when_the_text_of_the_mail_is_shown_before_then_it_names_the_reason():
    builders.an_agreement()
    meeting, by = builders.a_meeting(on=DAY, items=("Begrüßung",)), builders.a_user(role="secretariat")
    Meeting.objects.update(urgency_draft="Schließung eines Hauses")
    assert "wegen Dringlichkeit verkürzt: Schließung eines Hauses" in _words(by, meeting, "einladen")
