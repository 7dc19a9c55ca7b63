"""The first accounts of an installation, before anybody can invite: by command, on the machine itself."""

from datetime import datetime

from django.db import transaction

from kok import audit
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import User
from members.actions.accounts import invite_account, queue_invitation
from members.actions.people import PersonDetails, add_person
from members.models import Partner, RoleAssignment
from members.rules.roles import REGISTRAR

ADMIN = "admin"


@transaction.atomic
def invite_first_registrar(*, partner: Partner, username: str, details: PersonDetails, now: datetime) -> User:
    """A person of a partner with an account and the role registrar, who invites everybody else.

    Raises Refused as `invite_account`.
    """
    person = add_person(partner=partner, details=details, by=None, now=now)
    return invite_account(person=person, username=username, role=REGISTRAR, partner=partner, by=None, now=now)


@transaction.atomic
def invite_admin(*, username: str, email: str, now: datetime) -> User:
    """An account for the technical operation of the whole installation; it sees no content.

    Raises Refused when the user name is taken.
    """
    if User.objects.filter(username__iexact=username).exists():
        raise Refused(f"Den Benutzernamen „{username}“ gibt es schon. Wählen Sie einen anderen.")
    user = User(username=username, email=email)
    user.set_unusable_password()
    user.save()
    RoleAssignment.objects.create(user=user, role=ADMIN, period=(now.astimezone(BERLIN).date(), None))
    audit.record(by=None, action="account.invited", obj=user, now=now)
    queue_invitation(user, now)
    return user
