"""What an auditor looks for; everything stands in the address, and nothing of it is a name."""

from collections.abc import Iterable
from typing import cast

from django import forms
from django.http import QueryDict

from kok import trail
from kok.alphabet import sort_key
from kok.codes import choices
from kok.models import SignInEvent, User
from kok.templatetags.trail import thing
from kok.trail import TrailSearch
from kok.vocabulary import ACTS


class _Filter(forms.Form):
    """Nothing chosen means all. Accounts are chosen by number: a name is no address."""

    von = forms.DateField(label="Von", required=False)
    bis = forms.DateField(label="Bis", required=False)
    konto = forms.TypedChoiceField(label="Konto", coerce=int, empty_value=None, required=False)

    def _choose(self, name: str, choices: Iterable[tuple[object, str]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = [("", "alle"), *choices]

    @property
    def wanted(self) -> TrailSearch:
        """The filter; what cannot be read is left out, so that an edited address still shows the page."""
        self.is_valid()
        found = self.cleaned_data
        return TrailSearch(
            from_on=found.get("von"),
            until_on=found.get("bis"),
            account=found.get("konto"),
            action=found.get("vorgang", ""),
            kind=found.get("gegenstand", found.get("art", "")),
            number=found.get("nummer", ""),
        )


class TrailFilter(_Filter):
    """Above the trail."""

    vorgang = forms.ChoiceField(label="Vorgang", required=False)
    gegenstand = forms.ChoiceField(label="Gegenstand", required=False)
    nummer = forms.CharField(label="Nummer", max_length=60, required=False)

    def __init__(self, user: User, wanted: QueryDict) -> None:
        super().__init__(wanted)
        self._choose("konto", [*trail.actors_in(user)])
        self._choose("vorgang", _by_words(ACTS.words.items()))
        self._choose("gegenstand", _by_words((label, thing(label)) for label in trail.kinds()))


class SignInFilter(_Filter):
    """Above the sign-ins."""

    art = forms.ChoiceField(label="Art", required=False)

    def __init__(self, user: User, wanted: QueryDict) -> None:
        super().__init__(wanted)
        self._choose("konto", [*trail.members_of_staff(user)])
        self._choose("art", choices(SignInEvent.Kind))


def _by_words(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(pairs, key=lambda pair: sort_key(pair[1]))
