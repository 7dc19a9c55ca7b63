"""Small questions about a list: taking a case off it, and letting a version go out."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TypedDict

from django import forms
from django.http import QueryDict

from kok.codes import choices
from kok.errors import Refused
from kok.forms import offer, with_an_answer
from transitions.rules.codes import REASONS, CaseState, EndReason, ReturnReason
from transitions.rules.months import parse_month
from transitions.rules.release import UNKNOWN_CASE

ENDINGS = {
    CaseState.POSTPONED: "Die Schule endet später (wird im nächsten Jahr wieder vorgeschlagen)",
    CaseState.WITHDRAWN: "Die Benennung wird zurückgenommen",
    CaseState.MOVED_AWAY: "Die Person ist verzogen",
    CaseState.DECEASED: "Die Person ist verstorben",
}

NEEDED: dict[object, tuple[str, str]] = {
    CaseState.POSTPONED: ("postponed_to", "Nennen Sie den Monat, in dem die Schule jetzt voraussichtlich endet."),
    CaseState.WITHDRAWN: ("withdrawal", "Wählen Sie den Grund der Rücknahme aus."),
}


class Ending(TypedDict):
    """Why a case leaves the list."""

    ending: CaseState
    reason: EndReason
    postponed_to: date | None


class GivenBack(TypedDict):
    """Why a draft is given back, in which state, and for the sake of which cases."""

    revision: int
    reason: ReturnReason
    case_refs: list[str]


class SeenForm(forms.Form):
    """Which state of which case a question was asked about, and which submission of its draft stood there, if any."""

    fall = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.DateTimeField(widget=forms.HiddenInput)
    zurueckholen = forms.CharField(widget=forms.HiddenInput, required=False)


class EndForm(forms.Form):
    """Why a case leaves the list: fixed reasons only (5.3). What has one reason only is not asked for it."""

    fall = forms.CharField(widget=forms.HiddenInput, required=False)

    ending = forms.TypedChoiceField(
        label="Warum kommt die Person von der Liste?",
        choices=ENDINGS.items(),
        coerce=CaseState,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie aus, warum."},
    )
    postponed_to = with_an_answer(
        forms.CharField(
            label="Wann endet sie voraussichtlich?",
            help_text="Nur wenn die Schule später endet. Zum Beispiel 7.2029.",
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )
    )
    withdrawal = with_an_answer(
        forms.TypedChoiceField(
            label="Aus welchem Grund wird sie zurückgenommen?",
            help_text="Nur bei einer Rücknahme.",
            choices=[(reason.value, reason.label) for reason in REASONS[CaseState.WITHDRAWN]],
            coerce=EndReason,
            empty_value=None,
            widget=forms.RadioSelect,
        )
    )

    def clean_postponed_to(self) -> date | None:
        """A month as people type it."""
        text = self.cleaned_data["postponed_to"]
        try:
            return parse_month(text) if text else None
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from None

    def clean(self) -> dict[str, object]:
        """Each ending asks for what belongs to it, and forgets what was typed for another one."""
        given = self.cleaned_data
        field, sentence = NEEDED.get(given.get("ending"), ("", ""))
        if field and not given.get(field) and not self.has_error(field):
            self.add_error(field, sentence)
        return given

    @property
    def decision(self) -> Ending:
        """What the action takes."""
        ending = self.cleaned_data["ending"]
        is_postponed, is_withdrawn = ending is CaseState.POSTPONED, ending is CaseState.WITHDRAWN
        return {
            "ending": ending,
            "reason": self.cleaned_data["withdrawal"] if is_withdrawn else REASONS[ending][0],
            "postponed_to": self.cleaned_data["postponed_to"] if is_postponed else None,
        }


class RevisionForm(forms.Form):
    """The state of a draft that somebody looked at; a change meanwhile is refused by the action."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ReadForm(RevisionForm):
    """What the second person says of a draft; `read_at` is when it got the state that the page showed."""

    read_at = forms.DateTimeField(widget=forms.HiddenInput, required=False)

    @property
    def was_read_at(self) -> datetime | None:
        """What the page sent back, whatever else was wrong with it; None before that."""
        self.is_valid()
        return self.cleaned_data.get("read_at") if self.is_bound else None


class GiveBackForm(ReadForm):
    """Why the second person gives a draft back, and which cases are meant; no free text (5.3)."""

    reason = forms.TypedChoiceField(
        label="Warum geben Sie den Entwurf zurück?",
        choices=choices(ReturnReason),
        coerce=ReturnReason,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie aus, warum."},
    )
    case_refs = forms.MultipleChoiceField(
        label="Um welche Fälle geht es?",
        help_text="Wählen Sie keinen aus, wenn kein einzelner Fall gemeint ist.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": UNKNOWN_CASE},
    )

    @property
    def decision(self) -> GivenBack:
        """What the action takes."""
        given = self.cleaned_data
        return {"revision": given["revision"], "reason": given["reason"], "case_refs": given["case_refs"]}

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        cases: Iterable[tuple[str, str]],
        initial: dict[str, object] | None = None,
    ) -> None:
        """`cases`: Fallzeichen and name of everybody in the draft, to choose from instead of typing."""
        super().__init__(data, initial=initial)
        offer(self, "case_refs", ((ref, ", ".join(filter(None, [name, ref]))) for ref, name in cases))


class ReleaseForm(ReadForm):
    """The second person says that the list was read; `shown` is the fingerprint of what the page showed."""

    shown = forms.CharField(widget=forms.HiddenInput)

    is_read = forms.BooleanField(
        label="Ich habe die Liste geprüft. Sie kann so übermittelt werden.",
        error_messages={"required": "Bestätigen Sie, dass Sie die Liste geprüft haben."},
    )
