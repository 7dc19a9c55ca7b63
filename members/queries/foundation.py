"""What everything in an agreement starts from; acts of power ask whether it stands as it was sealed (`kok.genuine`)."""

from kok import genuine
from kok.genuine import Chosen
from kok.models import User
from members.models import Agreement, AnnexBody, Authority, AuthorityChange, Partner
from members.queries.access import roles_stand


def foundation(agreement: Agreement | None = None) -> tuple[Chosen, ...]:
    """An agreement, its partners and their authorities: who approves, who receives, where a role counts.

    Those of all agreements where none is named.
    """
    if agreement is None:
        return Agreement.objects.all(), Partner.objects.all(), Authority.objects.all()
    return (
        Agreement.objects.filter(pk=agreement.pk),
        Partner.objects.filter(agreement=agreement),
        Authority.objects.filter(partners__agreement=agreement),
    )


def words_of(agreement: Agreement) -> tuple[Chosen, ...]:
    """What an agreement, its authorities and its bodies are called, on whatever day: mails say it."""
    return (
        Agreement.objects.filter(pk=agreement.pk),
        Authority.objects.filter(partners__agreement=agreement),
        AuthorityChange.objects.filter(authority__partners__agreement=agreement),
        AnnexBody.objects.filter(body__agreement=agreement),
    )


def stands_in(user: User, agreement: Agreement) -> bool:
    """Whether all roles of an account, and what they count for in an agreement, are as sealed. Raises KeyLost."""
    return roles_stand(user) and genuine.stand(foundation(agreement))
