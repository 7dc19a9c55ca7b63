"""Asking back and answering: one code each, no free text (5.3)."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict

from kok.codes import choices as choices_of
from kok.forms import offer
from transitions.forms.case_ref import CaseRefField
from transitions.queries.known import Known
from transitions.rules import people
from transitions.rules.codes import QuestionAnswer, QuestionKind


class QuestionForm(forms.Form):
    """What the receiving unit wants to know; of somebody who may be named twice also in which other case."""

    kind = forms.TypedChoiceField(
        label="Was möchten Sie wissen?",
        choices=choices_of(QuestionKind),
        coerce=QuestionKind,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie aus, was Sie wissen möchten."},
    )
    alike = forms.ChoiceField(
        label="In welchem Fall steht die Person vielleicht schon?",
        help_text=f"Nur zur Frage „{QuestionKind.DOUBLE.label}“.",
        required=False,
        widget=forms.RadioSelect,
    )
    other_ref = CaseRefField(
        label="Fallzeichen des zweiten Falls",
        help_text=f"Nur zur Frage „{QuestionKind.DOUBLE.label}“, zum Beispiel UE-2027-7F3K.",
    )

    def __init__(self, data: QueryDict | None = None, *, doubles: Iterable[Known]) -> None:
        """`doubles`: the cases that look like the person, to choose from instead of typing."""
        super().__init__(data)
        choices = [(known.case.case_ref, _double(known)) for known in doubles]
        offer(self, "alike", [*choices, ("", "keiner davon, oder nicht bekannt")])
        if not choices:
            del self.fields["alike"]

    def clean(self) -> dict[str, object]:
        """One second case at most, chosen or typed; none for another question."""
        given = self.cleaned_data
        chosen, typed = given.pop("alike", ""), given.get("other_ref", "")
        if len({chosen, typed} - {""}) > 1:
            self.add_error("other_ref", "Wählen Sie oben einen Fall aus oder tippen Sie ein Fallzeichen, nicht beides.")
        return given | {"other_ref": typed or chosen}


def _double(known: Known) -> str:
    """By Fallzeichen and list; what the county noted about that case is not told."""
    words = f"Fall {known.case.case_ref} der Liste {known.case.transition_list.year}"
    return f"{words}. {people.DAY_OFF}" if known.is_day_off else words


class QuestionAnswerForm(forms.Form):
    """What the county says to it."""

    answer = forms.TypedChoiceField(
        label="Was antworten Sie?",
        choices=choices_of(QuestionAnswer),
        coerce=QuestionAnswer,
        widget=forms.RadioSelect,
        error_messages={"required": "Wählen Sie eine Antwort aus."},
    )

    @property
    def chosen(self) -> str:
        """The answer that was sent, in words; "" where none was, or none that can be read."""
        sent = self["answer"].data
        return dict(choices_of(QuestionAnswer)).get(str(sent), "")
