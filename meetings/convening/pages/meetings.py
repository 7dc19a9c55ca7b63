"""What stands above every page of a meeting."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial

from kok import words
from kok.addresses import address
from kok.models import User
from meetings.convening.models import Meeting
from meetings.convening.pages.steps import HeadStep, steps_of
from meetings.convening.queries.meetings import actions_for, approved_by, invite_by, meeting_with_head, office_of
from meetings.convening.queries.secretariat import ActingPartners, Secretariat, secretariat_of
from members.models import Agreement, Body, Partner


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

    `may` holds: edit, agenda, invite, reschedule, cancel, replace, begin, did-not-meet, resume, take-out
    (for the secretariat); answer (who is asked).
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
        return _url(self.agreement, self.meeting, name)

    @property
    def replaced_by(self) -> Meeting | None:
        """The meeting that takes the place of this one. Asked only of cancelled ones: it takes a query."""
        return getattr(self.meeting, "replaced_by", None)

    @cached_property
    def links(self) -> dict[str, str]:
        """The addresses that templates need, by name with an underscore."""
        return {name.replace("-", "_"): self.url(name) for name in LINKS}


LINKS = (
    "detail", "did-not-meet", "resume", "late-entry-take-out", "edit", "agenda", "item-new", "invite", "answer",
    "cancel", "reschedule", "begin", "documents", "dispatches", "attendance", "minutes",
)  # fmt: skip


def meeting_page(
    user: User, agreement: Agreement, *, body: str, pk: int, today: date, tab: str = ""
) -> MeetingPage | None:
    """The head of a meeting in two queries, or None when this person sees no such meeting.

    One query more while it is invited, while its minutes go round, when it was cancelled or takes the place of
    another. `tab` is a key of TABS.
    """
    meeting = meeting_with_head(user, agreement, body=body, pk=pk)
    if meeting is None:
        return None
    secretariat = secretariat_of(agreement)
    secretariat.call_as_on(meeting.meets_on)
    partners = {partner.pk: partner for partner in secretariat.partners.values()}
    office_today = secretariat.office_now(meeting.body, meeting.meets_on, today)
    may = actions_for(user, agreement, meeting, office_today=office_today, today=today)
    approved = approved_by(meeting)
    url = partial(_url, agreement, meeting)
    counts = {"agenda": meeting.items_count}
    return MeetingPage(
        meeting=meeting,
        body=meeting.body,
        agreement=agreement,
        title=f"{meeting.body_name} am {words.day(meeting.meets_on)}",
        partners=partners,
        secretariat=secretariat,
        office=office_of(meeting, office_today, partners),
        steps=steps_of(
            meeting,
            invite_by=invite_by(meeting, agreement),
            missing=[partner.short_name for pk, partner in partners.items() if pk not in approved],
            may=may,
            today=today,
            url=url,
        ),
        approved_by=approved,
        tabs=tuple(Tab(key, label, url(name), key == tab, counts.get(key)) for key, label, name in TABS),
        may=may,
    )


def _url(agreement: Agreement, meeting: Meeting, name: str) -> str:
    return address(f"meetings:{name}", agreement.slug, meeting.body.slug, meeting.pk)


TABS = (
    ("agenda", "Tagesordnung", "detail"),
    ("attendance", "Teilnehmende", "attendance"),
    ("documents", "Unterlagen", "documents"),
    ("minutes", "Protokoll", "minutes"),
    ("history", "Verlauf", "history"),
)
