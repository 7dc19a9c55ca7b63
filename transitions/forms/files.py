"""The passphrase of a file that leaves the area."""

from typing import Self

from django import forms
from django.core.signing import BadSignature, TimestampSigner

from kok.pdf.passphrase import new_passphrase

_OFFERED_FOR = 60 * 60  # seconds
_signer = TimestampSigner(salt="transitions.passphrase")


class PassphraseForm(forms.Form):
    """Brings the generated passphrase back in the body of the request: it is kept nowhere in between."""

    passphrase = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    @classmethod
    def offering(cls) -> Self:
        """A form with a passphrase that was made up just now."""
        return cls(initial={"passphrase": _signer.sign(new_passphrase())})

    @property
    def offered(self) -> str:
        """The passphrase that the page shows."""
        return str(_signer.unsign(self.initial["passphrase"]))

    def clean_passphrase(self) -> str:
        """Only one that this application made up within the hour: nobody locks a list with a word of his own."""
        try:
            return _signer.unsign(self.cleaned_data["passphrase"], max_age=_OFFERED_FOR)
        except BadSignature:
            sentence = "Dieses Kennwort gilt nicht mehr. Nehmen Sie das neue, das jetzt angezeigt wird."
            raise forms.ValidationError(sentence) from None
