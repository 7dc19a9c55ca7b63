"""What the receiving unit is asked about a case, or about many at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict

from kok import words
from kok.forms import offer
from transitions.models import TransitionCase
from transitions.pages.case_lines import CaseLine
from transitions.rules.codes import CaseOutcome
from transitions.rules.endings import taken_over_from

EXPLAINED = {
    CaseOutcome.TAKEN_OVER_BY_LWV: "Der LWV Hessen leistet weiter. Den Antrag führt das eigene Verfahren.",
    CaseOutcome.NO_LWV_BENEFIT: "Es folgt keine Leistung des LWV Hessen, zum Beispiel ohne Antrag oder ohne Bedarf.",
    CaseOutcome.OTHER_CARRIER: "Ein anderer Träger ist zuständig geworden.",
}
NOT_OFFERED = "Dieses Ergebnis steht jetzt nicht zur Wahl. Wählen Sie eines der genannten aus."


OFFERED = {True: list(CaseOutcome), False: [CaseOutcome.NO_LWV_BENEFIT, CaseOutcome.OTHER_CARRIER]}
"""Which outcomes can be chosen, by whether the LWV may have taken the case over already."""


class OutcomeForm(forms.Form):
    """What became of a case: one of three words, no text; and that the erasure it starts is meant."""

    outcome = forms.TypedChoiceField(
        label="Wie ist der Fall ausgegangen?",
        coerce=CaseOutcome,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Wählen Sie aus, wie der Fall ausgegangen ist.",
            "invalid_choice": NOT_OFFERED,
        },
    )
    is_meant = forms.BooleanField(
        error_messages={"required": "Bestätigen Sie, dass die Angaben an diesem Tag gelöscht werden sollen."}
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        may_be_taken_over: bool,
        erased_on: date,
    ) -> None:
        super().__init__(data)
        found = OFFERED[may_be_taken_over]
        choices = [(str(outcome), f"{outcome.label}: {EXPLAINED[outcome]}") for outcome in found]
        offer(self, "outcome", choices)
        self.fields[
            "is_meant"
        ].label = f"Die Angaben sollen am {words.day(erased_on)} auf beiden Seiten gelöscht werden."


class OutcomesForm(forms.Form):
    """The same for many cases: each open one may get its outcome or stay open; confirmed once for all of them.

    `lines` are all cases of the version, so that a choice for one that is not open any more is noticed.
    """

    is_meant = forms.BooleanField(
        error_messages={"required": "Bestätigen Sie das, oder wählen Sie bei diesen Fällen „noch offen“."}
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lines: Sequence[CaseLine],
        erased_on: date,
        today: date,
    ) -> None:
        super().__init__(data)
        self.lines = {str(line.row.case.pk): line for line in lines}
        for name, line in self.lines.items():
            if line.is_open and line.row.data:
                may_be_taken_over = taken_over_from(line.row.data.expected_end_on) <= today
                self.fields[name] = _outcome_of(line, OFFERED[may_be_taken_over])
        self.fields["is_meant"] = self.fields.pop("is_meant")  # asked last
        self.fields["is_meant"].label = (
            "Die Angaben der Fälle, für die ich ein Ergebnis gewählt habe, sollen am "
            f"{words.day(erased_on)} auf beiden Seiten gelöscht werden."
        )

    def clean(self) -> dict[str, object]:
        """One choice at least."""
        if not (self.chosen or self.overtaken or self.errors.keys() & self.lines):
            self.add_error(None, "Wählen Sie bei mindestens einem Fall aus, wie er ausgegangen ist.")
        return self.cleaned_data

    @property
    def chosen(self) -> dict[TransitionCase, CaseOutcome]:
        """What the action takes."""
        given = filter(self.cleaned_data.get, self.lines)
        return {self.lines[name].row.case: self.cleaned_data[name] for name in given}

    @property
    def overtaken(self) -> dict[UUID, CaseOutcome]:
        """What was chosen for cases that somebody else answered meanwhile, or that left the list."""
        sent = {pk: self.data.get(pk) for pk in self.lines if pk not in self.fields}
        return {self.lines[pk].row.case.pk: CaseOutcome(each) for pk, each in sent.items() if each in list(CaseOutcome)}

    def field_of(self, line: CaseLine) -> BoundField | None:
        """The question about this case; None where there is none."""
        name = str(line.row.case.pk)
        return self[name] if name in self.fields else None


def _outcome_of(line: CaseLine, offered: Sequence[CaseOutcome]) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=f"Fall {line.row.case.case_ref}",
        choices=[("", "noch offen"), *((str(each), each.label) for each in offered)],
        coerce=CaseOutcome,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": NOT_OFFERED},
    )
