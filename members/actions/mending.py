"""An account that was changed past the application opens nothing (`kok.account_seals`): on the machine it is made good.

It comes out of it closed, without a password or a second factor, with the address that is named now. Its owner gets in
when it was opened in the application and he has chosen a password by a link.
"""

from datetime import datetime

from django.db import transaction

from kok import account_seals, audit, sessions
from kok.errors import require
from kok.models import AddressChange, User
from kok.models.sealing import sealings
from members.actions.accounts import switch
from members.actions.administering import check_new_address

SEALED_ANEW, ALL_SEALED_ANEW = "account.sealed-anew", "accounts.sealed-anew"


@transaction.atomic
def mend_account(*, number: int, email: str, now: datetime) -> User:
    """Takes away what could be somebody else's, and seals the account as it is then. Those around it are told.

    Raises Refused where there is no such account, for one that stands as it was sealed, and as `check_new_address`.
    """
    user = require(
        User.objects.select_for_update(of=("self",)).filter(pk=number).first(),
        f"Ein Konto Nr. {number} gibt es nicht. Es wurde nichts geändert.",
    )
    require(
        not account_seals.stands(user),
        "Dieses Konto steht so da, wie die Anwendung es geschrieben hat. Es wurde nichts geändert.",
    )
    check_new_address(user, email, now)
    user.email = email
    user.set_unusable_password()
    user.save(update_fields=["email", "password"])
    account_seals.take_off(user)
    AddressChange.objects.filter(user=user).delete()
    sessions.end_all(user)
    if user.is_active:
        switch(user, is_active=False, by=None, now=now)
    user.sealing.tell_anew([user])
    audit.record(by=None, action=SEALED_ANEW, obj=user, note="auf dem Server", now=now)
    return user


@transaction.atomic
def seal_all_anew(*, now: datetime) -> int:
    """After the key of the seals was lost and another one is set: seals all rows as they are, but for the trail.

    Else nobody would enter the sealed area any more, no list would be opened there, and nothing be erased. Returns how
    many accounts there are.

    New addresses that wait go. Raises Refused while one account fits the key: then it is no other key.
    """
    users = list(User.objects.order_by("pk"))
    require(
        not any(user.sealing.stands(user) for user in users),
        "Es gibt Konten, deren Siegel mit dem Schlüssel passt. Er ist also nicht verloren. Nennen Sie das Konto, "
        "das an der Anwendung vorbei geändert wurde, mit --number. Es wurde nichts geändert.",
    )
    AddressChange.objects.all().delete()
    for sealing in sealings():
        if sealing.kept is None:
            sealing.tell_anew(sealing.model._base_manager.order_by("pk"))
    note = f"{len(users)} Konten und alles, was sonst versiegelt ist, auf dem Server"
    audit.record(by=None, action=ALL_SEALED_ANEW, note=note, now=now)
    return len(users)
