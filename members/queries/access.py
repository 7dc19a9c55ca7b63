"""The two look-ups that the kernel needs to open a page."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q

from kok.access import ROLES, Grant, Permission, partners_of
from kok.models import User
from members.models import Agreement, Partner


def agreement_by_slug(slug: str) -> Agreement | None:
    """The agreement with this short name, or None."""
    return Agreement.objects.filter(slug=slug).first()


# One row for each role and each agreement that it opens; the role of the installation opens none. What a second factor
# is, kok.second_factor says; a test compares the two.
_GRANTS = """
    SELECT agreement.*, held.role, partner.id AS partner, partner.authority_id AS authority,
           held.authority_id IS NOT NULL AS spans,
           EXISTS (
               SELECT FROM mfa_authenticator factor
               WHERE factor.user_id = held.user_id AND factor.type IN ('totp', 'webauthn')
               AND NOT (%s AND factor.data @> '{"demo": true}')
           ) AS has_factor
    FROM members_roleassignment held
    LEFT JOIN members_partner partner ON partner.id = held.partner_id OR partner.authority_id = held.authority_id
    LEFT JOIN members_agreement agreement ON agreement.id = partner.agreement_id
    WHERE held.user_id = %s AND held.period @> %s::date
    ORDER BY held.id, partner.id
"""


def grants_on(user_id: int, day: date) -> Iterator[Grant]:
    """What an account may on a day, with the agreements in the same query, so that a page need not ask for its own.

    A role for an authority counts in every agreement of which it is a partner, those of tomorrow too.
    """
    rows: Iterable[Any] = Agreement.objects.raw(_GRANTS, [settings.PRODUCTION, user_id, day])
    for row in rows:
        found = row if row.pk else None
        is_waiting = ROLES[row.role].needs_factor and not row.has_factor
        yield Grant(row.role, found, row.partner, row.authority, row.spans, is_waiting)


def held_for(partners: Collection[Partner]) -> Q:
    """Role assignments that count for these partners: for them, or for their authorities in all agreements."""
    return Q(partner__in=partners) | Q(authority__in=[partner.authority_id for partner in partners])


def held_in(agreement: Agreement) -> Q:
    """Role assignments that count in an agreement."""
    return Q(agreement=agreement) | Q(authority__partners__agreement=agreement)


def own_partners(user: User, permission: Permission, agreement: Agreement) -> list[Partner]:
    """The partners for whom this user holds a permission: a registrar maintains his own partner and nobody else's."""
    return list(agreement.partners.filter(pk__in=partners_of(user, permission, agreement)).select_related("agreement"))
