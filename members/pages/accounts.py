"""An account as its registrar sees it: its roles with what may be done to each, and who administers it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from kok.access import ROLES, Role
from kok.models import User
from kok.words import day, last_day
from members.models import Partner, RoleAssignment
from members.queries.accounts import AccountLine, accounts_of_partners, roles_administered_by
from members.queries.power import PowerRegister
from members.queries.seatless import Seatless, seatless_among
from members.rules.codes import AccountState

NOBODY_ENDS = "eine Person mit der Rolle Stammdaten für die ganze Behörde, zurzeit niemand"


@dataclass(frozen=True)
class HeldRole:
    """A role of an account; `is_seatless`: it belongs to a seat and has none. `who_ends` where this person may not."""

    assignment: RoleAssignment
    is_seatless: bool
    may_end: bool = False
    who_ends: str = ""

    @property
    def role(self) -> Role:
        """Its words."""
        return ROLES[self.assignment.role]

    @property
    def in_words(self) -> str:
        """Its title, and until when where that is known."""
        last_on = last_day(self.assignment.period)
        return f"{self.role.title} bis {day(last_on)}" if last_on else self.role.title


@dataclass(frozen=True)
class AccountRow:
    """An account in the list, with the roles of today."""

    line: AccountLine
    roles: list[HeldRole]

    @property
    def state(self) -> AccountState:
        """Whether somebody can sign in with it."""
        return state_of(self.line.user)


def state_of(user: User) -> AccountState:
    """Whether somebody can sign in with this account."""
    if not user.is_active:
        return AccountState.CLOSED
    return AccountState.OPEN if user.has_usable_password() else AccountState.INVITED


@dataclass(frozen=True)
class AccountList:
    """The accounts of some partners; how many of them have roles without a seat, and of how many the people left."""

    rows: list[AccountRow]
    seatless: int
    left: int


def account_list(partners: Collection[Partner], today: date, *, only_seatless: bool) -> AccountList:
    """Who can sign in, and what for; all of them, or those with roles without a seat."""
    lines = accounts_of_partners(partners)
    found = seatless_among(lines, today)
    concerned = list(filter(found.concerns, lines))
    shown = concerned if only_seatless else lines
    rows = [AccountRow(line, held(line.roles_on(today), found)) for line in shown]
    return AccountList(rows, len(concerned), len(found.left))


def held(roles: Collection[RoleAssignment], found: Seatless) -> list[HeldRole]:
    """These roles, and which of them lack their seat."""
    return [HeldRole(role, role.pk in found.roles) for role in roles]


def roles_to_end(line: AccountLine, by: User, partners: Collection[Partner], register: PowerRegister) -> list[HeldRole]:
    """All roles of an account, those that ended too, with who may end each."""
    own = set(roles_administered_by(by, partners).values_list("pk", flat=True))
    found = seatless_among([line], register.day)
    return [_to_end(role, found, own, register) for role in line.roles]


def _to_end(role: RoleAssignment, found: Seatless, own: Collection[int], register: PowerRegister) -> HeldRole:
    is_seatless = role.pk in found.roles
    if role.has_ended(register.day):
        return HeldRole(role, is_seatless)
    if role.pk in own:
        return HeldRole(role, is_seatless, may_end=True)
    return HeldRole(role, is_seatless, who_ends=", ".join(register.registrars_for(role)) or NOBODY_ENDS)
