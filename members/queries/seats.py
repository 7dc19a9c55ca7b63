"""Seats with the people on them, as of a day and through time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from members.models import Agreement, Body, Partner, Person, Seat, SeatAssignment
from members.rules.codes import Capacity

Since = tuple[Person | None, date | None]  # somebody on a seat, since a day
NOBODY: Since = (None, None)


@dataclass(frozen=True)
class SeatOnDay:
    """A seat as it stands on one day: its function, its holder and the named deputy, if any."""

    seat: Seat
    holder: Person | None
    holder_since: date | None
    deputy: Person | None
    deputy_since: date | None

    @property
    def is_vacant(self) -> bool:
        """Nobody holds the seat on this day; a deputy alone does not fill it."""
        return self.holder is None


@dataclass(frozen=True)
class Invitee:
    """Who is invited for a seat: its holder on the day, or nobody because it is vacant."""

    seat: Seat
    partner: Partner
    function: str
    person: Person | None

    @property
    def email(self) -> str:
        """Where the invitation goes; empty when the seat is vacant or no address is known."""
        return self.person.email if self.person else ""

    @property
    def lacks_address(self) -> bool:
        """Somebody holds the seat but cannot be reached: a person has to look."""
        return self.person is not None and not self.person.email


def seats_on(body: Body, day: date) -> list[SeatOnDay]:
    """The seats of a body on a day in the order of Anlage 1, in two queries."""
    seats = Seat.objects.filter(body=body, period__contains=day).select_related("partner__authority")
    assigned = SeatAssignment.objects.filter(seat__body=body, period__contains=day).select_related("person")
    held = {(each.seat_id, each.capacity): (each.person, each.period.lower) for each in assigned}
    return [
        SeatOnDay(seat, *held.get((seat.pk, Capacity.HOLDER), NOBODY), *held.get((seat.pk, Capacity.DEPUTY), NOBODY))
        for seat in seats
    ]


def holders_on(body: Body, day: date) -> set[tuple[int, int]]:
    """Who holds which seat on a day, by their numbers, in one query: pages ask only whether it is as it was."""
    held = SeatAssignment.objects.filter(seat__body=body, seat__period__contains=day, period__contains=day)
    return set(held.filter(capacity=Capacity.HOLDER).values_list("seat", "person"))


def recipients_on(body: Body, day: date) -> list[Invitee]:
    """Who is invited to a meeting on this day, seat by seat (scenario 33: the successor, or the vacancy)."""
    return [
        Invitee(on_day.seat, on_day.seat.partner, str(on_day.seat), on_day.holder) for on_day in seats_on(body, day)
    ]


def seats_in(agreement: Agreement) -> QuerySet[Seat]:
    """All seats of an agreement, those that ended too."""
    return Seat.objects.filter(body__agreement=agreement).select_related("body", "partner__authority")


def seats_of_registrar(agreement: Agreement, partners: Collection[Partner]) -> QuerySet[Seat]:
    """The seats that the registrars of these partners maintain; the seats of others do not exist for them."""
    return seats_in(agreement).filter(partner__in=partners)


def assignments_of_registrar(agreement: Agreement, partners: Collection[Partner]) -> QuerySet[SeatAssignment]:
    """The assignments of those seats."""
    found = SeatAssignment.objects.filter(seat__in=seats_of_registrar(agreement, partners))
    return found.select_related("seat__body", "seat__partner__authority", "person")


def history_of(seat: Seat) -> list[SeatAssignment]:
    """Who held a seat or stood in, the newest first; holders before deputies of the same day."""
    assignments = seat.assignments.select_related("person")
    return sorted(assignments, key=lambda a: (a.period.lower, a.capacity == Capacity.HOLDER), reverse=True)
