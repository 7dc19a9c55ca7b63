"""What all acts on circulated minutes have in common: who may, which version it is, its file, its line in the trail."""

from datetime import datetime

from django.db.models import QuerySet

from kok import audit, documents, genuine
from kok.access import Permission, partners_of
from kok.models import Document, User
from meetings.record.documents.minutes import filename
from meetings.record.models import Minutes, MinutesVersion
from meetings.record.queries.versions import stage_of
from meetings.record.rules import writing


def locked_minutes(minutes: Minutes) -> Minutes:
    """The minutes as they are now, for nobody else to change until the end of the transaction."""
    rows = Minutes.objects.select_for_update(of=("self",))
    return rows.select_related("meeting__body__agreement", "owner__authority").get(pk=minutes.pk)


def check_responsible(minutes: Minutes, *, by: User) -> None:
    """Raises Refused for the partner that does not own the minutes (R-SEC-2)."""
    acting = partners_of(by, Permission.MINUTES_CIRCULATE, minutes.meeting.body.agreement)
    writing.check_owner(minutes.owner_id, acting, owner_name=minutes.owner.short_name)


def circulated(minutes: Minutes) -> MinutesVersion:
    """The version that goes round or is approved. Raises Refused where it is not the text that was circulated."""
    [found] = genuine.rows(going_round(minutes))
    return found


def going_round(minutes: Minutes) -> QuerySet[MinutesVersion]:
    """The same, also where it was put in past the application."""
    return MinutesVersion.objects.filter(minutes=minutes, number=minutes.version)


def order_file(version: MinutesVersion, minutes: Minutes, *, now: datetime) -> Document:
    """Asks for the PDF that belongs to the version now."""
    return documents.request(
        kind="minutes",
        object_id=version.pk,
        version=stage_of(version, minutes),
        filename=filename(version, minutes),
        now=now,
    )


def record(minutes: Minutes, action: str, *, by: User, now: datetime, note: str = "") -> None:
    """One line in the trail."""
    audit.record(by=by, action=action, obj=minutes, agreement=minutes.meeting.body.agreement.slug, note=note, now=now)
