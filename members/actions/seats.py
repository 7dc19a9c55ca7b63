"""Seats and who holds them: periods end and begin, nothing is overwritten."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypeVar

from django.db import transaction
from django.db.models import Max

from kok import audit, genuine
from kok.errors import require
from kok.models import Sealed, User
from kok.words import day
from members.actions.administering import check_genuine, check_hand, check_hands
from members.actions.role_ends import span_of
from members.actions.roles import save
from members.models import Body, DepartureLine, Partner, Person, Seat, SeatAssignment
from members.queries.leaving import line_giving_back, pending_departure
from members.rules import succession
from members.rules.leaving import Span, check_goes_on
from members.rules.succession import Holding

RowT = TypeVar("RowT", bound=Sealed)


@transaction.atomic
def assign_seat(
    *, seat: Seat, person: Person, capacity: str, from_on: date, by: User | None, now: datetime
) -> SeatAssignment:
    """Puts a person on a seat from a day on; whoever was there ends the day before.

    Raises Refused with a sentence when the periods contradict each other, when the person belongs to another partner,
    is about to leave, or was put in or changed past the application, or the hand was: invitations go there.
    """
    check_hand(by, check_genuine)
    person = lock_holder(person)  # before the seat, as leaving does
    seat = lock_seat(seat)
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
    assignments = list(seat.assignments.select_related("person"))
    check_may_sit(seat, person, capacity, Span(from_on, seat.period.upper), beside=assignments)
    holdings = [holding_of(assignment) for assignment in assignments if assignment.capacity == capacity]
    return succession.predecessor(holdings, person=person.pk, from_on=from_on)


def check_may_sit(seat: Seat, person: Person, capacity: str, span: Span, *, beside: Iterable[SeatAssignment]) -> None:
    """Raises Refused for somebody of another partner, beyond a last day that is entered, and beside oneself."""
    require(
        person.employer_id == seat.partner.authority_id,
        "Diese Person gehört zu einem anderen Partner. Es wurde nichts geändert.",
    )
    leaves = pending_departure(person=person)
    check_goes_on(str(person), getattr(leaves, "last_on", None), ends_before=span.ends_before)
    for assignment in beside:
        is_other = assignment.person_id == person.pk and assignment.capacity != capacity
        require(
            not (is_other and span_of(assignment).overlaps(span)),
            f"{assignment.person} kann nicht zugleich Mitglied und eigene Stellvertretung sein. "
            "Es wurde nichts geändert. Beenden Sie zuerst die andere Eintragung.",
        )


def holding_of(assignment: SeatAssignment) -> Holding:
    """An assignment as the rules see it."""
    period = assignment.period
    return Holding(assignment.pk, assignment.person_id, str(assignment.person), period.lower, period.upper)


@transaction.atomic
def end_assignment(*, assignment: SeatAssignment, last_on: date, by: User | None, now: datetime) -> None:
    """Ends an assignment with a last day; without a successor the seat is vacant afterwards.

    On the day on which the person leaves too: then it does not come back when that is taken back. Raises Refused for a
    hand that was put in past the application.
    """
    check_hand(by, check_hands)
    seat = lock_seat(assignment.seat)
    assignment = still_there(SeatAssignment.objects.select_related("seat").filter(pk=assignment.pk).first())
    end, leaving = check_assignment_end(assignment=assignment, last_on=last_on)
    if leaving and end == assignment.period.upper:
        leaving.was = leaving.became
        leaving.save(update_fields=["was"])
    else:
        _end(assignment, end)
    record_seat("seat.vacated", seat, by=by, now=now, note=f"{named(assignment)} bis {day(last_on)}")


def check_assignment_end(*, assignment: SeatAssignment, last_on: date) -> tuple[date, DepartureLine | None]:
    """The first day without it, and what a departure would give back. Changes nothing.

    Raises Refused as `rules.succession.end_after`.
    """
    period, of = assignment.period, {"seat": assignment.seat_id, "capacity": assignment.capacity}
    leaving = line_giving_back(period, departure__person=assignment.person_id, **of)
    may_go_on = leaving is not None
    end = succession.end_after(last_on, starts_on=period.lower, ends_before=period.upper, may_go_on=may_go_on)
    return end, leaving


@transaction.atomic
def create_seat(
    *, body: Body, partner: Partner, function: str, unit: str, from_on: date, by: User | None, now: datetime
) -> Seat:
    """A further function in a body, vacant at first.

    Raises Refused outside the life of the body, and for a hand that was put in past the application.
    """
    check_hand(by, check_genuine)
    check_new_seat(body=body, from_on=from_on)
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


def check_new_seat(*, body: Body, from_on: date) -> None:
    """Raises Refused for a day on which the body does not exist."""
    require(
        from_on in body.period,
        "An diesem Tag besteht das Gremium nicht. Es wurde nichts geändert. Wählen Sie einen anderen Tag.",
    )


@transaction.atomic
def end_seat(*, seat: Seat, last_on: date, by: User | None, now: datetime) -> None:
    """Ends a function with a last day, and with it whoever holds it.

    Raises Refused when somebody begins later, and for a hand that was put in past the application.
    """
    check_hand(by, check_hands)
    seat = lock_seat(seat)
    end, assignments = check_seat_end(seat=seat, last_on=last_on)
    for assignment in assignments:
        if span_of(assignment).lasts(end):
            _end(assignment, end)
    seat.period = (seat.period.lower, end)
    seat.save(update_fields=["period"])
    record_seat("seat.ended", seat, by=by, now=now, note=f"bis {day(last_on)}")


def check_seat_end(*, seat: Seat, last_on: date) -> tuple[date, list[SeatAssignment]]:
    """The first day without the seat, and who is entered on it. Changes nothing.

    Raises Refused as `rules.succession.end_after`, and when somebody begins only then.
    """
    end = succession.end_after(last_on, starts_on=seat.period.lower, ends_before=seat.period.upper)
    assignments = list(seat.assignments.select_related("person"))
    for assignment in assignments:
        period = assignment.period
        require(
            period.lower < end,
            f"{assignment.person} ist für diesen Sitz ab dem {day(period.lower)} eingetragen. "
            "Es wurde nichts geändert. Wählen Sie einen späteren Tag.",
        )
    return end, assignments


def named(assignment: SeatAssignment) -> str:
    """Who sits as what, for the trail: by number, before which its pages put the name where one may read it."""
    return f"Person {assignment.person_id}, {assignment.get_capacity_display()}"


def still_there(found: RowT | None) -> RowT:
    """The row that is meant. Raises Refused where somebody took it away meanwhile."""
    return require(
        found,
        "Diese Eintragung gibt es nicht mehr: Jemand hat sie inzwischen zurückgenommen oder gelöscht. Es wurde nichts "
        "geändert.",
    )


def lock_holder(person: Person) -> Person:
    """Whoever is to sit somewhere, as it was sealed. Before the seat. Raises Refused as `still_there`, and Forged."""
    people = genuine.rows(Person.objects.select_for_update(of=("self",)).filter(pk=person.pk))
    return still_there(next(iter(people), None))


def lock_seat(seat: Seat) -> Seat:
    """The seat row is the lock of everything that happens on it."""
    return (
        Seat.objects.select_for_update(of=("self",))
        .select_related("body__agreement", "partner__agreement")
        .get(pk=seat.pk)
    )


def _end(assignment: SeatAssignment, end: date) -> None:
    assignment.period = (assignment.period.lower, end)
    assignment.save(update_fields=["period"])


def record_seat(
    action: str, seat: Seat, *, note: str, by: User | None, now: datetime, change: audit.Change = ("", "")
) -> None:
    """Writes down what became of a seat, in its own agreement."""
    slug = seat.body.agreement.slug
    audit.record(by=by, now=now, action=action, obj=seat, agreement=slug, note=note, change=change)
