"""The invitation with the agenda as a PDF, made from what a round of invitations froze."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from kok import genuine, pdf
from kok.clock import BERLIN
from kok.queries import extra_holidays
from meetings.convening.documents.letterhead import sender_of
from meetings.convening.models import InvitationRound, Meeting
from meetings.convening.queries.invitations import changes_in
from meetings.convening.queries.standing import urgency_told_in
from meetings.convening.rules.changes import FrozenItem
from meetings.convening.rules.suggestions import answer_by
from members.models import Partner
from members.queries.authorities import as_of
from members.queries.foundation import words_of

if TYPE_CHECKING:
    from meetings.record.models import ActionItem

USUAL_LENGTH = timedelta(hours=2)  # what a calendar shows when the end is open


@dataclass(frozen=True)
class Agenda:
    """What `templates/pdf/agenda.html` and the mails show of a round."""

    body: str
    number: str
    round: int
    sent_on: date
    held_on: date
    starts_at: datetime
    ends_at: datetime | None
    place: str
    link: str
    convened_by: str
    chair: str
    answer_by: date | None
    reply_url: str
    items: list[FrozenItem]
    tasks: list["ActionItem"]
    urgency: str
    changes: str

    @property
    def calendar_end(self) -> datetime:
        """The end for a calendar, which cannot leave it open."""
        return self.ends_at or self.starts_at + USUAL_LENGTH


def render(round_id: int, version: int) -> bytes:
    """Makes the PDF of a document request; a round has one version only.

    Raises Forged where what agreement, authorities, bodies and its partners are called was put in or changed past the
    application. The round itself cannot be changed (a trigger).
    """
    round_ = round_by_id(round_id)
    partners = Partner.objects.filter(pk__in=(round_.convened_by_id, round_.chaired_by_id))
    genuine.check((*words_of(round_.meeting.body.agreement), partners))
    return pdf.render(html(round_))


def html(round_: InvitationRound) -> str:
    """The whole document as a page of its own."""
    sender = sender_of(round_.convened_by, round_.meeting.body, round_.meets_on)
    return render_to_string("pdf/agenda.html", {"agenda": agenda_of(round_), "sender": sender})


def round_by_id(round_id: int) -> InvitationRound:
    """A round with all that its documents name, as it was called when the round was sent."""
    rows = InvitationRound.objects.select_related(
        "meeting__body__agreement", "convened_by__authority", "chaired_by__authority"
    )
    found = rows.get(pk=round_id)
    as_of([found.convened_by, found.chaired_by], found.dispatched_at.astimezone(BERLIN).date())
    return found


def agenda_of(round_: InvitationRound) -> Agenda:
    """Reads a frozen round."""
    meeting = round_.meeting
    sent_on = round_.dispatched_at.astimezone(BERLIN).date()
    changes = changes_in(round_)
    return Agenda(
        body=meeting.body.called_on(round_.meets_on).name,
        number=meeting.number or "",
        round=round_.round_no,
        sent_on=sent_on,
        held_on=round_.meets_on,
        starts_at=_moment(round_.meets_on, round_.starts_at),
        ends_at=_moment(round_.meets_on, round_.ends_at) if round_.ends_at else None,
        place=round_.place,
        link=round_.link,
        convened_by=round_.convened_by.short_name,
        chair=round_.chaired_by.short_name,
        answer_by=answer_by(round_.meets_on, sent_on, extra_holidays()),
        reply_url=reply_url(meeting),
        items=round_.agenda,
        tasks=tasks_to_go_through(meeting),
        urgency=urgency_told_in(round_),
        changes=f"Seit der letzten Einladung ist neu: {', '.join(changes)}." if changes else "",
    )


def tasks_to_go_through(meeting: Meeting) -> list["ActionItem"]:
    """What the next meeting goes through (7.4); everybody reads it, so nothing of minutes that are still a draft."""
    return [task.as_circulated() for task in meeting.body.action_items.told().open_before(meeting)]


def reply_url(meeting: Meeting) -> str:
    """The page on which an invited person answers after signing in."""
    path = reverse("meetings:answer", args=[meeting.body.agreement.slug, meeting.body.slug, meeting.pk])
    return f"{settings.KOK_PUBLIC_URL}{path}"


def _moment(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, tzinfo=BERLIN)
