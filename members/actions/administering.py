"""Who may act on an account alone; whoever may not is told who can."""

from datetime import datetime

from kok.errors import Refused
from kok.models import User
from members.queries.power import Register
from members.rules.power import Standing


def check_administers(by: User, user: User, now: datetime) -> None:
    """Raises Refused, with who can, for somebody who does not administer this account alone."""
    register = Register(now)
    if register.standing(by, user) is not Standing.ALONE:
        raise Refused(f"{who_administers(register.administrators(user))} Es wurde nichts geändert.")


def who_administers(names: list[str]) -> str:
    """The administrators of an account in a sentence; where nobody is one alone, it takes two."""
    if names:
        return f"Dieses Konto verwaltet: {', '.join(names)}."
    return "Dieses Konto verwalten zwei Personen gemeinsam: eine, die Stammdaten pflegt, und die Technik."
