"""Roles without a seat: those that belong to one, and people who left all their seats and still have a role."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

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
        return line.user.pk in self.left or any(role.pk in self.roles for role in line.roles)


def seatless_among(lines: Collection[AccountLine], day: date) -> Seatless:
    """In one query. A seat that is to begin counts; a role that is over does not."""
    held = SeatAssignment.objects.filter(person__user__in=[line.user.pk for line in lines])
    places: dict[int, set[tuple[int, int]]] = {}
    for user, partner, authority, period in held.values_list(
        "person__user", "seat__partner", "seat__partner__authority", "period"
    ):
        lasting = places.setdefault(user, set())
        if period.upper is None or period.upper > day:
            lasting.add((partner, authority))
    lasting_roles = {line.user.pk: [role for role in line.roles if not role.has_ended(day)] for line in lines}
    roles = (role for found in lasting_roles.values() for role in found if role.role in SEAT_ROLES)
    return Seatless(
        roles=frozenset(role.pk for role in roles if not _has_seat(role, places.get(role.user_id, set()))),
        left=frozenset(user for user, lasting in places.items() if not lasting and lasting_roles[user]),
    )


def _has_seat(role: RoleAssignment, places: set[tuple[int, int]]) -> bool:
    return any(partner == role.partner_id or authority == role.authority_id for partner, authority in places)
