"""Holding a meeting: it begins once, and who was there is written down as of the day."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from kok import audit, queries
from kok.access import Permission, partners_of
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import User
from meetings.convening.models import AgendaItem, Meeting
from meetings.convening.queries.secretariat import secretariat_of
from meetings.convening.rules.codes import InvitationAnswer, MeetingState
from meetings.convening.rules.states import begun_at, check_begin, check_take_back_begin
from meetings.record.actions.minutes import locked_draft
from meetings.record.models import Attendance, Minutes, MinutesSection
from meetings.record.queries.attendance import answers_of
from meetings.record.queries.beginning import is_blank
from meetings.record.queries.changed import who_changed
from meetings.record.rules.codes import AttendanceStatus, SeatMark
from meetings.record.rules.minutes import circulation_due_on
from meetings.record.rules.presence import UNSTATED, Presence, check_presence, with_presence
from meetings.record.rules.writing import check_deputy_named, check_owner
from members.models import Person
from members.queries import SeatOnDay, seats_on

HOLDER, DEPUTY, GUEST = Attendance.Kind.HOLDER, Attendance.Kind.DEPUTY, Attendance.Kind.GUEST
Status = Attendance.Status
Answer = InvitationAnswer
MARKED = "attendance.marked"
SEAT_CHANGED = (
    "{who} diesen Platz inzwischen eingetragen. Jetzt steht dort: {there}. Es wurde nichts überschrieben. Ihre Angabe "
    "steht noch hier; soll sie gelten, speichern Sie noch einmal."
)


@transaction.atomic
def begin(*, meeting: Meeting, by: User, now: datetime) -> Minutes:
    """Begins an invited meeting: draft minutes, one section per item, attendance of the seats of that day.

    A second click finds what the first one made. Raises Refused before the day, for a meeting that is not
    invited, and for the partner that does not chair (R-SEC-2).
    """
    rows = Meeting.objects.select_for_update(of=("self",)).select_related("body__agreement")
    locked = rows.get(pk=meeting.pk)
    if made := Minutes.objects.filter(meeting=locked).first():
        return made
    agreement = locked.body.agreement
    office = secretariat_of(agreement).office(locked.body, dispatch_on=locked.meets_on, meets_on=locked.meets_on)
    check_owner(
        office.chairing.pk,
        partners_of(by, Permission.MINUTES_WRITE, agreement),
        owner_name=office.chairing.short_name,
    )
    check_begin(MeetingState(locked.state), locked.meets_on, now.astimezone(BERLIN).date())
    locked.state = Meeting.State.RUNNING
    locked.save(update_fields=["state"])
    minutes = Minutes.objects.create(
        meeting=locked,
        owner=office.chairing,
        due_on=circulation_due_on(
            locked.meets_on, agreement.minutes_days_for(locked.meets_on), queries.extra_holidays()
        ),
        taker_name=by.get_full_name(),
        began_at=begun_at(locked.meets_on, locked.starts_at, now.astimezone(BERLIN)),
    )
    items = AgendaItem.objects.filter(meeting=locked)
    MinutesSection.objects.bulk_create(MinutesSection(minutes=minutes, item=item) for item in items)
    Attendance.objects.bulk_create(_attendances(locked))
    audit.record(by=by, action="meeting.begun", obj=locked, agreement=agreement.slug, now=now)
    return minutes


@transaction.atomic
def take_back_begin(*, minutes: Minutes, by: User, now: datetime) -> Meeting:
    """Takes back a beginning by mistake: the meeting is one that people are invited to, as before.

    Raises Refused as soon as anything is written down, and for the partner that does not keep the minutes.
    """
    locked = locked_draft(minutes, by=by)
    meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=locked.meeting_id)
    is_untouched = is_blank(locked) and _as_they_came(locked.meeting)
    check_take_back_begin(MeetingState(meeting.state), is_blank=is_untouched)
    Attendance.objects.filter(meeting=meeting).delete()
    for rows in (MinutesSection.objects.filter(minutes=locked), Minutes.objects.filter(pk=locked.pk)):
        rows._raw_delete(using=rows.db)  # what hangs on them is not sought: the database refuses where anything does
    meeting.state = Meeting.State.INVITED
    meeting.save(update_fields=["state"])
    audit.record(
        by=by, action="meeting.begin-taken-back", obj=meeting, agreement=locked.meeting.body.agreement.slug, now=now
    )
    return meeting


def can_take_back_begin(minutes: Minutes) -> bool:
    """Whether a page offers it; the action asks again under a lock."""
    return minutes.meeting.is_running and is_blank(minutes) and _as_they_came(minutes.meeting)


def _as_they_came(meeting: Meeting) -> bool:
    """Whether the attendance says what it said at the beginning."""
    expected = {row.seat_id: row for row in _attendances(meeting)}
    names = [field.attname for field in Attendance._meta.concrete_fields if not field.primary_key]
    rows = list(Attendance.objects.filter(meeting=meeting))
    return len(rows) == len(expected) and all(
        row.seat_id in expected and getattr(row, name) == getattr(expected[row.seat_id], name)
        for row in rows
        for name in names
    )


def _attendances(meeting: Meeting) -> list[Attendance]:
    """One row per filled seat of the day, names and functions frozen; prefilled from the answers."""
    answers = {answer.seat_id: Answer(answer.answer) for answer in answers_of(meeting)}
    seats = seats_on(meeting.body, meeting.meets_on)
    return [row for on_day in seats for row in _attendance(meeting, on_day, answers.get(on_day.seat.pk, Answer.OPEN))]


# What an answer lets expect; of a deputy also that one was announced. Of everybody else nobody knows.
EXPECTED = {Answer.ACCEPTED: Status.PRESENT, Answer.DECLINED: Status.EXCUSED}
EXPECTED_OF_DEPUTY = EXPECTED | {Answer.DEPUTY: Status.PRESENT}


def _attendance(meeting: Meeting, on_day: SeatOnDay, answer: InvitationAnswer) -> Iterator[Attendance]:
    """Only who said that he comes counts as present; a vacant seat without a deputy has nobody to list."""
    row = Attendance(meeting=meeting, seat=on_day.seat, partner=on_day.seat.partner, function=str(on_day.seat))
    if on_day.deputy and (on_day.is_vacant or answer == Answer.DEPUTY):
        row.kind, row.status = DEPUTY, EXPECTED_OF_DEPUTY.get(answer, Status.ABSENT)
        row.person, row.name, row.stands_in_for = on_day.deputy, str(on_day.deputy), str(on_day.holder or "")
        yield row
    elif on_day.holder:
        row.kind, row.status = HOLDER, EXPECTED.get(answer, Status.ABSENT)
        row.person, row.name = on_day.holder, str(on_day.holder)
        yield row


@dataclass(frozen=True)
class AttendanceMark:
    """What was seen in the room: the holder was there or not, or somebody stood in for him."""

    seen: SeatMark
    deputy: str = ""
    presence: Presence = UNSTATED

    @property
    def status(self) -> AttendanceStatus:
        """Whether the seat was represented, by whomever."""
        return Status.PRESENT if self.seen == SeatMark.DEPUTY else Status(self.seen)

    @property
    def counting(self) -> "AttendanceMark":
        """What of it counts: no deputy where none stood in, and nothing on how somebody was there who was not."""
        deputy = self.deputy if self.seen == SeatMark.DEPUTY else ""
        return AttendanceMark(self.seen, deputy, self.presence if self.status == Status.PRESENT else UNSTATED)

    @property
    def words(self) -> str:
        """`vertreten durch Ida Immergrün, per Video`."""
        mark = self.counting
        said = f"{SeatMark(mark.seen).label} durch {mark.deputy}" if mark.deputy else SeatMark(mark.seen).label
        return with_presence(said, mark.presence)


Marks = Mapping[int, AttendanceMark]
"""By number of the row."""


class SeatsChanged(Refused):
    """Somebody else marked seats meanwhile: what stands there now, and in words who marked it and when."""

    def __init__(self, sentences: Mapping[int, str], there: Marks) -> None:
        super().__init__(" ".join(sentences.values()))
        self.sentences, self.there = sentences, there


def mark_of(row: Attendance) -> AttendanceMark:
    """What is marked for a seat."""
    return AttendanceMark(row.mark, row.name if row.is_deputy else "", row.presence)


@transaction.atomic
def save_attendance(*, minutes: Minutes, marks: Marks, by: User, now: datetime, shown: Marks | None = None) -> None:
    """Writes the attendance of the seats in `marks`; all others stay as they are. `shown` is what the page showed.

    Raises Refused when a deputy has no name, and when the minutes are no longer a draft; SeatsChanged where somebody
    else marked one of the seats otherwise meanwhile.
    """
    locked = locked_draft(minutes, by=by)
    rows = list(Attendance.objects.filter(meeting=locked.meeting, pk__in=marks, seat__isnull=False))
    _check_seats(rows, marks, shown or {}, by=by)
    before = {row.pk: audit.values_of(row) for row in rows}
    seats = seats_on(locked.meeting.body, locked.meeting.meets_on)
    deputies: dict[int | None, Person | None] = {on_day.seat.pk: on_day.deputy for on_day in seats}
    holders: dict[int | None, Person | None] = {on_day.seat.pk: on_day.holder for on_day in seats}
    agreement = locked.meeting.body.agreement.slug
    for row in rows:
        mark, holder_name = marks[row.pk], row.holder_name
        row.status = mark.status
        _set_presence(row, mark.presence)
        if mark.seen == SeatMark.DEPUTY:
            check_deputy_named(mark.deputy, function=row.function)
            row.kind, row.name, row.stands_in_for = DEPUTY, mark.deputy, holder_name
            row.person = _named(deputies.get(row.seat_id), row.name)
        else:
            row.kind, row.name, row.stands_in_for = HOLDER, holder_name or row.name, ""
            row.person = _named(holders.get(row.seat_id), row.name)
        if any(change := audit.changes(row, before[row.pk])):
            row.save()
            audit.record(by=by, action=MARKED, obj=row, agreement=agreement, change=change, now=now)


def _check_seats(rows: list[Attendance], marks: Marks, shown: Marks, *, by: User) -> None:
    there = {row.pk: mark_of(row).counting for row in rows}
    overtaken = [
        row for row in rows if there[row.pk] not in (shown.get(row.pk, there[row.pk]).counting, marks[row.pk].counting)
    ]
    if overtaken:
        sentences = {
            row.pk: SEAT_CHANGED.format(who=who_changed(row, MARKED, reader=by), there=there[row.pk].words)
            for row in overtaken
        }
        raise SeatsChanged(sentences, {row.pk: there[row.pk] for row in overtaken})


def _set_presence(row: Attendance, presence: Presence) -> None:
    """Only of who was there. Raises Refused for somebody who left before he came."""
    given = presence if row.is_present else UNSTATED
    check_presence(given, who=row.name)
    row.way, row.came_at, row.left_at = given.way, given.came_at, given.left_at


def _named(person: Person | None, name: str) -> Person | None:
    """The person of this name, or nobody when another name was typed."""
    return person if str(person) == name else None


@transaction.atomic
def add_guest(
    *,
    minutes: Minutes,
    name: str,
    organisation: str,
    item: AgendaItem | None,
    presence: Presence = UNSTATED,
    by: User,
) -> Attendance:
    """Adds a guest, for one item or for the whole meeting; also later, as long as it is a draft (7.2)."""
    locked = locked_draft(minutes, by=by)
    guest = Attendance(
        meeting=locked.meeting, kind=GUEST, status=Status.PRESENT, name=name, function=organisation, item=item
    )
    _set_presence(guest, presence)
    guest.save()
    return guest


@transaction.atomic
def remove_guest(*, minutes: Minutes, guest: int, by: User) -> None:
    """Removes a guest that was entered by mistake."""
    locked = locked_draft(minutes, by=by)
    Attendance.objects.filter(pk=guest, meeting=locked.meeting, kind=GUEST).delete()
