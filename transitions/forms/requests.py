"""What is asked about a request of a person concerned. Nothing here names the person."""

from typing import Any

from django import forms

from members.models import Partner
from transitions.rules.case import Code
from transitions.rules.subject_requests import RequestAnswer, RequestKind

CASE_REF_LENGTH = 14


def _choices(codes: type[Code]) -> list[tuple[str, str]]:
    return [(str(code), code.label) for code in codes]


class _CaseRef(forms.CharField):
    """A Fallzeichen as people type it."""

    def __init__(self) -> None:
        super().__init__(
            label="Um welchen Fall geht es?",
            help_text=(
                "Das Fallzeichen, zum Beispiel UE-2027-7F3K. Lassen Sie das Feld leer, solange niemand gefunden ist "
                "oder wenn es keine Daten gibt. Schreiben Sie keinen Namen."
            ),
            required=False,
            max_length=CASE_REF_LENGTH,
            widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        )

    def to_python(self, value: Any) -> str:
        """Capital letters, no spaces."""
        return "".join((super().to_python(value) or "").split()).upper()


class _IdentityDay(forms.DateField):
    def __init__(self) -> None:
        super().__init__(
            label="Wann wurde die Identität geprüft?",
            help_text="Die Prüfung selbst geschieht außerhalb dieser Anwendung, zum Beispiel mit dem Ausweis.",
            required=False,
        )


class RequestForm(forms.Form):
    """A new request."""

    kind = forms.TypedChoiceField(
        label="Was verlangt die Person?",
        choices=_choices(RequestKind),
        coerce=RequestKind,
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(
        label="Wann ist die Anfrage eingegangen?", help_text="Ab diesem Tag läuft die Frist von einem Monat."
    )
    case_ref = _CaseRef()
    identity_checked_on = _IdentityDay()
    partner = forms.ModelChoiceField(label="Für wen antworten Sie?", queryset=Partner.objects.none(), empty_label=None)

    def __init__(self, *args: Any, partners: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["partner"]
        field.queryset = partners  # type: ignore[attr-defined]
        field.initial = partners.first()
        if len(partners) == 1:
            field.widget = forms.HiddenInput()


class CompleteForm(forms.Form):
    """What was found out after the request came in."""

    case_ref = _CaseRef()
    identity_checked_on = _IdentityDay()


class AnswerForm(forms.Form):
    """How and when the person was answered."""

    answer = forms.TypedChoiceField(
        label="Wie wurde geantwortet?",
        choices=_choices(RequestAnswer),
        coerce=RequestAnswer,
        widget=forms.RadioSelect,
    )
    answered_on = forms.DateField(label="Wann ging die Antwort hinaus?")
