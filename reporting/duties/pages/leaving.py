"""Which duties nobody would be reminded of when somebody leaves."""

from collections.abc import Iterator

from kok.access import ROLES, Permission
from members.models import ObligationRule
from members.pages.leaving import Remaining, url_of
from members.queries.leaving import Leaving
from reporting.duties.rules.clauses import listed


def remaining(leaving: Leaving) -> Iterator[Remaining]:
    """The duties of a partner whose responsible role nobody else holds; what others hold goes on with them."""
    held = {(role.role, partner.pk): partner for role in leaving.roles for partner in role.partners}
    for (slug, _), partner in held.items():
        clauses = ObligationRule.objects.filter(
            version__agreement=partner.agreement,
            version__period__contains=leaving.roles_cut,
            responsible_role=slug,
            debtors__contains=[partner.slug],
        ).values_list("clause", flat=True)
        if clauses and not leaving.others_with(slug, partner):
            url = url_of(leaving, Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
            named = listed(clauses, "Punkt", "den Punkten")
            yield Remaining(f"Pflichten aus {named}: niemand sonst hat die Rolle {ROLES[slug].title}", "", url)
