"""What the retention rules erase or report of meetings (domain.md 5.5). Minutes are never erased by the application."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from kok.erasure import RetentionRule, deleting, numbers, over
from kok.models import AuditEvent, Dispatch, Document
from meetings.models import (
    WITHHELD_WORDS,
    Invitation,
    InvitationRound,
    Meeting,
    Minutes,
    MinutesApproval,
    MinutesVersion,
    SectionRevision,
)
from meetings.queries.dispatches import MEETING, MINUTES
from meetings.queries.standing import unfounded
from members.queries import left_for_us, people_who_left


def _for_the_archive(today: date) -> QuerySet[Minutes]:
    return Minutes.objects.filter(approved_at__lt=over(today, months=120))


def _dispatched(today: date) -> QuerySet[Dispatch]:
    """What went out about minutes that are over, and about their meetings."""
    over_ = _for_the_archive(today)
    of_minutes = Q(subject_kind=MINUTES, subject_id__in=over_.values("pk"))
    return Dispatch.objects.filter(of_minutes | Q(subject_kind=MEETING, subject_id__in=over_.values("meeting")))


def _given() -> QuerySet[MinutesApproval]:
    """Approvals that count; those of a version that was taken back are void."""
    return MinutesApproval.objects.filter(version__taken_back_at=None)


def _long_approved(today: date) -> QuerySet[Minutes]:
    """Approved for 12 months, by the approvals themselves; one that was put in puts nothing off. Raises KeyLost."""
    before, given = over(today, months=12), _given().filter(version__minutes=OuterRef("pk"))
    lately = _given().filter(approved_at__gte=before)
    ours = list(MinutesApproval.sealing.standing(lately.values_list("pk", flat=True)))
    approved = Minutes.objects.filter(approved_at__lt=before)
    return approved.filter(Exists(given), ~Exists(given.filter(pk__in=ours)))


def _proven(minutes: Collection[int]) -> set[int]:
    """Minutes that are approved by what is sealed. Raises KeyLost."""
    approved = Minutes.objects.filter(pk__in=minutes, state=Minutes.State.APPROVED)
    return set(approved.values_list("pk", flat=True)) - {each.pk for each in unfounded(approved)}


def _old_revisions(today: date) -> QuerySet[SectionRevision]:
    return SectionRevision.objects.filter(section__minutes__in=_long_approved(today))


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
    """The text and its files; that it was circulated, when, by whom and who had approved it stays."""
    replaced = MinutesVersion.objects.filter(pk__in=ids, taken_back_at__isnull=False)
    Document.objects.filter(kind="minutes", object_id__in=replaced.values("pk")).delete()
    return replaced.exclude(content="").update(content="")


def _addresses(today: date) -> QuerySet[Invitation]:
    return Invitation.objects.filter(person__in=people_who_left(today)).exclude(email="")


def _of_people_left(ids: Collection[str]) -> set[str]:
    rows = dict(Invitation.objects.filter(pk__in=ids).values_list("pk", "person"))
    left = left_for_us({str(person) for person in rows.values()})
    return {str(pk) for pk, person in rows.items() if str(person) in left}


def _forget_addresses(ids: Sequence[str], now: datetime) -> int:
    return Invitation.objects.filter(pk__in=ids).exclude(email="").update(email="")


_HAS_AGENDA = ~Q(agenda=[])
_HAS_REASON = Q(kind=InvitationRound.Kind.CANCELLATION) & ~Q(meeting__cancellation_reason=WITHHELD_WORDS)


def _withheld_rounds(today: date) -> QuerySet[InvitationRound]:
    return InvitationRound.objects.filter(_HAS_AGENDA | _HAS_REASON, withheld_at__isnull=False)


def _withheld_by_us(ids: Collection[str]) -> set[str]:
    """Rounds of which a line of the trail that stands says that somebody withheld them. Raises KeyLost."""
    rounds = list(InvitationRound.objects.filter(pk__in=ids))
    meetings = [str(each.meeting_id) for each in rounds]
    lines = AuditEvent.objects.filter(
        action="meeting.withheld", object_kind=Meeting._meta.label, object_id__in=meetings
    )
    ours = AuditEvent.sealing.standing(lines.values_list("pk", flat=True))
    told = {(line.object_id, line.at, line.note.partition(":")[0]) for line in lines if str(line.pk) in ours}
    return {str(each.pk) for each in rounds if (str(each.meeting_id), each.withheld_at, withheld_words(each)) in told}


def withheld_words(round_: InvitationRound) -> str:
    """With which words the line of the trail begins, before its reason."""
    return f"Fassung {round_.round_no}"


def _empty_rounds(ids: Sequence[str], now: datetime) -> int:
    """Agenda, PDF and the reason of the meeting; that it was sent, when, by whom and to whom stays.

    The reason of a short Ladungsfrist is that of the newest invitation.
    """
    rounds = InvitationRound.objects.filter(pk__in=ids)
    number = rounds.filter(_HAS_AGENDA | _HAS_REASON).count()
    Document.objects.filter(kind="agenda", object_id__in=rounds.values("pk")).delete()
    invitations = InvitationRound.objects.filter(kind=InvitationRound.Kind.INVITATION)
    later = invitations.filter(meeting=OuterRef("meeting"), round_no__gt=OuterRef("round_no"))
    newest = rounds.filter(~Exists(later), kind=InvitationRound.Kind.INVITATION)
    urgent = Meeting.objects.filter(pk__in=newest.values("meeting")).exclude(urgency_reason="")
    urgent.update(urgency_reason=WITHHELD_WORDS)
    cancelled = rounds.filter(kind=InvitationRound.Kind.CANCELLATION)
    Meeting.objects.filter(pk__in=cancelled.values("meeting")).update(cancellation_reason=WITHHELD_WORDS)
    rounds.update(agenda=[])
    return number


REPLACED = "minutes-replaced"
WITHHELD = "invitations-withheld"
RULES = (
    RetentionRule(
        "minutes", "Protokolle und Beschlüsse", "10 Jahre, dann Anbietung an das Archiv", "own",
        lambda today: numbers(_for_the_archive(today)),
    ),
    RetentionRule(
        "dispatches", "Wer Einladungen und Protokolle erhielt", "10 Jahre, mit dem Protokoll", "proposal",
        lambda today: numbers(_dispatched(today)),
    ),
    RetentionRule(
        "minutes-revisions", "Textfassungen genehmigter Protokolle", "12 Monate nach der Genehmigung", "proposal",
        lambda today: numbers(_old_revisions(today)), deleting(SectionRevision), proven=_proven_revisions,
    ),
    RetentionRule(
        REPLACED, "Text ersetzter Fassungen von Protokollen",
        "12 Monate nach der Genehmigung; was gesperrt wurde, sofort", "proposal",
        lambda today: numbers(_replaced_texts(today)), _empty_texts, is_final=True, proven=_proven_texts,
    ),
    RetentionRule(
        WITHHELD, "Worte gesperrter Einladungen und Absagen", "sofort", "proposal",
        lambda today: numbers(_withheld_rounds(today)), _empty_rounds, is_final=True, proven=_withheld_by_us,
    ),
    RetentionRule(
        "invitation-addresses", "Adressen ausgeschiedener Mitglieder in Einladungen",
        "12 Monate nach dem Ende des letzten Sitzes", "proposal",
        lambda today: numbers(_addresses(today)), _forget_addresses, proven=_of_people_left,
    ),
)  # fmt: skip
