"""What waits in the sealed area when somebody leaves, as counts: nothing of a case leaves it (5.4)."""

from collections.abc import Iterator

from kok.access import Permission
from kok.roles import RoleSlug
from members.models import Partner
from members.pages.leaving import Remaining, url_of
from members.queries.leaving import Leaving
from transitions.models import DataSubjectRequest, TransitionListVersion
from transitions.rules.codes import VersionState


def remaining(leaving: Leaving) -> Iterator[Remaining]:
    """Drafts, releases, confirmations and requests of people concerned, for whoever holds the same role."""
    held = [(role.role, partner) for role in leaving.roles for partner in role.partners]
    for slug, partner in held:
        url = url_of(leaving, Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
        to = ", ".join(leaving.others_with(slug, partner))
        for what, number in _counted(slug, partner):
            if number:
                yield Remaining(f"{what} ({partner.agreement.region}): {number}", to, url)


def _counted(role: str, partner: Partner) -> Iterator[tuple[str, int]]:
    drafts = TransitionListVersion.objects.filter(transition_list__sender=partner, state=VersionState.DRAFT)
    if role == RoleSlug.CASE_OFFICER:
        yield "Entwürfe von Übergangslisten", drafts.count()
        yield (
            "Anfragen betroffener Personen",
            DataSubjectRequest.objects.filter(partner=partner, answered_on=None).count(),
        )
    if role == RoleSlug.CASE_RELEASER:
        yield "Übergangslisten, die auf Freigabe warten", drafts.filter(submitted_at__isnull=False).count()
    if role == RoleSlug.CASE_RECEIVER:
        waiting = TransitionListVersion.objects.filter(receipt__recipient=partner, state=VersionState.RELEASED)
        yield "Übergangslisten ohne Empfangsbestätigung", waiting.filter(receipt__acknowledgement=None).count()
