"""What the retention rules erase or report of meetings (domain.md 5.5). Minutes are never erased by the application."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import QuerySet

from kok.erasure import RetentionRule, deleting, numbers, over
from meetings.models import Invitation, Minutes, SectionRevision
from members.queries import people_who_left


def _for_the_archive(today: date) -> QuerySet[Minutes]:
    return Minutes.objects.filter(approved_at__lt=over(today, months=120))


def _old_revisions(today: date) -> QuerySet[SectionRevision]:
    return SectionRevision.objects.filter(section__minutes__approved_at__lt=over(today, months=12))


def _addresses(today: date) -> QuerySet[Invitation]:
    return Invitation.objects.filter(person__in=people_who_left(today)).exclude(email="")


def _forget_addresses(ids: Sequence[str], now: datetime) -> int:
    return Invitation.objects.filter(pk__in=ids).exclude(email="").update(email="")


RULES = (
    RetentionRule(
        "minutes", "Protokolle und Beschlüsse", "10 Jahre, dann Anbietung an das Archiv", "own",
        lambda today: numbers(_for_the_archive(today)),
    ),
    RetentionRule(
        "minutes-revisions", "Textfassungen genehmigter Protokolle", "12 Monate nach der Genehmigung", "proposal",
        lambda today: numbers(_old_revisions(today)), deleting(SectionRevision),
    ),
    RetentionRule(
        "invitation-addresses", "Adressen ausgeschiedener Mitglieder in Einladungen",
        "12 Monate nach dem Ende des letzten Sitzes", "proposal",
        lambda today: numbers(_addresses(today)), _forget_addresses,
    ),
)  # fmt: skip
