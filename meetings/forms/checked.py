"""What goes out after a worker looked for names in it: the person confirms what the page said of that."""

from typing import Any

from django import forms


class CheckedForm(forms.Form):
    """`seen` is the state of the check that the page showed, `shown` the marks of all that would go out.

    A tick, last of all, only where there are warnings.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    checked = forms.BooleanField(label="Ich habe die Hinweise geprüft.")

    def __init__(self, *args: Any, warnings: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not warnings:
            del self.fields["checked"]

    def visible_fields(self) -> list[forms.BoundField]:
        """The tick comes last, below what it is about."""
        return sorted(super().visible_fields(), key=lambda field: field.name == "checked")
