"""What the receiving unit is asked about a case."""

from django import forms

from transitions.rules.states import Outcome

EXPLAINED = {
    Outcome.TAKEN_OVER_BY_LWV: "Der LWV Hessen leistet weiter. Den Antrag führt das eigene Verfahren.",
    Outcome.NO_LWV_BENEFIT: "Es folgt keine Leistung des LWV Hessen, zum Beispiel ohne Antrag oder ohne Bedarf.",
    Outcome.OTHER_CARRIER: "Ein anderer Träger ist zuständig geworden.",
}


class OutcomeForm(forms.Form):
    """What became of a case: one of three words, no text."""

    outcome = forms.TypedChoiceField(
        label="Wie ist der Fall ausgegangen?",
        choices=[(str(outcome), f"{outcome.label}: {EXPLAINED[outcome]}") for outcome in Outcome],
        coerce=Outcome,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie aus, wie der Fall ausgegangen ist."},
    )
