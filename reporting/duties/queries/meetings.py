"""Meetings as the overview and the duties of Punkt 5 see them: days and states, no content."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kok.statements import Kept
from meetings.convening.queries.standing import standing
from meetings.convening.rules.codes import MeetingState
from meetings.convening.rules.counting import HELD_STATES, CountedMeeting
from meetings.models import (
    AgendaItem,
    Attendance,
    Invitation,
    InvitationRound,
    Meeting,
    Minutes,
    MinutesApproval,
    MinutesRemark,
)
from meetings.record.rules.quorum import Attendee, quorum
from members.models import Agreement, Body
from members.rules.codes import BodyKind

State = Meeting.State
COMING = (State.PLANNED, State.INVITED)


@dataclass(frozen=True)
class MeetingFacts:
    """A meeting with what its next steps depend on.

    `invited_at` is the first invitation to the day that holds now. `answers` are those to the last round, whose id
    is `last_round`. `approved_by`, `void_by` and `convened_by` are ids of partners.
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
    void_by: frozenset[int]  # whose approvals of the version before do not count any more
    open_remarks: int  # requests for a change in the version that goes round, without an answer

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
        return self.meeting.state in COMING

    @property
    def is_ahead(self) -> bool:
        """It is to come, or runs."""
        return self.is_coming or self.meeting.is_running

    @property
    def takes_place(self) -> bool:
        """It is to come, or was held: not cancelled."""
        return self.is_coming or self.is_held

    @property
    def is_held(self) -> bool:
        """It took place."""
        return self.meeting.state in HELD_STATES

    @property
    def is_approved(self) -> bool:
        """All partners approved its minutes."""
        return self.minutes is not None and self.minutes.state == Minutes.State.APPROVED

    @property
    def counted(self) -> CountedMeeting:
        """The same for R-MEET."""
        return CountedMeeting(self.meets_on, MeetingState(self.meeting.state), self.is_quorate)


def meetings_between(
    agreement: Agreement, partners: Collection[str], first_year: int, last_year: int, *, only_open: bool = False
) -> tuple[MeetingFacts, ...]:
    """The meetings of all bodies in these years, both inclusive, by day, in one query; `only_open`: see `_TO_DO`."""
    rows = (_OPEN if only_open else _ALL)(agreement.pk, first_year, last_year)
    return tuple(_facts(row, partners) for row in rows)


def counted_between(
    agreement: Agreement, partners: Collection[str], first_year: int, last_year: int
) -> list[CountedMeeting]:
    """Those of the conference as R-MEET counts them, in one query of three columns."""
    rows = _COUNTED(agreement.pk, first_year, last_year)
    return [
        CountedMeeting(day, MeetingState(state), is_entered_later or _is_quorate(present, partners))
        for day, state, present, is_entered_later in rows
    ]


def _between(agreement: int, first_year: int, last_year: int) -> QuerySet[Meeting]:
    found = Meeting.objects.filter(body__agreement=agreement, meets_on__year__range=(first_year, last_year))
    return found.order_by("meets_on", "starts_at")


# Something is still to be done for them: to invite, to hold, to write down, to approve.
_TO_DO = (
    Q(state__in=COMING)
    | Q(minutes__state__in=(Minutes.State.DRAFT, Minutes.State.CIRCULATED))
    | Q(body__kind=BodyKind.CONFERENCE, first_sent_at=None)
)
# The slugs of the partners for which somebody with a seat was there.
_PRESENT = ArraySubquery(
    Attendance.objects.filter(meeting=OuterRef("pk"), status=Attendance.Status.PRESENT, seat__isnull=False)
    .order_by()
    .values("partner__authority__slug")
    .distinct()
)


def _annotated(agreement: int, first_year: int, last_year: int) -> QuerySet[Meeting]:
    rounds = InvitationRound.objects.filter(meeting=OuterRef("pk"), kind=InvitationRound.Kind.INVITATION)
    first = standing().filter(meeting=OuterRef("pk"))
    answers = Invitation.objects.filter(round=OuterRef("last_round")).order_by("pk")
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk"))
    given = MinutesApproval.objects.filter(version__minutes__meeting=OuterRef("pk"))
    approvals = given.filter(version__taken_back_at=None)
    void = given.filter(version__taken_back_at__isnull=False, version__number=OuterRef("minutes__version") - 1)
    asked = MinutesRemark.objects.filter(version__minutes__meeting=OuterRef("pk"), version__taken_back_at=None)
    remarks = asked.filter(answered_at=None).order_by().values("version").annotate(n=Count("pk"))
    return (
        _between(agreement, first_year, last_year)
        .select_related("body", "minutes")
        .annotate(
            agenda_length=Coalesce(Subquery(items.values("n")), 0),
            first_sent_at=Subquery(first.values("dispatched_at")[:1]),
            first_sent_for=Subquery(first.values("convened_by_id")[:1]),
            last_round=Subquery(rounds.order_by("-round_no").values("pk")[:1]),
            answers=ArraySubquery(answers.values("answer")),
            present=_PRESENT,
            approved_by=ArraySubquery(approvals.values("partner_id")),
            void_by=ArraySubquery(void.values("partner_id")),
            open_remarks=Coalesce(Subquery(remarks.values("n")), 0),
        )
    )


def _counted(agreement: int, first_year: int, last_year: int) -> QuerySet[Meeting, tuple[date, str, list[str], bool]]:
    found = _between(agreement, first_year, last_year).filter(body__kind=BodyKind.CONFERENCE)
    return found.annotate(present=_PRESENT).values_list("meets_on", "state", "present", "is_entered_later")


_ALL = Kept(_annotated, int, int, int)
_OPEN = Kept(lambda *years: _annotated(*years).filter(_TO_DO).exclude(state=State.CANCELLED), int, int, int)
_COUNTED = Kept(_counted, int, int, int)


def _is_quorate(present: Iterable[str], partners: Collection[str]) -> bool:
    """Whether a meeting of the conference counts."""
    attendees = [Attendee(slug, has_seat=True, is_present=True) for slug in present]
    return quorum(tuple(partners), attendees, is_conference=True).is_quorate is not False


def _counts(row: Any) -> bool:
    """Of other bodies nobody asks, and of a meeting that was entered later somebody confirmed it."""
    return bool(row.body.kind != BodyKind.CONFERENCE or row.is_entered_later)


def _facts(row: Any, partners: Collection[str]) -> MeetingFacts:
    return MeetingFacts(
        meeting=row,
        minutes=getattr(row, "minutes", None),
        is_quorate=_counts(row) or _is_quorate(row.present, partners),
        has_agenda=row.agenda_length > 0,
        invited_at=row.first_sent_at,
        convened_by=row.first_sent_for,
        last_round=row.last_round,
        answers=tuple(row.answers),
        approved_by=frozenset(row.approved_by),
        void_by=frozenset(row.void_by),
        open_remarks=row.open_remarks,
    )
