"""Tasks: to record, to close, to find."""

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from kok.forms import CarefulForm, offer, offer_rows, with_an_answer
from kok.words import day
from meetings.record.models import ActionItem
from meetings.record.rules.codes import TaskState
from members.models import Body, Partner


class TaskForm(forms.ModelForm):
    """What, who, until when."""

    class Meta:
        model = ActionItem
        fields = ["what", "who", "partner", "due_on"]
        labels = {
            "what": "Was ist zu tun?",
            "who": "Wer kümmert sich darum?",
            "partner": "Für welchen Partner?",
            "due_on": "Bis wann?",
        }
        help_texts = {"who": "Eine Stelle oder ein Name, zum Beispiel „Fachstelle Eingliederungshilfe“."}

    before = forms.BooleanField(
        label="Der Tag stimmt, obwohl er vor der Sitzung liegt.", required=False, widget=forms.HiddenInput
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        partners: list[Partner],
        auto_id: str,
        meets_on: date | None = None,
        instance: ActionItem | None = None,
    ) -> None:
        super().__init__(data, instance=instance, auto_id=auto_id)
        self._meets_on = meets_on
        names = {partner.pk: partner.short_name for partner in partners}
        offer_rows(self, "partner", Partner.objects.filter(pk__in=names))
        offer(self, "partner", [("", "alle Partner gemeinsam"), *names.items()])

    def clean(self) -> dict[str, Any]:
        """The values without the tick; a day before the meeting is asked about."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        due_on, is_confirmed = given.get("due_on"), given.pop("before", False)
        if due_on and self._meets_on and due_on < self._meets_on and not is_confirmed:
            self.fields["before"].widget = forms.CheckboxInput()
            self.add_error("due_on", EARLY.format(day(due_on), day(self._meets_on)))
        return given


EARLY = (
    "Der {} liegt vor der Sitzung am {}. Die Aufgabe ist noch nicht gespeichert. Ändern Sie den Tag, oder bestätigen "
    "Sie unten, dass er stimmt."
)


class CloseForm(CarefulForm):
    """Done, or no longer pursued with a reason."""

    careful = ("note",)

    state = forms.ChoiceField(
        label="Was ist aus der Aufgabe geworden?",
        choices=[(TaskState.DONE, "Sie ist erledigt"), (TaskState.DROPPED, "Sie wird nicht weiter verfolgt")],
        widget=forms.RadioSelect,
    )
    note = with_an_answer(
        forms.CharField(
            label="Was soll dazu vermerkt werden?",
            help_text="Wird die Aufgabe nicht weiter verfolgt, schreiben Sie hier den Grund. Sonst kann das Feld leer "
            "bleiben. Nennen Sie keine Namen.",
            max_length=300,
        )
    )


class TaskFilter(forms.Form):
    """What the list shows; everything stands in the address."""

    stand = forms.ChoiceField(
        label="Stand",
        required=False,
        choices=[("", "offen"), ("abgeschlossen", "abgeschlossen"), ("alle", "alle")],
    )
    partner = forms.ChoiceField(label="Partner", required=False)
    gremium = forms.ChoiceField(label="Gremium", required=False)

    def __init__(self, data: QueryDict, *, partners: list[Partner], bodies: list[Body]) -> None:
        super().__init__(data)
        houses = [(partner.slug, partner.short_name) for partner in partners]
        kinds = [(body.slug, body.short_name) for body in bodies]
        offer(self, "partner", [("", "alle Partner"), *houses])
        offer(self, "gremium", [("", "alle Gremien"), *kinds])

    @property
    def wanted(self) -> dict[str, str]:
        """What is looked for; everything where the address holds something that is not to be chosen."""
        given = self.cleaned_data if self.is_valid() else {}
        names = {"state": "stand", "partner": "partner", "body": "gremium"}
        return {name: given.get(field, "") for name, field in names.items()}
