"""Who was sent what about minutes (ADR 28)."""

from django.db.models import QuerySet

from kok import dispatch
from kok.models import Dispatch, User
from meetings.record.models import MinutesVersion

MINUTES = "minutes"  # what a dispatch is about
CIRCULATED, APPROVED, FILE = "minutes.circulated", "minutes.approved", "minutes.file"  # kinds of mails
REMARKED, REMARK_ANSWERED = "minutes.remarked", "minutes.remark_answered"
Way = Dispatch.Way


def mailed(version: MinutesVersion) -> list[Dispatch]:
    """The mails with a version to be approved, sent or about to be, to people whose account is not closed since."""
    rows = _to_approve(version)
    closed = User.objects.filter(is_active=False).values("pk")
    return list(rows.filter(way=Way.MAIL, address__contains="@").exclude(account__in=closed))


def by_letter(version: MinutesVersion) -> list[Dispatch]:
    """The letters with a version to be approved, as they were noted."""
    return list(_to_approve(version).filter(way=Way.LETTER))


def _to_approve(version: MinutesVersion) -> QuerySet[Dispatch]:
    return dispatch.about((MINUTES, version.minutes_id)).filter(kind=CIRCULATED, version=str(version.number))
