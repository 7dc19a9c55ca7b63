"""What was sent: the filter of its list, and a letter that is noted by hand."""

from collections.abc import Iterable
from typing import Any

from django import forms

from kok.forms import offer


class DispatchFilterForm(forms.Form):
    """The result of what was sent, of those that occur on the page."""

    stand = forms.ChoiceField(label="Ergebnis", required=False)

    def __init__(self, *args: Any, results: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "stand", [("", "alle"), *results])


class LetterForm(forms.Form):
    """When a letter was posted to somebody whom no mail reaches."""

    sent_on = forms.DateField(label="Wann haben Sie den Brief aufgegeben?")
