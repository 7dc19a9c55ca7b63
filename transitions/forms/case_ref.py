"""A Fallzeichen as people type it: wherever one is asked for, it is read in the same way (`rules.numbering`)."""

from django import forms

from transitions.rules.numbering import read_case_ref

LENGTH = 14
TYPED_LENGTH = 30  # with the spaces that people put between its parts


class CaseRefField(forms.CharField):
    """May be empty; not longer than a Fallzeichen is, once it was read."""

    def __init__(self, *, label: str, help_text: str = "") -> None:
        widget = forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"})
        super().__init__(label=label, help_text=help_text, required=False, max_length=LENGTH, widget=widget)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, object]:
        """Lets more be typed than is stored."""
        return {**super().widget_attrs(widget), "maxlength": str(TYPED_LENGTH)}

    def to_python(self, value: object) -> str:
        """As it is stored."""
        return read_case_ref(super().to_python(value) or "")
