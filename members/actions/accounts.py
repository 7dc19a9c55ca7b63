"""Accounts by invitation, and what they may do. Nobody registers himself; nobody learns a password from us."""

from datetime import date, datetime
from typing import Any
from zlib import crc32

from django.core.exceptions import ValidationError
from django.db import transaction

from kok import audit, outbox, sessions
from kok.access import ROLES
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import AddressChange, User
from members.actions.people import sync_account
from members.models import Agreement, Partner, Person, RoleAssignment
from members.queries.access import held_for
from members.rules.roles import REGISTRAR, check_registrar_remains, check_role

INVITED = "account.invited"


@transaction.atomic
def invite_account(
    *, person: Person, username: str, role: str, partner: Partner, by: User | None, now: datetime
) -> User:
    """Makes an account with one role and mails a link to choose a password; until then nobody can sign in.

    Raises Refused when the person has an account, has no address, or the user name is taken.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    check_invitation(person=person, username=username)
    user = User(username=username, invited_by=by, invited_at=now)
    user.set_unusable_password()
    _save(user, exclude=["password"])
    person.user = user
    person.save(update_fields=["user"])
    sync_account(person, user)
    give_role(user=user, role=role, partner=partner, from_on=_day(now), by=by, now=now)
    _record("account.invited", user, partner.agreement, by=by, now=now)
    queue_invitation(user, now)
    return user


def check_invitation(*, person: Person, username: str) -> None:
    """Raises Refused when the person cannot be invited under this name; changes nothing."""
    if person.user_id:
        raise Refused(f"{person} hat schon ein Konto. Es wurde nichts geändert.")
    if not person.email:
        raise Refused(f"Bei {person} fehlt die E-Mail-Adresse. Tragen Sie sie zuerst ein. Es wurde nichts geändert.")
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"Den Benutzernamen „{username}“ gibt es schon. Wählen Sie einen anderen.")


@transaction.atomic
def invite_again(*, user: User, agreement: Agreement, by: User, now: datetime) -> None:
    """Mails a fresh link to somebody who has not chosen a password yet; a second click sends nothing."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.has_usable_password():
        raise Refused(
            "Dieses Konto hat schon ein Passwort. Es wurde nichts gesendet. "
            "Wer es vergessen hat, fordert auf der Anmeldeseite selbst ein neues an."
        )
    if not user.email:
        raise Refused("Bei diesem Konto fehlt die E-Mail-Adresse. Es wurde nichts gesendet.")
    if queue_invitation(user, now):
        _record("account.invited", user, agreement, by=by, now=now)


def queue_invitation(user: User, now: datetime) -> bool:
    """At most one mail to an address in ten minutes, however often somebody clicks."""
    slot, address = int(now.timestamp()) // 600, crc32(user.email.encode())
    key = f"{INVITED}:{user.pk}:{slot}:{address:08x}"
    return outbox.enqueue(kind=INVITED, key=key, to="", context={"user": user.pk}, now=now)


@transaction.atomic
def give_role(
    *, user: User, role: str, partner: Partner, from_on: date, by: User | None, now: datetime
) -> RoleAssignment:
    """Gives an account a role for a partner from a day on. Raises Refused when it has that role already."""
    check_role(role, partner.kind)
    assignment = RoleAssignment(
        user=user, role=role, agreement=partner.agreement, partner=partner, period=(from_on, None)
    )
    _save(assignment)
    _record(
        "role.given", assignment, partner.agreement, by=by, now=now, note=f"{ROLES[role].title} ab {from_on:%d.%m.%Y}"
    )
    return assignment


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: User | None, now: datetime) -> None:
    """Takes a role away at once, not at the end of the day. The row stays and says from when to when.

    Raises Refused when it is over already, or when nobody would be left to maintain the partner.
    """
    assignment = RoleAssignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    today = _day(now)
    if assignment.has_ended(today):
        raise Refused("Diese Rolle ist schon beendet. Es wurde nichts geändert.")
    if assignment.role == REGISTRAR:
        for partner in assignment.partners:
            check_registrar_remains(assignment.user_id, _registrars(partner, today))
    _record("role.ended", assignment, assignment.agreement, by=by, now=now, note=ROLES[assignment.role].title)
    assignment.ended_at = now
    first = assignment.period.lower
    if first >= today:  # a period of no day would forget when it was to begin
        assignment.void_from_on = first
    assignment.period = (min(first, today), today)
    assignment.save(update_fields=["period", "ended_at", "void_from_on"])


def _registrars(partner: Partner, today: date) -> set[int]:
    """Locks them, so that two registrars cannot remove each other in the same moment."""
    held = RoleAssignment.objects.select_for_update(of=("self",)).filter(
        held_for([partner]), role=REGISTRAR, period__contains=today, user__is_active=True
    )
    return {assignment.user_id for assignment in held}


@transaction.atomic
def set_active(*, user: User, is_active: bool, by: User, now: datetime) -> None:
    """Closes an account at once, with all its sessions, or opens it again. Raises Refused for one's own."""
    if user.pk == by.pk:
        raise Refused("Ihr eigenes Konto können Sie nicht sperren oder freigeben. Es wurde nichts geändert.")
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    user.is_active = is_active
    if not is_active:
        AddressChange.objects.filter(user=user).delete()
    user.save(update_fields=["is_active"])
    if not is_active:
        sessions.end_all(user)
    audit.record(
        by=by,
        action="account.opened" if is_active else "account.closed",
        obj=user,
        change=("gesperrt", "offen") if is_active else ("offen", "gesperrt"),
        now=now,
    )


def _save(row: Any, exclude: list[str] | None = None) -> None:
    """The constraints have the last word, in their own sentences."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        raise Refused(error.messages[0]) from None
    row.save()


def _day(now: datetime) -> date:
    return now.astimezone(BERLIN).date()


def _record(action: str, obj: Any, agreement: Agreement | None, **rest: Any) -> None:
    audit.record(action=action, obj=obj, agreement=agreement.slug if agreement else "", **rest)
