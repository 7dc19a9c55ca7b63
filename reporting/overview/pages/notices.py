"""What this person should know without having to do anything now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse

from kok.access import Permission, partners_of
from kok.models import User
from kok.words import enumeration, weekday
from reporting.duties.queries.ledger import Ledger
from reporting.duties.queries.meetings import MeetingFacts


@dataclass(frozen=True)
class News:
    """A sentence and where it is explained."""

    sentence: str
    url: str


VOID = "Das Protokoll der Sitzung am {on} wird überarbeitet. Ihre Genehmigung gilt nicht mehr ({partners})."


def notices_of(user: User, ledger: Ledger) -> list[News]:
    """Approvals that became void, until the next version is there to be approved."""
    mine = partners_of(user, Permission.MINUTES_APPROVE, ledger.agreement) if ledger.sees_meetings else frozenset()
    return [*_void(ledger, mine)] if mine else []


def _void(ledger: Ledger, mine: frozenset[int]) -> Iterator[News]:
    for facts in ledger.meetings:
        void = mine & facts.void_by
        if void and facts.minutes and facts.minutes.is_draft:
            names = enumeration(partner.short_name for partner in ledger.partners if partner.pk in void)
            yield News(VOID.format(on=weekday(facts.meets_on), partners=names), _url(ledger, facts))


def _url(ledger: Ledger, facts: MeetingFacts) -> str:
    """The page that says why."""
    return reverse("meetings:minutes", args=[ledger.agreement.slug, facts.body.slug, facts.meeting.pk])
