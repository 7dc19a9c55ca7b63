"""The mails that open an account and give it another address."""

from django.conf import settings
from django.urls import reverse

from kok.account_mails import mail, newer_waits, owner, password_link
from kok.models import AddressChange, OutboxMessage
from kok.outbox import Mail
from members.queries.addresses import LASTS, key_of


def invited(message: OutboxMessage) -> Mail | None:
    """A link to choose a password, made when the mail goes out to the address of then.

    Nothing for an account that is open already or closed, nor where a newer invitation waits.
    """
    user = owner(message)
    if user is None or user.has_usable_password() or newer_waits(message):
        return None
    context = {
        "link": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
    }
    return mail("account.invited", context, to=user.email)


def new_address(message: OutboxMessage) -> Mail | None:
    """The link that confirms a new address, to that address; nothing when it waits no more."""
    change = AddressChange.objects.filter(pk=message.context["change"], user__is_active=True).first()
    if change is None:
        return None
    path = reverse("address:confirm", args=[change.pk, key_of(change)])
    return mail("account.address", {"link": f"{settings.KOK_PUBLIC_URL}{path}", "days": LASTS.days}, to=change.email)


def address_asked(message: OutboxMessage) -> Mail:
    """Tells the old address that another one waits, and not which."""
    return mail("account.address-asked", {"days": LASTS.days}, to=message.to)
