"""What of meetings and minutes remains open when somebody leaves, and who takes it over, in words."""

from collections.abc import Collection, Iterator
from datetime import date

from kok import words
from kok.access import Permission
from kok.roles import RoleSlug
from meetings.desk.queries.leaving import (
    approvals_waiting,
    drafts_naming,
    invitations_after,
    present_after,
    tasks_naming,
)
from members.models import SeatAssignment
from members.pages.leaving import Remaining, url_of
from members.queries.leaving import Leaving


def remaining(leaving: Leaving) -> Iterator[Remaining]:
    """Tasks that name the person, minutes and approvals that wait, invitations to later meetings."""
    for partner in leaving.partners:
        office = ", ".join(leaving.others_with(RoleSlug.SECRETARIAT, partner))
        approvers = ", ".join(leaving.others_with(RoleSlug.APPROVER, partner))
        tasks_url = url_of(leaving, Permission.MEETING_READ, "meetings:tasks", partner.agreement)
        accounts_url = url_of(leaving, Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
        for what, count, to, url in (
            ("Offene Aufgaben, die den Namen nennen", tasks_naming, office, tasks_url),
            ("Protokolle im Entwurf, die den Namen nennen", drafts_naming, office, ""),
            ("Einladungen zu Sitzungen nach dem letzten Tag", invitations_after, office, ""),
            ("Protokolle, die auf Genehmigung warten", approvals_waiting, approvers, accounts_url),
        ):
            if number := count(leaving, partner):
                yield Remaining(f"{what} ({partner.agreement.region}): {number}", to, url)


def noted_as_present(assignments: Collection[SeatAssignment], cut: date, until: date | None = None) -> Iterator[str]:
    """Minutes that went out and note somebody on one of these seats as present from `cut` on, and before `until`."""
    when = "in dieser Zeit" if until else "danach noch"
    for assignment, days in present_after(assignments, cut, until):
        if days:
            yield (
                f"Achtung: Das Protokoll führt {assignment.person} auf diesem Sitz {when} als anwesend, in der "
                f"Sitzung vom {' und vom '.join(map(words.day, days))}. Prüfen Sie den Tag. Das Protokoll bleibt, wie "
                "es ist."
            )
