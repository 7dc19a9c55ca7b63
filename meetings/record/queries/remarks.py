"""What approvers asked to be changed: the Geschäftsstellen of all partners read it, and the partner that asked."""

from kok.access import Permission, partners_of
from kok.models import User
from meetings.record.models import Minutes, MinutesRemark
from meetings.record.queries.visibility import sees_drafts
from members.models import Agreement


def remarks_of(user: User, agreement: Agreement, minutes: Minutes) -> list[MinutesRemark]:
    """The newest first. What is about a version that is withheld or erased is read by nobody any more."""
    rows = MinutesRemark.objects.filter(version__minutes=minutes.pk, version__is_withheld=False).exclude(text="")
    if not sees_drafts(user, agreement):
        rows = rows.filter(partner__in=partners_of(user, Permission.MINUTES_APPROVE, agreement))
    return list(rows.select_related("version", "partner__authority"))


def remark_in(minutes: Minutes, number: int) -> MinutesRemark | None:
    """One of these minutes that may still be read."""
    rows = MinutesRemark.objects.filter(pk=number, version__minutes=minutes.pk, version__is_withheld=False)
    return rows.exclude(text="").select_related("version", "partner__authority").first()


def remark_by_pk(number: int) -> MinutesRemark:
    """One with its version, for whoever makes a mail of it."""
    return MinutesRemark.objects.select_related("version").get(pk=number)
