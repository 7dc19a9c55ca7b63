"""What allauth asks for its own pages, with attempts counted by `kok.throttle` and failures written down."""

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, ResetPasswordForm, ResetPasswordKeyForm, SetPasswordForm
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm, BaseAuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from kok import account_mails, account_seals, clock, networks, second_factor, sign_ins, throttle
from kok.factor_attempts import counted
from kok.models import User
from kok.passwords import DIFFERENT


def _use_up(account: int, code: str) -> None:
    """A code of an app works once. Raises ValidationError when it was typed before."""
    if not throttle.is_first_use(account, code):
        raise get_factor_adapter().validation_error("incorrect_code")


class _Counted(BaseAuthenticateForm):
    """A form with the code of a second factor. Wrong codes are counted, a right one works once."""

    user: User
    authenticator: Authenticator

    @property
    def has_app(self) -> bool:
        """Whether the code may come from an app; else only from the spare codes."""
        return second_factor.has_app(self.user)

    def clean_code(self) -> str:
        """Checks the code as allauth does. What is wrong is said in words of what the account has.

        While one of the factors was changed past the application, or copied from another account, no code is right.
        """
        with counted(context.request, self.user.pk):
            try:
                with transaction.atomic():
                    if not account_seals.hold_factors(self.user):
                        raise get_factor_adapter().validation_error("incorrect_code")
                    code: str = super().clean_code()
            except ValidationError:
                if self.has_app:
                    raise
                raise get_factor_adapter().validation_error("incorrect_spare_code") from None
            if self.authenticator.type == Authenticator.Type.TOTP:  # spare codes are struck off by allauth
                _use_up(self.user.pk, code)
        return code


class Authenticate(_Counted, AuthenticateForm):
    """Signing in."""


class Reauthenticate(_Counted, ReauthenticateForm):
    """Proving it again, before what needs a fresh proof."""


class NewApp(ActivateTOTPForm):
    """Enrolling an app. The code that proves it is used up, and opens no sign-in afterwards."""

    def clean_code(self) -> str:
        """Checks the code as allauth does."""
        with counted(context.request, self.user.pk):
            code: str = super().clean_code()
            _use_up(self.user.pk, code)
        return code


class _TypedTwice(forms.Form):
    """Says in our words that the second password is another one."""

    def clean(self) -> dict[str, object] | None:
        """Checks both as allauth does."""
        cleaned = super().clean()
        if self.has_error("password2") and not self.has_error("password2", "required"):
            self.errors["password2"] = self.error_class([DIFFERENT])
        return cleaned


class NewPassword(_TypedTwice, ResetPasswordKeyForm):
    """Chosen behind a link from a mail."""


class FirstPassword(_TypedTwice, SetPasswordForm):
    """Chosen by somebody who is signed in and has none."""


class ChangePassword(_TypedTwice, ChangePasswordForm):
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

    def save(self, request: HttpRequest, **_: object) -> str:
        """Puts one row into the outbox, without the link that allauth would make: it names the Host of the request."""
        address: str = self.cleaned_data["email"]
        account_mails.queue_reset(address, now=clock.now())
        return address
