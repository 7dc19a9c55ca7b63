"""Questions about the age limit and about responsibility. Nothing typed here is stored."""

from collections.abc import Callable
from datetime import date

from django import forms
from django.http import QueryDict

from kok.codes import choices
from kok.errors import Refused
from transitions.rules import age_limit
from transitions.rules.codes import LimitException, PeopleGroup
from transitions.rules.responsibility import rules_on

FIRST_YEAR, LAST_YEAR = 2000, 2100  # of a Stichtag


class AgeLimitForm(forms.Form):
    """A date of birth, an exception, a Stichtag. The browser is asked not to remember the date of birth."""

    born_on = forms.DateField(
        label="Wann ist die Person geboren?",
        help_text=(
            "Es gilt das Datum, das zuerst einem Sozialleistungsträger genannt wurde (§ 33a SGB I). "
            "Die Anwendung rechnet nur damit und speichert es nicht."
        ),
        widget=forms.DateInput(attrs={"autocomplete": "off"}),
    )
    exception = forms.TypedChoiceField(
        initial="",
        label="Gilt eine Ausnahme?",
        choices=[("", "Nein"), *choices(LimitException)],
        coerce=LimitException,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    reference_date = forms.DateField(label="Für welchen Stichtag möchten Sie es wissen?")

    def __init__(self, data: QueryDict | None = None, *, today: date) -> None:
        super().__init__(data)
        self.today = today
        self.fields["reference_date"].initial = date(today.year - 1, 12, 31)

    def clean_born_on(self) -> date:
        """Nobody is born after today."""
        born_on: date = self.cleaned_data["born_on"]
        _check(age_limit.check_born_on, born_on, self.today)
        _check(age_limit.limit_months, born_on)
        return born_on

    def clean_reference_date(self) -> date:
        """A year that can be meant."""
        day: date = self.cleaned_data["reference_date"]
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(f"Wählen Sie einen Stichtag in den Jahren {FIRST_YEAR} bis {LAST_YEAR}.")
        return day

    def clean(self) -> dict[str, object] | None:
        """What fits together: the exception and the Stichtag with the date of birth."""
        found = super().clean()
        if not self.errors:
            born_on = self.cleaned_data["born_on"]
            self._compare("exception", age_limit.limit_months, born_on, self.cleaned_data["exception"])
            self._compare("reference_date", age_limit.check_born_on, born_on, self.cleaned_data["reference_date"])
        return found

    def _compare(self, field: str, rule: Callable[..., object], *values: object) -> None:
        try:
            _check(rule, *values)
        except forms.ValidationError as error:
            self.add_error(field, error)


class ResponsibilityForm(forms.Form):
    """A group and a day; they stand in the address, so that an answer can be kept as a bookmark."""

    gruppe = forms.TypedChoiceField(
        label="Um wen geht es?",
        choices=[("", "alle Gruppen"), *choices(PeopleGroup)],
        coerce=PeopleGroup,
        empty_value=None,
        required=False,
    )
    tag = forms.DateField(label="An welchem Tag?")

    def clean_tag(self) -> date:
        """A day for which there are rules."""
        day: date = self.cleaned_data["tag"]
        _check(rules_on, day)
        if day.year > LAST_YEAR:
            raise forms.ValidationError(f"Wählen Sie einen Tag bis zum Jahr {LAST_YEAR}.")
        return day


def _check(rule: Callable[..., object], *values: object) -> None:
    """What a rule refuses, at the field."""
    try:
        rule(*values)
    except Refused as refused:
        raise forms.ValidationError(refused.sentence) from None
