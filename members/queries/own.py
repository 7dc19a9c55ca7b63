"""What somebody reads about the own account."""

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
    is_over: bool


def own_roles(user: User, day: date) -> list[OwnRole]:
    """Every role of an account that was not taken back before it began, those in force first."""
    rows = RoleAssignment.objects.filter(user=user, period__isempty=False).select_related(
        "partner__authority", "agreement", "authority"
    )
    lines = [_line(row, day) for row in rows.prefetch_related("authority__partners__agreement")]
    return sorted(lines, key=lambda line: (line.is_over, line.title, line.role.pk))


def _line(row: RoleAssignment, day: date) -> OwnRole:
    found = [partner.agreement for partner in row.authority.partners.all()] if row.authority else [row.agreement]
    regions = tuple(sorted(agreement.region for agreement in found if agreement))
    known = ROLES[row.role]
    return OwnRole(row, known.title, known.who, regions, row.has_ended(day))
