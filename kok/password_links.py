"""The keys in links to a password. They die with use, a new address, time, and when the account is locked."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.utils.http import base36_to_int

from kok import account_seals, audit
from kok.models import User
from kok.vault import KeyLost


class LinkKeys(PasswordResetTokenGenerator):
    """Django's keys, which hang on password, last sign-in and address; ours hang on the last lock as well.

    So a link that lay in a mailbox while the account was locked stays dead when it is opened again. The trail knows
    when that was. An invitation, that is a link to an account without a password, lives seven days
    (PASSWORD_RESET_TIMEOUT), any other one a day.
    """

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        """Whether this link still works; never for an account that is locked or was changed past the application."""
        if not isinstance(user, User) or not user.is_active or not super().check_token(user, token):
            return False
        if not account_seals.stands(user):
            return False
        made_at = base36_to_int(str(token).partition("-")[0])
        age = self._num_seconds(self._now()) - made_at
        return not user.has_usable_password() or age <= settings.KOK_RESET_LINK_SECONDS

    def _make_hash_value(self, user: User, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{_last_lock_of(user)}"


def _last_lock_of(account: AbstractBaseUser) -> int | None:
    """The number of the line in the trail that says that this account was locked, as the application wrote it."""
    try:
        line, _ = audit.newest("account.closed", of=account)
    except KeyLost:  # then no account stands
        return None
    return line.pk if line else None
