"""Who is told about minutes: by a link, by the file, or not at all, and why."""

from dataclasses import dataclass
from datetime import date
from itertools import chain

from kok import dispatch
from kok.access import ROLES, Permission, partners_of
from kok.dispatch import Addressee
from kok.models import User
from meetings.record.models import Attendance, Minutes
from meetings.record.queries.mailed import FILE, MINUTES
from meetings.record.rules.codes import WayToReader
from members.models import Person, RoleAssignment
from members.queries import seats_on

READERS = [slug for slug, role in ROLES.items() if Permission.MEETING_READ in role.permissions]
APPROVERS = [slug for slug, role in ROLES.items() if Permission.MINUTES_APPROVE in role.permissions]
WRITERS = [slug for slug, role in ROLES.items() if Permission.MINUTES_CIRCULATE in role.permissions]


@dataclass(frozen=True)
class Recipient:
    """Somebody on the list, by the person, or by an account that approves and has none."""

    addressee: Addressee
    email: str
    can_read: bool
    approves: bool = False

    @property
    def key(self) -> str:
        """Names him in forms and in the outbox without saying who it is."""
        person = self.addressee.person
        return f"person-{person}" if person else f"user-{self.addressee.account}"

    @property
    def way(self) -> WayToReader:
        """The link, for whoever has an address and an account that may read here today, or why it reaches nobody."""
        if not self.email:
            return WayToReader.NO_ADDRESS
        return WayToReader.LINK if self.can_read else WayToReader.NO_ACCOUNT

    @property
    def by_link(self) -> bool:
        """Gets the link."""
        return self.way == WayToReader.LINK

    @property
    def by_file(self) -> bool:
        """Could get the file: has an address, but no account that may read."""
        return self.way == WayToReader.NO_ACCOUNT


@dataclass(frozen=True)
class FileReaders:
    """Who may read approved minutes, and the people to whom the file was sent already."""

    listed: list[Recipient]
    sent_to: set[int | None]

    @property
    def open(self) -> list[Recipient]:
        """To whom the file can be sent."""
        return [reader for reader in self.listed if reader.by_file and reader not in self.sent]

    @property
    def sent(self) -> list[Recipient]:
        """To whom it was sent."""
        return [reader for reader in self.listed if reader.addressee.person in self.sent_to]

    @property
    def unreachable(self) -> list[Recipient]:
        """Whom no mail reaches."""
        return [reader for reader in self.listed if not reader.email]


def readers_of_draft(minutes: Minutes, today: date) -> list[Recipient]:
    """Members who had a seat on the day and still have one, and the approvers of each partner."""
    return _merged(_seated(minutes, today), minutes, today)


def readers_of_approved(minutes: Minutes, today: date) -> list[Recipient]:
    """As for the draft, and everybody who attended, also when the membership has ended since."""
    present = Attendance.objects.filter(meeting=minutes.meeting, status=Attendance.Status.PRESENT)
    attended = {row.person: row.function for row in present.select_related("person") if row.person}
    return _merged(attended | _seated(minutes, today), minutes, today)


def file_readers(minutes: Minutes, today: date) -> FileReaders:
    """Who may read these approved minutes, and who of them got the file."""
    sent = dispatch.about((MINUTES, minutes.pk)).filter(kind=FILE)
    return FileReaders(readers_of_approved(minutes, today), set(sent.values_list("person", flat=True)))


def writers_of(minutes: Minutes, today: date) -> list[User]:
    """The accounts that circulate these minutes: the secretariat of the partner that owns them."""
    agreement = minutes.meeting.body.agreement
    held = RoleAssignment.objects.of_agreement(agreement).on(today).filter(role__in=WRITERS, user__is_active=True)
    accounts = User.objects.filter(pk__in=held.values("user")).exclude(email="").order_by("pk")
    return [user for user in accounts if minutes.owner_id in partners_of(user, Permission.MINUTES_CIRCULATE, agreement)]


def _seated(minutes: Minutes, today: date) -> dict[Person, str]:
    """Holders on the day of the meeting who hold a seat of the body today as well, with their function then."""
    body = minutes.meeting.body
    now = {on_day.holder for on_day in seats_on(body, today)}
    then = seats_on(body, minutes.meeting.meets_on)
    return {on_day.holder: str(on_day.seat) for on_day in then if on_day.holder and on_day.holder in now}


def _merged(people: dict[Person, str], minutes: Minutes, today: date) -> list[Recipient]:
    """One entry for each mailbox, whatever a person is."""
    held = RoleAssignment.objects.of_agreement(minutes.meeting.body.agreement).on(today)
    approvers = User.objects.filter(is_active=True, pk__in=held.filter(role__in=APPROVERS).values("user"))
    reading = held.filter(role__in=READERS, user__is_active=True)
    readers = set(reading.values_list("user_id", flat=True))
    approving = {account.email.lower() for account in approvers} - {""}
    members = (_member(person, function, readers, approving) for person, function in people.items())
    found: dict[str, Recipient] = {}
    for recipient in chain(members, map(_approver, approvers)):
        found.setdefault(recipient.email.lower() or recipient.key, recipient)
    return list(found.values())


def _member(person: Person, function: str, readers: set[int], approving: set[str]) -> Recipient:
    """An account behind the mailbox of somebody who approves may read, whoever shares it."""
    approves = person.email.lower() in approving
    addressee = Addressee(str(person), function, person=person.pk, account=person.user_id)
    return Recipient(addressee, person.email, person.user_id in readers or approves, approves)


def _approver(account: User) -> Recipient:
    name = account.get_full_name() or account.get_username()
    return Recipient(Addressee(name, "Genehmigung", account=account.pk), account.email, can_read=True, approves=True)
