"""Asking back and answering: one code each, no free text (5.3)."""

from django import forms

from transitions.rules.questions import QuestionAnswer, QuestionKind


class QuestionForm(forms.Form):
    """What the receiving unit wants to know."""

    kind = forms.TypedChoiceField(
        label="Was möchten Sie wissen?",
        choices=[(each.value, each.label) for each in QuestionKind],
        coerce=QuestionKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie aus, was Sie wissen möchten."},
    )


class AnswerForm(forms.Form):
    """What the county says to it."""

    answer = forms.TypedChoiceField(
        label="Was antworten Sie?",
        choices=[(each.value, each.label) for each in QuestionAnswer],
        coerce=QuestionAnswer,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie eine Antwort aus."},
    )
