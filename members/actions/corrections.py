"""Wrong clicks on seats made good: an entry is taken back, struck, corrected or filled in, and what stood there stays.

What was sent and approved meanwhile keeps what it said. Invitations that go out later, vacancies and who is asked
follow what stands on the seat now. Each act asks its `check_…` under the lock, as its page did before.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kok import genuine, words
from kok.errors import require
from kok.models import User
from kok.words import local_day
from members.actions.administering import check_genuine, check_hand
from members.actions.role_ends import span_of
from members.actions.roles import save
from members.actions.seats import check_may_sit, holding_of, lock_holder, lock_seat, record_seat, still_there
from members.models import Person, Seat, SeatAssignment, SeatCorrection
from members.queries.corrections import mark_of, predecessor_of
from members.rules import corrections
from members.rules.codes import CorrectionKind
from members.rules.leaving import Span

ACTS = {
    CorrectionKind.WITHDRAWN: "seat.withdrawn",
    CorrectionKind.STRUCK: "seat.struck",
    CorrectionKind.CORRECTED: "seat.corrected",
    CorrectionKind.FILLED_IN: "seat.filled-in",
    CorrectionKind.GOES_ON: "seat.corrected",
}
OVERTAKEN = (
    "Jemand anderes hat diese Eintragung inzwischen geändert. Es wurde nichts geändert. Sehen Sie nach, was jetzt beim "
    "Sitz steht."
)


@dataclass(frozen=True, kw_only=True)
class Mender:
    """Who makes something good, when, and why."""

    by: User | None
    now: datetime
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class SeatEntry:
    """What is meant to stand on a seat: who, from the first to the last day; without one as long as the seat."""

    person: Person
    from_on: date
    last_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Removal:
    """What taking an entry away does: what it is called, and who goes on in its place."""

    kind: CorrectionKind
    follows: SeatAssignment | None


def check_removal(*, assignment: SeatAssignment, goes_on: bool, mender: Mender) -> Removal:
    """What happens when an entry goes. `goes_on`: who ended on the day before stays in its place.

    Raises Refused without a reason for one that has begun, and where who was there before cannot go on. Changes
    nothing.
    """
    kind = corrections.removal(span_of(assignment), today=local_day(mender.now))
    corrections.check_reason(kind, mender.reason)
    follows = predecessor_of(assignment) if goes_on else None
    if follows:
        beside = _others(assignment.seat, assignment)
        check_may_sit(assignment.seat, follows.person, follows.capacity, _joined(follows, assignment), beside=beside)
    return Removal(kind=kind, follows=follows)


@transaction.atomic
def remove_assignment(
    *, assignment: SeatAssignment, goes_on: bool = False, mender: Mender, shown: str | None = None
) -> CorrectionKind:
    """Takes an entry back that has not begun, or strikes one that was wrong altogether, with a reason.

    Raises Refused as `check_removal`, where somebody changed it since the page `shown`, and for a hand, an entry or a
    person that was put in or changed past the application.
    """
    seat, assignment = _locked(assignment, mender, shown)
    planned = check_removal(assignment=assignment, goes_on=goes_on, mender=mender)
    person, was = assignment.person, assignment.period
    assignment.delete()
    _write(SeatCorrection(kind=planned.kind, was_person=person, was=was), assignment, seat, mender)
    if follows := planned.follows:
        before, follows.period = follows.period, DateRange(follows.period.lower, was.upper)
        genuine.check([SeatAssignment.objects.filter(pk=follows.pk)])
        save(follows)
        who = follows.person
        line = SeatCorrection(kind=CorrectionKind.GOES_ON, was_person=who, was=before)
        _write(_with(line, who, follows.period), follows, seat, mender)
    return planned.kind


def check_correction(*, assignment: SeatAssignment, meant: SeatEntry, mender: Mender) -> Span:
    """The period that is meant. Raises Refused without a reason, where nothing would change, for days on which there is
    no such seat or somebody else has it, and for whoever cannot sit there. Changes nothing.
    """
    corrections.check_reason(CorrectionKind.CORRECTED, mender.reason)
    span = _check_entry(assignment.seat, assignment.capacity, meant, but=assignment)
    corrections.check_is_other((assignment.person_id, span_of(assignment)), (meant.person.pk, span))
    return span


@transaction.atomic
def correct_assignment(
    *, assignment: SeatAssignment, meant: SeatEntry, mender: Mender, shown: str | None = None
) -> SeatAssignment:
    """Puts right who was or is on a seat, or from when to when.

    Raises Refused as `check_correction`, and as `remove_assignment`.
    """
    meant = replace(meant, person=lock_holder(meant.person))
    seat, assignment = _locked(assignment, mender, shown)
    span = check_correction(assignment=assignment, meant=meant, mender=mender)
    line = SeatCorrection(kind=CorrectionKind.CORRECTED, was_person=assignment.person, was=assignment.period)
    assignment.person, assignment.period = meant.person, DateRange(span.starts_on, span.ends_before)
    save(assignment)
    _write(_with(line, meant.person, assignment.period), assignment, seat, mender)
    return assignment


def check_filling_in(*, seat: Seat, capacity: str, meant: SeatEntry, mender: Mender) -> Span:
    """The period that is meant. Raises Refused as `check_correction`. Changes nothing."""
    corrections.check_reason(CorrectionKind.FILLED_IN, mender.reason)
    return _check_entry(seat, capacity, meant)


@transaction.atomic
def fill_in(*, seat: Seat, capacity: str, meant: SeatEntry, mender: Mender) -> SeatAssignment:
    """Enters somebody who was forgotten, between those who stand there.

    Raises Refused as `check_filling_in`, and for a hand or a person that was put in or changed past the application.
    """
    check_hand(mender.by, check_genuine)
    meant = replace(meant, person=lock_holder(meant.person))
    seat = lock_seat(seat)
    span = check_filling_in(seat=seat, capacity=capacity, meant=meant, mender=mender)
    period = DateRange(span.starts_on, span.ends_before)
    assignment = SeatAssignment(seat=seat, person=meant.person, capacity=capacity, period=period)
    save(assignment)
    _write(_with(SeatCorrection(kind=CorrectionKind.FILLED_IN), meant.person, period), assignment, seat, mender)
    return assignment


def _locked(assignment: SeatAssignment, mender: Mender, shown: str | None) -> tuple[Seat, SeatAssignment]:
    """The seat, and the entry as it was sealed. Raises Refused as `remove_assignment`."""
    check_hand(mender.by, check_genuine)
    seat = lock_seat(assignment.seat)
    rows = genuine.rows(SeatAssignment.objects.select_related("person").filter(pk=assignment.pk))
    found = still_there(next(iter(rows), None))
    genuine.check([Person.objects.filter(pk=found.person_id)])
    found.seat = seat
    require(shown in (None, mark_of(found)), OVERTAKEN)
    return seat, found


def _check_entry(seat: Seat, capacity: str, meant: SeatEntry, *, but: SeatAssignment | None = None) -> Span:
    span = corrections.span_meant(meant.from_on, meant.last_on, seat=span_of(seat))
    beside = _others(seat, but)
    check_may_sit(seat, meant.person, capacity, span, beside=beside)
    corrections.check_free(span, [holding_of(other) for other in beside if other.capacity == capacity])
    return span


def _others(seat: Seat, but: SeatAssignment | None) -> list[SeatAssignment]:
    return [row for row in seat.assignments.select_related("person") if row != but]


def _joined(follows: SeatAssignment, gone: SeatAssignment) -> Span:
    return Span(follows.period.lower, gone.period.upper)


def _with(line: SeatCorrection, person: Person, period: DateRange) -> SeatCorrection:
    line.became_person, line.became = person, period
    return line


def _write(line: SeatCorrection, assignment: SeatAssignment, seat: Seat, mender: Mender) -> None:
    """Keeps what stood there and what does, with the reason; the trail tells numbers and days, and no reason."""
    line.seat, line.capacity, line.reason = seat, assignment.capacity, mender.reason.strip()
    line.made_by, line.made_at = mender.by, mender.now
    save(line)
    told = [
        f"Person {person.pk} {words.period(period)}" if person else ""
        for person, period in ((line.was_person, line.was), (line.became_person, line.became))
    ]
    kind = CorrectionKind(line.kind)
    note = f"{assignment.get_capacity_display()} {kind.label}"
    record_seat(ACTS[kind], seat, by=mender.by, now=mender.now, note=note, change=(told[0], told[1]))
