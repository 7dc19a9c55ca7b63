"""The first accounts of an installation, before anybody can invite: by command, on the machine itself.

Called again for an account whose owner has not chosen a password yet, both mend what was mistyped: nobody else could.
Both return whether the account is new.
"""

from dataclasses import replace
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db import transaction

from kok import account_mails, audit
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import User
from members.actions.accounts import INVITED, invite_account, queue_invitation
from members.actions.people import PersonDetails, add_person, change_person
from members.models import Partner, RoleAssignment
from members.rules.roles import REGISTRAR

ADMIN = "admin"


@transaction.atomic
def invite_first_registrar(*, partner: Partner, username: str, details: PersonDetails, now: datetime) -> bool:
    """A person of a partner with an account and the role registrar, who invites everybody else.

    Raises Refused as `invite_account`, and when the user name is in use.
    """
    user = _waiting(username, role=REGISTRAR, partner=partner)
    if user is None:
        person = add_person(partner=partner, details=details, by=None, now=now)
        invite_account(person=person, username=username, role=REGISTRAR, partner=partner, by=None, now=now)
        return True
    details = replace(details, phone=user.person.phone)
    change_person(person=user.person, details=details, by=None, agreement=partner.agreement, now=now)
    user.refresh_from_db()
    _invite_anew(user, agreement=partner.agreement.slug, now=now)
    return False


@transaction.atomic
def invite_admin(*, username: str, email: str, now: datetime) -> bool:
    """An account for the technical operation of the whole installation; it sees no content.

    Raises Refused when the user name is in use.
    """
    user = _waiting(username, role=ADMIN, partner=None)
    if user is None:
        user = User(username=username, email=email)
        user.set_unusable_password()
        user.save()
        RoleAssignment.objects.create(user=user, role=ADMIN, period=(now.astimezone(BERLIN).date(), None))
        audit.record(by=None, action=INVITED, obj=user, now=now)
        queue_invitation(user, now)
        return True
    user.email = email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).exclude(email=email).delete()
    _invite_anew(user, agreement="", now=now)
    return False


def _waiting(username: str, *, role: str, partner: Partner | None) -> User | None:
    """The account of this name and role while nobody has chosen its password; None where the name is free."""
    user = User.objects.select_for_update(of=("self",)).filter(username__iexact=username).first()
    if user is None:
        return None
    has_role = user.role_assignments.filter(role=role, partner=partner).exists()
    if user.is_active and has_role and not user.has_usable_password():
        return user
    raise Refused(
        f"Den Benutzernamen „{username}“ gibt es schon, und das Konto ist in Gebrauch, gesperrt oder hat eine andere "
        "Rolle. Es wurde nichts geändert. Wer sein Passwort vergessen hat, fordert auf der Anmeldeseite selbst ein "
        "neues an. Für ein weiteres Konto wählen Sie einen anderen Namen."
    )


def _invite_anew(user: User, *, agreement: str, now: datetime) -> None:
    """A new link, and every older one dies, wherever it went."""
    user.set_unusable_password()  # another one: the keys of links hang on it
    user.save(update_fields=["password"])
    audit.record(
        by=None, action=INVITED, obj=user, agreement=agreement, note="frühere Links gelten nicht mehr", now=now
    )
    account_mails.queue(INVITED, user, now=now)
