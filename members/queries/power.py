"""Who holds power over accounts, who may be the second person, which requests concern whom."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cached_property

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from kok import second_factor
from kok.models import User
from kok.words import local_day
from members.models import AccountRequest, Partner, Person, RoleAssignment
from members.queries.access import roles_of_a_hand, roles_stand
from members.queries.accounts import name_of
from members.rules import power
from members.rules.codes import AccountRequestKind
from members.rules.mailboxes import mailbox_of
from members.rules.power import ADMIN, AUDITOR, REGISTRAR, AccountFacts, AccountStanding, Hand, Powers


class PowerRegister:
    """Who may what on a day, read once when first asked. Partners of an authority stand in for it.

    `hand`: of whoever acts only those roles count that stand as they were sealed. Raises KeyLost then.
    """

    def __init__(self, now: datetime, hand: User | None = None) -> None:
        self.now, self._acting = now, hand
        self.day = local_day(now)

    @cached_property
    def _partners(self) -> tuple[Mapping[int, set[int]], Mapping[int, int]]:
        """The partners that each authority is, and the agreement of each partner."""
        houses, agreements = defaultdict(set), {}
        for pk, authority, agreement in Partner.objects.values_list("pk", "authority", "agreement"):
            houses[authority].add(pk)
            agreements[pk] = agreement
        return houses, agreements

    @cached_property
    def _invitations(self) -> Mapping[int, int]:
        """Who was invited lately, by whom."""
        lately = User.objects.filter(invited_at__gt=self.now - power.TIED_FOR, invited_by__isnull=False).order_by()
        return dict(lately.values_list("pk", "invited_by__pk"))

    @cached_property
    def powers(self) -> Powers:
        """Who holds which power."""
        held: dict[str, dict[int, frozenset[int]]] = {REGISTRAR: {}, AUDITOR: {}, ADMIN: {}}
        rows = RoleAssignment.objects.on(self.day).filter(role__in=held, user__is_active=True)
        rows = rows.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)  # invited, and not in yet
        if self._acting:
            rows = rows.exclude(Q(user=self._acting) & ~Q(pk__in=roles_of_a_hand(self._acting).values("pk")))
        for user, role, partner, authority in rows.values_list("user", "role", "partner", "authority"):
            held[role][user] = held[role].get(user, frozenset()) | self.partners(partner, authority)
        return Powers(held[REGISTRAR], held[AUDITOR], frozenset(held[ADMIN]))

    def partners(self, partner: int | None, authority: int | None) -> frozenset[int]:
        """For which partners a role counts that is held for this place."""
        houses, _ = self._partners
        return frozenset({partner} if partner else houses.get(authority or 0, ()))

    def partners_of(self, row: RoleAssignment | AccountRequest) -> frozenset[int]:
        """For which partners a role counts, or would count."""
        return self.partners(row.partner_id, row.authority_id)

    def house(self, partners: frozenset[int]) -> frozenset[int]:
        """All partners which the authorities of these are, in whatever agreement."""
        houses, _ = self._partners
        return frozenset().union(*filter(partners.intersection, houses.values()))

    def lasting(self, user: User) -> QuerySet[RoleAssignment]:
        """What an account holds or will hold."""
        return user.role_assignments.lasting(self.day)

    def account(self, user: User, *, without: int | None = None) -> AccountFacts:
        """An account with everything it holds, will hold or is to hold; `without` one request."""
        lasting = self.lasting(user)
        wanted = (
            AccountRequest.objects.waiting(self.now)
            .filter(user=user, kind=AccountRequestKind.ROLE)
            .exclude(pk=without or 0)
        )
        columns = ("role", "partner", "authority")
        held = [*lasting.values_list(*columns), *wanted.order_by().values_list(*columns)]
        employer = Person.objects.filter(user=user).values_list("employer", flat=True).first()
        return AccountFacts(
            number=user.pk,
            partners=frozenset().union(*(self.partners(partner, authority) for _, partner, authority in held)),
            is_technical=any(role == ADMIN for role, _, _ in held),
            house=self.partners(None, employer),
        )

    def may_end(self, somebody: User, role: RoleAssignment) -> bool:
        """Whether somebody may end a role: whoever maintains all partners for whom it counts, or Technik its own."""
        if role.role == ADMIN:
            return somebody.pk in self.powers.technicians
        return somebody.pk in self.powers.registrars_covering(self.partners_of(role))

    def warnings(self, row: AccountRequest) -> list[str]:
        """What the two people should know of a wanted role: which other one the account has, or is to have, as well."""
        wanted = self.partners_of(row)
        found = []
        if self._has_beside(row, power.OTHER_HAND.get(row.role), wanted):
            found.append(power.ONE_HAND)
        if self._has_beside(row, power.WATCHED.get(row.role), self.house(wanted)):
            found.append(power.WATCHES_HIMSELF)
        return found

    def _has_beside(self, row: AccountRequest, other: str | None, partners: frozenset[int]) -> bool:
        if other is None:
            return False
        common: dict[str, object] = {"user": row.user_id, "role": other, "period__overlap": row.period}
        columns = ("partner", "authority")
        places = [
            *RoleAssignment.objects.filter(**common).values_list(*columns),
            *AccountRequest.objects.waiting(self.now).filter(**common).order_by().values_list(*columns),
        ]
        return any(partners & self.partners(*place) for place in places)

    def standing(self, somebody: User, account: User) -> AccountStanding:
        """What somebody is to an account."""
        return self.powers.standing(somebody.pk, self.account(account))

    def administrators(self, account: User) -> list[str]:
        """Who administers an account alone, by name."""
        return names_of(self.powers.administrators(self.account(account)))

    def registrars_for(self, role: RoleAssignment) -> list[str]:
        """Who maintains all partners for whom a role counts, by name."""
        return names_of(self.powers.registrars_covering(self.partners_of(role)))

    def may_ask(self, request: AccountRequest) -> bool:
        """Whether who gave this may still ask for it."""
        giver = request.given_by_id
        if request.kind != AccountRequestKind.ROLE:
            account = self.account(request.user, without=request.pk)
            return self.powers.standing(giver, account) is not AccountStanding.NONE
        if request.role == ADMIN:
            return giver in self.powers.technicians
        return giver in self.powers.registrars_covering(self.partners_of(request))

    def circles(self, request: AccountRequest) -> list[frozenset[int]]:
        """Who confirms: the first of these in which somebody may."""
        if request.kind == AccountRequestKind.ROLE:
            partners = self.partners_of(request)
            return power.circles_for_role(self.powers, request.role, partners)
        account = self.account(request.user, without=request.pk)
        own = account.partners or account.house
        return power.circles_for_account(self.powers, request.given_by_id, account, self.beside(own))

    def beside(self, partners: frozenset[int]) -> frozenset[int]:
        """The other partners of the agreements of these."""
        _, agreements = self._partners
        regions = set(map(agreements.get, partners))
        return frozenset(partner for partner, agreement in agreements.items() if agreement in regions) - partners

    def confirmers(self, request: AccountRequest) -> frozenset[int]:
        """Who may be the second person now; nobody where who gave this may not ask for it any more."""
        return self.second_people(request) if self.may_ask(request) else frozenset()

    def second_people(self, request: AccountRequest) -> frozenset[int]:
        """Who may be the second person, if the first still may be the first.

        A role that waits for a second factor opens no page: whoever has none stands in nobody's way.
        """
        for circle in self.circles(request):
            able = circle & self._with_factor
            found = power.free_of_obstacles(map(self._hand, able), **self._about(request))
            if found:
                return found
        return frozenset()

    def obstacle(self, request: AccountRequest, somebody: User) -> str:
        """Why this person may not confirm it, in a sentence; "" where nothing stands in the way."""
        if not self.may_ask(request):
            return "Wer das beantragt hat, dürfte es heute nicht mehr. Wer es heute darf, kann es neu beantragen."
        if somebody.pk in self.confirmers(request):
            return ""
        told = power.obstacle(self._hand(somebody.pk), **self._about(request))
        return told or "Das bestätigt jemand anderes. Mit Ihren Rollen können Sie es nicht."

    def _about(self, request: AccountRequest) -> dict[str, Hand]:
        return {"giver": self._hand(request.given_by_id), "receiver": self._hand(request.user_id)}

    def _hand(self, number: int) -> Hand:
        hosts = power.hosts_of(number, self._invitations)
        return Hand(number, hosts, mailbox_of(self._addresses.get(number, "")))

    @cached_property
    def _with_factor(self) -> set[int]:
        return second_factor.holders({*self.powers.registrars, *self.powers.technicians})

    @cached_property
    def _addresses(self) -> dict[int, str]:
        return dict(User.objects.order_by().values_list("pk", "email"))

    def concerns(self, request: AccountRequest, user: User) -> bool:
        """Whether a request is this person's business: he asked for it, or his circle confirms it."""
        return user.pk == request.given_by_id or any(user.pk in circle for circle in self.circles(request))


def undecided() -> QuerySet[AccountRequest]:
    """Requests that nobody decided, whether their time is over or not."""
    return AccountRequest.objects.undecided().select_related("user", "given_by")


def is_shielded(user: User, now: datetime) -> bool:
    """Whether an account watches others, or did so lately: only Technik closes it.

    Else whoever is watched would end the role Prüfung first, or have it end by SQL: an account of which a role does not
    stand counts as one that does. Raises KeyLost.
    """
    if not roles_stand(user):
        return True
    lately = Q(period__endswith__gt=local_day(now) - power.SHIELDED_FOR)
    ended = Q(period__isempty=True, ended_at__gt=now - power.SHIELDED_FOR)  # on its first day
    roles = RoleAssignment.objects.filter(user=user, role=AUDITOR)
    return bool(roles.filter(Q(period__upper_inf=True) | lately | ended).exists())


def holds_power(user: User, now: datetime) -> bool:
    """Whether an account has or will have a role that two people give."""
    held = user.role_assignments.lasting(local_day(now))
    return bool(held.filter(role__in=power.FOUR_EYES).exists())


def awaits_role(user: User, now: datetime) -> bool:
    """Whether a role that two people give waits for an account."""
    return bool(AccountRequest.objects.waiting(now).filter(user=user, kind=AccountRequestKind.ROLE).exists())


def holds_or_awaits_power(user: User, now: datetime) -> bool:
    """Either of both: power that waits counts too where a mailbox or a name must stay what two people saw."""
    return holds_power(user, now) or awaits_role(user, now)


def is_part_of_request(user: User, now: datetime, *, but: int | None = None) -> bool:
    """Whether something waits that this account asked for, or that is for it; `but` one request."""
    return bool(
        AccountRequest.objects.waiting(now).filter(Q(user=user) | Q(given_by=user)).exclude(pk=but or 0).exists()
    )


def has_power_beside(user: User, email: str, now: datetime) -> bool:
    """Whether another open account with this mailbox holds, will hold or awaits a role that two people give."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk).exclude(email="")
    mailbox = mailbox_of(email)
    same = [other for other in others.only("email") if mailbox_of(other.email) == mailbox]
    return any(holds_or_awaits_power(other, now) for other in same)


def hand_of(user: User) -> Hand:
    """An account as the rule about giver and receiver sees it."""
    return Hand(user.pk, mailbox=mailbox_of(user.email))


def names_of(numbers: Iterable[int]) -> list[str]:
    """The names of accounts, in their order."""
    users = User.objects.filter(pk__in=list(numbers)).select_related("person")
    return sorted(map(name_of, users))


def holders_of_case_roles(partners: Iterable[int], day: date) -> frozenset[int]:
    """The accounts that hold a case role for one of these partners."""
    partners = list(partners)
    for_them = Q(partner__in=partners) | Q(authority__partners__in=partners)
    held = RoleAssignment.objects.on(day).filter(for_them, role__in=power.CASE_ROLES)
    return frozenset(held.filter(user__is_active=True).values_list("user", flat=True))
