"""The tab "Teilnehmende" for those who read: who answered the invitation, who was there, or who was there as sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from kok.words import clock, weekday
from meetings.convening.models import Invitation, Meeting
from meetings.convening.pages.meetings import MeetingPage
from meetings.convening.queries.invitations import when
from meetings.record.documents.content import MinutesDocument
from meetings.record.documents.frozen import read as thawed
from meetings.record.models import Attendance, Minutes, MinutesVersion
from meetings.record.queries.attendance import answers_of
from meetings.record.queries.versions import newest_of
from meetings.record.rules.presence import with_presence
from meetings.record.rules.quorum import Quorum


@dataclass(frozen=True)
class AttendanceRow:
    """A row of the table: who, in which function, for which partner, and what is known of the attendance."""

    name: str
    function: str
    partner: str
    said: str


@dataclass(frozen=True, kw_only=True)
class AttendancePage:
    """A table with the sentence over it, or what was circulated, or else why there is nothing to see."""

    caption: str = ""
    column: str = ""
    counted: int | None = None
    lines: tuple[AttendanceRow, ...] = ()
    quorum: Quorum | None = None
    version: MinutesVersion | None = None
    text: MinutesDocument | None = None
    nothing: str = ""
    why: str = ""


def before_meeting(page: MeetingPage) -> AttendancePage:
    """Who answered the invitation; of a meeting that was entered later only that all partners were there."""
    if page.meeting.is_entered_later:
        return AttendancePage(nothing="Diese Sitzung ist nachgetragen.", why=ENTERED_LATER)
    answers = answers_of(page.meeting)
    lines = [
        AttendanceRow(row.name, row.function, page.partners[row.partner_id].short_name, _answered(row, page.meeting))
        for row in answers
    ]
    return AttendancePage(
        caption="auf die Einladung",
        column="Antwort",
        counted=len(answers),
        lines=tuple(lines),
        nothing="Zu dieser Sitzung ist noch niemand eingeladen.",
        why="Eingeladen werden alle, die am Tag der Sitzung einen Sitz haben.",
    )


ENTERED_LATER = (
    "Wer im Einzelnen teilgenommen hat, ist hier nicht verzeichnet. Alle Partner waren nach dem Nachtrag vertreten."
)
SAID_FOR = {
    Invitation.Answer.ACCEPTED: "hat für {} zugesagt",
    Invitation.Answer.DECLINED: "hat für {} abgesagt",
    Invitation.Answer.DEPUTY: "hat für {} eine Stellvertretung angekündigt",
}


def _answered(row: Invitation, meeting: Meeting) -> str:
    """The answer as it counts for the meeting; one that was given for another day or hour names that."""
    asked = row.round
    said = SAID_FOR.get(Invitation.Answer(row.answer))
    if said is None or when(asked) == when(meeting):
        return row.get_answer_display()
    return said.format(f"{weekday(asked.meets_on)}, {clock(asked.starts_at)},")


def attended(rows: Iterable[Attendance], quorum: Quorum) -> AttendancePage:
    """Who was there, as it stands in the minutes."""
    return AttendancePage(
        caption="Teilnahme mit Namen und Funktionen vom Tag der Sitzung",
        column="Teilnahme",
        lines=tuple(map(_attended, rows)),
        quorum=quorum,
    )


def _attended(row: Attendance) -> AttendanceRow:
    instead = f" in Vertretung für {row.stands_in_for}" if row.stands_in_for else ""
    status = f"anwesend{instead}" if row.is_deputy else row.get_status_display()
    partner = row.partner.short_name if row.partner else "Gast"
    return AttendanceRow(row.name, row.function, partner, with_presence(status, row.presence))


def as_circulated(minutes: Minutes) -> AttendancePage:
    """While the next version is written, everybody but the writers has who was there as it was sent (ADR 26)."""
    newest = newest_of(minutes)
    return AttendancePage(
        version=newest,
        text=thawed(newest.content).document if newest and newest.is_readable else None,
        nothing="Wer teilgenommen hat, steht in der nächsten Fassung des Protokolls.",
        why="Die versandte Fassung ist gesperrt. Niemand darf sie mehr lesen.",
    )
