"""Who holds power over accounts, who may be the second person, which requests concern whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from kok.clock import BERLIN
from kok.models import User
from members.models import AccountRequest, Partner, Person, RoleAssignment
from members.queries.accounts import name_of
from members.rules import power
from members.rules.mailboxes import mailbox_of
from members.rules.power import ADMIN, AUDITOR, REGISTRAR, Account, Hand, Powers, Standing


@dataclass(frozen=True)
class RequestLine:
    """An open request as it concerns one person: whether he confirms it, why not, and who does."""

    request: AccountRequest
    may_confirm: bool
    is_own: bool
    obstacle: str
    confirmers: tuple[str, ...]

    @property
    def ends_at(self) -> datetime:
        """Until when it can be confirmed."""
        return power.ends_at(self.request.given_at)


class Register:
    """Who may what on a day, read once. Partners of an authority stand in for it."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.day = now.astimezone(BERLIN).date()
        self._houses: dict[int, set[int]] = {}
        self._agreements: dict[int, int] = {}
        for pk, authority, agreement in Partner.objects.values_list("pk", "authority", "agreement"):
            self._houses.setdefault(authority, set()).add(pk)
            self._agreements[pk] = agreement
        lately = User.objects.filter(invited_at__gt=now - power.TIED_FOR).order_by()
        self._invitations = {guest: host for guest, host in lately.values_list("pk", "invited_by") if host}
        self.powers = self._powers()

    def _powers(self) -> Powers:
        held: dict[str, dict[int, frozenset[int]]] = {REGISTRAR: {}, AUDITOR: {}, ADMIN: {}}
        rows = RoleAssignment.objects.filter(role__in=held, period__contains=self.day, user__is_active=True)
        rows = rows.exclude(user__password__startswith=UNUSABLE_PASSWORD_PREFIX)  # invited, and not in yet
        for user, role, partner, authority in rows.values_list("user", "role", "partner", "authority"):
            held[role][user] = held[role].get(user, frozenset()) | self.partners(partner, authority)
        return Powers(held[REGISTRAR], held[AUDITOR], frozenset(held[ADMIN]))

    def partners(self, partner: int | None, authority: int | None) -> frozenset[int]:
        """For which partners a role counts that is held for this place."""
        return frozenset({partner} if partner else self._houses.get(authority or 0, ()))

    def house(self, partners: frozenset[int]) -> frozenset[int]:
        """All partners which the authorities of these are, in whatever agreement."""
        own = [house for house in self._houses.values() if partners & house]
        return frozenset().union(*own)

    def lasting(self, user: User) -> QuerySet[RoleAssignment]:
        """What an account holds or will hold."""
        return _lasting(user, self.day)

    def account(self, user: User, *, without: int | None = None) -> Account:
        """An account with everything it holds, will hold or is to hold; `without` one request."""
        lasting = self.lasting(user)
        wanted = _open(self.now).filter(user=user, kind=AccountRequest.Kind.ROLE).exclude(pk=without)
        columns = ("role", "partner", "authority")
        held = [*lasting.values_list(*columns), *wanted.order_by().values_list(*columns)]
        employer = Person.objects.filter(user=user).values_list("employer", flat=True).first()
        return Account(
            number=user.pk,
            partners=frozenset().union(*(self.partners(partner, authority) for _, partner, authority in held)),
            is_technical=any(role == ADMIN for role, _, _ in held),
            house=self.partners(None, employer),
        )

    def in_one_hand(self, row: AccountRequest) -> bool:
        """Whether the account of this wanted role has, or is to have, the other of the two hands on a list as well."""
        other = power.OTHER_HAND.get(row.role)
        if other is None:
            return False
        common: dict[str, Any] = {"user": row.user_id, "role": other, "period__overlap": row.period}
        columns = ("partner", "authority")
        places = [
            *RoleAssignment.objects.filter(**common).values_list(*columns),
            *_open(self.now).filter(**common).order_by().values_list(*columns),
        ]
        wanted = self.partners(row.partner_id, row.authority_id)
        return any(wanted & self.partners(*place) for place in places)

    def standing(self, somebody: User, account: User) -> Standing:
        """What somebody is to an account."""
        return self.powers.standing(somebody.pk, self.account(account))

    def administrators(self, account: User) -> list[str]:
        """Who administers an account alone, by name."""
        return names_of(self.powers.administrators(self.account(account)))

    def may_ask(self, request: AccountRequest) -> bool:
        """Whether who gave this may still ask for it."""
        giver = request.given_by_id
        if request.kind != AccountRequest.Kind.ROLE:
            account = self.account(request.user, without=request.pk)
            return self.powers.standing(giver, account) is not Standing.NONE
        if request.role == ADMIN:
            return giver in self.powers.technicians
        return giver in self.powers.registrars_covering(self.partners(request.partner_id, request.authority_id))

    def circles(self, request: AccountRequest) -> list[frozenset[int]]:
        """Who confirms: the first of these in which somebody may."""
        if request.kind == AccountRequest.Kind.ROLE:
            partners = self.partners(request.partner_id, request.authority_id)
            return power.circles_for_role(self.powers, request.role, partners)
        account = self.account(request.user, without=request.pk)
        own = account.partners or account.house
        regions = {self._agreements[partner] for partner in own}
        beside = {partner for partner, agreement in self._agreements.items() if agreement in regions} - own
        return power.circles_for_account(self.powers, request.given_by_id, account, frozenset(beside))

    def confirmers(self, request: AccountRequest) -> frozenset[int]:
        """Who may be the second person now."""
        for circle in self.circles(request):
            found = power.free_of_obstacles(map(self._hand, circle), **self._about(request))
            if found:
                return found
        return frozenset()

    def obstacle(self, request: AccountRequest, somebody: User) -> str:
        """Why this person may not confirm it, in a sentence; "" where nothing stands in the way."""
        if somebody.pk in self.confirmers(request):
            return ""
        told = power.obstacle(self._hand(somebody.pk), **self._about(request))
        return told or "Das bestätigt jemand anderes. Mit Ihren Rollen können Sie es nicht."

    def _about(self, request: AccountRequest) -> Mapping[str, Any]:
        return {"giver": self._hand(request.given_by_id), "receiver": self._hand(request.user_id)}

    def _hand(self, number: int) -> Hand:
        hosts = power.hosts_of(number, self._invitations)
        return Hand(number, hosts, mailbox_of(self._addresses.get(number, "")))

    @cached_property
    def _addresses(self) -> dict[int, str]:
        return dict(User.objects.order_by().values_list("pk", "email"))

    def concerns(self, request: AccountRequest, user: User) -> bool:
        """Whether a request is this person's business: he asked for it, or his circle confirms it."""
        return user.pk == request.given_by_id or any(user.pk in circle for circle in self.circles(request))

    def _line(self, request: AccountRequest, user: User) -> RequestLine:
        confirmers = self.confirmers(request)
        return RequestLine(
            request=request,
            may_confirm=user.pk in confirmers,
            is_own=user.pk == request.given_by_id,
            obstacle=self.obstacle(request, user),
            confirmers=tuple(names_of(confirmers)),
        )

    def lines(self, user: User) -> list[RequestLine]:
        """The open requests that concern a person."""
        return [self._line(request, user) for request in _shown(_open(self.now)) if self.concerns(request, user)]


SHOWN_FOR = timedelta(days=30)
_SHOWN = ("user__person", "given_by__person", "partner__authority", "partner__agreement", "authority", "agreement")


def _open(now: datetime) -> Any:
    """Requests that wait, and whose time is not over."""
    return AccountRequest.objects.filter(state=AccountRequest.State.OPEN, given_at__gt=now - power.WAITS)


def undecided() -> QuerySet[AccountRequest]:
    """Requests that nobody decided, whether their time is over or not."""
    return AccountRequest.objects.filter(state=AccountRequest.State.OPEN).select_related("user")


def _lasting(user: User, day: date) -> QuerySet[RoleAssignment]:
    """The roles that an account has on a day or will have."""
    roles = RoleAssignment.objects.filter(user=user, period__isempty=False)
    return roles.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=day))


def holds_power(user: User, now: datetime) -> bool:
    """Whether an account has or will have a role that two people give."""
    held = _lasting(user, now.astimezone(BERLIN).date())
    return bool(held.filter(role__in=power.FOUR_EYES).exists())


def awaits_role(user: User, now: datetime) -> bool:
    """Whether a role that two people give waits for an account."""
    return bool(_open(now).filter(user=user, kind=AccountRequest.Kind.ROLE).exists())


def is_part_of_request(user: User, now: datetime) -> bool:
    """Whether something waits that this account asked for, or that is for it."""
    return bool(_open(now).filter(Q(user=user) | Q(given_by=user)).exists())


def has_power_beside(user: User, email: str, now: datetime) -> bool:
    """Whether another open account with this mailbox holds, will hold or awaits a role that two people give."""
    others = User.objects.filter(is_active=True).exclude(pk=user.pk).exclude(email="")
    mailbox = mailbox_of(email)
    same = [other for other in others.only("email") if mailbox_of(other.email) == mailbox]
    return any(holds_power(other, now) or awaits_role(other, now) for other in same)


def _shown(requests: Any) -> Any:
    return requests.select_related(*_SHOWN)


def request_for(user: User, pk: int, now: datetime) -> AccountRequest | None:
    """A request that concerns this person, decided or not; None where there is none for him."""
    found: AccountRequest | None = _shown(AccountRequest.objects.filter(pk=pk)).first()
    return found if found and Register(now).concerns(found, user) else None


def hand_of(user: User) -> Hand:
    """An account as the rule about giver and receiver sees it."""
    return Hand(user.pk, mailbox=mailbox_of(user.email))


def names_of(numbers: Iterable[int]) -> list[str]:
    """The names of accounts, in their order."""
    users = User.objects.filter(pk__in=list(numbers)).select_related("person")
    return sorted(name_of(user) for user in users)


def requests_of(user: User, now: datetime) -> list[RequestLine]:
    """The open requests that concern a person; one query where there is none in the whole installation."""
    return Register(now).lines(user) if _open(now).exists() else []


def decided_lately(user: User, now: datetime) -> list[AccountRequest]:
    """What became of the requests that this person asked for or decided, in the last 30 days."""
    own = Q(given_by=user) | Q(decided_by=user)
    found = AccountRequest.objects.filter(own, decided_at__gt=now - SHOWN_FOR).order_by("-decided_at")
    return list(_shown(found).select_related("decided_by__person"))


def requests_by(user: User, now: datetime) -> dict[str, int]:
    """How many requests of a person wait, and how many he asked in the last 24 hours."""
    asked = AccountRequest.objects.filter(given_by=user, given_at__gt=now - timedelta(days=1))
    return {"waiting": _open(now).filter(given_by=user).count(), "asked_lately": asked.count()}


def requests_to_confirm(user: User, now: datetime) -> int:
    """How many requests wait for this person."""
    return sum(line.may_confirm for line in requests_of(user, now))


def holders_of_case_roles(partners: Iterable[int], day: date) -> frozenset[int]:
    """The accounts that hold a case role for one of these partners."""
    partners = list(partners)
    for_them = Q(partner__in=partners) | Q(authority__partners__in=partners)
    held = RoleAssignment.objects.filter(for_them, role__in=power.CASE_ROLES, period__contains=day)
    return frozenset(held.filter(user__is_active=True).values_list("user", flat=True))
