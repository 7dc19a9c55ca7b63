"""Accounts with their roles: for the registrar of a partner, for the administration, for reminders."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from kok import genuine
from kok.access import Permission
from kok.models import User
from members.models import Authority, Partner, RoleAssignment
from members.queries.access import covers
from members.rules.power import ADMIN


@dataclass(frozen=True)
class RoleHolder:
    """An account that holds a role on a day. `name` and `email` are those of the person where one is linked."""

    user_id: int
    name: str
    email: str


@dataclass(frozen=True)
class AccountLine:
    """An account with its roles for the partners asked for, ended ones last."""

    user: User
    roles: tuple[RoleAssignment, ...]

    @property
    def name(self) -> str:
        """The person behind the account, or the user name."""
        return name_of(self.user)

    @property
    def numbers(self) -> list[int]:
        """The keys of its roles."""
        return list(map(attrgetter("pk"), self.roles))

    def roles_on(self, day: date) -> list[RoleAssignment]:
        """The roles in force on a day."""
        return [role for role in self.roles_lasting(day) if role.period.lower <= day]

    def roles_lasting(self, day: date) -> list[RoleAssignment]:
        """The roles that are not over on a day."""
        return [role for role in self.roles if not role.has_ended(day)]


def name_of(user: User | None) -> str:
    """The person behind an account, or its user name; nothing where nobody is known any more."""
    if user is None:
        return ""
    person = getattr(user, "person", None)
    return str(person or user.get_full_name() or user.get_username())


def sealed_name_of(user: User) -> str:
    """The name of an account as it is sealed itself, for what is kept under a seal. Raises Forged where it is not."""
    [account] = genuine.rows(User.objects.filter(pk=user.pk))
    return account.get_full_name() or account.get_username()


def people_with_role(role: str, partner: Partner, day: date) -> list[RoleHolder]:
    """The active accounts that hold a role for a partner on a day, or for its authority in all its agreements.

    One query; the address may be empty.
    """
    return holders_of([role], [partner], day)


def holders_of(roles: Collection[str], partners: Collection[Partner], day: date) -> list[RoleHolder]:
    """The same of several roles and partners, each account once."""
    held = RoleAssignment.objects.of_partners(partners).on(day).filter(role__in=roles)
    users = User.objects.filter(is_active=True, pk__in=held.values("user")).select_related("person").order_by("pk")
    return [RoleHolder(user.pk, name_of(user), _address_of(user)) for user in users]


def user_ids(holders: Iterable[RoleHolder]) -> set[int]:
    """The accounts of these people, to ask whether somebody is one of them."""
    return set(map(attrgetter("user_id"), holders))


def _address_of(user: User) -> str:
    person = getattr(user, "person", None)
    return getattr(person, "email", "") or user.email


def users_of_partners(partners: Collection[Partner]) -> QuerySet[User]:
    """Accounts of the people of these partners, and accounts that have or had a role for them."""
    of_person = Q(person__employer__in=Authority.objects.filter(partners__in=partners))
    with_role = Q(pk__in=RoleAssignment.objects.of_partners(partners).values("user"))
    return User.objects.filter(of_person | with_role).select_related("person").order_by("username")


def accounts_of_partners(partners: Collection[Partner]) -> list[AccountLine]:
    """What the registrars of these partners see: their accounts and the roles for these partners, in two queries."""
    roles = defaultdict(list)
    for role in roles_of_partners(partners):
        roles[role.user_id].append(role)
    return [AccountLine(user, tuple(roles[user.pk])) for user in users_of_partners(partners)]


def account_line(user: User, partners: Collection[Partner]) -> AccountLine:
    """One of these accounts with its roles."""
    return AccountLine(user, tuple(roles_of_partners(partners).filter(user=user)))


def roles_of_partners(partners: Collection[Partner]) -> QuerySet[RoleAssignment]:
    """All roles for these partners, those in force first."""
    rows = RoleAssignment.objects.of_partners(partners).select_related(
        "partner__authority", "authority", "user__person"
    )
    return rows.order_by("period__isempty", "-period__endswith", "role", "pk")


def roles_administered_by(user: User, partners: Collection[Partner]) -> QuerySet[RoleAssignment]:
    """Of these roles those that a registrar may end: as he may give them, one for a whole authority if he covers it."""
    authorities = set(map(attrgetter("authority"), partners))
    whole = [each for each in authorities if covers(user, Permission.ACCOUNTS_MANAGE, each)]
    return roles_of_partners(partners).filter(Q(authority__isnull=True) | Q(authority__in=whole))


def staff_of(authorities: Collection[int], partners: Collection[int]) -> set[int]:
    """The numbers of the accounts that belong to these authorities: of their people, and who has or had a role there.

    Of a partner alone those who have or had a role for it: an authority as the LWV has people in other agreements too.
    Who belongs to no house, as some of the Technik, belongs to each whole authority: somebody must look after them.
    """
    roles = RoleAssignment.objects.filter(
        Q(authority__in=authorities) | Q(partner__authority__in=authorities) | Q(partner__in=partners)
    )
    chosen = Q(person__employer__in=authorities) | Q(pk__in=roles.values("user"))
    if authorities:
        chosen |= Q(person=None, pk__in=RoleAssignment.objects.filter(role=ADMIN).values("user"))
    found = User.objects.filter(chosen)
    return set(found.values_list("pk", flat=True))


def houses_of(accounts: Collection[int]) -> dict[int, str]:
    """The house of each of these accounts by its short name: where the person works, else where a role is or was."""
    roles = RoleAssignment.objects.filter(user__in=accounts).exclude(role=ADMIN).order_by("-pk")
    house = Coalesce("authority__short_name", "partner__authority__short_name")
    people = User.objects.filter(pk__in=accounts, person__isnull=False)
    employers = people.values_list("pk", "person__employer__short_name")
    return dict(roles.values_list("user_id", house)) | dict(employers)


def accounts() -> QuerySet[User]:
    """All accounts of the installation, for the administration: who can sign in, no content."""
    return User.objects.order_by("username")


def technical_roles(day: date) -> QuerySet[RoleAssignment]:
    """Who runs the installation, or will."""
    held = RoleAssignment.objects.lasting(day).filter(role=ADMIN)
    return held.select_related("user__person").order_by("user__username")
