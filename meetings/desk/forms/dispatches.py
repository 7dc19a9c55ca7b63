"""What was sent: the filter of its list, and a letter that is noted by hand."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from kok.forms import offer


class DispatchFilterForm(forms.Form):
    """The result of what was sent, of those that occur on the page."""

    stand = forms.ChoiceField(label="Ergebnis", required=False)

    def __init__(self, data: QueryDict, *, results: Iterable[tuple[str, str]]) -> None:
        super().__init__(data)
        offer(self, "stand", [("", "alle"), *results])


class LetterForm(forms.Form):
    """When a letter was posted to somebody whom no mail reaches."""

    sent_on = forms.DateField(label="Wann haben Sie den Brief aufgegeben?")
