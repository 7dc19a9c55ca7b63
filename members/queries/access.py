"""The two look-ups that the kernel needs to open a page."""

from collections.abc import Iterator
from datetime import date

from kok.access import Grant, Permission, partners_of
from kok.models import User
from kok.statements import Kept
from members.models import Agreement, Partner, RoleAssignment


def agreement_by_slug(slug: str) -> Agreement | None:
    """The agreement with this short name, or None."""
    return Agreement.objects.filter(slug=slug).first()


_HELD = Kept(
    lambda user, day: (
        RoleAssignment.objects.filter(user_id=user, period__contains=day)
        .select_related("agreement")
        .only("role", "partner_id", "agreement")
    ),
    int,
    date,
)


def grants_on(user_id: int, day: date) -> Iterator[Grant]:
    """The roles that an account holds on a day, with the agreements, so that a page need not ask for its own."""
    for row in _HELD(user_id, day):
        yield Grant(row.role, row.agreement, row.partner_id)


def own_partners(user: User, permission: Permission, agreement: Agreement) -> list[Partner]:
    """The partners for whom this user holds a permission: a registrar maintains his own partner and nobody else's."""
    return list(agreement.partners.filter(pk__in=partners_of(user, permission, agreement)).select_related("agreement"))
