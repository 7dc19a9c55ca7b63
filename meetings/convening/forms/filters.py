"""The filters of the list of meetings; they stand in the address."""

from collections.abc import Mapping

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

    def __init__(self, data: Mapping[str, object] | None, *, bodies: dict[str, str], years: list[int]) -> None:
        super().__init__(data)
        offer(self, "gremium", [("", "alle"), *bodies.items()])
        offer(self, "jahr", [("", "alle"), *((year, str(year)) for year in years)])

    @property
    def wanted(self) -> Filter:
        """What was asked for and exists."""
        self.is_valid()
        found = self.cleaned_data
        return Filter(found.get("gremium", ""), found.get("jahr"), found.get("stand", ""))
