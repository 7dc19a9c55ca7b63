"""What is typed about accounts and their roles."""

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from django import forms
from django.core.exceptions import ValidationError

from kok import clock, words
from kok.access import ROLES
from kok.errors import first_problem
from kok.forms import PersonName, UserName, with_an_answer
from members.forms.days import Initial, Typed, sensible
from members.models import Partner
from members.rules.leaving import cut_after
from members.rules.power import needs_two
from members.rules.roles import roles_for


def _until_when() -> forms.DateField:
    return forms.DateField(
        label="Bis einschließlich?",
        required=False,
        validators=[sensible],
        help_text="Ohne Angabe gilt die Rolle, bis jemand sie beendet.",
    )


class TypedPeriod(TypedDict):
    """The first day of a role, and the first day without it."""

    from_on: date
    until_on: date | None


class FirstRole(TypedDict):
    """An account and its first role, until the first day without it."""

    username: str
    role: str
    until_on: date | None


class PeriodForm(forms.Form):
    """From when on, and until when where somebody knows."""

    from_on = forms.DateField(label="Ab wann?", validators=[sensible])
    last_on = _until_when()

    def clean_from_on(self) -> date:
        """Nobody had a role yesterday who gets it today."""
        from_on: date = self.cleaned_data["from_on"]
        if from_on < clock.today():
            raise ValidationError("Eine Rolle beginnt frühestens heute. Nennen Sie heute oder einen späteren Tag.")
        return from_on

    def clean_last_on(self) -> date | None:
        """The last day lies not before the first."""
        last_on: date | None = self.cleaned_data["last_on"]
        from_on = self.cleaned_data.get("from_on")
        if last_on and from_on and last_on < from_on:
            raise ValidationError("Der letzte Tag liegt vor dem Beginn. Prüfen Sie beide Tage.")
        return last_on

    @property
    def period(self) -> TypedPeriod:
        """What was typed, for the action: the first day, and the first day without the role."""
        last_on = self.cleaned_data["last_on"]
        return {"from_on": self.cleaned_data["from_on"], "until_on": last_on and cut_after(last_on)}

    @property
    def in_words(self) -> str:
        """What was typed, as it stands in a sentence."""
        first, last = self.cleaned_data["from_on"], self.cleaned_data["last_on"]
        return f"vom {words.day(first)} bis zum {words.day(last)}" if last else f"ab dem {words.day(first)}"


class RoleForm(PeriodForm):
    """Which role, and how far it reaches: for the partner, or for its authority in all agreements.

    A registrar of the whole gives every role so. One who covers all its agreements of today asks so for power only:
    another person confirms it.
    """

    role = forms.ChoiceField(label="Welche Rolle?", widget=forms.RadioSelect)
    field_order = ("role",)
    _EVERYWHERE = "-ueberall"

    def __init__(self, data: Typed, *, partner: Partner, spans: bool, covers: bool, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        wide = [
            (f"{slug}{self._EVERYWHERE}", f"{slug.label}, in allen Vereinbarungen Ihres Hauses")
            for slug in roles_for(partner.kind)
            if covers and (spans or needs_two(slug))
        ]
        _choices_of(self, "role", [*_roles(partner), *wide])

    @property
    def slug(self) -> str:
        """Which role was chosen."""
        chosen: str = self.cleaned_data["role"]
        return chosen.removesuffix(self._EVERYWHERE)

    @property
    def is_everywhere(self) -> bool:
        """Whether it was chosen for all agreements of the authority."""
        return str(self.cleaned_data["role"]).endswith(self._EVERYWHERE)


class EndRoleForm(forms.Form):
    """When a role ends. One with an end that one person gives can also go on without."""

    NOW, DAY, NEVER = "sofort", "tag", "nie"
    WHEN = ((NOW, "Sofort"), (DAY, "An einem Tag"))
    when = forms.ChoiceField(label="Wann endet die Rolle?", choices=WHEN, widget=forms.RadioSelect)
    last_on = with_an_answer(
        forms.DateField(
            label="Letzter Tag?",
            validators=[sensible],
            help_text="Nur wenn sie an einem Tag endet. An diesem Tag gilt die Rolle noch.",
        )
    )

    def __init__(self, data: Typed, *, may_go_on: bool, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        if may_go_on:
            endless = (self.NEVER, "Bis auf Weiteres nicht: Das eingetragene Ende entfällt")
            _choices_of(self, "when", [*self.WHEN, endless])

    def clean(self) -> dict[str, object]:
        """A day belongs to "an einem Tag", and to nothing else."""
        typed = self.cleaned_data
        when, last_on = typed.get("when"), typed.get("last_on")
        problem = first_problem(
            (when == self.DAY and not last_on and "last_on" not in self.errors, "Nennen Sie den letzten Tag."),
            (
                when in (self.NOW, self.NEVER) and last_on,
                "Ein Tag gehört nur zu „An einem Tag“. Wählen Sie das, oder lassen Sie ihn weg.",
            ),
        )
        if problem:
            self.add_error("last_on", problem)
        return typed

    @property
    def is_at_once(self) -> bool:
        """Whether it ends now."""
        return bool(self.cleaned_data["when"] == self.NOW)

    def is_after(self, end: date) -> bool:
        """Whether the role is to go on beyond its end (the first day without it), or without one."""
        last_on = self.cleaned_data["last_on"]
        return bool(self.cleaned_data["when"] == self.NEVER or (last_on and last_on >= end))


class RefuseForm(forms.Form):
    """Why something is refused."""

    reason = forms.CharField(
        label="Warum?", max_length=300, help_text="Das liest, wer es beantragt hat. Nennen Sie keine Namen."
    )


class NameForm(forms.Form):
    """Another name of a person."""

    given_name = PersonName(label="Vorname", max_length=100)
    family_name = PersonName(label="Familienname", max_length=100)


class FirstAccountForm(forms.Form):
    """The account of Technik, by the command `first_account` or on the page of the accounts."""

    username = UserName()
    email = forms.EmailField(label="Dienstliche E-Mail")


class FirstPersonForm(FirstAccountForm):
    """The same for a person of an authority."""

    given_name = PersonName(max_length=100)
    family_name = PersonName(max_length=100)


class AccountInviteForm(forms.Form):
    """The account of a person: a user name that stays, and the first role."""

    username = UserName(help_text="Damit meldet sich die Person an. Er bleibt, auch wenn sich der Name ändert.")
    role = forms.ChoiceField(label="Welche Rolle?", widget=forms.RadioSelect)
    last_on = _until_when()
    address = forms.CharField(required=False, widget=forms.HiddenInput)  # where the invitation goes, as it was seen

    def __init__(self, data: Typed, *, partner: Partner, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        _choices_of(self, "role", _roles(partner))

    @property
    def first_role(self) -> FirstRole:
        """What was typed, for the action: user name, role, and the first day without it."""
        last_on = self.cleaned_data["last_on"]
        until_on = last_on and cut_after(last_on)
        return {"username": self.cleaned_data["username"], "role": self.cleaned_data["role"], "until_on": until_on}


class AddressForm(forms.Form):
    """Another address for the own account."""

    email = forms.EmailField(
        label="Neue dienstliche E-Mail-Adresse",
        help_text="Sie gilt, sobald Sie sie über den Link in der Mail dorthin bestätigen.",
    )


def _roles(partner: Partner) -> list[tuple[str, str]]:
    return [(slug.value, f"{slug.label}: {ROLES[slug].who}") for slug in roles_for(partner.kind)]


def _choices_of(form: forms.Form, name: str, choices: Sequence[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  it is declared so above
    field.choices = choices
