"""Which authority answers reported barriers, and whether it can."""

from datetime import date

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from kok.access import ROLES, Permission
from kok.barrier_office import BarrierOffice
from members.models import Authority, RoleAssignment
from members.queries.authorities import values_on
from members.rules.barriers import hindrance

READERS = [slug for slug, role in ROLES.items() if Permission.BARRIERS_ANSWER in role.permissions]


def named_authority() -> Authority | None:
    """The authority that Technik named."""
    return Authority.objects.filter(answers_barriers=True).first()


def named_office(day: date) -> BarrierOffice | None:
    """Its office with the values of a day."""
    authority = named_authority()
    return office_of(authority, day) if authority else None


def office_of(authority: Authority, day: date) -> BarrierOffice:
    """The office of an authority as one that answers reports, with what hinders it on a day."""
    values = values_on(authority, day)
    hindered = hindrance(
        exists=(authority.period.lower, authority.period.upper),
        office_email=values.office_email,
        has_reader=_has_reader(authority, day),
        day=day,
    )
    return BarrierOffice(authority.pk, values.short_name, values.office_email, hindered)


def _has_reader(authority: Authority, day: date) -> bool:
    """Whether somebody who took the invitation holds the role there, for the whole or for one of its partners."""
    held = RoleAssignment.objects.filter(
        Q(authority=authority) | Q(partner__authority=authority),
        role__in=READERS,
        period__contains=day,
        user__is_active=True,
    )
    return held.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX).exists()
