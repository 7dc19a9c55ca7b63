"""Who is told of power over accounts: the person, the unit, the auditors. The mails name nobody."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q

from kok import outbox
from kok.models import User
from members.models import AccountRequest, AuthorityChange, Departure, Partner, RoleAssignment
from members.queries.power import PowerRegister, holders_of_case_roles, holds_power, is_shielded
from members.rules.power import ADMIN, CASE_ROLES, TELL_FOR, ends_at

WAITING, TOLD = "power.waiting", "power.told"


def tell_waiting(request: AccountRequest, *, now: datetime) -> None:
    """Tells those who may confirm that something waits for them."""
    _queue(WAITING, "", request, PowerRegister(now).confirmers(request), now)


def tell_of_role(what: str, assignment: RoleAssignment, *, now: datetime) -> None:
    """Tells the person, the registrars and auditors of the unit, and for a case role who holds the others there.

    Where nobody else watches the unit, the auditors of the other partners and Technik are told.
    What the command gave is told to those of the authority in all its agreements.
    """
    register = PowerRegister(now)
    partners = register.partners_of(assignment)
    if assignment.by_command:
        partners = register.house(partners)
    about = assignment.user_id
    told = {about} | _unit(register, partners, is_technical=assignment.role == ADMIN)
    told |= _outside(register, partners, about)
    if assignment.role in CASE_ROLES:
        told |= holders_of_case_roles(partners, register.day)
    _queue(TOLD, what, assignment, told, now, about=about)


def tell_of_account(what: str, cause: AccountRequest | User, *, now: datetime) -> None:
    """Tells the person and those around it in all its units what became of its account, of one with power Technik too.

    `cause`: the request of two people, or the account where one did it. Who was just locked out is told all the same.
    """
    user = cause if isinstance(cause, User) else cause.user
    register = PowerRegister(now)
    told = {user.pk} | _around(register, user)
    if cause is not user or holds_power(user, now):
        told |= register.powers.technicians
    _queue(TOLD, what if cause is not user else _again(what, now), cause, told, now, about=user.pk)


def tell_of_guard(what: str, user: User, *, now: datetime) -> None:
    """Tells those around an account with power that what guards it is new: its address, its first second factor.

    The owner has mails of his own about it.
    """
    if holds_power(user, now):
        _queue(TOLD, _again(what, now), user, _around(PowerRegister(now), user) - {user.pk}, now)


def tell_of_name(user: User, *, now: datetime) -> set[str]:
    """Tells the person, and the registrars and auditors of all its units, that it is called differently now.

    Returns the agreements in which it has roles, for the trail.
    """
    register = PowerRegister(now)
    told = {user.pk} | _around(register, user)
    _queue(TOLD, _again("person-renamed", now), user, told, now, about=user.pk)
    places = Partner.objects.filter(pk__in=register.account(user).partners)
    return set(places.values_list("agreement__slug", flat=True))


def tell_of_authority(what: str, change: AuthorityChange, *, now: datetime) -> None:
    """Tells the registrars and auditors of an authority what was entered: its name stands in mails to others."""
    register = PowerRegister(now)
    told = _unit(register, register.partners(None, change.authority_id), is_technical=False)
    _queue(TOLD, what, change, told, now)


def tell_of_leaving(what: str, departure: Departure, partners: Iterable[Partner], *, now: datetime) -> None:
    """Tells the person, and the registrars and auditors of the units whose seats and roles it is about.

    Of an auditor Technik as well.
    """
    register = PowerRegister(now)
    units = frozenset(partner.pk for partner in partners) or register.partners(None, departure.person.employer_id)
    user, own = departure.person.user, departure.person.user_id
    told = {own} | _unit(register, units, is_technical=False)
    if user and is_shielded(user, now):  # only Technik closes this account
        told |= register.powers.technicians
    _queue(TOLD, what, departure, told, now, about=own)


def tell_giver(what: str, request: AccountRequest, *, now: datetime) -> None:
    """Tells who asked for something that it will not come to be."""
    _queue(TOLD, what, request, {request.given_by_id}, now)


def tell_lapsed(request: AccountRequest, *, is_expired: bool, now: datetime) -> None:
    """Tells who asked; those who could have confirmed as well, unless its time was over and they were reminded.

    Whoever hears of it weeks later needs it no more.
    """
    if now >= ends_at(request.given_at) + TELL_FOR:
        return
    if is_expired:
        _queue(TOLD, "request-ended", request, {request.given_by_id}, now)
    else:
        beside = PowerRegister(now).second_people(request)
        _queue(TOLD, "request-lapsed", request, {request.given_by_id} | beside, now)


def tell_everybody(what: str, user: User, *, now: datetime) -> None:
    """Tells the person and all registrars and auditors of the installation."""
    powers = PowerRegister(now).powers
    told = {user.pk, *powers.registrars, *powers.auditors}
    _queue(TOLD, _again(what, now), user, told, now, about=user.pk)


def _again(what: str, now: datetime) -> str:
    """What can happen to an account more than once, each time a mail of its own."""
    return f"{what}:{now:%Y%m%d%H%M%S}"


def _around(register: PowerRegister, user: User) -> set[int]:
    """The registrars and auditors of all units of an account, and for case roles who holds the others there."""
    account = register.account(user)
    around = _unit(register, account.units, is_technical=account.is_technical)
    if register.lasting(user).filter(role__in=CASE_ROLES).exists():
        around |= holders_of_case_roles(account.partners, register.day)
    return around


def _unit(register: PowerRegister, partners: frozenset[int], *, is_technical: bool) -> set[int]:
    powers = register.powers
    unit = powers.registrars_touching(partners) | powers.auditors_touching(partners)
    technical = powers.technicians | frozenset(powers.auditors) if is_technical else frozenset()
    return set(unit | technical)


def _outside(register: PowerRegister, partners: frozenset[int], but: int) -> set[int]:
    """Where nobody but this person watches a unit, the auditors of the other partners, and Technik.

    Else whoever ends the only role Prüfung of a house would be seen by nobody any more.
    """
    powers = register.powers
    if not partners or powers.auditors_touching(partners) - {but}:
        return set()
    return set(powers.auditors_touching(register.beside(partners)) | powers.technicians)


def _queue(
    kind: str,
    what: str,
    obj: AccountRequest | AuthorityChange | Departure | RoleAssignment | User,
    numbers: Iterable[int | None],
    now: datetime,
    about: int | None = None,
) -> None:
    open_or_own = Q(is_active=True) | Q(pk=about)
    for user in User.objects.filter(open_or_own, pk__in=list(numbers)).order_by("pk"):
        if not user.has_usable_password():
            continue  # the invitation is the first mail, and tells whether the address is right
        key = f"{kind}:{what}:{obj._meta.model_name}:{obj.pk}:{user.pk}"
        context = {"user": user.pk, "what": what.partition(":")[0], "is_own": user.pk == about, "object": obj.pk}
        outbox.enqueue(kind=kind, key=key, to="", context=context, now=now)
