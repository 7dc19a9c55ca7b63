"""What registrars type. Forms check what is typed; whether it may happen is said by the actions."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator

from kok import clock
from kok.access import ROLES
from members.actions import PersonDetails
from members.models import Authority, Body, Partner, Person, Seat, SeatAssignment
from members.queries.people import persons_of_partners
from members.rules.authorities import FIELDS
from members.rules.leaving import cut_after
from members.rules.power import needs_two
from members.rules.roles import roles_for

EARLIEST = date(2000, 1, 1)
LATEST = date(2100, 12, 31)
FIVE_DIGITS = RegexValidator(r"^[0-9]{5}$", "Eine Postleitzahl hat genau fünf Ziffern.")


def _sensible(day: date) -> None:
    """A slip such as 0205 instead of 2025 is told apart from a real day."""
    if not EARLIEST <= day <= LATEST:
        raise ValidationError("Prüfen Sie das Jahr. Möglich ist 2000 bis 2100.")


class DayForm(forms.Form):
    """As of which day a page is shown; stays in the address."""

    am = forms.DateField(label="Stand vom", required=False, validators=[_sensible])


class PersonForm(forms.Form):
    """Name and reach of a person at work."""

    given_name = forms.CharField(label="Vorname", max_length=100)
    family_name = forms.CharField(label="Familienname", max_length=100)
    email = forms.EmailField(
        label="Dienstliche E-Mail", required=False, help_text="Ohne Adresse kommen keine Einladungen an."
    )
    phone = forms.CharField(label="Dienstliches Telefon", max_length=50, required=False)

    @property
    def details(self) -> PersonDetails:
        """What was typed, for the action."""
        return PersonDetails(**{name: self.cleaned_data[name] for name in PersonForm.base_fields})


class AuthorityForm(forms.Form):
    """What changes about an authority, and from when on. The fields come with the values of today (`initial`)."""

    from_on = forms.DateField(label="Ab wann?", validators=[_sensible])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields |= forms.fields_for_model(Authority, fields=FIELDS)
        self.fields["postal_code"].validators.append(FIVE_DIGITS)

    @property
    def changed_values(self) -> dict[str, str]:
        """What was typed anew: what stands there as before is no wish to keep it from that day on."""
        return {name: self.cleaned_data[name] for name in FIELDS if name in self.changed_data}


class AddressForm(forms.Form):
    """Another address for the own account."""

    email = forms.EmailField(
        label="Neue dienstliche E-Mail-Adresse",
        help_text="Sie gilt, sobald Sie sie über den Link in der Mail dorthin bestätigen.",
    )


class AssignForm(forms.Form):
    """Who takes a seat, as what, from when on."""

    person = forms.ModelChoiceField(label="Wer?", queryset=Person.objects.none(), empty_label="Bitte wählen")
    capacity = forms.ChoiceField(label="Als was?", choices=SeatAssignment.Capacity.choices, widget=forms.RadioSelect)
    from_on = forms.DateField(
        label="Ab wann?", validators=[_sensible], help_text="Wer bisher eingetragen ist, scheidet am Tag davor aus."
    )

    def __init__(self, *args: Any, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = persons_of_partners([seat.partner])  # type: ignore[attr-defined]


class LastDayForm(forms.Form):
    """The last day of something, inclusive."""

    last_on = forms.DateField(label="Letzter Tag?", validators=[_sensible])


class DepartureForm(forms.Form):
    """The last day of somebody who leaves."""

    last_on = forms.DateField(
        label="Letzter Tag?",
        validators=[_sensible],
        help_text="An diesem Tag gelten Sitze und Rollen noch. Liegt er zurück, enden die Rollen jetzt.",
    )


class SeatForm(forms.Form):
    """A further function that a partner sends into a body."""

    partner = forms.ModelChoiceField(label="Welcher Partner?", queryset=Partner.objects.none())
    body = forms.ModelChoiceField(label="In welchem Gremium?", queryset=Body.objects.none())
    function = forms.CharField(label="Welche Funktion?", max_length=150, help_text="Zum Beispiel Leitung")
    unit = forms.CharField(
        label="Organisationseinheit", max_length=150, required=False, help_text="Zum Beispiel Fachdienst Soziale Hilfen"
    )
    from_on = forms.DateField(label="Ab wann gibt es den Sitz?", validators=[_sensible])

    def __init__(self, *args: Any, partners: Iterable[Partner], bodies: Iterable[Body], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["partner"], Partner.objects.filter(pk__in=[partner.pk for partner in partners]))
        _offer(self.fields["body"], Body.objects.filter(pk__in=[body.pk for body in bodies]))


class NewPersonForm(PersonForm):
    """Somebody new at one of the registrar's partners."""

    partner = forms.ModelChoiceField(label="Bei welchem Partner?", queryset=Partner.objects.none())
    field_order = ("partner", *PersonForm.base_fields)

    def __init__(self, *args: Any, partners: Iterable[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self.fields["partner"], Partner.objects.filter(pk__in=[partner.pk for partner in partners]))


def _offer(field: Any, choices: Any) -> None:
    """One choice is no question: it is set and not asked."""
    field.queryset = choices.select_related("agreement")
    if len(field.queryset) == 1:
        field.initial = field.queryset[0].pk
        field.widget = forms.HiddenInput()


def _until_when() -> forms.DateField:
    return forms.DateField(
        label="Bis einschließlich?",
        required=False,
        validators=[_sensible],
        help_text="Ohne Angabe gilt die Rolle, bis jemand sie beendet.",
    )


class PeriodForm(forms.Form):
    """From when on, and until when where somebody knows."""

    from_on = forms.DateField(label="Ab wann?", validators=[_sensible])
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
    def period(self) -> dict[str, date | None]:
        """What was typed, for the action: the first day, and the first day without the role."""
        last_on = self.cleaned_data["last_on"]
        return {"from_on": self.cleaned_data["from_on"], "until_on": last_on and cut_after(last_on)}

    @property
    def in_words(self) -> str:
        """What was typed, as it stands in a sentence."""
        first, last = self.cleaned_data["from_on"], self.cleaned_data["last_on"]
        return f"vom {first:%d.%m.%Y} bis zum {last:%d.%m.%Y}" if last else f"ab dem {first:%d.%m.%Y}"


class RoleForm(PeriodForm):
    """Which role, and for those who may give it so, whether in all agreements of the authority.

    A registrar of the whole gives every role so. One who covers all its agreements of today asks so for power only:
    another person confirms it.
    """

    role = forms.ChoiceField(label="Welche Rolle?", widget=forms.RadioSelect)
    everywhere = forms.BooleanField(label="In allen Vereinbarungen Ihres Hauses", required=False)
    field_order = ("role",)

    def __init__(self, *args: Any, partner: Partner, spans: bool, covers: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.spans = spans
        self.fields["role"].choices = _roles(partner)  # type: ignore[attr-defined]
        if not covers:
            del self.fields["everywhere"]
        elif not spans:
            self.fields["everywhere"].help_text = "Nur für Rollen, die eine zweite Person bestätigt."

    def clean_everywhere(self) -> bool:
        """Of the roles that one person gives, those of one agreement only, unless he maintains the whole."""
        everywhere: bool = self.cleaned_data["everywhere"]
        if everywhere and not self.spans and not needs_two(self.cleaned_data.get("role", "")):
            raise ValidationError(
                "Diese Rolle gibt in allen Vereinbarungen nur, wer selbst die Rolle Stammdaten in allen hat. "
                "Geben Sie sie für diese Vereinbarung."
            )
        return everywhere


class EndRoleForm(forms.Form):
    """When a role ends. One with an end that one person gives can also go on without."""

    NOW, DAY, NEVER = "sofort", "tag", "nie"
    when = forms.ChoiceField(
        label="Wann endet die Rolle?", choices=[(NOW, "Sofort"), (DAY, "An einem Tag")], widget=forms.RadioSelect
    )
    last_on = forms.DateField(
        label="Letzter Tag?",
        required=False,
        validators=[_sensible],
        help_text="Nur wenn sie an einem Tag endet. An diesem Tag gilt die Rolle noch.",
    )

    def __init__(self, *args: Any, may_go_on: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if may_go_on:
            field: Any = self.fields["when"]
            field.choices = [*field.choices, (self.NEVER, "Bis auf Weiteres nicht: Das eingetragene Ende entfällt")]

    def clean(self) -> dict[str, Any]:
        """A day belongs to "an einem Tag", and to nothing else."""
        found = super().clean() or self.cleaned_data
        is_day, last_on = found.get("when") == self.DAY, found.get("last_on")
        if is_day and not last_on and "last_on" not in self.errors:
            self.add_error("last_on", "Nennen Sie den letzten Tag.")
        if not is_day and last_on and "when" in found:
            self.add_error("last_on", "Ein Tag gehört nur zu „An einem Tag“. Wählen Sie das, oder lassen Sie ihn weg.")
        return found


class RefuseForm(forms.Form):
    """Why something is refused."""

    reason = forms.CharField(
        label="Warum?", max_length=300, help_text="Das liest, wer es beantragt hat. Nennen Sie keine Namen."
    )


class BarrierOfficeForm(forms.Form):
    """Who answers reported barriers."""

    authority = forms.ModelChoiceField(
        Authority.objects.all(), label="Welche Behörde?", required=False, empty_label="keine: die Technik antwortet"
    )


class FirstAccountForm(forms.Form):
    """The account of Technik, by the command `first_account` or on the page of the accounts."""

    username = forms.CharField(label="Benutzername", max_length=150, validators=[UnicodeUsernameValidator()])
    email = forms.EmailField(label="Dienstliche E-Mail")


class FirstPersonForm(FirstAccountForm):
    """The same for a person of an authority."""

    given_name = forms.CharField(max_length=100)
    family_name = forms.CharField(max_length=100)


class InviteForm(forms.Form):
    """The account of a person: a user name that stays, and the first role."""

    username = forms.CharField(
        label="Benutzername",
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="Damit meldet sich die Person an. Er bleibt, auch wenn sich der Name ändert.",
    )
    role = forms.ChoiceField(label="Welche Rolle?", widget=forms.RadioSelect)
    last_on = _until_when()

    def __init__(self, *args: Any, partner: Partner, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(partner)  # type: ignore[attr-defined]


def _roles(partner: Partner) -> list[tuple[str, str]]:
    return [(slug, f"{ROLES[slug].title}: {ROLES[slug].who}") for slug in roles_for(partner.kind)]
