"""What goes out after a worker looked for names in it: the person confirms what the page said of that."""

from collections.abc import Mapping

from django import forms


class CheckedForm(forms.Form):
    """`seen` is the state of the check that the page showed. A tick, last of all, only where there are warnings."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    checked = forms.BooleanField(label="Ich habe die Hinweise geprüft.")

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        initial: dict[str, object] | None = None,
        warnings: bool,
    ) -> None:
        super().__init__(data, initial=initial)
        if not warnings:
            del self.fields["checked"]

    @property
    def shown(self) -> str:
        """The marks of all that would go out. They stand on the page beside what they mark, not in this form: while a
        worker looks at the text only the form is fetched anew."""
        return str(self.data.get("shown", ""))

    def visible_fields(self) -> list[forms.BoundField]:
        """The tick comes last, below what it is about."""
        return sorted(super().visible_fields(), key=lambda field: field.name == "checked")
