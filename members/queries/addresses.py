"""New e-mail addresses that wait for their owner, and the key in the link to the page on which he confirms one."""

from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from kok import audit
from kok.models import AddressChange, User
from kok.retention import NEW_ADDRESSES

LASTS = timedelta(days=NEW_ADDRESSES.days)


def waiting_address(user: User | None, now: datetime) -> AddressChange | None:
    """The new address of an account that may still be confirmed."""
    return AddressChange.objects.filter(user=user, asked_at__gt=now - LASTS).first() if user else None


def counts_since(user: User) -> datetime | None:
    """When the address of an account in use was last replaced, as far as the trail reaches back."""
    line, _ = audit.newest("account.address-changed", of=user)
    return line.at if line else None


def key_of(change: AddressChange) -> str:
    """The secret of the link: it follows from the row and the key of the application, and is stored nowhere."""
    value = f"{change.pk}:{change.user_id}:{change.email}:{change.asked_at.isoformat()}"
    return salted_hmac("members.addresses", value, algorithm="sha256").hexdigest()


def confirmable(pk: int, key: str, now: datetime) -> AddressChange | None:
    """The new address whose link this is; nothing for a closed account, nor what was entered past the application."""
    change = waiting_change(pk)
    if change is None or change.asked_at <= now - LASTS:
        return None
    return change if constant_time_compare(key_of(change), key) else None


def waiting_change(pk: int) -> AddressChange | None:
    """The new address with this number, as the application wrote it, of an account that is open."""
    change = AddressChange.objects.filter(pk=pk, user__is_active=True).first()
    return change if change and change.sealing.stands(change) else None


def addresses_asked_lately(user: User, now: datetime) -> int:
    """How many new addresses were entered for an account in the last 24 hours, as the trail tells."""
    return audit.count("account.address-asked", of=user, since=now - timedelta(days=1))
