"""What the retention rules erase or report of minutes (domain.md 5.5). They are never erased by the application."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kok.erasure import RetentionRule, deleting, over, pks
from kok.models import Dispatch, Document
from meetings.convening.queries.dispatches import MEETING
from meetings.record.models import Minutes, MinutesApproval, MinutesRemark, MinutesVersion, SectionRevision
from meetings.record.queries.mailed import MINUTES
from meetings.record.queries.standing import unfounded
from meetings.record.rules import retention


def _for_the_archive(today: date) -> QuerySet[Minutes]:
    return Minutes.objects.filter(approved_at__lt=over(today, retention.MINUTES))


def _dispatched(today: date) -> QuerySet[Dispatch]:
    """What went out about minutes that are over, and about their meetings."""
    over_ = _for_the_archive(today)
    of_minutes = Q(subject_kind=MINUTES, subject_id__in=over_.values("pk"))
    return Dispatch.objects.filter(of_minutes | Q(subject_kind=MEETING, subject_id__in=over_.values("meeting")))


def _long_approved(today: date) -> QuerySet[Minutes]:
    """Approved for so long, by the approvals themselves; one that was put in puts nothing off. Raises KeyLost."""
    before = over(today, retention.REVISIONS)
    counting = MinutesApproval.objects.filter(version__taken_back_at=None)  # those of a version taken back are void
    given, lately = counting.filter(version__minutes=OuterRef("pk")), counting.filter(approved_at__gte=before)
    ours = list(MinutesApproval.sealing.standing(lately.values_list("pk", flat=True)))
    approved = Minutes.objects.filter(approved_at__lt=before)
    return approved.filter(Exists(given), ~Exists(given.filter(pk__in=ours)))


def _proven(minutes: Collection[int]) -> set[int]:
    """Minutes that are approved by what is sealed. Raises KeyLost."""
    approved = Minutes.objects.filter(pk__in=minutes, state=Minutes.State.APPROVED)
    return set(approved.values_list("pk", flat=True)) - {each.pk for each in unfounded(approved)}


def _proven_revisions(ids: Collection[str]) -> set[str]:
    rows = dict(SectionRevision.objects.filter(pk__in=ids).values_list("pk", "section__minutes"))
    proven = _proven(set(rows.values()))
    return {str(pk) for pk, minutes in rows.items() if minutes in proven}


def _replaced_texts(today: date) -> QuerySet[MinutesVersion]:
    """Like the saved drafts of its sections; one that was withheld at once."""
    replaced = MinutesVersion.objects.filter(taken_back_at__isnull=False).exclude(content="")
    return replaced.filter(Q(is_withheld=True) | Q(minutes__in=_long_approved(today)))


def _proven_texts(ids: Collection[str]) -> set[str]:
    stand = MinutesVersion.sealing.standing(ids)
    rows = MinutesVersion.objects.filter(pk__in=stand)
    proven = _proven({row.minutes_id for row in rows})
    return {str(row.pk) for row in rows if row.is_withheld or row.minutes_id in proven}


def _empty_texts(ids: Sequence[str], now: datetime) -> int:
    """The text, its files and what was asked to be changed in it; that it was circulated, when, by whom and who had
    approved it stays."""
    replaced = MinutesVersion.objects.filter(pk__in=ids, taken_back_at__isnull=False)
    Document.objects.filter(kind="minutes", object_id__in=replaced.values("pk")).delete()
    MinutesRemark.objects.filter(version__in=replaced).update(text="", answer="")
    return replaced.exclude(content="").update(content="")


REPLACED = "minutes-replaced"
RULES = (
    RetentionRule(
        "minutes", "Protokolle und Beschlüsse", f"{retention.MINUTES}, dann Anbietung an das Archiv", "own",
        lambda today: pks(_for_the_archive(today)),
    ),
    RetentionRule(
        "dispatches", "Wer Einladungen und Protokolle erhielt", f"{retention.MINUTES}, mit dem Protokoll", "proposal",
        lambda today: pks(_dispatched(today)),
    ),
    RetentionRule(
        "minutes-revisions", "Textfassungen genehmigter Protokolle",
        f"{retention.REVISIONS} nach der Genehmigung", "proposal",
        lambda today: pks(SectionRevision.objects.filter(section__minutes__in=_long_approved(today))),
        deleting(SectionRevision), proven=_proven_revisions,
    ),
    RetentionRule(
        REPLACED, "Text ersetzter Fassungen von Protokollen",
        f"{retention.REVISIONS} nach der Genehmigung; was gesperrt wurde, sofort", "proposal",
        lambda today: pks(_replaced_texts(today)), _empty_texts, is_final=True, proven=_proven_texts,
    ),
)  # fmt: skip
