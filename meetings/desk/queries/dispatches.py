"""Who was sent what about a meeting and its minutes (ADR 28)."""

from dataclasses import dataclass

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from kok import dispatch
from kok.access import Permission, can
from kok.models import Dispatch, User
from meetings.convening.models import Meeting
from meetings.convening.queries.dispatches import MEETING, with_letters
from meetings.record.models import MinutesVersion
from meetings.record.queries.mailed import APPROVED, CIRCULATED, FILE, MINUTES
from members.models import Agreement, Person

Result = Dispatch.Result
Way = Dispatch.Way
UNREACHED = (Result.FAILED, Result.PROMISED)  # a letter may stand in


@dataclass(frozen=True)
class SentRows:
    """What went out, each letter in the place of what did not reach whoever got it.

    `sees_all`: this person sends here; others see what they got themselves. `noteable`: keys of rows for which a letter
    can be noted.
    """

    rows: list[Dispatch]
    sees_all: bool
    noteable: frozenset[int]


def sent_about(user: User, agreement: Agreement, meeting: Meeting, version: int | None = None) -> SentRows:
    """What went out about a meeting and its minutes, or about one `version` of the minutes."""
    sees_all = can(user, Permission.MEETING_INVITE, agreement)
    rows = _about(meeting, version)
    if not sees_all:
        own = Person.objects.filter(user=user.pk).values("pk")
        rows = rows.filter(Q(account=user.pk) | Q(person__in=own))
    noteable = unreached(meeting).values_list("pk", flat=True) if sees_all else ()
    same = {name: OuterRef(name) for name in ("subject_kind", "subject_id", "version", "person")}
    got_file = Exists(Dispatch.objects.filter(kind=FILE, **same))  # then nobody has no account for the file
    rows = rows.exclude(got_file, way=Way.NONE, kind=APPROVED)
    return SentRows(with_letters(rows), sees_all, frozenset(noteable))


def _about(meeting: Meeting, version: int | None = None) -> QuerySet[Dispatch]:
    minutes = getattr(meeting, "minutes", None)
    of_minutes = [(MINUTES, minutes.pk)] if minutes else []
    if version is not None:
        return dispatch.about(*of_minutes).filter(version=str(version))
    return dispatch.about((MEETING, meeting.pk), *of_minutes)


def unreached(meeting: Meeting) -> QuerySet[Dispatch]:
    """What did not reach somebody, of this meeting or its minutes, so that a letter can be noted.

    Not about a text that nobody is asked to approve any more: no letter carries it after.
    """
    taken_back = MinutesVersion.objects.filter(minutes__meeting=meeting, taken_back_at__isnull=False)
    void = taken_back.values_list(Cast("number", CharField()))
    rows = _about(meeting).filter(result__in=UNREACHED)
    return rows.exclude(way=Way.LETTER).exclude(kind=CIRCULATED, version__in=void)
