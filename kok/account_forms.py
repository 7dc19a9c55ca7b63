"""What allauth asks for its own pages, with attempts counted by `kok.throttle` and failures written down."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from kok import account_mails, clock, known_devices, networks, sign_ins, throttle
from kok.sign_ins import Kind


class _Counted:
    """A form with the code of a second factor. Wrong codes are counted, a right one works once."""

    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        """Checks the code as allauth does."""
        request, account = context.request, self.user.pk
        device = known_devices.number_of(request, account)
        attempt = throttle.code(account, network=networks.network_of(request), device=device)
        if not attempt.is_allowed():
            sign_ins.brake(request, account=account, is_first=attempt.was_just_closed)
            is_everywhere = attempt.closed_by == throttle.CODE_ANYWHERE
            raise get_adapter().validation_error("too_many_codes" if is_everywhere else "too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            self._use_up(code)
        except ValidationError:
            sign_ins.record(Kind.WRONG_FACTOR, request, account=account, now=clock.now())
            raise
        attempt.succeeded()
        return code

    def _use_up(self, code: str) -> None:
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP  # spare codes are struck off by allauth
        if is_of_app and not throttle.is_first_use(self.user.pk, code):
            raise get_factor_adapter().validation_error("incorrect_code")


class Authenticate(_Counted, AuthenticateForm):
    """Signing in."""


class Reauthenticate(_Counted, ReauthenticateForm):
    """Proving it again, before what needs a fresh proof."""


class ChangePassword(ChangePasswordForm):
    """A new password; the present one is guessed no quicker here than when signing in."""

    def clean_oldpassword(self) -> str:
        """Checks the present password."""
        if not get_adapter().reauthenticate(self.user, self.cleaned_data.get("oldpassword", "")):
            raise get_adapter().validation_error("enter_current_password")
        return str(self.cleaned_data["oldpassword"])


class ResetPassword(ResetPasswordForm):
    """The wish for a new password. Nothing that happens here tells whether the address has an account."""

    def clean_email(self) -> str:
        """Looks at nothing but how often it was asked."""
        address = str(self.cleaned_data["email"])
        if not throttle.reset(address, network=networks.network_of(context.request)).is_allowed():
            sign_ins.brake(context.request, account=None, is_first=False)
            raise get_adapter().validation_error("too_many_links")
        return address

    def save(self, request: HttpRequest, **_: Any) -> str:
        """Puts one row into the outbox, without the link that allauth would make: it names the Host of the request."""
        address: str = self.cleaned_data["email"]
        account_mails.queue_reset(address, now=clock.now())
        return address
