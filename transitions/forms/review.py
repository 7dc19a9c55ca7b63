"""Reading a long list through: what to show of it, and saying that two who look alike are two people."""

from datetime import datetime

from django import forms
from django.http import QueryDict

from kok.forms import offer
from transitions.forms.case_filter import offered
from transitions.pages.review_index import Only, ReviewFilter

LETTER, MUNICIPALITY = "name", "gemeinde"


class SinceForm(forms.Form):
    """When the draft got the state that this person read, where it changed since."""

    seit = forms.DateTimeField(required=False, widget=forms.HiddenInput)

    @property
    def since(self) -> datetime | None:
        """The moment; None where the address says none, or none that can be read."""
        self.is_valid()
        return self.cleaned_data.get("seit")


class ReviewFilterForm(SinceForm):
    """What stands in the address of the page; nothing chosen means all. No name is an address."""

    zeigen = forms.TypedChoiceField(label="Fälle", coerce=Only, empty_value=None, required=False)
    gemeinde = forms.ChoiceField(label="Gemeinde", required=False)
    nach = forms.ChoiceField(
        label="Verzeichnis", choices=[(LETTER, "nach Namen"), (MUNICIPALITY, "nach Gemeinden")], required=False
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        kinds: list[tuple[Only, int]],
        municipalities: list[tuple[str, str]],
    ) -> None:
        super().__init__(data)
        offer(self, "zeigen", [("", "alle"), *((only.value, f"{only.label} ({count})") for only, count in kinds)])
        offer(self, "gemeinde", [("", "alle"), *municipalities])
        self.data = offered(self)

    @property
    def wanted(self) -> ReviewFilter:
        """The filter; what cannot be read is left out, so that an edited address still shows the list."""
        self.is_valid()
        found = self.cleaned_data
        return ReviewFilter(
            only=found.get("zeigen"),
            municipality=found.get("gemeinde") or "",
            by_municipality=found.get("nach") == MUNICIPALITY,
        )


class TwoPeopleForm(forms.Form):
    """Two cases, what is said of them, and the page from which it was said."""

    one = forms.UUIDField()
    other = forms.UUIDField()
    again = forms.BooleanField(required=False)
    page = forms.ChoiceField(choices=[("version", ""), ("release", "")])
    query = forms.CharField(required=False)
