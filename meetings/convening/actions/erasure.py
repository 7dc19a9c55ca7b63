"""What the retention rules erase of invitations (domain.md 5.5)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db.models import Q, QuerySet

from kok import retention
from kok.erasure import RetentionRule, pks
from kok.models import AuditEvent, Document
from meetings.convening.models import WITHHELD_WORDS, Invitation, InvitationRound, Meeting
from members.queries import left_for_us, people_who_left


def _addresses(today: date) -> QuerySet[Invitation]:
    return Invitation.objects.filter(person__in=people_who_left(today)).exclude(email="")


def _of_people_left(ids: Collection[str]) -> set[str]:
    rows = dict(Invitation.objects.filter(pk__in=ids).values_list("pk", "person"))
    left = left_for_us({str(person) for person in rows.values()})
    return {str(pk) for pk, person in rows.items() if str(person) in left}


def _forget_addresses(ids: Sequence[str], now: datetime) -> int:
    return Invitation.objects.filter(pk__in=ids).exclude(email="").update(email="")


_HAS_AGENDA = ~Q(agenda=[]) | ~Q(urgency_reason="")
_HAS_REASON = Q(kind=InvitationRound.Kind.CANCELLATION) & ~Q(meeting__cancellation_reason=WITHHELD_WORDS)


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
    """Agenda, PDF and reasons; that it was sent, when, by whom and to whom, and who consented to what stays."""
    rounds = InvitationRound.objects.filter(pk__in=ids)
    number = rounds.filter(_HAS_AGENDA | _HAS_REASON).count()
    Document.objects.filter(kind="agenda", object_id__in=rounds.values("pk")).delete()
    cancelled = rounds.filter(kind=InvitationRound.Kind.CANCELLATION)
    Meeting.objects.filter(pk__in=cancelled.values("meeting")).update(cancellation_reason=WITHHELD_WORDS)
    rounds.update(agenda=[], urgency_reason="")
    return number


WITHHELD = "invitations-withheld"
RULES = (
    RetentionRule(
        WITHHELD, "Worte gesperrter Einladungen und Absagen", "sofort", "proposal",
        lambda today: pks(InvitationRound.objects.filter(_HAS_AGENDA | _HAS_REASON, withheld_at__isnull=False)),
        _empty_rounds, is_final=True, proven=_withheld_by_us,
    ),
    RetentionRule(
        "invitation-addresses", "Adressen ausgeschiedener Mitglieder in Einladungen",
        f"{retention.LEFT} nach dem Ende des letzten Sitzes", "proposal",
        lambda today: pks(_addresses(today)), _forget_addresses, proven=_of_people_left,
    ),
)  # fmt: skip
