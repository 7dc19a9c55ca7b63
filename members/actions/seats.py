"""Seats and who holds them: periods end and begin, nothing is overwritten."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Max

from kok import audit, genuine
from kok.errors import require
from kok.models import User
from kok.words import day
from members.actions.administering import check_genuine, check_hand, check_hands
from members.actions.role_ends import span_of
from members.actions.roles import save
from members.models import Body, Partner, Person, Seat, SeatAssignment
from members.queries.leaving import line_giving_back, pending_departure
from members.rules import succession
from members.rules.leaving import check_goes_on
from members.rules.succession import Holding


@transaction.atomic
def assign_seat(
    *, seat: Seat, person: Person, capacity: str, from_on: date, by: User | None, now: datetime
) -> SeatAssignment:
    """Puts a person on a seat from a day on; whoever was there ends the day before.

    Raises Refused with a sentence when the periods contradict each other, when the person belongs to another partner,
    is about to leave, or was put in or changed past the application, or the hand was: invitations go there.
    """
    check_hand(by, check_genuine)
    people = Person.objects.select_for_update(of=("self",)).filter(pk=person.pk)
    [person] = genuine.rows(people)  # before the seat, as leaving does
    seat = _locked(seat)
    previous = check_assignment(seat=seat, person=person, capacity=capacity, from_on=from_on)
    if previous:
        _end(SeatAssignment.objects.get(pk=previous.key), from_on)
    assignment = SeatAssignment(seat=seat, person=person, capacity=capacity, period=(from_on, seat.period.upper))
    save(assignment)
    record_seat("seat.assigned", seat, by=by, now=now, note=f"{named(assignment)} ab {day(from_on)}")
    return assignment


def check_assignment(*, seat: Seat, person: Person, capacity: str, from_on: date) -> Holding | None:
    """Who would make room, see `rules.succession`; changes nothing."""
    succession.check_seat_exists(from_on, starts_on=seat.period.lower, ends_before=seat.period.upper)
    require(
        person.employer_id == seat.partner.authority_id,
        "Diese Person gehört zu einem anderen Partner. Es wurde nichts geändert.",
    )
    leaves = pending_departure(person=person)
    check_goes_on(str(person), getattr(leaves, "last_on", None), ends_before=seat.period.upper)
    assignments = list(seat.assignments.select_related("person"))
    _refuse_own_deputy(assignments, person, capacity, from_on)
    holdings = [holding_of(assignment) for assignment in assignments if assignment.capacity == capacity]
    return succession.predecessor(holdings, person=person.pk, from_on=from_on)


def holding_of(assignment: SeatAssignment) -> Holding:
    """An assignment as the rules see it."""
    period = assignment.period
    return Holding(assignment.pk, assignment.person_id, str(assignment.person), period.lower, period.upper)


def _refuse_own_deputy(assignments: Iterable[SeatAssignment], person: Person, capacity: str, from_on: date) -> None:
    for assignment in assignments:
        is_other = assignment.person_id == person.pk and assignment.capacity != capacity
        require(
            not (is_other and span_of(assignment).lasts(from_on)),
            f"{assignment.person} kann nicht zugleich Mitglied und eigene Stellvertretung sein. "
            "Es wurde nichts geändert. Beenden Sie zuerst die andere Eintragung.",
        )


@transaction.atomic
def end_assignment(*, assignment: SeatAssignment, last_on: date, by: User | None, now: datetime) -> None:
    """Ends an assignment with a last day; without a successor the seat is vacant afterwards.

    On the day on which the person leaves too: then it does not come back when that is taken back. Raises Refused for a
    hand that was put in past the application.
    """
    check_hand(by, check_hands)
    seat = _locked(assignment.seat)
    assignment = SeatAssignment.objects.select_related("seat").get(pk=assignment.pk)
    period = assignment.period
    leaving = line_giving_back(period, seat=seat, capacity=assignment.capacity, departure__person=assignment.person_id)
    end = succession.end_after(last_on, starts_on=period.lower, ends_before=period.upper, may_go_on=leaving is not None)
    if leaving and end == period.upper:
        leaving.was = leaving.became
        leaving.save(update_fields=["was"])
    else:
        _end(assignment, end)
    record_seat("seat.vacated", seat, by=by, now=now, note=f"{named(assignment)} bis {day(last_on)}")


@transaction.atomic
def create_seat(
    *, body: Body, partner: Partner, function: str, unit: str, from_on: date, by: User | None, now: datetime
) -> Seat:
    """A further function in a body, vacant at first.

    Raises Refused outside the life of the body, and for a hand that was put in past the application.
    """
    check_hand(by, check_genuine)
    require(
        from_on in body.period,
        "An diesem Tag besteht das Gremium nicht. Es wurde nichts geändert. Wählen Sie einen anderen Tag.",
    )
    last = Seat.objects.filter(body=body, partner=partner).aggregate(last=Max("position"))["last"] or 0
    seat = Seat.objects.create(
        body=body,
        partner=partner,
        function=function,
        unit=unit,
        position=last + 1,
        period=(from_on, body.period.upper),
    )
    record_seat("seat.created", seat, by=by, now=now, note=f"ab {day(from_on)}")
    return seat


@transaction.atomic
def end_seat(*, seat: Seat, last_on: date, by: User | None, now: datetime) -> None:
    """Ends a function with a last day, and with it whoever holds it.

    Raises Refused when somebody begins later, and for a hand that was put in past the application.
    """
    check_hand(by, check_hands)
    seat = _locked(seat)
    end = succession.end_after(last_on, starts_on=seat.period.lower, ends_before=seat.period.upper)
    for assignment in seat.assignments.select_related("person"):
        period = assignment.period
        require(
            period.lower < end,
            f"{assignment.person} ist für diesen Sitz ab dem {day(period.lower)} eingetragen. "
            "Es wurde nichts geändert. Wählen Sie einen späteren Tag.",
        )
        if span_of(assignment).lasts(end):
            _end(assignment, end)
    seat.period = (seat.period.lower, end)
    seat.save(update_fields=["period"])
    record_seat("seat.ended", seat, by=by, now=now, note=f"bis {day(last_on)}")


def named(assignment: SeatAssignment) -> str:
    """Who sits as what, for the trail: by number, before which its pages put the name where one may read it."""
    return f"Person {assignment.person_id}, {assignment.get_capacity_display()}"


def _locked(seat: Seat) -> Seat:
    """The seat row is the lock of everything that happens on it."""
    return (
        Seat.objects.select_for_update(of=("self",))
        .select_related("body__agreement", "partner__agreement")
        .get(pk=seat.pk)
    )


def _end(assignment: SeatAssignment, end: date) -> None:
    assignment.period = (assignment.period.lower, end)
    assignment.save(update_fields=["period"])


def record_seat(action: str, seat: Seat, *, note: str, by: User | None, now: datetime) -> None:
    """Writes down what became of a seat, in its own agreement."""
    audit.record(by=by, now=now, action=action, obj=seat, agreement=seat.body.agreement.slug, note=note)
