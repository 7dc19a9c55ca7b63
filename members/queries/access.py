"""The two look-ups that the kernel needs to open a page."""

import json
from collections.abc import Collection, Iterator
from datetime import date

from django.conf import settings
from django.db.models import QuerySet

from kok.access import ROLES, Grant, Permission, authorities_of, grants_with, partners_of
from kok.models import User
from members.models import Agreement, Authority, Partner, RoleAssignment


def agreement_by_slug(slug: str) -> Agreement | None:
    """The agreement with this short name, or None."""
    return Agreement.objects.filter(slug=slug).first()


# One row for each agreement with all the roles that open it, since an agreement is wide; the role of the installation
# opens none. What a second factor is, kok.second_factor says; a test compares the two.
_GRANTS = """
    SELECT agreement.*, grants.held
    FROM (
        SELECT partner.agreement_id, min(held.id) AS first,
               json_agg(json_build_array(
                   held.role, partner.id, partner.authority_id, held.authority_id IS NOT NULL,
                   EXISTS (
                       SELECT FROM mfa_authenticator factor
                       WHERE factor.user_id = held.user_id AND factor.type IN ('totp', 'webauthn')
                       AND NOT (%s AND factor.data @> '{"demo": true}')
                   )
               ) ORDER BY held.id, partner.id)::text AS held
        FROM members_roleassignment held
        LEFT JOIN members_partner partner ON partner.id = held.partner_id OR partner.authority_id = held.authority_id
        WHERE held.user_id = %s AND held.period @> %s::date
        GROUP BY partner.agreement_id
    ) grants
    LEFT JOIN members_agreement agreement ON agreement.id = grants.agreement_id
    ORDER BY grants.first
"""


def grants_on(user_id: int, day: date) -> Iterator[Grant]:
    """What an account may on a day, with the agreements in the same query, so that a page need not ask for its own.

    A role for an authority counts in every agreement of which it is a partner, those of tomorrow too.
    """
    rows = Agreement.objects.raw(_GRANTS, [settings.PRODUCTION, user_id, day])
    for row in rows:
        found = row if row.pk else None
        for role, partner, authority, spans, has_factor in json.loads(vars(row)["held"]):
            yield Grant(role, found, partner, authority, spans, ROLES[role].needs_factor and not has_factor)


def bearers(roles: Collection[str], day: date) -> tuple[set[int], set[int]]:
    """Who has one of these roles on a day, and who had one that was changed or taken away past the application.

    That one had says the last seal of the role, also where its days are over. Raises KeyLost.
    """
    rows = RoleAssignment.objects.filter(role__in=roles, period__contains=day)
    changed = RoleAssignment.sealing.lost(RoleAssignment.sealing.standing())
    lost = [seal for seal in changed if any(seal.says("role", role) for role in roles)]
    accounts = User.objects.values_list("pk", flat=True) if lost else ()
    had = {pk for pk in accounts if any(seal.says("user_id", str(pk)) for seal in lost)}
    return set(rows.values_list("user", flat=True)), had


def roles_stand(user: User) -> bool:
    """Whether all roles of this account, ended ones too, are as they were sealed. Raises KeyLost."""
    numbers = set(user.role_assignments.values_list("pk", flat=True))
    return len(RoleAssignment.sealing.standing(numbers)) == len(numbers)


def roles_of_a_hand(user: User) -> QuerySet[RoleAssignment]:
    """Of the roles of whoever acts those that stand as they were sealed; none where the account does not.

    One that was put in beside them takes nothing from them. Raises KeyLost.
    """
    stands = User.sealing.standing([user.pk])
    numbers = user.role_assignments.values_list("pk", flat=True) if stands else ()
    return user.role_assignments.filter(pk__in=list(RoleAssignment.sealing.standing(numbers)))


def own_partners(user: User, permission: Permission, agreement: Agreement) -> list[Partner]:
    """The partners for whom this user holds a permission: a registrar maintains his own partner and nobody else's."""
    return list(agreement.partners.filter(pk__in=partners_of(user, permission, agreement)).select_related("agreement"))


def covers(user: User, permission: Permission, authority: Authority) -> bool:
    """Whether somebody may this for the whole authority, or for its partners in all its agreements of today."""
    if authority.pk in authorities_of(user, permission, spanning=True):
        return True
    held = {grant.partner for grant in grants_with(user, permission)}
    return held >= set(authority.partners.values_list("pk", flat=True))
