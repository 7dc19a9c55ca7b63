"""What is typed about authorities, people and seats."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.db import models

from kok.codes import choices
from kok.forms import Label, PersonName
from members.actions import PersonDetails
from members.forms.days import Initial, Typed, sensible
from members.forms.opened import OpenedForm
from members.models import Authority, Body, Partner, Person, Seat
from members.queries.people import persons_of_partners
from members.rules.authorities import FIELDS
from members.rules.codes import Capacity

FIVE_DIGITS = RegexValidator(r"^[0-9]{5}$", "Eine Postleitzahl hat genau fünf Ziffern.")


class AsOfForm(forms.Form):
    """As of which day a page is shown; stays in the address."""

    am = forms.DateField(label="Stand vom", required=False, validators=[sensible])


class PersonDetailsForm(forms.Form):
    """Name and reach of a person at work."""

    given_name = PersonName(label="Vorname", max_length=100)
    family_name = PersonName(label="Familienname", max_length=100)
    email = forms.EmailField(
        label="Dienstliche E-Mail", required=False, help_text="Ohne Adresse kommen keine Einladungen an."
    )
    phone = Label(label="Dienstliches Telefon", max_length=50, required=False)

    @property
    def details(self) -> PersonDetails:
        """What was typed, for the action."""
        return PersonDetails(**{name: self.cleaned_data[name] for name in PersonDetailsForm.base_fields})


class PersonChangeForm(OpenedForm, PersonDetailsForm):
    """The same of somebody who is there already."""

    @property
    def opened_details(self) -> PersonDetails:
        """What was there when the page was opened, for the action."""
        return PersonDetails(**self.opened)


class AuthorityForm(OpenedForm):
    """What changes about an authority, and from when on. The fields come with the values of today (`initial`)."""

    from_on = forms.DateField(label="Ab wann?", validators=[sensible])

    def __init__(self, data: Typed, *, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        self.fields |= forms.fields_for_model(Authority, fields=FIELDS, formfield_callback=_lettered)
        self.fields["postal_code"].validators.append(FIVE_DIGITS)

    @property
    def changed_values(self) -> dict[str, str]:
        """What was typed anew: what stands there as before is no wish to keep it from that day on."""
        opened = self.opened
        return {name: self.cleaned_data[name] for name in FIELDS if self.cleaned_data[name] != opened[name]}


CHOOSE = "Bitte wählen"


class PersonChoice(forms.ModelChoiceField):
    """People by name; where two read alike, with their addresses."""

    def label_from_instance(self, obj: models.Model) -> str:
        """The name, and the address where another of the choices has the same name."""
        name = str(obj)
        alike = [*map(str, self.queryset or ())].count(name)
        return f"{name} ({getattr(obj, 'email', '') or 'ohne E-Mail-Adresse'})" if alike > 1 else name


class AssignForm(forms.Form):
    """Who takes a seat, as what, from when on."""

    person = PersonChoice(label="Wer?", queryset=Person.objects.none(), empty_label=CHOOSE)
    capacity = forms.ChoiceField(label="Als was?", choices=choices(Capacity), widget=forms.RadioSelect)
    from_on = forms.DateField(
        label="Ab wann?", validators=[sensible], help_text="Wer bisher eingetragen ist, scheidet am Tag davor aus."
    )

    def __init__(self, data: Typed, *, seat: Seat, initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        _among(self, "person", persons_of_partners([seat.partner]))


class LastDayForm(forms.Form):
    """The last day of something, inclusive."""

    last_on = forms.DateField(label="Letzter Tag?", validators=[sensible])


class DepartureForm(forms.Form):
    """The last day of somebody who leaves."""

    last_on = forms.DateField(
        label="Letzter Tag?",
        validators=[sensible],
        help_text="An diesem Tag gelten Sitze und Rollen noch. Liegt er zurück, enden die Rollen jetzt.",
    )


class SeatForm(forms.Form):
    """A further function that a partner sends into a body."""

    partner = forms.ModelChoiceField(label="Welcher Partner?", queryset=Partner.objects.none(), empty_label=CHOOSE)
    body = forms.ModelChoiceField(label="In welchem Gremium?", queryset=Body.objects.none(), empty_label=CHOOSE)
    function = Label(label="Welche Funktion?", max_length=150, help_text="Zum Beispiel Leitung")
    unit = Label(
        label="Organisationseinheit", max_length=150, required=False, help_text="Zum Beispiel Fachdienst Soziale Hilfen"
    )
    from_on = forms.DateField(label="Ab wann gibt es den Sitz?", validators=[sensible])

    def __init__(
        self, data: Typed, *, partners: Iterable[Partner], bodies: Iterable[Body], initial: Initial = None
    ) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "partner", Partner, partners)
        _offer(self, "body", Body, bodies)


class NewPersonForm(PersonDetailsForm):
    """Somebody new at one of the registrar's partners."""

    partner = forms.ModelChoiceField(label="Bei welchem Partner?", queryset=Partner.objects.none(), empty_label=CHOOSE)
    field_order = ("partner", *PersonDetailsForm.base_fields)

    def __init__(self, data: Typed, *, partners: Iterable[Partner], initial: Initial = None) -> None:
        super().__init__(data, initial=initial)
        _offer(self, "partner", Partner, partners)


def _lettered(column: "models.Field[str, str]", **more: Any) -> forms.Field | None:
    """What an authority is called holds the signs of a name; a mail address has its own rule."""
    if not isinstance(column, models.EmailField):
        more["form_class"] = Label
    field: forms.Field | None = column.formfield(**more)
    return field


def _among(form: forms.Form, name: str, rows: models.QuerySet[models.Model]) -> forms.Field:
    field = form.fields[name]
    assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  it is declared so above
    field.queryset = rows
    return field


def _offer(form: forms.Form, name: str, model: type[Partner | Body], rows: Iterable[Partner | Body]) -> None:
    """One choice is no question: it is set and not asked."""
    numbers = list(map(attrgetter("pk"), rows))
    field = _among(form, name, model.objects.filter(pk__in=numbers).select_related("agreement"))
    if len(numbers) == 1:
        [field.initial] = numbers
        field.widget = forms.HiddenInput()


class BarrierOfficeForm(forms.Form):
    """Who answers reported barriers."""

    authority = forms.ModelChoiceField(
        Authority.objects.all(), label="Welche Behörde?", required=False, empty_label="keine: die Technik antwortet"
    )
