"""A new e-mail address for an account in use: its owner, signed in, confirms it by the link; the old one is told.

So whoever administers accounts cannot send a link to a new password to a mailbox of his own: the link of the mail is
worth nothing without the account. And whoever knows a password only cannot make his mailbox that of the account: its
owner enters one after proving the second factor or the old mailbox (the page asks, `members.views.addresses`), and
what somebody else entered counts for no account with power.
"""

from datetime import datetime

from django.db import transaction

from kok import audit, mail_proof, outbox
from kok.errors import Refused, require
from kok.models import AddressChange, User
from members.actions import notices
from members.actions.administering import check_administers, check_new_address, check_power, on_power
from members.models import Person
from members.queries.addresses import addresses_asked_lately, confirmable
from members.queries.power import holds_or_awaits_power

A_DAY = 5
CONFIRM, ASKED, CHANGED = "account.address", "account.address-asked", "account.address-changed"


@on_power
def ask_for_address(*, user: User, email: str, by: User, agreement: str = "", now: datetime) -> None:
    """Keeps the new address, mails a link to it and tells the old one. An earlier one that waits is forgotten.

    Raises Refused as `keep_address` and `check_power`.
    """
    check_power(by, user)
    keep_address(user=user, email=email, by=by, agreement=agreement, now=now)


def keep_address(*, user: User, email: str, by: User, agreement: str, now: datetime) -> None:
    """What `ask_for_address` does, for an act that has asked whether all stands. Part of a transaction.

    Raises Refused where nothing would change, as `check_new_address`, and for the sixth address within a day: each is
    a mail to a stranger and one to the owner.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    require(
        email,
        "Wer ein Konto benutzt, braucht eine E-Mail-Adresse. Tragen Sie eine andere ein. Es wurde nichts geändert.",
    )
    require(
        email.casefold() != user.email.casefold(), "Das ist schon die Adresse dieses Kontos. Es wurde nichts geändert."
    )
    check_new_address(user, email, now)
    require(
        addresses_asked_lately(user, now) < A_DAY,
        f"Für dieses Konto wurden in den letzten 24 Stunden schon {A_DAY} neue Adressen eingetragen. Es wurde "
        "nichts geändert. Versuchen Sie es morgen wieder.",
    )
    AddressChange.objects.filter(user=user).delete()
    change = AddressChange.objects.create(user=user, email=email, asked_by=by, asked_at=now)
    context = {"change": change.pk, "user": user.pk}
    outbox.enqueue(kind=CONFIRM, key=f"{CONFIRM}:{change.pk}", to="", context=context, now=now)
    _tell(ASKED, user.email, change, now)
    audit.record(by=by, action="account.address-asked", obj=user, agreement=agreement, now=now)


@transaction.atomic
def withdraw_address(*, user: User, by: User, agreement: str = "", now: datetime) -> None:
    """Takes a new address back that waits. Raises Refused where none does, or somebody else administers the account."""
    if by.pk != user.pk:
        check_administers(by, user, now)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    withdrawn, _ = AddressChange.objects.filter(user=user).delete()
    require(withdrawn, "Es wartet keine neue Adresse mehr. Es wurde nichts geändert.")
    audit.record(by=by, action="account.address-withdrawn", obj=user, agreement=agreement, now=now)


@on_power
def confirm_address(*, pk: int, key: str, by: User, now: datetime) -> None:
    """Puts the address in force, for the account and its person, and tells the old one.

    Raises Refused when the link does not count (any more), for anybody but the owner of the account, for what somebody
    else entered when the account has power meanwhile or is to have it, and as `check_new_address` and `check_power`.
    """
    asked = AddressChange.objects.filter(pk=pk)
    person = Person.objects.select_for_update(of=("self",)).filter(user__in=asked.values("user")).first()
    user = User.objects.select_for_update(of=("self",)).filter(pk__in=asked.values("user")).first()
    change = confirmable(pk, key, now)  # asked once nobody else may confirm, replace or withdraw it
    if user is None or change is None:
        raise Refused("Dieser Link gilt nicht mehr. Die Adresse des Kontos ist unverändert.")
    require(
        user.pk == by.pk,
        "Dieser Link gehört zu einem anderen Konto. Wer es benutzt, bestätigt die Adresse, angemeldet mit ihm. "
        "Es wurde nichts geändert.",
    )
    require(
        not (change.asked_by_id != user.pk and holds_or_awaits_power(user, now)),
        "Diese Adresse hat jemand anderes eingetragen, und Ihr Konto hat oder bekommt eine Rolle, die zwei "
        "Personen geben. Tragen Sie die Adresse selbst ein, unter Ihrem Namen bei „E-Mail-Adresse“. Es wurde "
        "nichts geändert.",
    )
    check_power(user)
    check_new_address(user, change.email, now)
    old, user.email = user.email, change.email
    user.save(update_fields=["email"])
    if person:
        person.email = change.email
        person.save(update_fields=["email"])
    mail_proof.note_address(user)
    _tell(CHANGED, old, change, now)
    change.delete()
    audit.record(by=by, action="account.address-changed", obj=user, now=now)
    notices.tell_of_guard("address-changed", user, now=now)


def _tell(kind: str, old: str, change: AddressChange, now: datetime) -> None:
    """Tells the address that counted until now, where there was one."""
    if old:
        context = {"change": change.pk, "user": change.user_id}
        outbox.enqueue(kind=kind, key=f"{kind}:{change.pk}", to=old, context=context, now=now)
