"""Mails of a round: the invitation with calendar entry and agenda, and the cancellation. Functions, no names."""

from email.utils import parseaddr

from django.conf import settings

from kok import ics, queries
from kok.mails import MailText
from kok.models import Document, OutboxMessage
from kok.outbox import Mail, MailAttachment, NotReady
from kok.words import clock, weekday
from meetings.convening.documents.agenda import Agenda, agenda_of
from meetings.convening.models import Invitation, InvitationRound, Meeting
from meetings.convening.queries.invitations import reason_of_cancellation
from members.documents import about, written
from members.models import Agreement
from members.queries import conference_of

Kind = InvitationRound.Kind
ASK = "Bitte antworten Sie nach der Anmeldung auf dieser Seite:\n{}"
ABOUT = "{meeting.body_short_name} {agreement.region}"
_LEAVES_CALENDAR = "Die Kalenderdatei nimmt den Termin aus Ihrem Kalender."
_WERE_INVITED = "Sie erhalten diese Nachricht, weil Sie zu dieser Sitzung eingeladen waren."
NOTICES = {
    "cancellation": MailText(
        f"{ABOUT}: Sitzung am {{day}} ist abgesagt",
        "die Sitzung {agenda.number} am {day} um {hour} findet nicht statt. Sie müssen nichts tun.",
        "{agenda.body}{because}",
        "Wenn ein neuer Termin feststeht, erhalten Sie eine neue Einladung.",
        _LEAVES_CALENDAR,
        _WERE_INVITED,
    ),
    "invitation.ended": MailText(
        f"{ABOUT}: Ihre Einladung für {{day}} gilt nicht mehr",
        "zur Sitzung {agenda.number} am {day} um {hour} waren Sie eingeladen. Diese Einladung gilt nicht mehr, weil "
        "{why}. Sie müssen nichts tun.",
        "{agenda.body}",
        _LEAVES_CALENDAR,
        _WERE_INVITED,
    ),
}
NO_SEAT = {  # by whether the meeting was moved
    True: "die Sitzung verlegt ist und für den neuen Tag kein Sitz für Sie eingetragen ist",
    False: "für diesen Tag kein Sitz mehr für Sie eingetragen ist",
}
OPEN_END = "Ein Ende ist nicht geplant. Im Kalender sind zwei Stunden eingetragen."


def invitation(message: OutboxMessage) -> Mail | None:
    """Invites one person. Nothing once the meeting was moved or cancelled, a newer round was sent or this withheld.

    Raises NotReady until the worker has made the agenda; when that failed, the mail waits until it is tried again.
    """
    row = _invitation(message.context["invitation"])
    round_ = row.round
    newer = round_.meeting.rounds.filter(kind=Kind.INVITATION, round_no__gt=round_.round_no)
    if round_.meeting.state != Meeting.State.INVITED or round_.withheld_at or newer.exists():
        return None
    document = queries.document_of(kind="agenda", object_id=round_.pk, version=1)
    if document is None or document.state != Document.State.DONE:
        raise NotReady
    agenda = agenda_of(round_)
    calendar = MailAttachment(
        "Termin.ics",
        ics.invitation(**_appointment(row, agenda, round_) | {"description": _description(agenda)}),
        ics.content_type("REQUEST"),
    )
    paper = MailAttachment(document.filename, queries.document_content(document), "application/pdf")
    return about(*_about("invitation", row, agenda), calendar, paper)


def cancellation(message: OutboxMessage) -> Mail | None:
    """Takes the entry of a meeting that is cancelled out of the calendar of somebody who was invited."""
    row, agenda, _, calendar = _ending(message)
    reason = reason_of_cancellation(row.round.meeting)
    because = f"\nGrund: {reason}" if reason else ""
    return about(*_about("cancellation", row, agenda, because=because), calendar)


def ended(message: OutboxMessage) -> Mail | None:
    """The same for somebody who is not invited any more, of a meeting that takes place; with the one true reason."""
    row, agenda, sent, calendar = _ending(message)
    why = NO_SEAT[sent.meets_on != row.round.meets_on]
    return about(*_about("invitation.ended", row, agenda, why=why), calendar)


def _ending(message: OutboxMessage) -> tuple[Invitation, Agenda, InvitationRound, MailAttachment]:
    row = _invitation(message.context["invitation"])
    sent = InvitationRound.objects.get(pk=message.context["round"])
    agenda = agenda_of(row.round)
    file = ics.cancellation(**_appointment(row, agenda, sent) | {"attendee_email": message.to})
    return row, agenda, sent, MailAttachment("Absage.ics", file, ics.content_type("CANCEL"))


def _invitation(pk: int) -> Invitation:
    rows = Invitation.objects.select_related(
        "round__meeting__body__agreement", "round__convened_by__authority", "round__chaired_by__authority"
    )
    return rows.get(pk=pk)


def _appointment(row: Invitation, agenda: Agenda, sent: InvitationRound) -> ics.Appointment:
    """One attendee, named by his function. SEQUENCE and moment are those of the round that is sent, so that a second
    try is the same file; day and place are those of the round in which he was invited."""
    meeting = row.round.meeting
    _, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    conference = conference_of(meeting.body.agreement).called_on(row.round.meets_on)
    return {
        "uid": str(meeting.calendar_uid),
        "sequence": sent.calendar_sequence,
        "starts_at": agenda.starts_at,
        "ends_at": agenda.calendar_end,
        "summary": f"{agenda.body}, Sitzung {agenda.number}",
        "location": agenda.place or agenda.link,
        "url": agenda.link or agenda.reply_url,
        "description": "Diese Einladung gilt nicht mehr.",
        "organizer_name": f"{agenda.convened_by}, {conference.name}",
        "organizer_email": address,
        "attendee_name": row.function,
        "attendee_email": row.email,
        "now": sent.dispatched_at,
    }


def _description(agenda: Agenda) -> str:
    """What to do, and that an end which the calendar shows is none that anybody planned."""
    asked = ASK.format(agenda.reply_url)
    return asked if agenda.ends_at else f"{OPEN_END}\n{asked}"


def _about(kind: str, row: Invitation, agenda: Agenda, **more: object) -> tuple[Agreement, str, dict[str, object]]:
    meeting = row.round.meeting
    times = {"day": weekday(agenda.held_on), "hour": clock(agenda.starts_at)}
    return meeting.body.agreement, kind, {"agenda": agenda, "meeting": meeting, "body": meeting.body, **times, **more}


def preview(round_: InvitationRound) -> Mail:
    """The text of the invitation before it is sent, without attachments."""
    return written(*_about("invitation", Invitation(round=round_), agenda_of(round_)))
