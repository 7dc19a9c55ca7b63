"""Who is to be invited, whether it is in time, and who answered what."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from operator import attrgetter

from django.db.models import QuerySet

from kok.models import Dispatch, Document, User
from kok.queries import documents_of, extra_holidays
from kok.words import local_day
from meetings.convening.models import AgendaItem, Invitation, InvitationRound, Meeting
from meetings.convening.queries.dispatches import BY_LETTER, CANCELLATION, INVITATION, results_of_rounds, unmailed_in
from meetings.convening.queries.secretariat import ActingPartners
from meetings.convening.queries.standing import standing_rounds
from meetings.convening.rules import notice
from meetings.convening.rules.changes import FrozenItem, agenda_changes, changes_of
from meetings.convening.rules.outgoing import RECIPIENTS
from members.models import Agreement, Body
from members.queries import Invitee, holders_on, recipients_on
from members.queries.authorities import as_of, changes_of_partners

Kind = InvitationRound.Kind


@dataclass(frozen=True)
class Recipients:
    """The seats of the day in their order."""

    rows: tuple[Invitee, ...]

    @property
    def filled(self) -> tuple[Invitee, ...]:
        """The seats for which somebody is invited."""
        return tuple(row for row in self.rows if row.person)

    @property
    def vacant(self) -> tuple[Invitee, ...]:
        """The seats that nobody holds on the day (scenario 33)."""
        return tuple(row for row in self.rows if not row.person)

    @property
    def people(self) -> frozenset[int]:
        """The numbers of the people who are invited."""
        return frozenset(row.person.pk for row in self.rows if row.person)

    @property
    def mailboxes(self) -> frozenset[str]:
        """The addresses to which it goes."""
        return frozenset(row.email.lower() for row in self.mails)

    @property
    def without_address(self) -> tuple[Invitee, ...]:
        """Invited people that no mail reaches."""
        return tuple(row for row in self.rows if row.lacks_address)

    @property
    def mails(self) -> tuple[Invitee, ...]:
        """One recipient per address: who holds several seats gets one mail."""
        return tuple({row.email.lower(): row for row in reversed(self.filled) if row.email}.values())[::-1]


def recipients_of(body: Body, meets_on: date) -> Recipients:
    """Who holds the seats of a body on the day of the meeting (Punkt 1), in two queries."""
    return Recipients(tuple(recipients_on(body, meets_on)))


@dataclass(frozen=True)
class Notice:
    """The Ladungsfrist of a meeting, judged on one day."""

    days: int
    latest_on: date
    is_short: bool
    since: date | None = None  # of the first invitation to the day, where one was sent: it counts

    @property
    def needs_consent(self) -> bool:
        """Whether the invitation that goes out now needs a reason and the consent of all partners."""
        return self.is_short and self.since is None


def notice_now(meeting: Meeting, *, days: int, today: date) -> Notice:
    """As it is when an invitation goes out today: counted from the first to the day (7.3)."""
    first = next(iter(standing_rounds(meeting)), None)
    since = local_day(first.dispatched_at) if first else None
    return replace(notice_of(meeting.meets_on, days=days, on=since or today), since=since)


def notice_of(meets_on: date, *, days: int, on: date, holidays: Iterable[date] | None = None) -> Notice:
    """Whether an invitation sent on that day keeps the Ladungsfrist, which rolls back (7.3, 2.7)."""
    extra = extra_holidays() if holidays is None else frozenset(holidays)
    return Notice(days, notice.latest_dispatch_on(meets_on, days, extra), notice.is_short(on, meets_on, days, extra))


def rounds_of(meeting: Meeting) -> QuerySet[InvitationRound]:
    """Everything that was sent for a meeting, in order."""
    return InvitationRound.objects.filter(meeting=meeting).select_related(
        "convened_by__authority", "chaired_by__authority"
    )


def latest_round(meeting: Meeting) -> InvitationRound | None:
    """The last invitation, not a cancellation."""
    return rounds_of(meeting).filter(kind=Kind.INVITATION).last()


def when(of: InvitationRound | Meeting) -> tuple[date, time, time | None]:
    """Day and hours: an answer is for these."""
    return of.meets_on, of.starts_at, of.ends_at


def invited_of(round_: InvitationRound | None) -> list[Invitation]:
    """Whom a round invited, each mailbox once as the person has it today, and who has none once as well."""
    rows = Invitation.objects.filter(round=round_).select_related("person") if round_ else ()
    return list({row.person.email.lower() or f"person-{row.person_id}": row for row in rows}.values())


def ending(previous: InvitationRound | None, recipients: Recipients) -> list[Invitation]:
    """Whom the round before invited and the next one does not, by the person: he is told that it holds no longer.

    Whose address changed is still invited, and to the former address nothing goes.
    """
    others = (row for row in invited_of(previous) if row.person_id not in recipients.people)
    return [row for row in others if row.person.email.lower() not in recipients.mailboxes]


def invitations_to(meeting: Meeting, user: User) -> list[Invitation]:
    """The invitations of the last round to the person with this account, one per seat."""
    newest = InvitationRound.objects.filter(meeting=meeting, kind=Kind.INVITATION).order_by("-round_no")
    mine = Invitation.objects.filter(round__in=newest.values("pk")[:1], person__user=user)
    return list(mine.select_related("partner__authority"))


def changes_since(round_: InvitationRound, meeting: Meeting, items: Iterable[AgendaItem]) -> tuple[str, ...]:
    """What differs from the last invitation, in German words; the agenda by what was frozen with it."""
    return _differences(round_, meeting, frozen_agenda(items))


def changes_to_send(round_: InvitationRound, meeting: Meeting, items: Iterable[AgendaItem]) -> tuple[str, ...]:
    """The same for whoever can send a new invitation: also where a seat is held by somebody else, or by nobody."""
    invited = set(round_.invitations.values_list("seat", "person"))
    is_same = invited == holders_on(meeting.body, meeting.meets_on)
    return (*changes_since(round_, meeting, items), *(() if is_same else (RECIPIENTS,)))


def changes_in(round_: InvitationRound) -> tuple[str, ...]:
    """What a round of invitations changed compared with the one before it; nothing for the first one."""
    before = rounds_of(round_.meeting).filter(kind=Kind.INVITATION, round_no__lt=round_.round_no).last()
    return told_changes(before, round_) if before else ()


def told_changes(before: InvitationRound, now: InvitationRound) -> tuple[str, ...]:
    """What a round told of that the one before it did not."""
    return _differences(before, now, now.agenda)


def _differences(old: InvitationRound, new: Meeting | InvitationRound, agenda: Sequence[FrozenItem]) -> tuple[str, ...]:
    """With an agenda that is withheld nothing is compared, and nobody is told that it changed."""
    return (*changes_of(old, new), *(() if old.withheld_at else agenda_changes(old.agenda, agenda)))


def frozen_agenda(items: Iterable[AgendaItem]) -> list[FrozenItem]:
    """The agenda as it is kept with a round of invitations."""
    return [
        {
            "number": item.number,
            "title": item.title,
            "note": item.note,
            "level": 2 if item.parent_id else 1,
            "late": item.is_late,
        }
        for item in items
    ]


@dataclass(frozen=True)
class DayHint:
    """What a day means for the meeting: a warning, if any, and the last day for the invitation."""

    day: date
    warning: str | None
    notice: Notice


def day_hint(agreement: Agreement, day: date, today: date) -> DayHint:
    """Raises Refused for a day on which nobody meets."""
    extra = extra_holidays()
    warning = notice.check_meeting_day(day, today, extra)
    return DayHint(day, warning, notice_of(day, days=agreement.notice_days_for(day), on=today, holidays=extra))


def draft_round(
    meeting: Meeting, office: ActingPartners, items: Iterable[AgendaItem], now: datetime
) -> InvitationRound:
    """The round as it would be sent now, not stored: for looking at the text beforehand."""
    last = latest_round(meeting)
    return InvitationRound(
        meeting=meeting,
        round_no=last.round_no + 1 if last else 1,
        convened_by=office.convening,
        chaired_by=office.chairing,
        agenda=frozen_agenda(items),
        urgency_reason=meeting.urgency_draft,
        dispatched_at=now,
        **{name: getattr(meeting, name) for name in ("meets_on", "starts_at", "ends_at", "place", "link")},
    )


@dataclass(frozen=True)
class SentRound:
    """A round with its PDF and how far its mails are; `promised`: people without an address, told in another way.

    `letters`: people for whom a letter is noted; what it stands in for is not counted beside it.
    """

    round: InvitationRound
    document: Document | None
    mails: int
    sent: int
    waiting: int
    failed: int
    promised: int
    letters: int


def sent_rounds(meeting: Meeting) -> list[SentRound]:
    """What was sent for a meeting, the newest first, each by who invited as it was called then, in four queries."""
    rounds = list(rounds_of(meeting))[::-1]
    _call_as_then(rounds)
    papers, found = _papers(rounds), results_of_rounds(meeting)
    return [_sent(round_, papers.get(round_.pk), found[round_.round_no, MAILS[Kind(round_.kind)]]) for round_ in rounds]


def _call_as_then(rounds: Sequence[InvitationRound]) -> None:
    """Who invited is called as on the day on which he did."""
    changes = changes_of_partners(map(attrgetter("convened_by"), rounds))
    for each in rounds:
        as_of([each.convened_by], local_day(each.dispatched_at), changes)


def _papers(rounds: Sequence[InvitationRound]) -> dict[int, Document]:
    """The PDF of each round that may be read."""
    readable = [each.pk for each in rounds if each.withheld_at is None]
    return {paper.object_id: paper for paper in documents_of(kind="agenda", object_ids=readable)}


MAILS = {Kind.INVITATION: INVITATION, Kind.CANCELLATION: CANCELLATION}


def _sent(round_: InvitationRound, document: Document | None, results: Counter[str]) -> SentRound:
    return SentRound(
        round_,
        document,
        mails=results.total() - results["PROMISED"] - results[BY_LETTER],
        sent=results["SENT"],
        waiting=results["WAITING"],
        failed=results["FAILED"],
        promised=results["PROMISED"],
        letters=results[BY_LETTER],
    )


def results_of(round_: InvitationRound) -> Counter[str]:
    """How many of a round stand in which result."""
    return results_of_rounds(round_.meeting)[round_.round_no, MAILS[Kind(round_.kind)]]


def unmailed_of(round_: InvitationRound) -> list[Dispatch]:
    """Who got this round by letter or in another way, with the way."""
    return unmailed_in(round_.meeting, MAILS[Kind(round_.kind)], round_.round_no)


def reason_of_cancellation(meeting: Meeting) -> str:
    """Why a meeting was cancelled; "" where it was not or that is withheld, also before the worker has erased it."""
    if not meeting.is_cancelled:
        return ""
    withheld = InvitationRound.objects.filter(meeting=meeting, kind=Kind.CANCELLATION, withheld_at__isnull=False)
    return "" if withheld.exists() else meeting.cancellation_reason


def agenda_document(meeting: Meeting, pk: int) -> tuple[InvitationRound, Document] | None:
    """A PDF of this meeting's invitations and its round, or None; of one that is withheld there is none."""
    found = rounds_of(meeting).filter(withheld_at=None).in_bulk()
    document = documents_of(kind="agenda", object_ids=found).filter(pk=pk).first()
    return (found[document.object_id], document) if document else None
