"""How forms speak: an error says what to do, in the words of a person. Installed once, for every form."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, TypeVar, cast

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models

from kok import clock, lettering, seen, typed_days
from kok.birth_dates import ADULT_YEARS, birth_dates

SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": "Hier fehlt noch eine Angabe."},
    forms.DateField: {"invalid": "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 30.04.2027."},
    forms.TimeField: {"invalid": "Diese Uhrzeit gibt es so nicht. Schreiben Sie sie wie 10:00."},
    forms.DateTimeField: {"invalid": "Diesen Zeitpunkt gibt es so nicht. Schreiben Sie ihn wie 30.04.2027 10:00."},
    forms.IntegerField: {"invalid": "Schreiben Sie hier eine ganze Zahl."},
    forms.DecimalField: {"invalid": "Schreiben Sie hier eine Zahl, zum Beispiel 12,5."},
    forms.BooleanField: {"required": "Bestätigen Sie diesen Satz, damit es weitergeht."},
    forms.ChoiceField: {"invalid_choice": "Wählen Sie eine der angebotenen Möglichkeiten."},
    forms.MultipleChoiceField: {"invalid_choice": "Wählen Sie aus den angebotenen Möglichkeiten."},
    forms.ModelChoiceField: {"invalid_choice": "Wählen Sie eine der angebotenen Möglichkeiten."},
    forms.ModelMultipleChoiceField: {"invalid_choice": "Wählen Sie aus den angebotenen Möglichkeiten."},
    forms.URLField: {"invalid": "Diese Adresse ist nicht vollständig. Sie beginnt mit https://"},
    forms.FileField: {"empty": "Die Datei ist leer.", "missing": "Wählen Sie eine Datei aus."},
}


sent = seen.sent
FieldT = TypeVar("FieldT", bound=forms.Field)


def offer(form: forms.BaseForm, name: str, choices: Iterable[tuple[object, str]]) -> None:
    """What may be chosen at a field, where only the page knows it."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)


def offer_rows(form: forms.BaseForm, name: str, rows: models.QuerySet[models.Model]) -> None:
    """The same for a field that chooses among rows."""
    cast("forms.ModelChoiceField", form.fields[name]).queryset = rows


def with_an_answer(field: FieldT) -> FieldT:
    """A field that one answer to another question demands and no other knows: it is never called optional."""
    field.required = False
    vars(field)["belongs_to_an_answer"] = True
    return field


class _Lettered(forms.CharField):
    """A text by which people know something: written in one way, with the signs that its rule allows."""

    @staticmethod
    def rule(text: str) -> str:
        """What is wrong with the text, in a sentence; "" where nothing is."""
        raise NotImplementedError

    def to_python(self, value: object) -> str:
        """The text with each letter as one sign and single spaces."""
        return lettering.tidy(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        """Raises ValidationError with a sentence that names the sign."""
        super().validate(value)
        if value and (told := self.rule(value)):
            raise ValidationError(told)


class PersonName(_Lettered):
    """A name of a person."""

    rule = staticmethod(lettering.problem_in_person)


class Label(_Lettered):
    """What an authority, an office, a street or a function is called, or another line that a mail carries."""

    rule = staticmethod(lettering.problem_in_label)


class UserName(_Lettered):
    """The name with which somebody signs in."""

    rule = staticmethod(lettering.problem_in_user_name)

    def __init__(self, *, help_text: str = "") -> None:
        super().__init__(label="Benutzername", max_length=150, help_text=help_text)


class CarefulForm(forms.Form):
    """Asks once more where one of its texts seems to hold a date of birth (5.5): it stays for years, and many read it.

    Whoever ticks that he looked may save it; the tick is no part of what was typed.
    """

    careful: ClassVar[tuple[str, ...]]
    sure = forms.BooleanField(label="Ich habe den Hinweis geprüft.", required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, object]:
        """The values without the tick; a sentence at each text that is doubtful and not confirmed."""
        given = super().clean() or self.cleaned_data
        until = clock.today().year - ADULT_YEARS
        found = {name: birth_dates(given.get(name) or "", until_year=until) for name in self.careful}
        if not given.pop("sure", False):
            for name, places in found.items():
                if places:
                    self.fields["sure"].widget = forms.CheckboxInput()
                    self.add_error(name, BORN.format(places[0]))
        return given

    def visible_fields(self) -> list[forms.BoundField]:
        """The tick comes last."""
        return sorted(super().visible_fields(), key=lambda field: field.name == "sure")


BORN = (
    "„{}“ sieht aus wie ein Geburtsdatum. Es ist noch nichts gespeichert. Nehmen Sie es heraus, oder bestätigen Sie, "
    "dass es keine Person beschreibt, die Leistungen erhält."
)


def plain_address(address: str) -> None:
    """Raises ValidationError for a mail address that looks like another one or is only spelled otherwise."""
    if told := lettering.problem_in_address(address):
        raise ValidationError(told)


def seen_signs_only(text: object) -> None:
    """Raises ValidationError for a sign that nobody sees or that turns others, in any text that somebody types.

    NUL is refused by each text field of Django itself. What a field made of its text (JSON, a choice) is no text.
    """
    if isinstance(text, str) and (told := lettering.problem_in_text(text.replace("\0", ""))):
        raise ValidationError(told)


_plain_day = forms.DateField.to_python


def _typed_day(self: forms.DateField, value: str | date | None) -> date | None:
    """A day as people write it. Raises ValidationError where the weekday before it is that of another day."""
    weekday, text = typed_days.apart(value) if isinstance(value, str) else (None, value)
    day = _plain_day(self, text)
    if weekday is not None and day and (told := typed_days.other_weekday(day, weekday)):
        raise ValidationError(told, code="weekday")
    return day


def speak_plainly() -> None:
    """Replaces Django's default errors ("Dieses Feld ist zwingend erforderlich") in every form.

    A field copies its sentences when it is made: this runs at start-up, before any module with forms is imported.
    Every field for a mail address takes plain signs only, every other field for text only signs that one sees. Every
    field for a day takes the weekday before it and the name of the month.
    """
    forms.DateField.to_python = _typed_day  # type: ignore[method-assign]
    forms.CharField.default_validators = [seen_signs_only]
    forms.URLField.default_validators = [*forms.URLField.default_validators, seen_signs_only]
    forms.EmailField.default_validators = [validators.validate_email, plain_address]
    models.EmailField.default_validators = [validators.validate_email, plain_address]
    for field, sentences in SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
    models.Field.default_error_messages = {
        **models.Field.default_error_messages,
        "blank": SENTENCES[forms.Field]["required"],
        "null": SENTENCES[forms.Field]["required"],
    }
    validators.ProhibitNullCharactersValidator.message = (
        "Hier steht ein Zeichen, das man nicht sieht oder das andere verändert (U+0000). "
        "Löschen Sie es, oder tippen Sie die Angabe neu."
    )
    validators.EmailValidator.message = "Diese Adresse ist nicht vollständig. Schreiben Sie sie wie name@example.org."
    validators.URLValidator.message = "Diese Adresse ist nicht vollständig. Sie beginnt mit https://"
