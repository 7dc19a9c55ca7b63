"""Sign-up is closed: the registrar of a partner invites, nobody registers himself."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedSignup(DefaultAccountAdapter):
    """Refuses every self-registration."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
