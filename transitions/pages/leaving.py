"""What waits in the sealed area when somebody leaves, as counts: nothing of a case leaves it (5.4)."""

from collections.abc import Callable, Iterator, Mapping

from django.db.models import QuerySet

from kok.access import Permission
from kok.roles import RoleSlug
from members.models import Partner
from members.pages.leaving import Remaining, url_of
from members.queries.leaving import Leaving
from transitions.models import DataSubjectRequest, TransitionListVersion
from transitions.rules.codes import VersionState

Count = Callable[[Partner], int]


def remaining(leaving: Leaving) -> Iterator[Remaining]:
    """Drafts, releases, confirmations and requests of people concerned, for whoever holds the same role."""
    held = [(role.role, partner) for role in leaving.roles for partner in role.partners]
    for slug, partner in held:
        url = url_of(leaving, Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
        to = ", ".join(leaving.others_with(slug, partner))
        for what, count in _WAITING.get(slug, {}).items():
            if number := count(partner):
                yield Remaining(f"{what} ({partner.agreement.region}): {number}", to, url)


def _drafts(partner: Partner) -> QuerySet[TransitionListVersion]:
    return TransitionListVersion.objects.filter(transition_list__sender=partner, state=VersionState.DRAFT)


_WAITING: Mapping[str, Mapping[str, Count]] = {
    RoleSlug.CASE_OFFICER: {
        "Entwürfe von Übergangslisten": lambda partner: _drafts(partner).count(),
        "Anfragen betroffener Personen": lambda partner: DataSubjectRequest.objects.filter(
            partner=partner, answered_on=None
        ).count(),
    },
    RoleSlug.CASE_RELEASER: {
        "Übergangslisten, die auf Freigabe warten": lambda partner: (
            _drafts(partner).filter(submitted_at__isnull=False).count()
        ),
    },
    RoleSlug.CASE_RECEIVER: {
        "Übergangslisten ohne Empfangsbestätigung": lambda partner: TransitionListVersion.objects.filter(
            receipt__recipient=partner, state=VersionState.RELEASED, receipt__acknowledgement=None
        ).count()
    },
}  # of each role what waits, and how much
