"""The passphrase of a file that leaves the area."""

import re

from django import forms

from kok.pdf.passphrase import ALPHABET, GROUPS, LENGTH

SHAPE = re.compile("-".join([f"[{ALPHABET}]{{{LENGTH}}}"] * GROUPS))


class PassphraseForm(forms.Form):
    """Brings the generated passphrase back in the body of the request: it is kept nowhere in between."""

    passphrase = forms.CharField(widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def clean_passphrase(self) -> str:
        """Only one that this application made up: nobody locks a list with a short word."""
        text: str = self.cleaned_data["passphrase"]
        if not SHAPE.fullmatch(text):
            raise forms.ValidationError("Das Kennwort wurde verändert. Nehmen Sie das neue, das jetzt angezeigt wird.")
        return text
