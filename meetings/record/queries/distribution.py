"""Who is told about minutes: by a link, by the file, or not at all, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kok import dispatch
from kok.access import ROLES, Permission
from kok.dispatch import Addressee
from kok.models import User
from meetings.record.models import Attendance, Minutes
from meetings.record.queries.attendance import seats_on
from meetings.record.queries.mailed import MINUTES
from members.models import Agreement, Person, RoleAssignment

READERS = [slug for slug, role in ROLES.items() if Permission.MEETING_READ in role.permissions]
APPROVERS = [slug for slug, role in ROLES.items() if Permission.MINUTES_APPROVE in role.permissions]


@dataclass(frozen=True)
class Recipient:
    """Somebody on the list, by the person, or by an account that approves and has none."""

    addressee: Addressee
    email: str
    can_read: bool
    approves: bool = False

    @property
    def name(self) -> str:
        """As he is called."""
        return self.addressee.name

    @property
    def function(self) -> str:
        """The seat, or that he approves."""
        return self.addressee.function

    @property
    def key(self) -> str:
        """Names him in forms and in the outbox without saying who it is."""
        person = self.addressee.person
        return f"person-{person}" if person else f"user-{self.addressee.account}"

    @property
    def by_link(self) -> bool:
        """Gets the link: has an address, and an account that may read here today."""
        return self.can_read and bool(self.email)

    @property
    def unreached(self) -> str:
        """Why no link reaches this person; "" where it does."""
        return "" if self.by_link else "keine Adresse" if not self.email else "kein Konto"

    @property
    def by_file(self) -> bool:
        """Could get the file: has an address, but no account that may read."""
        return not self.can_read and bool(self.email)


def readers_of_draft(minutes: Minutes, today: date) -> list[Recipient]:
    """Members who had a seat on the day and still have one, and the approvers of each partner."""
    seated = _seated(minutes, today)
    return _merged(seated.values(), _approvers(minutes, today), minutes, today)


def readers_of_approved(minutes: Minutes, today: date) -> list[Recipient]:
    """As for the draft, and everybody who attended, also when the membership has ended since."""
    present = Attendance.objects.filter(meeting=minutes.meeting, status=Attendance.Status.PRESENT)
    attended = {row.person.pk: (row.person, row.function) for row in present.select_related("person") if row.person}
    people = attended | _seated(minutes, today)
    return _merged(people.values(), _approvers(minutes, today), minutes, today)


def _seated(minutes: Minutes, today: date) -> dict[int, tuple[Person, str]]:
    """Holders on the day of the meeting who hold a seat of the body today as well."""
    body = minutes.meeting.body
    now = {on_day.holder.pk for on_day in seats_on(body, today) if on_day.holder}
    then = [on_day for on_day in seats_on(body, minutes.meeting.meets_on) if on_day.holder]
    return {
        on_day.holder.pk: (on_day.holder, str(on_day.seat))
        for on_day in then
        if on_day.holder and on_day.holder.pk in now
    }


def _approvers(minutes: Minutes, today: date) -> list[User]:
    agreement = minutes.meeting.body.agreement
    held = RoleAssignment.objects.of_agreement(agreement).on(today).filter(role__in=APPROVERS)
    return list(User.objects.filter(is_active=True, pk__in=held.values("user")).select_related("person"))


def _merged(
    people: Iterable[tuple[Person, str]], approvers: Iterable[User], minutes: Minutes, today: date
) -> list[Recipient]:
    """One entry for each mailbox, whatever a person is."""
    readers = _accounts_that_read(minutes.meeting.body.agreement, today)
    approvers = list(approvers)
    approving = {account.email.lower() for account in approvers if account.email}
    found: dict[str, Recipient] = {}
    for person, function in people:
        user = person.user_id if person.user_id in readers else None
        mailbox = person.email.lower()
        approves = mailbox in approving  # then an account behind this mailbox may read, whoever shares it
        addressee = Addressee(str(person), function, person=person.pk, account=person.user_id)
        recipient = Recipient(addressee, person.email, user is not None or approves, approves)
        found.setdefault(mailbox or recipient.key, recipient)
    for account in approvers:
        name = account.get_full_name() or account.get_username()
        addressee = Addressee(name, "Genehmigung", account=account.pk)
        recipient = Recipient(addressee, account.email, can_read=True, approves=True)
        found.setdefault(account.email.lower() or recipient.key, recipient)
    return list(found.values())


def _accounts_that_read(agreement: Agreement, today: date) -> set[int]:
    held = RoleAssignment.objects.of_agreement(agreement).on(today).filter(role__in=READERS)
    return set(held.filter(user__is_active=True).values_list("user_id", flat=True))


def sent_by_file(minutes: Minutes) -> set[int | None]:
    """The people to whom the file was sent already."""
    sent = dispatch.about((MINUTES, minutes.pk)).filter(kind="minutes.file")
    return set(sent.values_list("person", flat=True))
