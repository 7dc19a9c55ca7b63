"""What waits about accounts, in words: for Technik on its page, and for whom a role was asked on the first page."""

from datetime import datetime

from django.urls import reverse

from kok.access import ROLES
from kok.models import User
from kok.waiting import Waiting
from kok.words import counted, moment
from members.models import AccountRequest
from members.queries.leaving import accounts_to_close
from members.queries.requests import requests_to_confirm, waiting_for
from members.rules.power import ends_at


def of_technik(user: User, now: datetime) -> list[Waiting]:
    """Requests that wait for this person, and accounts that only Technik closes."""
    found = []
    if waiting := requests_to_confirm(user, now):
        what = counted(waiting, "Ein Antrag zu einem Konto wartet", "Anträge zu Konten warten")
        found.append(Waiting(f"{what} auf Ihre Bestätigung", reverse("accounts:requests")))
    if left := accounts_to_close(now).count():
        what = counted(left, "Ein Konto ist", "Konten sind")
        found.append(Waiting(f"{what} nach dem Ausscheiden zu sperren", reverse("accounts:list")))
    return found


def own(user: User, now: datetime) -> list[str]:
    """What was asked for one's own account and waits."""
    return [in_words(row) for row in waiting_for(user, user, now) if row.is_role]


def in_words(row: AccountRequest) -> str:
    """A role that waits, in a sentence."""
    return (
        f"Beantragt ist die Rolle {ROLES[row.role].title} für {row.whom}. Sie gilt, sobald eine zweite Person sie "
        f"bestätigt hat, sonst verfällt der Antrag: {moment(ends_at(row.given_at))}."
    )
