"""Roles without a seat: those that belong to one, and people who left all their seats and still have a role."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain

from members.models import RoleAssignment, SeatAssignment
from members.queries.accounts import AccountLine
from members.rules.leaving import SEAT_ROLES, Span


@dataclass(frozen=True)
class Seatless:
    """`roles`: the roles that belong to a seat and have none. `left`: accounts whose people left all seats. Numbers."""

    roles: frozenset[int]
    left: frozenset[int]

    def concerns(self, line: AccountLine) -> bool:
        """Whether the registrar should look at this account."""
        return line.user.pk in self.left or any(role.pk in self.roles for role in line.roles)


def seatless_among(lines: Collection[AccountLine], day: date) -> Seatless:
    """In one query. A seat that is to begin counts; a role that is over does not."""
    held = SeatAssignment.objects.filter(person__user__in={line.user.pk for line in lines})
    rows = list(held.values_list("person__user", "seat__partner", "seat__partner__authority", "period"))
    lasting = [row[:3] for row in rows if Span(row[3].lower, row[3].upper).lasts(day)]
    left = {row[0] for row in rows} - {row[0] for row in lasting}
    roles = list(chain.from_iterable(line.roles_lasting(day) for line in lines))
    return Seatless(
        roles=frozenset(role.pk for role in roles if _lacks_seat(role, lasting)),
        left=frozenset(left & {role.user_id for role in roles}),
    )


def _lacks_seat(role: RoleAssignment, places: Iterable[tuple[int, int, int]]) -> bool:
    """Whether it belongs to a seat and has none: for the partner, or for the authority in whatever agreement."""
    own = (user == role.user_id and role.is_for(partner, authority) for user, partner, authority in places)
    return role.role in SEAT_ROLES and not any(own)
