"""What is typed, and what security keys answer, where a second factor is set up or asked for."""

import struct

from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm
from cryptography.exceptions import InvalidSignature
from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction

from kok import account_seals
from kok.factor_attempts import counted

# What fido2 raises of an answer that no browser gave, or of a signature that is not of this key.
MISFIT = (ValidationError, ValueError, TypeError, KeyError, IndexError, AttributeError, struct.error, InvalidSignature)
KEY_REFUSED = "Dieser Schlüssel passt nicht, oder die Anfrage ist zu alt. Versuchen Sie es noch einmal."


class CodeForm(forms.Form):
    """The code of a mail."""

    code = forms.CharField(
        label="Welcher Code steht in der Mail?",
        max_length=20,
        help_text="Acht Zeichen. Groß oder klein, mit oder ohne Strich ist gleich.",
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class NewKey(AddWebAuthnForm):
    """A security key for the account; its name helps to find it again."""

    name = forms.CharField(label="Wie soll der Schlüssel heißen?", max_length=60, required=False)

    def clean(self) -> dict[str, object]:
        """Checks the answer; what allauth says of a code is said of a key in other words."""
        try:
            cleaned: dict[str, object] = super().clean()
        except MISFIT:
            raise ValidationError(KEY_REFUSED) from None
        return cleaned


class KeyAtSignIn(AuthenticateWebAuthnForm):
    """The answer of a security key, as the second step of signing in. Counted as codes are."""

    def clean_credential(self) -> Authenticator:
        """The key that answered; none while one of them was put there past the application."""
        with counted(context.request, self.user.pk):
            try:
                with transaction.atomic():
                    if not account_seals.hold_factors(self.user):
                        raise ValidationError(KEY_REFUSED)
                    key: Authenticator = super().clean_credential()
            except MISFIT:
                raise ValidationError(KEY_REFUSED) from None
        return key


class KeyAgain(KeyAtSignIn):
    """The same, asked for once more before what needs a fresh proof."""

    reauthenticated = True
