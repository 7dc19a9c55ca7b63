"""The passphrase of a file that leaves the area."""

from typing import Self

from django import forms
from django.core.signing import BadSignature, TimestampSigner
from django.http import QueryDict

from kok.pdf.passphrase import new_passphrase
from kok.requests import Request

_OFFERED_FOR = 60 * 60  # seconds


class PassphraseForm(forms.Form):
    """Brings the generated passphrase back in the body of the request: it is kept nowhere in between.

    It is good for this file and this person only: with one for all of them, who knows it could lock another list for
    somebody who trusts the file to be his.
    """

    passphrase = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, request: Request, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self._signer = TimestampSigner(salt=f"transitions.passphrase {request.user.pk} {request.path}")

    @classmethod
    def offering(cls, request: Request) -> Self:
        """A form with a passphrase that was made up just now."""
        form = cls(request)
        form.initial["passphrase"] = form._signer.sign(new_passphrase())
        return form

    @property
    def offered(self) -> str:
        """The passphrase that the page shows."""
        return str(self._signer.unsign(self.initial["passphrase"]))

    def clean_passphrase(self) -> str:
        """Only one that this application made up within the hour: nobody locks a list with a word of his own."""
        try:
            return self._signer.unsign(self.cleaned_data["passphrase"], max_age=_OFFERED_FOR)
        except BadSignature:
            sentence = "Dieses Kennwort gilt nicht mehr. Nehmen Sie das neue, das jetzt angezeigt wird."
            raise forms.ValidationError(sentence) from None
