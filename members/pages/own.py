"""What somebody reads about the own account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kok.access import ROLES
from kok.models import User
from members.models import RoleAssignment


@dataclass(frozen=True)
class OwnRole:
    """A role with its words, and the regions of the agreements in which it counts; none for the installation."""

    role: RoleAssignment
    title: str
    who: str
    regions: tuple[str, ...]


def own_roles(user: User, day: date) -> tuple[list[OwnRole], list[OwnRole]]:
    """The roles of an account that last on a day, and those that are over, by title.

    One that was taken back before it began is none.
    """
    held = RoleAssignment.objects.filter(user=user).select_related("partner__authority", "agreement", "authority")
    known = held.prefetch_related("authority__partners__agreement")
    return _lines(known.lasting(day)), _lines(known.filter(period__endswith__lte=day))


def _lines(rows: Iterable[RoleAssignment]) -> list[OwnRole]:
    lines = map(_line, rows)
    return sorted(lines, key=lambda line: (line.title, line.role.pk))


def _line(row: RoleAssignment) -> OwnRole:
    counts_in = {partner.agreement for partner in row.authority.partners.all()} if row.authority else {row.agreement}
    regions = sorted(map(str, filter(None, counts_in)))
    known = ROLES[row.role]
    return OwnRole(row, known.title, known.who, tuple(regions))
