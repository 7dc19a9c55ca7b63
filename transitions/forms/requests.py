"""What is asked about a request of a person concerned. Nothing here names the person."""

from collections.abc import Mapping

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from kok.codes import choices
from kok.forms import PersonName, offer_rows, sent
from members.models import Partner
from transitions.forms.case_ref import CaseRefField
from transitions.rules.codes import ExtensionReason, RequestAnswer, RequestKind

COMPLETED = ("case_ref", "identity_checked_on")
NO_HELP = {"autocomplete": "off", "spellcheck": "false"}  # the browser keeps no name and sends none to a dictionary


def _case_ref() -> CaseRefField:
    return CaseRefField(
        label="Um welchen Fall geht es?",
        help_text=(
            "Das Fallzeichen, zum Beispiel UE-2027-7F3K. Lassen Sie das Feld leer, solange niemand gefunden ist "
            "oder wenn es keine Daten gibt. Schreiben Sie keinen Namen."
        ),
    )


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
        choices=choices(RequestKind),
        coerce=RequestKind,
        widget=forms.RadioSelect,
    )
    received_on = forms.DateField(
        label="Wann ist die Anfrage eingegangen?", help_text="Ab diesem Tag läuft die Frist von einem Monat."
    )
    case_ref = _case_ref()
    identity_checked_on = _IdentityDay()
    partner = forms.ModelChoiceField(label="Für wen antworten Sie?", queryset=Partner.objects.none(), empty_label=None)

    def __init__(
        self, data: QueryDict | None = None, *, partners: QuerySet[Partner], initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        offer_rows(self, "partner", partners)
        field = self.fields["partner"]
        field.initial = partners.first()
        if len(partners) == 1:
            field.widget = forms.HiddenInput()


class CompleteForm(forms.Form):
    """What was found out after the request came in, each beside what the page showed of it."""

    case_ref = _case_ref()
    identity_checked_on = _IdentityDay()
    seen_case_ref = forms.CharField(required=False, widget=forms.HiddenInput)
    seen_identity_checked_on = forms.DateField(required=False, widget=forms.HiddenInput)
    overtaken = False

    @property
    def shown(self) -> dict[str, object]:
        """What stood on the page; of a valid form."""
        return {name: self.cleaned_data[f"seen_{name}"] for name in COMPLETED}

    @property
    def touched(self) -> dict[str, object]:
        """What this person changed of it; a field that was not sent was not changed."""
        sent = {name: self.cleaned_data[name] for name in COMPLETED if name in self.data}
        return {name: value for name, value in sent.items() if value != self.shown[name]}

    def see(self, stored: Mapping[str, str]) -> None:
        """After a conflict was shown, saving again is meant; what was not touched is as it is `stored` now."""
        typed, touched = sent(self), self.touched
        for name, value in stored.items():
            typed[f"seen_{name}"] = value
            if name not in touched:
                typed[name] = value
        self.data, self.overtaken = typed, True


class PersonSearchForm(forms.Form):
    """Whom to look for, in the letters that names of the list are written in; nothing of it is kept or logged."""

    family_name = PersonName(label="Familienname", max_length=100, widget=forms.TextInput(attrs=NO_HELP))
    given_name = PersonName(label="Vorname", max_length=100, widget=forms.TextInput(attrs=NO_HELP))
    date_of_birth = forms.DateField(label="Geboren am")


class ExtensionForm(forms.Form):
    """By how much the month is extended and why, after the person was told."""

    months = forms.TypedChoiceField(
        label="Um wie viel wird die Frist verlängert?",
        choices=[(1, "um einen Monat"), (2, "um zwei Monate")],
        coerce=int,
        widget=forms.RadioSelect,
    )
    reason = forms.TypedChoiceField(
        label="Aus welchem Grund?",
        choices=choices(ExtensionReason),
        coerce=ExtensionReason,
        widget=forms.RadioSelect,
    )
    told_on = forms.DateField(
        label="Wann haben Sie die Person davon und vom Grund unterrichtet?",
        help_text="Das muss innerhalb eines Monats nach dem Eingang geschehen (Art. 12 Abs. 3 DSGVO).",
    )


class LiftForm(forms.Form):
    """The end of a restriction."""

    lifted_on = forms.DateField(label="Ab wann gilt die Einschränkung nicht mehr?")
    is_told = forms.BooleanField(
        label="Die Person ist davon unterrichtet worden, bevor die Einschränkung endet (Art. 18 Abs. 3 DSGVO).",
        error_messages={"required": "Unterrichten Sie zuerst die Person, und bestätigen Sie es hier."},
    )


class RequestAnswerForm(forms.Form):
    """How and when the person was answered."""

    answer = forms.TypedChoiceField(
        label="Wie wurde geantwortet?",
        choices=choices(RequestAnswer),
        coerce=RequestAnswer,
        widget=forms.RadioSelect,
    )
    answered_on = forms.DateField(label="Wann ging die Antwort hinaus?")
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
