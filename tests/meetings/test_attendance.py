"""Beginning a meeting and writing down who was there, as of the day."""

import re
from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from kok.models import AuditEvent
from meetings.models import Attendance, Invitation, InvitationRound, Meeting, Minutes
from meetings.record.actions.holding import AttendanceMark, add_guest, begin, remove_guest, save_attendance
from members.models import SeatAssignment
from tests.builders import a_body, a_meeting, a_person, a_seat, a_user, an_agreement, the_partner
from tests.meetings.held import (
    MEETS_ON,
    NOW,
    Stage,
    a_colleague,
    a_held_meeting,
    an_invited_meeting,
    circulated,
    signed_in,
)
from tests.worlds import built_once

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def _row(stage: Stage, name: str) -> Attendance:
    return stage.meeting.attendances.get(name=name)


def _mark(stage: Stage, name: str, status: str, deputy: str = "") -> Attendance:
    row = stage.meeting.attendances.get(name=name)
    save_attendance(minutes=stage.minutes, marks={row.pk: AttendanceMark(status, deputy)}, by=stage.writer, now=NOW)  # type: ignore[arg-type]
    row.refresh_from_db()
    return row


@built_once
def stage():
    return a_held_meeting()


def test_given_an_invited_meeting_when_it_begins_then_minutes_sections_and_attendance_are_there(stage) -> None:
    assert stage.meeting.state == Meeting.State.RUNNING
    assert stage.minutes.state == Minutes.State.DRAFT
    assert stage.minutes.owner == the_partner("wetteraukreis")
    assert stage.minutes.due_on == date(2026, 12, 1)
    assert [section.item.title for section in stage.sections] == [
        "Begrüßung",
        "Aufgabenkontrolle",
        "Planung",
        "Verschiedenes",
    ]
    assert stage.meeting.attendances.count() == 7
    assert _row(stage, "Antonia Abel").function == "Leitung, Fachbereich Jugend und Soziales"


def test_given_a_double_click_when_it_begins_again_then_there_is_one_record(stage) -> None:
    again = begin(meeting=stage.meeting, by=stage.writer, now=NOW)
    assert again == stage.minutes
    assert stage.meeting.attendances.count() == 7
    assert len(stage.sections) == 4


def test_given_the_day_before_when_it_should_begin_then_a_sentence_says_what_to_do() -> None:
    an_agreement()
    meeting = an_invited_meeting()
    with pytest.raises(Refused, match=r"erst am 17\.11\.2026"):
        begin(meeting=meeting, by=a_user(role="secretariat"), now=datetime(2026, 11, 16, 22, 59, tzinfo=UTC))
    assert not Minutes.objects.exists()


def test_given_midnight_in_hessen_when_it_begins_then_the_day_has_come() -> None:
    an_agreement()
    assert begin(
        meeting=an_invited_meeting(), by=a_user(role="secretariat"), now=datetime(2026, 11, 16, 23, 0, tzinfo=UTC)
    )


def test_given_a_planned_meeting_when_it_should_begin_then_it_is_refused() -> None:
    an_agreement()
    with pytest.raises(Refused, match="Versenden Sie zuerst die Einladung"):
        begin(meeting=a_meeting(on=MEETS_ON), by=a_user(role="secretariat"), now=NOW)


def test_given_the_partner_not_in_office_when_it_begins_then_it_is_refused() -> None:
    an_agreement()
    with pytest.raises(Refused, match="Leitung und Protokoll dieser Sitzung liegen beim Wetteraukreis"):
        begin(meeting=an_invited_meeting(), by=a_user(role="secretariat", partner="lwv-hessen"), now=NOW)


def test_given_minutes_of_the_old_term_when_entered_later_then_they_belong_to_the_old_partner() -> None:
    an_agreement()
    meeting = an_invited_meeting(on=date(2026, 2, 20))
    minutes = begin(meeting=meeting, by=a_user(role="secretariat", partner="lwv-hessen"), now=NOW)
    assert minutes.owner == the_partner("lwv-hessen")
    assert minutes.due_on == date(2026, 3, 6)


def test_given_a_body_with_an_operator_when_it_begins_then_the_operator_keeps_the_minutes() -> None:
    agreement = an_agreement()
    body = a_body(agreement=agreement, operator=the_partner("lwv-hessen"))
    meeting = a_meeting(body=body, on=MEETS_ON, state=Meeting.State.INVITED, number="QZ-1")
    minutes = begin(meeting=meeting, by=a_user(role="secretariat", partner="lwv-hessen"), now=NOW)
    assert minutes.owner == the_partner("lwv-hessen")


def test_given_answers_when_it_begins_then_only_who_accepted_counts_as_present() -> None:
    an_agreement()
    meeting = an_invited_meeting()
    sent = InvitationRound.objects.create(
        meeting=meeting, round_no=1, convened_by=the_partner(), chaired_by=the_partner(), meets_on=MEETS_ON,
        starts_at=meeting.starts_at, calendar_sequence=0, dispatched_at=NOW,
    )  # fmt: skip
    assignments = SeatAssignment.objects.filter(seat__body=meeting.body).select_related("person", "seat")
    for assignment, answer in zip(
        assignments.order_by("seat__position")[:3], ["ACCEPTED", "DECLINED", "OPEN"], strict=True
    ):
        Invitation.objects.create(
            round=sent, seat=assignment.seat, person=assignment.person, partner=assignment.seat.partner,
            name=str(assignment.person), answer=answer, answered_at=None if answer == "OPEN" else NOW,
        )  # fmt: skip
    begin(meeting=meeting, by=a_user(role="secretariat"), now=NOW)
    rows = dict(meeting.attendances.values_list("name", "status"))
    assert (rows["Antonia Abel"], rows["Bernd Busch"], rows["Clara Curtius"]) == ("PRESENT", "EXCUSED", "ABSENT")


def test_given_a_member_who_left_before_when_it_begins_then_only_the_members_of_the_day_are_listed() -> None:
    an_agreement()
    seat = a_seat(since=date(2022, 3, 1))
    SeatAssignment.objects.create(seat=seat, person=a_person("Früher"), period=(date(2022, 3, 1), MEETS_ON))
    SeatAssignment.objects.create(seat=seat, person=a_person("Heute"), period=(MEETS_ON, None))
    meeting = an_invited_meeting()
    begin(meeting=meeting, by=a_user(role="secretariat"), now=NOW)
    names = set(meeting.attendances.values_list("name", flat=True))
    assert "Toni Heute" in names
    assert "Toni Früher" not in names


def test_given_a_vacant_seat_with_a_deputy_when_it_begins_then_the_deputy_is_listed() -> None:
    an_agreement()
    SeatAssignment.objects.create(
        seat=a_seat(), person=a_person("Vertreter"), capacity="DEPUTY", period=(date(2022, 3, 1), None)
    )
    meeting = an_invited_meeting()
    begin(meeting=meeting, by=a_user(role="secretariat"), now=NOW)
    assert meeting.attendances.get(name="Toni Vertreter").kind == Attendance.Kind.DEPUTY


def test_given_a_name_that_changes_later_when_read_then_the_record_keeps_the_name_of_the_day(stage) -> None:
    person = _row(stage, "Antonia Abel").person
    assert person is not None
    person.family_name = "Neu"
    person.save()
    assert _row(stage, "Antonia Abel").person == person


def test_given_a_deputy_when_marked_then_the_seat_is_present_by_the_deputy(stage) -> None:
    row = _mark(stage, "Antonia Abel", "DEPUTY", "Ida Irgendwer")
    assert (row.kind, row.status, row.name, row.stands_in_for, row.person) == (
        "DEPUTY", "PRESENT", "Ida Irgendwer", "Antonia Abel", None,
    )  # fmt: skip
    back = _mark(stage, "Ida Irgendwer", "EXCUSED")
    assert (back.kind, back.status, back.name, back.stands_in_for) == ("HOLDER", "EXCUSED", "Antonia Abel", "")
    assert str(back.person) == "Antonia Abel"


def test_given_a_deputy_without_a_name_when_saved_then_nothing_is_written(stage) -> None:
    with pytest.raises(Refused, match="Tragen Sie den Namen ein"):
        _mark(stage, "Antonia Abel", "DEPUTY", "")
    assert _row(stage, "Antonia Abel").status == "ABSENT"


def test_given_guests_when_added_and_removed_then_they_stand_at_their_item(stage) -> None:
    item = stage.sections[2].item
    guest = add_guest(minutes=stage.minutes, name="Gerd Gast", organisation="EUTB", item=item, by=stage.writer)
    page = signed_in(stage.writer).get(stage.url + "lesen/").content.decode()
    assert "Als Gast anwesend: Gerd Gast" in page
    remove_guest(minutes=stage.minutes, guest=guest.pk, by=stage.writer)
    assert not stage.meeting.attendances.filter(kind="GUEST").exists()


def test_given_circulated_minutes_when_attendance_is_changed_then_it_is_refused() -> None:
    stage = circulated(a_held_meeting())
    with pytest.raises(Refused, match="schon versandt"):
        _mark(stage, "Antonia Abel", "ABSENT")


def _url(stage: Stage) -> str:
    return f"/wetteraukreis/gremien/kok/sitzungen/{stage.meeting.pk}/teilnehmende/"


def _seat(stage: Stage, name: str, status: str, *, shown: str = "ABSENT", **more: str) -> dict[str, str]:
    """What the page sends of one seat."""
    pk = _row(stage, name).pk
    return {f"status_{pk}": status, f"initial-status_{pk}": shown} | {
        f"{key}_{pk}": value for key, value in more.items()
    }


def test_given_seats_when_ticked_one_by_one_then_each_is_saved_and_the_answer_says_whether_the_body_can_decide(
    stage,
) -> None:
    client = signed_in(stage.writer)
    first = client.post(_url(stage), _seat(stage, "Antonia Abel", "PRESENT"), headers=HTMX).content.decode()
    assert "Gespeichert um" in first
    assert f'name="initial-status_{_row(stage, "Antonia Abel").pk}" value="PRESENT"' in first
    assert "nicht beschlussfähig" in first
    second = client.post(_url(stage), _seat(stage, "Emma Ehlers", "PRESENT"), headers=HTMX).content.decode()
    assert "ist beschlussfähig" in second
    assert (_row(stage, "Antonia Abel").status, _row(stage, "Emma Ehlers").status) == ("PRESENT", "PRESENT")
    assert AuditEvent.objects.filter(action="attendance.marked").count() == 2


def test_given_a_deputy_without_a_name_when_ticked_then_the_seat_says_what_is_missing(stage) -> None:
    answer = signed_in(stage.writer).post(_url(stage), _seat(stage, "Antonia Abel", "DEPUTY"), headers=HTMX)
    assert answer.status_code == 409
    assert "Tragen Sie den Namen ein" in answer.content.decode()
    assert _row(stage, "Antonia Abel").status == "ABSENT"


@pytest.mark.parametrize("is_htmx", [True, False])
def test_given_two_who_mark_one_seat_otherwise_when_the_second_saves_then_both_are_shown_and_nothing_is_overwritten(
    stage, is_htmx: bool
) -> None:
    ida, client = signed_in(a_colleague()), signed_in(stage.writer)
    ida.post(_url(stage), _seat(stage, "Antonia Abel", "EXCUSED"), headers=HTMX)
    mine = _seat(stage, "Antonia Abel", "PRESENT", way="VIDEO")
    others = {f"status_{row.pk}": row.mark.value for row in stage.meeting.attendances.exclude(name="Antonia Abel")}
    answer = client.post(_url(stage), mine if is_htmx else others | mine, headers=HTMX if is_htmx else {})
    page = answer.content.decode()
    assert answer.status_code == (409 if is_htmx else 200)
    assert re.search(r"Ida Immergrün hat am [\d.]+ um [\d:]+ Uhr diesen Platz", page)
    assert "Jetzt steht dort: entschuldigt." in page
    assert _row(stage, "Antonia Abel").status == "EXCUSED"
    if not is_htmx:
        assert re.search(r'value="PRESENT" form="teilnahme"\s+id="[^"]+" checked', page)
    again = mine | _seat(stage, "Antonia Abel", "PRESENT", shown="EXCUSED")
    client.post(_url(stage), again if is_htmx else others | again, headers=HTMX if is_htmx else {})
    assert _row(stage, "Antonia Abel").status == "PRESENT"


def test_given_ticks_when_one_goes_on_to_the_minutes_or_enters_a_guest_then_they_are_saved_first(stage) -> None:
    client = signed_in(stage.writer)
    marks = {f"status_{row.pk}": "ABSENT" for row in stage.meeting.attendances.all()}
    answer = client.post(_url(stage), marks | _seat(stage, "Antonia Abel", "PRESENT") | {"next": "1"})
    assert answer["Location"] == stage.url
    assert _row(stage, "Antonia Abel").status == "PRESENT"
    guest = {"name": "Gerd Gast", "organisation": "EUTB"}
    client.post(_url(stage), marks | _seat(stage, "Antonia Abel", "EXCUSED", shown="PRESENT") | guest | {"guest": "1"})
    assert (_row(stage, "Antonia Abel").status, _row(stage, "Gerd Gast").kind) == ("EXCUSED", "GUEST")
    leaving = {"remove": str(_row(stage, "Gerd Gast").pk)}
    client.post(_url(stage), marks | _seat(stage, "Antonia Abel", "PRESENT", shown="EXCUSED") | leaving)
    assert _row(stage, "Antonia Abel").status == "PRESENT"
    assert not stage.meeting.attendances.filter(kind="GUEST").exists()


def test_given_a_guest_without_an_office_when_any_button_is_pressed_then_he_stands_there_still(stage) -> None:
    client = signed_in(stage.writer)
    marks = {f"status_{row.pk}": "ABSENT" for row in stage.meeting.attendances.all()}
    page = client.post(_url(stage), marks | {"name": "Gerd Gast", "next": "1"}).content.decode()
    assert 'value="Gerd Gast"' in page
    assert "Hier fehlt noch eine Angabe." in page
    nothing = client.post(_url(stage), marks | {"guest": "1"}).content.decode()
    assert "Hier fehlt noch eine Angabe." in nothing


def test_given_two_who_mark_different_seats_when_both_save_then_both_marks_stay(stage) -> None:
    rows = {row.name: row.pk for row in stage.meeting.attendances.all()}
    shown = {f"initial-status_{pk}": "ABSENT" for pk in rows.values()} | {
        f"status_{pk}": "ABSENT" for pk in rows.values()
    }
    client = signed_in(stage.writer)
    client.post(_url(stage), shown | {f"status_{rows['Antonia Abel']}": "PRESENT"})
    client.post(_url(stage), shown | {f"status_{rows['Emma Ehlers']}": "EXCUSED"})
    assert (_row(stage, "Antonia Abel").status, _row(stage, "Emma Ehlers").status) == ("PRESENT", "EXCUSED")


def test_given_only_one_partner_when_read_then_the_page_says_who_was_missing(stage) -> None:
    _mark(stage, "Antonia Abel", "PRESENT")
    assert "Nicht vertreten" not in signed_in(stage.member).get(_url(stage)).content.decode()  # still a draft
    page = signed_in(stage.other_secretariat).get(_url(stage)).content.decode()
    assert "Nicht vertreten: LWV Hessen" in page
    assert "<form" not in page.split("<main")[1]


def test_given_the_day_when_the_writer_begins_by_the_button_then_attendance_comes_first(settings: object) -> None:
    settings.KOK_NOW = "2026-11-17T10:00"  # type: ignore[attr-defined]
    an_agreement()
    meeting = an_invited_meeting()
    url = f"/wetteraukreis/gremien/kok/sitzungen/{meeting.pk}/"
    client = signed_in(a_user(role="secretariat"))
    for _ in range(2):
        assert client.post(url + "beginnen")["Location"] == url + "teilnehmende/"
    assert Minutes.objects.count() == 1
