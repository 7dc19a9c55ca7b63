"""The keys in links to a new password. They die with use, a new address, seven days, and when the account is locked."""

from typing import Any

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from kok import queries


class LinkKeys(PasswordResetTokenGenerator):
    """Django's keys, which hang on password, last sign-in and address; ours hang on the last lock as well.

    So a link that lay in a mailbox while the account was locked stays dead when it is opened again. The trail knows
    when that was.
    """

    def check_token(self, user: Any, token: str | None) -> bool:
        """Whether this link still works; never for a locked account."""
        return user is not None and user.is_active and super().check_token(user, token)

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        return f"{super()._make_hash_value(user, timestamp)}{queries.last_lock_of(user)}"
