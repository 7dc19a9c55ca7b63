"""Which meetings a person may see, and what she may do with one."""

from datetime import date

from django.db.models import Count, Expression, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kok.access import Permission, can, partners_of
from kok.models import User
from kok.queries import extra_holidays
from kok.statements import Kept
from meetings.convening.models import AgendaItem, Invitation, InvitationRound, Meeting
from meetings.convening.queries.secretariat import ActingPartners
from meetings.convening.queries.standing import standing
from meetings.convening.rules.notice import latest_dispatch_on
from members.models import Agreement, Partner

State = Meeting.State


def sees_meetings(user: User, agreement: Agreement) -> bool:
    """Everybody with a role that reads meetings sees all meetings of the agreement, planned ones too."""
    return can(user, Permission.MEETING_READ, agreement)


def meetings_of(agreement: int) -> QuerySet[Meeting]:
    """All meetings of an agreement, for those who see them."""
    return Meeting.objects.filter(body__agreement=agreement).select_related("body")


def meetings_visible_to(user: User, agreement: Agreement) -> QuerySet[Meeting]:
    """The meetings that this person sees."""
    return meetings_of(agreement.pk) if sees_meetings(user, agreement) else Meeting.objects.none()


def _with_head(agreement: int, body: str, pk: int) -> QuerySet[Meeting]:
    """A meeting with the number of its items, the last invitation, and the one that counts where there is one."""
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk"))
    invitation = FilteredRelation("rounds", condition=Q(rounds__kind=InvitationRound.Kind.INVITATION))
    first = standing().filter(meeting=OuterRef("pk"))
    head = meetings_of(agreement).filter(body__slug=body, pk=pk).select_related("minutes", "late_entry")
    head = head.alias(last=invitation)
    facts: dict[str, Expression | F] = {
        "items_count": Coalesce(Subquery(items.values("n")), 0),
        "invited_at": Coalesce(Subquery(first.values("dispatched_at")[:1]), F("last__dispatched_at")),
        "invited_again_at": F("last__dispatched_at"),
        "convened_by": F("last__convened_by_id"),
    }
    return head.annotate(**facts).order_by("-last__round_no")[:1]


_HEAD = Kept(_with_head, int, str, int)


def meeting_with_head(user: User, agreement: Agreement, *, body: str, pk: int) -> Meeting | None:
    """A meeting that this person sees, with what the head of its pages tells of it."""
    return next(iter(_HEAD(agreement.pk, body, pk)), None) if sees_meetings(user, agreement) else None


def approved_by(meeting: Meeting) -> frozenset[int]:
    """The partners that approved minutes which go round. Before and after that nobody has to ask."""
    if not hasattr(meeting, "minutes") or not meeting.minutes.goes_round:
        return frozenset()
    return meeting.minutes.partners_that_approved()


def invite_by(meeting: Meeting, agreement: Agreement) -> date | None:
    """The last day for the invitation, as long as one is missing."""
    if not meeting.is_planned:
        return None
    return latest_dispatch_on(meeting.meets_on, agreement.notice_days_for(meeting.meets_on), extra_holidays())


def office_of(meeting: Meeting, today: ActingPartners, partners: dict[int, Partner]) -> ActingPartners:
    """Before the invitation the partner in office today would invite; afterwards it is the one that did.

    Of a meeting that was entered later the entry says whose office it was.
    """
    if meeting.is_entered_later:
        held = partners[meeting.late_entry.office_id]
        return ActingPartners(held, held)
    if not meeting.is_planned and meeting.convened_by:
        return ActingPartners(partners[meeting.convened_by], today.chairing)
    return today


# What a secretariat may do: each of them, the one that convenes, and from the day on the one that chairs.
PREPARING = {
    State.PLANNED: {"edit", "agenda", "invite", "cancel"},
    State.INVITED: {"edit", "agenda", "invite"},
    State.CANCELLED: {"replace"},
}
CONVENING = {State.INVITED: {"reschedule", "cancel"}}
CHAIRING = {State.INVITED: {"begin"}}
ENTERED = {State.HELD: {"take-out"}}
# Where nobody was ever invited: after the day, and after a cancellation that nobody was told of.
UNTOLD = {State.PLANNED: {"did-not-meet"}, State.CANCELLED: {"resume"}}


def actions_for(
    user: User, agreement: Agreement, meeting: Meeting, *, office_today: ActingPartners, today: date
) -> frozenset[str]:
    """What state and office allow to this person; every secretariat prepares, only the one in office changes what
    was sent (R-SEC-3). The action asks again under a lock."""
    allowed = {"answer"} if _is_asked(user, meeting, today) else set()
    is_replaced = meeting.is_cancelled and hasattr(meeting, "replaced_by")
    if can(user, Permission.MEETING_PLAN, agreement) and not is_replaced:
        acting = partners_of(user, Permission.MEETING_INVITE, agreement)
        convenes, chairs = (office.pk in acting for office in (office_today.convening, office_today.chairing))
        allowed |= _of_secretariat(meeting, today, convenes=convenes, chairs=chairs)
    return frozenset(allowed)


def _of_secretariat(meeting: Meeting, today: date, *, convenes: bool, chairs: bool) -> set[str]:
    is_over = meeting.is_cancelled or meeting.meets_on < today
    tables = (
        (PREPARING, True),
        (CONVENING, convenes),
        (CHAIRING, chairs and meeting.meets_on <= today),
        (ENTERED, meeting.is_entered_later),
        (UNTOLD, meeting.invited_at is None and is_over and not meeting.is_entered_later),
    )
    found = (table.get(State(meeting.state), set()) for table, applies in tables if applies)
    return set[str]().union(*found)


def _is_asked(user: User, meeting: Meeting, today: date) -> bool:
    """Whether this person has an invitation to answer."""
    mine = Invitation.objects.filter(round__meeting=meeting, person__user=user)
    return meeting.takes_answers(today) and mine.exists()
