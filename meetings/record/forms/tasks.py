"""Tasks: to record, to close, to find."""

from django import forms
from django.http import QueryDict

from kok.forms import CarefulForm, offer, offer_rows
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

    def __init__(
        self, data: QueryDict | None, *, partners: list[Partner], auto_id: str, instance: ActionItem | None = None
    ) -> None:
        super().__init__(data, instance=instance, auto_id=auto_id)
        names = {partner.pk: partner.short_name for partner in partners}
        offer_rows(self, "partner", Partner.objects.filter(pk__in=names))
        offer(self, "partner", [("", "alle Partner gemeinsam"), *names.items()])


class CloseForm(CarefulForm):
    """Done, or no longer pursued with a reason."""

    careful = ("note",)

    state = forms.ChoiceField(
        label="Was ist aus der Aufgabe geworden?",
        choices=[(TaskState.DONE, "Sie ist erledigt"), (TaskState.DROPPED, "Sie wird nicht weiter verfolgt")],
        widget=forms.RadioSelect,
        initial=TaskState.DONE,
    )
    note = forms.CharField(
        label="Was soll dazu vermerkt werden?",
        help_text="Wird die Aufgabe nicht weiter verfolgt, schreiben Sie hier den Grund. Nennen Sie keine Namen.",
        required=False,
        max_length=300,
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
