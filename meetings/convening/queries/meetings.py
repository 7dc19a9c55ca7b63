"""Which meetings a person may see, and what stands above every page of a meeting."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Count, Expression, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from kok import words
from kok.access import Permission, can, partners_of
from kok.addresses import address
from kok.models import User
from kok.queries import extra_holidays
from kok.statements import Kept
from meetings.convening.models import AgendaItem, Invitation, InvitationRound, Meeting
from meetings.convening.queries.secretariat import ActingPartners, Secretariat, secretariat_of
from meetings.convening.queries.steps import HeadStep, steps_of
from meetings.convening.rules.notice import latest_dispatch_on
from members.models import Agreement, Body, Partner

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


@dataclass(frozen=True)
class Tab:
    """One page of a meeting."""

    key: str
    label: str
    url: str
    current: bool
    count: int | None = None


@dataclass(frozen=True)
class MeetingPage:
    """What the head of every page of a meeting shows: state, what is missing, the pages, and what this person may do.

    The body is called as on the day of the meeting, partners as then, or before it as today: so they invite.

    `may` holds: edit, agenda, invite, reschedule, cancel, replace, begin (for the secretariat); answer (who is asked).
    `approved_by` are the ids of the partners that approved the minutes, as long as one of them is missing.
    """

    meeting: Meeting
    body: Body
    agreement: Agreement
    title: str
    partners: dict[int, Partner]
    secretariat: Secretariat
    office: ActingPartners
    steps: tuple[HeadStep, ...]
    approved_by: frozenset[int]
    tabs: tuple[Tab, ...]
    may: frozenset[str]

    def url(self, name: str) -> str:
        """The address of another page of this meeting."""
        return address(f"meetings:{name}", self.agreement.slug, self.body.slug, self.meeting.pk)

    @property
    def replaced_by(self) -> Meeting | None:
        """The meeting that takes the place of this one. Asked only of cancelled ones: it takes a query."""
        return getattr(self.meeting, "replaced_by", None)

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses that templates need, by name with an underscore."""
        return {name.replace("-", "_"): self.url(name) for name in LINKS}


LINKS = (
    "detail", "edit", "agenda", "item-new", "invite", "answer", "cancel", "reschedule", "begin", "documents",
    "dispatches", "attendance", "minutes",
)  # fmt: skip


def meeting_page(
    user: User, agreement: Agreement, *, body: str, pk: int, today: date, tab: str = ""
) -> MeetingPage | None:
    """The head of a meeting in two queries, or None when this person sees no such meeting.

    One query more while it is invited, while its minutes go round, when it was cancelled or takes the place of
    another. `tab` is a key of TABS.
    """
    found = _HEAD(agreement.pk, body, pk) if sees_meetings(user, agreement) else []
    if not found:
        return None
    meeting: Any = found[0]
    secretariat = secretariat_of(agreement)
    secretariat.call_as_on(meeting.meets_on)
    partners = {partner.pk: partner for partner in secretariat.partners.values()}
    office_today = secretariat.office_now(meeting.body, meeting.meets_on, today)
    may = actions_for(user, agreement, meeting, office_today=office_today, today=today)
    approved_by = _approved_by(meeting)

    def url(name: str) -> str:
        return address(f"meetings:{name}", agreement.slug, meeting.body.slug, meeting.pk)

    return MeetingPage(
        meeting=meeting,
        body=meeting.body,
        agreement=agreement,
        title=f"{meeting.body_name} am {words.day(meeting.meets_on)}",
        partners=partners,
        secretariat=secretariat,
        office=_office(meeting, office_today, partners),
        steps=steps_of(
            meeting,
            invite_by=_invite_by(meeting, agreement),
            missing=tuple(partner.short_name for pk, partner in partners.items() if pk not in approved_by),
            may=may,
            today=today,
            url=url,
        ),
        approved_by=approved_by,
        tabs=tuple(
            Tab(key, label, url(name), key == tab, getattr(meeting, count) if count else None)
            for key, label, name, count in TABS
        ),
        may=may,
    )


TABS = (
    ("agenda", "Tagesordnung", "detail", "items_count"),
    ("attendance", "Teilnehmende", "attendance", ""),
    ("documents", "Unterlagen", "documents", ""),
    ("minutes", "Protokoll", "minutes", ""),
    ("history", "Verlauf", "history", ""),
)


def _with_head(agreement: int, body: str, pk: int) -> QuerySet[Meeting]:
    """A meeting with the number of its items and the last invitation to it."""
    items = AgendaItem.objects.filter(meeting=OuterRef("pk")).order_by().values("meeting").annotate(n=Count("pk"))
    invitation = FilteredRelation("rounds", condition=Q(rounds__kind=InvitationRound.Kind.INVITATION))
    head = meetings_of(agreement).filter(body__slug=body, pk=pk).select_related("minutes").alias(last=invitation)
    facts: dict[str, Expression | F] = {
        "items_count": Coalesce(Subquery(items.values("n")), 0),
        "invited_at": F("last__dispatched_at"),
        "convened_by": F("last__convened_by_id"),
    }
    return head.annotate(**facts).order_by("-last__round_no")[:1]


_HEAD = Kept(_with_head, int, str, int)


def _approved_by(meeting: Meeting) -> frozenset[int]:
    """The partners that approved minutes which go round. Before and after that nobody has to ask."""
    if not hasattr(meeting, "minutes") or not meeting.minutes.goes_round:
        return frozenset()
    return meeting.minutes.partners_that_approved()


def _invite_by(meeting: Meeting, agreement: Agreement) -> date | None:
    """The last day for the invitation, as long as one is missing."""
    if meeting.state != State.PLANNED:
        return None
    return latest_dispatch_on(meeting.meets_on, agreement.notice_days_for(meeting.meets_on), extra_holidays())


def _office(meeting: Any, today: ActingPartners, partners: dict[int, Partner]) -> ActingPartners:
    """Before the invitation the partner in office today would invite; afterwards it is the one that did."""
    if meeting.state != State.PLANNED and meeting.convened_by:
        return ActingPartners(partners[meeting.convened_by], today.chairing)
    return today


def actions_for(
    user: User, agreement: Agreement, meeting: Any, *, office_today: ActingPartners, today: date
) -> frozenset[str]:
    """What state and office allow to this person; every secretariat prepares, only the one in office changes what
    was sent (R-SEC-3). The action asks again under a lock."""
    answer = {"answer"} if _is_asked(user, meeting, today) else set()
    if not can(user, Permission.MEETING_PLAN, agreement):
        return frozenset(answer)
    acting = partners_of(user, Permission.MEETING_INVITE, agreement)
    allowed = {
        State.PLANNED: {"edit", "agenda", "invite", "cancel"},
        State.INVITED: {"edit", "agenda", "invite"},
    }.get(State(meeting.state), set())
    if meeting.state == State.CANCELLED and not hasattr(meeting, "replaced_by"):
        allowed = {"replace"}
    if meeting.state == State.INVITED and office_today.convening.pk in acting:
        allowed |= {"reschedule", "cancel"}
    if meeting.state == State.INVITED and meeting.meets_on <= today and office_today.chairing.pk in acting:
        allowed |= {"begin"}
    return frozenset(allowed | answer)


def _is_asked(user: User, meeting: Meeting, today: date) -> bool:
    """Whether this person has an invitation to answer."""
    if meeting.state != State.INVITED or meeting.meets_on < today:
        return False
    return Invitation.objects.filter(round__meeting=meeting, person__user=user).exists()
