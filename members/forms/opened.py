"""Forms that know with which values they were opened, so that nobody overwrites what he has not seen."""

from collections.abc import Mapping

from django import forms
from django.core import signing
from django.utils.datastructures import MultiValueDict

from members.forms.days import Initial, Typed

SALT = "members.forms.opened"


class OpenedForm(forms.Form):
    """Carries the values that it was opened with (`initial`), and tells what was typed anew since."""

    opened_with = forms.CharField(required=False, widget=forms.HiddenInput)
    overtaken: tuple[tuple[str, str, str], ...] = ()  # label, what is stored now, what was typed

    def __init__(self, data: Typed, *, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        self.stored = {name: value for name, value in self.initial.items() if isinstance(value, str)}
        self.initial["opened_with"] = signing.dumps(self.stored, salt=SALT)

    @property
    def opened(self) -> dict[str, str]:
        """The values with which the page was opened; those of now where the form does not tell."""
        try:
            found: Mapping[str, str] = signing.loads(self.cleaned_data.get("opened_with", ""), salt=SALT)
        except signing.BadSignature:
            found = {}
        return {name: found.get(name, value) for name, value in self.stored.items()}

    def take_over(self, current: Mapping[str, str]) -> None:
        """After somebody else saved: what was not typed anew is shown as it is stored now, what was stays as typed.

        The next save counts as one that has seen `current`.
        """
        opened, told, data = self.opened, [], MultiValueDict(self.data)
        for name in (name for name in opened if current[name] != opened[name]):
            typed = self.cleaned_data[name]
            if typed == opened[name]:
                typed = data[name] = current[name]
            told.append((str(self.fields[name].label), current[name], typed))
        data["opened_with"] = signing.dumps(dict(current), salt=SALT)
        self.data, self.overtaken = data, tuple(told)
