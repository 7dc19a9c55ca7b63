"""Who may act on an account alone; whoever may not is told who can."""

from datetime import datetime

from django.db.models import Q

from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import User
from members.models import RoleAssignment
from members.queries.power import Register
from members.rules.power import FOUR_EYES, Standing


def check_administers(by: User, user: User, now: datetime) -> None:
    """Raises Refused, with who can, for somebody who does not administer this account alone."""
    register = Register(now)
    if register.standing(by, user) is not Standing.ALONE:
        raise Refused(f"{who_administers(register.administrators(user))} Es wurde nichts geändert.")


def check_may_readdress(by: User, user: User, now: datetime) -> None:
    """Raises Refused as `check_administers`, and for somebody else's account with power.

    Whoever chooses the mailbox gets the links to a password: one person alone would have what two must give.
    """
    check_administers(by, user, now)
    today = now.astimezone(BERLIN).date()
    held = RoleAssignment.objects.filter(user=user, role__in=FOUR_EYES, period__isempty=False)
    if held.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=today)).exists():
        raise Refused(
            "Dieses Konto hat Rollen, die zwei Personen geben. Seine Adresse ändert die Person selbst. Kann sie das "
            "nicht, beenden Sie zuerst diese Rollen und beantragen Sie sie danach neu. Es wurde nichts geändert."
        )


def who_administers(names: list[str]) -> str:
    """The administrators of an account in a sentence; where nobody is one alone, it takes two."""
    if names:
        return f"Dieses Konto verwaltet: {', '.join(names)}."
    return "Dieses Konto verwalten zwei Personen gemeinsam: eine, die Stammdaten pflegt, und die Technik."
