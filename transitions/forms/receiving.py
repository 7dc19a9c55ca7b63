"""What the receiving unit is asked about a case."""

from datetime import date
from typing import Any, cast

from django import forms

from transitions.rules.states import Outcome

EXPLAINED = {
    Outcome.TAKEN_OVER_BY_LWV: "Der LWV Hessen leistet weiter. Den Antrag führt das eigene Verfahren.",
    Outcome.NO_LWV_BENEFIT: "Es folgt keine Leistung des LWV Hessen, zum Beispiel ohne Antrag oder ohne Bedarf.",
    Outcome.OTHER_CARRIER: "Ein anderer Träger ist zuständig geworden.",
}


class OutcomeForm(forms.Form):
    """What became of a case: one of three words, no text; and that the erasure it starts is meant."""

    outcome = forms.TypedChoiceField(
        label="Wie ist der Fall ausgegangen?",
        coerce=Outcome,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Wählen Sie aus, wie der Fall ausgegangen ist.",
            "invalid_choice": "Dieses Ergebnis steht jetzt nicht zur Wahl. Wählen Sie eines der genannten aus.",
        },
    )
    is_meant = forms.BooleanField(
        error_messages={"required": "Bestätigen Sie, dass die Angaben an diesem Tag gelöscht werden sollen."}
    )

    def __init__(self, *args: Any, may_be_taken_over: bool, erased_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = [each for each in Outcome if may_be_taken_over or each is not Outcome.TAKEN_OVER_BY_LWV]
        choices = [(str(outcome), f"{outcome.label}: {EXPLAINED[outcome]}") for outcome in found]
        cast("forms.ChoiceField", self.fields["outcome"]).choices = choices
        self.fields["is_meant"].label = f"Die Angaben sollen am {erased_on:%d.%m.%Y} auf beiden Seiten gelöscht werden."
