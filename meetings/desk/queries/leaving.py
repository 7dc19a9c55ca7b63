"""What of meetings and minutes remains open when somebody leaves, counted."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q

from kok.roles import RoleSlug
from meetings.convening.models import Meeting
from meetings.record.models import ActionItem, Attendance, Minutes, MinutesApproval
from members.models import Partner, SeatAssignment
from members.queries.leaving import Leaving


def present_after(
    assignments: Collection[SeatAssignment], cut: date, until: date | None = None
) -> Iterator[tuple[SeatAssignment, list[date]]]:
    """For each seat the days from `cut` on (before `until`) whose minutes went out and note its holder as present."""
    sent = (Minutes.State.CIRCULATED, Minutes.State.APPROVED)
    present = Attendance.objects.filter(
        status=Attendance.Status.PRESENT, meeting__meets_on__gte=cut, meeting__minutes__state__in=sent
    ).order_by("meeting__meets_on")
    if until:
        present = present.filter(meeting__meets_on__lt=until)
    for assignment in assignments:
        found = present.filter(seat=assignment.seat_id, person=assignment.person_id)
        yield assignment, list(found.values_list("meeting__meets_on", flat=True))


def tasks_naming(leaving: Leaving, partner: Partner) -> int:
    """Who cares for a task is text, so the family name is looked for."""
    own = ActionItem.objects.filter(
        Q(partner=partner) | Q(partner=None), is_struck=False, body__agreement=partner.agreement
    )
    return own.filter(state=ActionItem.State.OPEN, who__icontains=leaving.person.family_name).count()


def drafts_naming(leaving: Leaving, partner: Partner) -> int:
    """Drafts of this partner that name the person as chair or taker."""
    name = str(leaving.person)
    drafts = Minutes.objects.filter(owner=partner, state=Minutes.State.DRAFT)
    return drafts.filter(Q(taker_name=name) | Q(chair_name=name)).count()


def invitations_after(leaving: Leaving, partner: Partner) -> int:
    """Meetings to which the person was invited: whoever has the seat then is invited anew."""
    later = Meeting.objects.filter(
        state=Meeting.State.INVITED, meets_on__gte=leaving.cut, body__agreement=partner.agreement
    )
    return later.filter(rounds__invitations__person=leaving.person).distinct().count()


def approvals_waiting(leaving: Leaving, partner: Partner) -> int:
    """Minutes for which this partner, for which the person approves, still has to."""
    if not any(partner in role.partners for role in leaving.roles if role.role == RoleSlug.APPROVER):
        return 0
    waiting = Minutes.objects.filter(state=Minutes.State.CIRCULATED, meeting__body__agreement=partner.agreement)
    given = MinutesApproval.objects.filter(partner=partner, version__taken_back_at=None)
    return waiting.exclude(pk__in=given.values("version__minutes")).count()
