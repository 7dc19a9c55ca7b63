"""The filters of the list of meetings; they stand in the address."""

from typing import Any

from django import forms

from kok.codes import choices
from kok.forms import offer
from meetings.convening.queries.listing import Filter
from meetings.convening.rules.codes import MeetingState


class MeetingFilterForm(forms.Form):
    """Body, year and state. What does not exist is ignored, so that an old address still shows a list."""

    gremium = forms.ChoiceField(label="Gremium", required=False)
    jahr = forms.TypedChoiceField(label="Jahr", required=False, coerce=int, empty_value=None)
    stand = forms.ChoiceField(label="Stand", required=False, choices=[("", "alle"), *choices(MeetingState)])

    def __init__(self, *args: Any, bodies: dict[str, str], years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._choose("gremium", [("", "alle"), *bodies.items()])
        self._choose("jahr", [("", "alle"), *((year, str(year)) for year in years)])

    def _choose(self, name: str, choices: list[tuple[Any, str]]) -> None:
        offer(self, name, choices)

    @property
    def wanted(self) -> Filter:
        """What was asked for and exists."""
        self.is_valid()
        found = self.cleaned_data
        return Filter(found.get("gremium", ""), found.get("jahr"), found.get("stand", ""))
