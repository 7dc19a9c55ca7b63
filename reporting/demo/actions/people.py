"""Invented people: accounts for every role, holders who take the seats over, members of an advisory board."""

from dataclasses import dataclass
from datetime import date

from django.contrib.auth.hashers import make_password

from kok.access import ROLES
from kok.models import User
from kok.roles import RoleSlug
from kok.second_factor import give_demo_factor
from members.models import Agreement, Authority, Body, Partner, Person, RoleAssignment, Seat, SeatAssignment
from members.rules.codes import Capacity

TAKEN_OVER_ON = date(2024, 1, 1)


@dataclass(frozen=True)
class InventedAccount:
    """An invented person with an account `<partner>-<role>`."""

    partner: str
    role: str
    given_name: str
    family_name: str

    @property
    def username(self) -> str:
        """As the README promises."""
        return f"{self.partner}-{self.role}"

    @property
    def email(self) -> str:
        """Nobody can be reached at example.org."""
        return f"{self.username}@example.org"


ACCOUNTS = (
    InventedAccount("wetteraukreis", RoleSlug.SECRETARIAT, "Julia", "Hartwig"),
    InventedAccount("wetteraukreis", RoleSlug.MEMBER, "Tobias", "Lindner"),
    InventedAccount("wetteraukreis", RoleSlug.APPROVER, "Katharina", "Brandt"),
    InventedAccount("wetteraukreis", RoleSlug.REGISTRAR, "Renate", "Kolb"),
    InventedAccount("wetteraukreis", RoleSlug.REPORTER, "Daniel", "Weiß"),
    InventedAccount("wetteraukreis", RoleSlug.CASE_OFFICER, "Mira", "Stein"),
    InventedAccount("wetteraukreis", RoleSlug.CASE_RELEASER, "Jonas", "Reuter"),
    InventedAccount("wetteraukreis", RoleSlug.AUDITOR, "Ingrid", "Falk"),
    InventedAccount("lwv-hessen", RoleSlug.SECRETARIAT, "Henrik", "Paulsen"),
    InventedAccount("lwv-hessen", RoleSlug.MEMBER, "Nadine", "Okafor"),
    InventedAccount("lwv-hessen", RoleSlug.APPROVER, "Martin", "Seibold"),
    InventedAccount("lwv-hessen", RoleSlug.REGISTRAR, "Oliver", "Brehm"),
    InventedAccount("lwv-hessen", RoleSlug.REPORTER, "Sabine", "Lorenz"),
    InventedAccount("lwv-hessen", RoleSlug.CASE_RECEIVER, "Carla", "Winter"),
    InventedAccount("lwv-hessen", RoleSlug.AUDITOR, "Uwe", "Thiel"),
    InventedAccount("installation", RoleSlug.ADMIN, "Robin", "Technik"),
)

# Who works for the authority in all its agreements: figures of all counties are for them only.
EVERYWHERE = {("wetteraukreis", RoleSlug.AUDITOR), ("lwv-hessen", RoleSlug.AUDITOR), ("lwv-hessen", RoleSlug.REPORTER)}

# Seats of Anlage 1 in their order: the account that holds one from 2024 on, or a name without account.
HOLDERS: tuple[str | tuple[str, str], ...] = (
    "wetteraukreis-approver",
    "wetteraukreis-member",
    ("Aylin", "Demir"),
    "wetteraukreis-secretariat",
    "lwv-hessen-approver",
    "lwv-hessen-member",
    "lwv-hessen-secretariat",
)
DEPUTIES = {0: ("Samira", "Yilmaz"), 4: ("Petra", "Vogel")}
BOARD = (
    ("Selbsthilfe", "Erika", "Blum"),
    ("Angehörige", "Hans-Peter", "Rau"),
    ("Leistungserbringer", "Tuğba", "Şahin"),
    ("Sozialpsychiatrischer Dienst", "Lena", "Busch"),
)


def create_accounts(agreement: Agreement, *, password: str) -> dict[str, User]:
    """One account per role and partner, with the same password; roles since the agreement is in force."""
    encoded = make_password(password)
    partners = {partner.slug: partner for partner in Partner.objects.filter(agreement=agreement)}
    users = {}
    for account in ACCOUNTS:
        user = User.objects.create(
            username=account.username,
            first_name=account.given_name,
            last_name=account.family_name,
            email=account.email,
            password=encoded,
        )
        RoleAssignment.objects.create(
            user=user,
            role=account.role,
            **_held_for(account, partners.get(account.partner)),
            period=(agreement.in_force_on, None),
            by_command=True,
        )
        if ROLES[account.role].needs_factor:
            give_demo_factor(user)
        users[account.username] = user
    return users


def _held_for(account: InventedAccount, partner: Partner | None) -> dict[str, Agreement | Partner | Authority]:
    """For a partner of the agreement, for an authority in all of them, or for the installation."""
    if partner is None:
        return {}
    if (account.partner, account.role) in EVERYWHERE:
        return {"authority": partner.authority}
    return {"agreement": partner.agreement, "partner": partner}


def hand_over_seats(agreement: Agreement, users: dict[str, User]) -> None:
    """The people named in Anlage 1 hold their seats until the end of 2023, invented ones from then on."""
    assignments = SeatAssignment.objects.filter(seat__body__agreement=agreement, seat__body__kind="CONFERENCE")
    in_order = assignments.select_related("seat__partner__authority", "person").order_by(
        "seat__partner__position", "seat__position"
    )
    for index, (assignment, holder) in enumerate(zip(in_order, HOLDERS, strict=True)):
        seat = assignment.seat
        assignment.period = (agreement.in_force_on, TAKEN_OVER_ON)
        assignment.save()
        # The past needs an address for its invitations; it names the seat, and nobody receives mail there.
        Person.objects.filter(pk=assignment.person_id).update(email=f"anlage-1-sitz-{index + 1}@example.org")
        _assign(seat, _person(holder, seat.partner.authority, users), Capacity.HOLDER)
        if index in DEPUTIES:
            _assign(seat, _person(DEPUTIES[index], seat.partner.authority, users), Capacity.DEPUTY)


def _assign(seat: Seat, person: Person, capacity: str) -> None:
    SeatAssignment.objects.create(seat=seat, person=person, capacity=capacity, period=(TAKEN_OVER_ON, None))


def _person(holder: str | tuple[str, str], employer: Authority, users: dict[str, User]) -> Person:
    if isinstance(holder, str):
        user = users[holder]
        return Person.objects.create(
            employer=employer,
            given_name=user.first_name,
            family_name=user.last_name,
            email=user.email,
            user=user,
        )
    given_name, family_name = holder
    number = Person.objects.count() + 1
    return Person.objects.create(
        employer=employer, given_name=given_name, family_name=family_name, email=f"person-{number}@example.org"
    )


def enter_colleagues(agreement: Agreement, users: dict[str, User]) -> None:
    """Who has an account and no seat works for a partner, too: he can leave, and be given a further region."""
    partners = {partner.slug: partner for partner in Partner.objects.filter(agreement=agreement)}
    for account in ACCOUNTS:
        if account.partner in partners and account.username not in HOLDERS:
            _person(account.username, partners[account.partner].authority, users)


def fill_board(board: Body, *, since: date) -> None:
    """Seats of an advisory board, looked after by the partner that runs it."""
    assert board.operator is not None  # noqa: S101  the shipped file names one
    for position, (function, *name) in enumerate(BOARD, 1):
        seat = Seat.objects.create(
            body=board, partner=board.operator, function=function, position=position, period=(since, None)
        )
        person = _person((name[0], name[1]), board.operator.authority, {})
        if position == 1:  # she is invited by letter
            Person.objects.filter(pk=person.pk).update(email="")
        SeatAssignment.objects.create(seat=seat, person=person, period=(since, None))
