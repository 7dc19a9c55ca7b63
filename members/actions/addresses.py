"""A new e-mail address for an account that is in use: it counts when its owner confirms it, and the old one is told.

So whoever administers accounts cannot send a link to a new password to a mailbox of his own.
"""

from datetime import datetime

from django.db import transaction

from kok import audit, mail_proof, outbox
from kok.errors import Refused
from kok.models import AddressChange, User
from members.actions.administering import check_administers
from members.models import Person
from members.queries.addresses import confirmable

CONFIRM, ASKED = "account.address", "account.address-asked"


@transaction.atomic
def ask_for_address(*, user: User, email: str, by: User, agreement: str = "", now: datetime) -> None:
    """Keeps the new address, mails a link to it and tells the old one. An earlier one that waits is forgotten.

    Raises Refused where nothing would change.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not email:
        raise Refused(
            "Wer ein Konto benutzt, braucht eine E-Mail-Adresse. Tragen Sie eine andere ein. Es wurde nichts geändert."
        )
    if email.casefold() == user.email.casefold():
        raise Refused("Das ist schon die Adresse dieses Kontos. Es wurde nichts geändert.")
    AddressChange.objects.filter(user=user).delete()
    change = AddressChange.objects.create(user=user, email=email, asked_by=by, asked_at=now)
    context = {"change": change.pk, "user": user.pk}
    outbox.enqueue(kind=CONFIRM, key=f"{CONFIRM}:{change.pk}", to="", context=context, now=now)
    outbox.enqueue(kind=ASKED, key=f"{ASKED}:{change.pk}", to=user.email, context=context, now=now)
    audit.record(by=by, action="account.address-asked", obj=user, agreement=agreement, now=now)


@transaction.atomic
def withdraw_address(*, user: User, by: User, agreement: str = "", now: datetime) -> None:
    """Takes a new address back that waits. Raises Refused where none does, or somebody else administers the account."""
    if by.pk != user.pk:
        check_administers(by, user, now)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    withdrawn, _ = AddressChange.objects.filter(user=user).delete()
    if not withdrawn:
        raise Refused("Es wartet keine neue Adresse mehr. Es wurde nichts geändert.")
    audit.record(by=by, action="account.address-withdrawn", obj=user, agreement=agreement, now=now)


@transaction.atomic
def confirm_address(*, pk: int, key: str, now: datetime) -> None:
    """Puts the address in force, for the account and its person, for whoever has the link of the mail.

    Raises Refused when the link does not count (any more).
    """
    asked = AddressChange.objects.filter(pk=pk)
    person = Person.objects.select_for_update(of=("self",)).filter(user__in=asked.values("user")).first()
    user = User.objects.select_for_update(of=("self",)).filter(pk__in=asked.values("user")).first()
    change = confirmable(pk, key, now)  # asked once nobody else may confirm, replace or withdraw it
    if user is None or change is None:
        raise Refused("Dieser Link gilt nicht mehr. Die Adresse des Kontos ist unverändert.")
    user.email = change.email
    user.save(update_fields=["email"])
    if person:
        person.email = change.email
        person.save(update_fields=["email"])
    mail_proof.note_address(user)
    change.delete()
    audit.record(by=user, action="account.address-changed", obj=user, now=now)
