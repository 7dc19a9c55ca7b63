"""What of meetings and minutes remains open when somebody leaves, and who takes it over."""

from collections.abc import Collection, Iterator
from datetime import date

from django.db.models import Q

from kok import words
from kok.access import Permission
from kok.roles import RoleSlug
from meetings.convening.models import Meeting
from meetings.record.models import ActionItem, Attendance, Minutes, MinutesApproval
from members.models import Partner, SeatAssignment
from members.pages.leaving import Remaining, url_of
from members.queries.leaving import Leaving


def remaining(leaving: Leaving) -> Iterator[Remaining]:
    """Tasks that name the person, minutes and approvals that wait, invitations to later meetings."""
    for partner in leaving.partners:
        yield from _counted(leaving, partner)


def noted_as_present(assignments: Collection[SeatAssignment], cut: date) -> Iterator[str]:
    """Minutes that went out and note somebody on one of these seats as present from `cut` on."""
    sent = (Minutes.State.CIRCULATED, Minutes.State.APPROVED)
    present = Attendance.objects.filter(
        status=Attendance.Status.PRESENT, meeting__meets_on__gte=cut, meeting__minutes__state__in=sent
    )
    for assignment in assignments:
        found = present.filter(seat=assignment.seat_id, person=assignment.person_id).order_by("meeting__meets_on")
        if days := [words.day(held_on) for held_on in found.values_list("meeting__meets_on", flat=True)]:
            yield (
                f"Achtung: Das Protokoll führt {assignment.person} auf diesem Sitz danach noch als anwesend, in der "
                f"Sitzung vom {' und vom '.join(days)}. Prüfen Sie den Tag. Das Protokoll bleibt, wie es ist."
            )


def _counted(leaving: Leaving, partner: Partner) -> Iterator[Remaining]:
    office = ", ".join(leaving.others_with(RoleSlug.SECRETARIAT, partner))
    found = [
        (
            "Offene Aufgaben, die den Namen nennen",
            _tasks(leaving, partner),
            office,
            url_of(leaving, Permission.MEETING_READ, "meetings:tasks", partner.agreement),
        ),
        ("Protokolle im Entwurf, die den Namen nennen", _drafts(leaving, partner), office, ""),
        ("Einladungen zu Sitzungen nach dem letzten Tag", _invitations(leaving, partner), office, ""),
    ]
    if any(role.role == RoleSlug.APPROVER and partner in role.partners for role in leaving.roles):
        approvers = ", ".join(leaving.others_with(RoleSlug.APPROVER, partner))
        url = url_of(leaving, Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
        found.append(("Protokolle, die auf Genehmigung warten", _approvals(partner), approvers, url))
    for what, number, to, url in found:
        if number:
            yield Remaining(f"{what} ({partner.agreement.region}): {number}", to, url)


def _tasks(leaving: Leaving, partner: Partner) -> int:
    """Who cares for a task is text, so the family name is looked for."""
    own = ActionItem.objects.filter(
        Q(partner=partner) | Q(partner=None), is_struck=False, body__agreement=partner.agreement
    )
    return own.filter(state=ActionItem.State.OPEN, who__icontains=leaving.person.family_name).count()


def _drafts(leaving: Leaving, partner: Partner) -> int:
    name = str(leaving.person)
    drafts = Minutes.objects.filter(owner=partner, state=Minutes.State.DRAFT)
    return drafts.filter(Q(taker_name=name) | Q(chair_name=name)).count()


def _invitations(leaving: Leaving, partner: Partner) -> int:
    """Meetings to which the person was invited: whoever has the seat then is invited anew."""
    later = Meeting.objects.filter(
        state=Meeting.State.INVITED, meets_on__gte=leaving.cut, body__agreement=partner.agreement
    )
    return later.filter(rounds__invitations__person=leaving.person).distinct().count()


def _approvals(partner: Partner) -> int:
    waiting = Minutes.objects.filter(state=Minutes.State.CIRCULATED, meeting__body__agreement=partner.agreement)
    given = MinutesApproval.objects.filter(partner=partner, version__taken_back_at=None)
    return waiting.exclude(pk__in=given.values("version__minutes")).count()
