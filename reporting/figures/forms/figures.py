"""The filters above the figures; they stay in the address."""

from collections.abc import Mapping, Sequence

from django import forms

from kok.forms import offer
from reporting.figures.pages.statewide import StatewidePage

# The words of the address, and the dimension of a value that each of them chooses.
PARAMETERS: Mapping[str, str] = {"alter": "age_group", "leistung": "service", "wohnform": "setting"}
LABELS = {"alter": "Altersgruppe", "leistung": "Leistung", "wohnform": "Wohnform"}


class SeriesFilter(forms.Form):
    """Age group, kind of benefit and setting, as far as the delivery tells them apart. T is everything."""

    def __init__(self, data: Mapping[str, str], *, options: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        super().__init__(data)
        for name, label in LABELS.items():
            known = options.get(PARAMETERS[name])
            if known:
                self.fields[name] = forms.ChoiceField(label=label, choices=[("", "alle"), *known], required=False)


class StatewideFilter(forms.Form):
    """Year and Kennzahl of the comparison."""

    jahr = forms.ChoiceField(label="Stichtag", required=False)
    kennzahl = forms.ChoiceField(label="Kennzahl", required=False)

    def __init__(self, data: Mapping[str, object], *, page: StatewidePage) -> None:
        super().__init__(data)
        offer(self, "jahr", [(year, f"31.12.{year}") for year in page.years])
        offer(self, "kennzahl", [(each.slug, each.title) for each in page.subjects])
