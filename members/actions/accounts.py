"""Accounts by invitation, closed and opened. Nobody registers himself; nobody learns a password from us."""

from datetime import date, datetime
from zlib import crc32

from django.db import IntegrityError, transaction

from kok import audit, genuine, outbox, sessions
from kok.errors import Refused, require
from kok.models import AddressChange, User
from kok.models.accounts import TAKEN
from kok.words import local_day
from members.actions import notices
from members.actions.administering import (
    acting,
    check_administers,
    check_genuine,
    check_hands,
    check_mailbox,
    check_new_address,
    check_people,
    check_power,
    on_power,
)
from members.actions.asking import ask_role, check_closed
from members.actions.lapsing import lapse_vain
from members.actions.people import sync_account
from members.actions.roles import Place, give_role, lock_accounts, save, slug_of
from members.models import AccountRequest, Agreement, Person, RoleAssignment
from members.queries.access import roles_stand
from members.queries.power import PowerRegister, hand_of, is_shielded
from members.rules.power import ADMIN, SHIELDED_FOR, AccountStanding, check_giver, needs_two

INVITED = "account.invited"
OPENED = "account.opened", "account-opened", ("gesperrt", "offen")
CLOSED = "account.closed", "account-closed", ("offen", "gesperrt")
SHIELDED = (
    f"Dieses Konto hat die Rolle Prüfung oder hatte sie in den letzten {SHIELDED_FOR.days} Tagen. Sperren kann es nur "
    "die Technik."
)
UNPROVEN = (
    "Eine Rolle dieses Kontos wurde an der Anwendung vorbei geändert oder eingefügt. Sperren kann es deshalb nur die "
    "Technik."
)


@transaction.atomic
def invite_account(
    *,
    person: Person,
    username: str,
    role: str,
    place: Place,
    until_on: date | None = None,
    by: User | None,
    now: datetime,
) -> User:
    """Makes an account and mails a link to choose a password; until then nobody can sign in.

    `person` is as whoever invites has seen it: the link goes to that address or nowhere.

    It has the role at once where one person gives it, or the command does (`by=None`). A role that two people give is
    asked for, and another person confirms it; `until_on` is the first day without it. Raises Refused when the person
    has an account, has no address or another one by now, was put in or changed past the application, or the user name
    is taken.
    """
    seen = person.email
    [person] = genuine.rows(Person.objects.select_for_update(of=("self",)).filter(pk=person.pk))
    check_invitation(person=person, username=username, address=seen, role=role, by=by, now=now)
    user = new_account(username, invited_by=by, invited_at=now if by else None)
    person.user = user
    person.save(update_fields=["user"])
    sync_account(person, user)
    power: AccountRequest | RoleAssignment
    from_on = local_day(now)
    if by is not None and needs_two(role):
        power = ask_role(user=user, role=role, place=place, from_on=from_on, until_on=until_on, by=by, now=now)
    else:
        power = give_role(user=user, role=role, place=place, from_on=from_on, until_on=until_on, by=by, now=now)
    audit.record(by=by, action=INVITED, obj=user, agreement=slug_of(power), now=now)
    queue_invitation(user, now)
    return user


@transaction.atomic
def invite_technician(*, username: str, email: str, by: User, now: datetime) -> User:
    """Makes an account for Technik and mails a link; its role waits for a second person.

    Raises Refused as `check_technician`.
    """
    check_technician(username=username, email=email, by=by, now=now)
    user = new_account(username, email=email, invited_by=by, invited_at=now)
    ask_role(user=user, role=ADMIN, place=None, from_on=local_day(now), by=by, now=now)
    audit.record(by=by, action=INVITED, obj=user, now=now)
    queue_invitation(user, now)
    return user


def check_invitation(*, person: Person, username: str, address: str, role: str, by: User | None, now: datetime) -> None:
    """Raises Refused when the person cannot be invited under this name and to this role, or has another address.

    Changes nothing.
    """
    require(not person.user_id, f"{person} hat schon ein Konto. Es wurde nichts geändert.")
    require(
        person.email, f"Bei {person} fehlt die E-Mail-Adresse. Tragen Sie sie zuerst ein. Es wurde nichts geändert."
    )
    require(
        address == person.email,
        f"Die E-Mail-Adresse von {person} wurde gerade geändert: {person.email}. Es wurde niemand eingeladen. "
        "Prüfen Sie die Adresse und beginnen Sie die Einladung neu.",
    )
    _check_new(User(username=username, email=person.email), role=role, by=by, now=now)


def check_technician(*, username: str, email: str, by: User, now: datetime) -> None:
    """Raises Refused when nobody can be invited to Technik under this name and address; changes nothing."""
    _check_new(User(username=username, email=email), role=ADMIN, by=by, now=now)


def _check_new(user: User, *, role: str, by: User | None, now: datetime) -> None:
    """The account is not stored yet."""
    require(not User.objects.filter(username__iexact=user.username).exists(), TAKEN)
    if by is not None:
        check_giver(hand_of(by), hand_of(user))
    if needs_two(role):
        check_mailbox(user, user.email, now)


def new_account(username: str, **values: object) -> User:
    """Stores an account that nobody can sign in with yet. Part of a transaction.

    Raises Refused for a user name that is taken, however it is written, also by an invitation of the same moment, and
    for one that looks like another.
    """
    user = User(username=username, **values)
    user.set_unusable_password()
    try:
        with transaction.atomic():
            save(user, exclude=["password"])
    except IntegrityError:
        raise Refused(TAKEN) from None
    return user


@transaction.atomic
def invite_again(*, user: User, agreement: Agreement, by: User, now: datetime) -> None:
    """Mails a fresh link to somebody who has not chosen a password yet; a second click sends nothing.

    Raises Refused as `check_invitation_again`, and where the account, its roles or the hand that sends the link was put
    in or changed past the application.
    """
    user = lock_accounts(user.pk, by.pk)[user.pk]
    check_administers(by, user, now)
    check_genuine(by, user)
    check_invitation_again(user=user, by=by, now=now)
    if queue_invitation(user, now):
        audit.record(by=by, action=INVITED, obj=user, agreement=agreement.slug, now=now)


def check_invitation_again(*, user: User, by: User, now: datetime) -> None:
    """Raises Refused for whoever does not administer the account, for one that has a password, and without an address.

    Changes nothing.
    """
    check_administers(by, user, now)
    require(
        not user.has_usable_password(),
        "Dieses Konto hat schon ein Passwort. Es wurde nichts gesendet. "
        "Wer es vergessen hat, fordert auf der Anmeldeseite selbst ein neues an.",
    )
    require(user.email, "Bei diesem Konto fehlt die E-Mail-Adresse. Es wurde nichts gesendet.")


def queue_invitation(user: User, now: datetime) -> bool:
    """At most one mail to an address in ten minutes, however often somebody clicks."""
    slot, address = int(now.timestamp()) // 600, crc32(user.email.encode())
    key = f"{INVITED}:{user.pk}:{slot}:{address:08x}"
    return outbox.enqueue(kind=INVITED, key=key, to="", context={"user": user.pk}, now=now)


@transaction.atomic
def close_account(*, user: User, by: User, now: datetime) -> None:
    """Closes an account at once, with all its sessions: by its administrator, in a hurry by Technik.

    Raises Refused as `check_closing`, and as `check_people`: the page calls the account by its person. Technik is not
    held up by that.
    """
    user = lock_accounts(user.pk, by.pk)[user.pk]
    check_closing(user=user, by=by, now=now)
    if by.pk not in acting(by, now).powers.technicians:
        check_people(user)
    switch(user, is_active=False, by=by, now=now)
    sessions.end_all(user)


def check_closing(*, user: User, by: User, now: datetime) -> None:
    """Raises Refused for one's own account, one that is closed, for whoever does not administer it, and an auditor's.

    Nobody gets rid of who watches him: that of an auditor is closed by Technik only, and for 30 days after that role.
    So is one of which a role does not stand as it was sealed: it may be the one that was hidden. Whoever closes it does
    so by roles that stand.
    """
    _check_other(user, by)
    require(user.is_active, "Dieses Konto ist schon gesperrt. Es wurde nichts geändert.")
    if by.pk in acting(by, now).powers.technicians:
        return
    check_administers(by, user, now)
    require(roles_stand(user), f"{UNPROVEN} Es wurde nichts geändert.")
    require(not is_shielded(user, now), f"{SHIELDED} Es wurde nichts geändert.")


@on_power
def open_account(*, user: User, by: User, now: datetime) -> None:
    """Opens a closed account again: by its administrator alone; anybody else asks for it (`ask_opening`).

    So does he for one that Technik closed in a hurry: what one person fears, another does not wave away alone.
    Raises Refused as `check_opening`, `check_new_address` and `check_power`.
    """
    user = lock_accounts(user.pk, by.pk)[user.pk]
    check_opening(user=user, by=by)
    check_power(by, user)
    if user.closed_by:
        check_hands(user.closed_by)
    check_administers(by, user, now)
    require(
        not is_closed_in_a_hurry(user, now),
        "Dieses Konto hat die Technik gesperrt. Es wurde nichts geändert. Beantragen Sie die Freigabe, eine zweite "
        "Person bestätigt sie.",
    )
    check_new_address(user, user.email, now)
    switch(user, is_active=True, by=by, now=now)


def is_closed_in_a_hurry(user: User, now: datetime) -> bool:
    """Whether Technik closed an account that others administer."""
    register = PowerRegister(now)
    return user.closed_by_id in register.powers.technicians and (
        user.closed_by is None or register.standing(user.closed_by, user) is not AccountStanding.ALONE
    )


def check_opening(*, user: User, by: User) -> None:
    """Raises Refused for one's own account, also one of the same mailbox, and for one that is not closed."""
    _check_other(user, by)
    check_giver(hand_of(by), hand_of(user))
    check_closed(user)


def _check_other(user: User, by: User) -> None:
    require(user.pk != by.pk, "Ihr eigenes Konto können Sie nicht sperren oder freigeben. Es wurde nichts geändert.")


def switch(user: User, *, is_active: bool, by: User | None, now: datetime) -> None:
    """Closes or opens an account, and tells of it. Part of a transaction."""
    user.is_active, user.closed_by = is_active, None if is_active else by
    user.save(update_fields=["is_active", "closed_by"])
    if not is_active:
        AddressChange.objects.filter(user=user).delete()
        lapse_vain(user, now=now)
    action, notice, change = OPENED if is_active else CLOSED
    audit.record(by=by, action=action, obj=user, change=change, now=now)
    notices.tell_of_account(notice, user, now=now)
