"""How forms speak: an error says what to do, in the words of a person. Installed once, for every form."""

from django import forms
from django.core import validators
from django.db import models

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


def speak_plainly() -> None:
    """Replaces Django's default errors ("Dieses Feld ist zwingend erforderlich") in every form.

    A field copies its sentences when it is made: this runs at start-up, before any module with forms is imported.
    """
    for field, sentences in SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
    models.Field.default_error_messages = {
        **models.Field.default_error_messages,
        "blank": SENTENCES[forms.Field]["required"],
        "null": SENTENCES[forms.Field]["required"],
    }
    validators.EmailValidator.message = "Diese Adresse ist nicht vollständig. Schreiben Sie sie wie name@example.org."
    validators.URLValidator.message = "Diese Adresse ist nicht vollständig. Sie beginnt mit https://"
