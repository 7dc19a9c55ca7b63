"""Roles without a seat: those that belong to one, and people who left all their seats and still have a role."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from members.models import RoleAssignment, SeatAssignment
from members.queries.accounts import AccountLine
from members.rules.leaving import SEAT_ROLES


@dataclass(frozen=True)
class Seatless:
    """`roles`: the roles that belong to a seat and have none. `left`: accounts whose people left all seats. Numbers."""

    roles: frozenset[int]
    left: frozenset[int]

    def concerns(self, line: AccountLine) -> bool:
        """Whether the registrar should look at this account."""
        return line.user.pk in self.left or not self.roles.isdisjoint(line.numbers)


def seatless_among(lines: Collection[AccountLine], day: date) -> Seatless:
    """In one query. A seat that is to begin counts; a role that is over does not."""
    seats = SeatAssignment.objects.filter(person__user=OuterRef("user"))
    lasting = seats.lasting(day)
    of_the_role = Q(seat__partner=OuterRef("partner")) | Q(seat__partner__authority=OuterRef("authority"))
    rows = RoleAssignment.objects.lasting(day).filter(pk__in=chain.from_iterable(line.numbers for line in lines))
    found = rows.annotate(
        lacks_seat=ExpressionWrapper(
            Q(role__in=SEAT_ROLES) & ~Exists(lasting.filter(of_the_role)), output_field=BooleanField()
        ),
        has_left=Exists(seats) & ~Exists(lasting),
    ).values_list("pk", "user", "lacks_seat", "has_left")
    return Seatless(
        roles=frozenset(pk for pk, _, lacks_seat, _ in found if lacks_seat),
        left=frozenset(user for _, user, _, has_left in found if has_left),
    )
