"""Asking for power: one person asks, another confirms (`deciding`)."""

from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kok import audit, second_factor
from kok.errors import Refused, require
from kok.models import User
from kok.words import local_day
from kok.words import period as in_words
from members.actions import notices
from members.actions.administering import (
    check_mailbox,
    check_names_may_change,
    check_new_address,
    check_power,
    on_power,
    who_administers,
)
from members.actions.lapsing import check_open, lapse, why_vain
from members.actions.roles import (
    Place,
    asked_for,
    check_not_held,
    check_place,
    check_stays,
    columns_of,
    held,
    lock_accounts,
    save,
    slug_of,
)
from members.models import AccountRequest, Person
from members.queries.accounts import sealed_name_of
from members.queries.power import PowerRegister, hand_of
from members.queries.requests import requests_by
from members.rules.codes import AccountRequestKind, AccountRequestState
from members.rules.leaving import check_period
from members.rules.power import check_giver, check_not_too_many, needs_two

NOT_YOURS = "Das dürfen Sie für dieses Konto nicht beantragen. Es wurde nichts geändert."


@on_power
def ask_role(
    *, user: User, role: str, place: Place, from_on: date, until_on: date | None = None, by: User, now: datetime
) -> AccountRequest:
    """Asks for a role that two people give. It exists only when another person has confirmed it.

    Raises Refused as `check_request`.
    """
    wanted = check_request(user=user, role=role, place=place, from_on=from_on, until_on=until_on, by=by, now=now)
    note = f"{held(wanted)}, {in_words(DateRange(*wanted.period))}"
    return _ask(wanted, by=by, now=now, note=note)


def check_request(
    *, user: User, role: str, place: Place, from_on: date, until_on: date | None = None, by: User, now: datetime
) -> AccountRequest:
    """The role as it would be asked for, not stored. Changes nothing.

    Raises Refused for oneself, for a role that one person gives, when it is held or waits already, for somebody who may
    not ask for it, and where another account with power has the same mailbox.
    """
    require(needs_two(role), "Diese Rolle gibt eine Person allein. Es wurde nichts geändert.")
    check_place(role, place)
    check_period(from_on, ends_before=until_on)
    check_stays(user, ends_before=until_on, today=local_day(now))
    wanted = wanted_role(user=user, role=role, place=place, from_on=from_on, until_on=until_on)
    check_not_held(user=user, role=role, place=place, period=wanted.period)
    wanted.given_by, wanted.given_at = by, now
    _check_asked(wanted, PowerRegister(now))
    return wanted


def wanted_role(*, user: User, role: str, place: Place, from_on: date, until_on: date | None = None) -> AccountRequest:
    """The row of a role as it would be asked for, not stored."""
    period = (from_on, until_on)
    return AccountRequest(kind=AccountRequestKind.ROLE, user=user, role=role, period=period, **columns_of(place))


@on_power
def ask_factor(*, user: User, by: User, now: datetime) -> AccountRequest:
    """Asks that the lost second factor of an account is taken off, so that its owner sets up a new one.

    Raises Refused as `check_factor`, and where somebody else has to ask.
    """
    check_factor(user=user, by=by)
    return _ask(AccountRequest(kind=AccountRequestKind.FACTOR, user=user), by=by, now=now, note=f"für Konto {user.pk}")


@on_power
def ask_opening(*, user: User, by: User, now: datetime) -> AccountRequest:
    """Asks that a closed account is opened, where nobody administers it alone."""
    user = lock_accounts(by.pk, user.pk)[user.pk]
    check_closed(user)
    check_new_address(user, user.email, now)
    return _ask(AccountRequest(kind=AccountRequestKind.OPENING, user=user), by=by, now=now, note=f"für Konto {user.pk}")


@on_power
def ask_name(*, user: User, given_name: str, family_name: str, by: User, now: datetime) -> AccountRequest:
    """Asks that the person of an account is called differently, where nobody else may change the name alone.

    Raises Refused as `check_name`, and where somebody else has to ask.
    """
    check_name(user=user, given_name=given_name, family_name=family_name, by=by, now=now)
    wanted = AccountRequest(
        kind=AccountRequestKind.NAME, user=user, new_given_name=given_name, new_family_name=family_name
    )
    return _ask(wanted, by=by, now=now, note=f"für Konto {user.pk}")


def check_name(*, user: User, given_name: str, family_name: str, by: User, now: datetime) -> None:
    """Raises Refused for one's own account, for one without a person, and for the name it has already.

    Also, with who can, where somebody else administers the account alone, and while a request waits of which it is
    part. Changes nothing.
    """
    check_may_ask_for_name(user=user, by=by, now=now)
    person = Person.objects.get(user=user)
    require(
        (given_name, family_name) != (person.given_name, person.family_name),
        "So heißt die Person schon. Es wurde nichts geändert.",
    )


def check_may_ask_for_name(*, user: User, by: User, now: datetime) -> None:
    """Raises Refused as `check_name`, whatever the name."""
    check_giver(hand_of(by), hand_of(user))
    require(
        Person.objects.filter(user=user).exists(),
        "Zu diesem Konto ist keine Person eingetragen. Es wurde nichts geändert.",
    )
    if names := PowerRegister(now).administrators(user):
        raise Refused(f"{who_administers(names)} Den Namen der Person ändert, wer es verwaltet, ohne Antrag.")
    check_names_may_change(user, now)


def check_factor(*, user: User, by: User) -> None:
    """Raises Refused for one's own account, and for one without a second factor."""
    check_giver(hand_of(by), hand_of(user))
    require(second_factor.holders([user.pk]), "Dieses Konto hat keinen zweiten Faktor. Es wurde nichts geändert.")


def check_closed(user: User) -> None:
    """Raises Refused for an account that is open."""
    require(not user.is_active, "Dieses Konto ist nicht gesperrt. Es wurde nichts geändert.")


def _ask(request: AccountRequest, *, by: User, now: datetime, note: str) -> AccountRequest:
    locked = lock_accounts(by.pk, request.user_id)
    request.user, by = locked[request.user_id], locked[by.pk]
    check_power(by, request.user)
    request.given_by, request.given_at = by, now
    request.receiver_name, request.giver_name = sealed_name_of(request.user), sealed_name_of(by)
    register = PowerRegister(now)
    for vain in _check_asked(request, register):
        lapse(vain, reason=why_vain(vain, register), now=now)
    save(request)
    action = f"{request.kind.lower()}.requested"
    audit.record(by=by, action=action, obj=request, agreement=slug_of(request), note=note, now=now)
    notices.tell_waiting(request, now=now)
    return request


def _check_asked(request: AccountRequest, register: PowerRegister) -> list[AccountRequest]:
    """Raises Refused where it may not be asked for, and while the same waits already. What is vain is returned."""
    check_giver(hand_of(request.given_by), hand_of(request.user))
    if request.is_role:
        check_mailbox(request.user, request.user.email, register.now)
    require(register.may_ask(request), NOT_YOURS)
    check_not_too_many(**requests_by(request.given_by, register.now))
    same = AccountRequest.objects.filter(
        user=request.user, kind=request.kind, role=request.role, state=AccountRequestState.OPEN,
        partner=request.partner, authority=request.authority,
    )  # fmt: skip
    earlier = list(same.select_related("user", "given_by"))
    require(
        not any(not why_vain(each, register) for each in earlier),
        "Das ist schon beantragt und wartet auf Bestätigung. Es wurde nichts geändert.",
    )
    return earlier


@transaction.atomic
def withdraw(*, request: AccountRequest, by: User, now: datetime) -> None:
    """Takes one's own request back. Raises Refused as `check_withdrawal`."""
    request = AccountRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    check_withdrawal(request, by=by)
    request.state, request.decided_by, request.decided_at = AccountRequestState.WITHDRAWN, by, now
    request.decider_name = sealed_name_of(by)
    request.save()
    note = asked_for(request)
    audit.record(by=by, action="request.withdrawn", obj=request, agreement=slug_of(request), note=note, now=now)


def check_withdrawal(request: AccountRequest, *, by: User) -> None:
    """Raises Refused when it is decided or another person's; changes nothing."""
    check_open(request)
    require(
        request.given_by_id == by.pk,
        "Zurücknehmen kann diesen Antrag nur, wer ihn gestellt hat. Es wurde nichts geändert.",
    )
