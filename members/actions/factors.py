"""The second factor of an account: a lost one is taken off by two people, or for the only Technik by command.

Of the first one of an account with power those who watch over it are told.
"""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.db import transaction
from django.dispatch import receiver

from kok import audit, clock, second_factor, sessions
from kok.errors import require
from kok.models import AddressChange, User
from members.actions import notices
from members.actions.roles import lock_accounts
from members.queries.power import PowerRegister


@receiver(authenticator_added)
@transaction.atomic
def _tell_of_first(user: User, authenticator: Authenticator, **_: object) -> None:
    """allauth offers no other seam. Spare codes are none, and a second key stands behind the first."""
    if second_factor.is_only(authenticator):
        notices.tell_of_guard("factor-added", user, now=clock.now())


def take_off_factors(*, user: User, by: User | None, note: str, now: datetime) -> None:
    """Takes every factor of an account off and ends its sessions. Part of a transaction.

    The owner signs in with the password, proves the address, and sets up a new factor. Raises Refused where none is.
    """
    require(
        Authenticator.objects.filter(user=user).delete()[0],
        "Dieses Konto hat keinen zweiten Faktor. Es wurde nichts geändert.",
    )
    AddressChange.objects.filter(user=user).delete()  # who would confirm a new address is not proven any more
    sessions.end_all(user)
    audit.record(by=by, action="account.factor-removed", obj=user, note=note, now=now)


@transaction.atomic
def mend_only_technician(*, username: str, now: datetime) -> None:
    """Takes the factors of the only account of Technik off; all registrars and auditors are told.

    Raises Refused for every other account: there two people can do it in the application.
    """
    user = require(
        User.objects.filter(username__iexact=username).first(),
        f"Das Konto „{username}“ gibt es nicht. Es wurde nichts geändert.",
    )
    lock_accounts(user.pk)
    technicians = PowerRegister(now).powers.technicians
    require(
        technicians == {user.pk},
        "Dieser Befehl ist nur für das einzige Konto der Technik. Für alle anderen beantragt eine Person in der "
        "Anwendung, dass der zweite Faktor entfernt wird, und eine andere bestätigt es. Es wurde nichts geändert.",
    )
    take_off_factors(user=user, by=None, note="auf dem Server", now=now)
    notices.tell_everybody("factor-removed", user, now=now)
