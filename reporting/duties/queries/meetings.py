"""Meetings as the overview and the duties of Punkt 5 see them: days and states, no content."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from meetings.convening.queries.secretariat import Secretariat
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.counting import CountedMeeting
from meetings.models import AgendaItem, Attendance, Invitation, InvitationRound, Meeting, Minutes, MinutesApproval
from meetings.record.rules.quorum import Attendee, quorum
from members.models import Agreement, Body
from members.rules.codes import BodyKind

State = Meeting.State


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting with what its next steps depend on.

    `invited_at` is the first invitation to the day that holds now. `answers` are those to the last round, whose id
    is `last_round`. `approved_by` and `convened_by` are ids of partners.
    """

    meeting: Meeting
    minutes: Minutes | None
    is_quorate: bool
    has_agenda: bool
    invited_at: datetime | None
    convened_by: int | None
    last_round: int | None
    answers: tuple[str, ...]
    approved_by: frozenset[int]

    @property
    def body(self) -> Body:
        """Whose meeting it is."""
        return self.meeting.body

    @property
    def meets_on(self) -> date:
        """The day."""
        return self.meeting.meets_on

    @property
    def state(self) -> str:
        """How far it is."""
        return self.meeting.state

    @property
    def is_coming(self) -> bool:
        """Planned or invited, whatever the day."""
        return self.meeting.state in (State.PLANNED, State.INVITED)

    @property
    def takes_place(self) -> bool:
        """It is to come, or was held: not cancelled."""
        return self.is_coming or self.is_held

    @property
    def is_held(self) -> bool:
        """It took place."""
        return self.meeting.state in (State.HELD, State.CLOSED)

    @property
    def is_approved(self) -> bool:
        """All partners approved its minutes."""
        return self.minutes is not None and self.minutes.state == Minutes.State.APPROVED

    @property
    def counted(self) -> CountedMeeting:
        """The same for R-MEET."""
        return CountedMeeting(self.meets_on, MeetingState(self.meeting.state), self.is_quorate)


def meetings_between(
    agreement: Agreement, secretariat: Secretariat, first_year: int, last_year: int
) -> tuple[MeetingFacts, ...]:
    """The meetings of all bodies in these years, both inclusive, by day, in one query."""
    rows = Meeting.objects.filter(body__agreement=agreement, meets_on__year__range=(first_year, last_year))
    return tuple(_facts(row, secretariat) for row in _annotated(rows).order_by("meets_on", "starts_at"))


def _annotated(rows: QuerySet[Meeting]) -> QuerySet[Any]:
    rounds = InvitationRound.objects.filter(meeting=OuterRef("pk"), kind=InvitationRound.Kind.INVITATION)
    first = rounds.filter(meets_on=OuterRef("meets_on")).order_by("round_no")
    answers = Invitation.objects.filter(round=OuterRef("last_round")).order_by("pk")
    present = Attendance.objects.filter(
        meeting=OuterRef("pk"), status=Attendance.Status.PRESENT, seat__isnull=False
    ).order_by()
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk"))
    approvals = MinutesApproval.objects.filter(version__minutes__meeting=OuterRef("pk"), version__taken_back_at=None)
    return rows.select_related("body", "minutes").annotate(
        agenda_length=Coalesce(Subquery(items.values("n")), 0),
        first_sent_at=Subquery(first.values("dispatched_at")[:1]),
        first_sent_for=Subquery(first.values("convened_by_id")[:1]),
        last_round=Subquery(rounds.order_by("-round_no").values("pk")[:1]),
        answers=ArraySubquery(answers.values("answer")),
        present=ArraySubquery(present.values("partner__authority__slug").distinct()),
        approved_by=ArraySubquery(approvals.values("partner_id")),
    )


def _facts(row: Any, secretariat: Secretariat) -> MeetingFacts:
    attendees = [Attendee(slug, has_seat=True, is_present=True) for slug in row.present]
    found = quorum(tuple(secretariat.partners), attendees, is_conference=row.body.kind == BodyKind.CONFERENCE)
    return MeetingFacts(
        meeting=row,
        minutes=getattr(row, "minutes", None),
        is_quorate=found.is_quorate is not False,
        has_agenda=row.agenda_length > 0,
        invited_at=row.first_sent_at,
        convened_by=row.first_sent_for,
        last_round=row.last_round,
        answers=tuple(row.answers),
        approved_by=frozenset(row.approved_by),
    )
