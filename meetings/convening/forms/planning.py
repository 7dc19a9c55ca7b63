"""When and where a meeting is; the reason of a cancellation."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, TypedDict, Unpack

from django import forms

from kok.errors import Refused
from kok.forms import Label, offer, offer_rows, with_an_answer
from kok.words import weekday
from meetings.convening.actions.planning import Occasion
from meetings.convening.forms.checked import CheckedForm
from meetings.convening.models import Meeting
from meetings.convening.rules.notice import check_meeting_day
from meetings.convening.rules.suggestions import days_near
from members.models import Body


class DayArguments(TypedDict):
    """What forms with a day need to judge it; `hint_url` says what a day means while it is typed."""

    today: date
    holidays: Collection[date]
    hint_url: str


class OccasionForm(forms.ModelForm):
    """Day, hour, place and link. A bad day is refused with days that would be possible."""

    link = forms.URLField(
        label="Wie kommt man zur Videokonferenz?",
        help_text="Die Adresse beginnt mit https://",
        max_length=200,
        required=False,
        assume_scheme="https",
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
    overtaken = False  # whether somebody else was quicker, so that the button says what it does all the same

    class Meta:
        model = Meeting
        fields = ["meets_on", "starts_at", "ends_at", "place", "link"]
        field_classes = {"place": Label}  # it stands in the invitation, where a link is what the field `link` says
        labels = {
            "meets_on": "An welchem Tag ist die Sitzung?",
            "starts_at": "Wann beginnt sie?",
            "ends_at": "Wann endet sie voraussichtlich?",
            "place": "Wo findet sie statt?",
        }
        help_texts = {
            "ends_at": "Ohne Angabe sagt die Einladung, dass kein Ende geplant ist. Im Kalender stehen zwei Stunden.",
            "place": "Gebäude, Anschrift und Raum. Ort oder Link müssen angegeben sein, beides ist möglich.",
        }

    def __init__(
        self,
        data: Mapping[str, object] | None = None,
        *,
        initial: dict[str, object] | None = None,
        today: date,
        holidays: Collection[date],
        hint_url: str = "",
    ) -> None:
        super().__init__(data, initial=initial)
        self.today, self.holidays = today, holidays
        for name in {"place", "link"} & self.fields.keys():
            with_an_answer(self.fields[name])  # one of the two is demanded
        if hint_url and "meets_on" in self.fields:
            self.fields["meets_on"].widget.attrs |= {
                "hx-get": hint_url,
                "hx-trigger": "change",
                "hx-target": "#frist",
            }

    def clean_meets_on(self) -> date:
        """Says at the field why a day does not do, and which ones would."""
        day: date = self.cleaned_data["meets_on"]
        try:
            check_meeting_day(day, self.today, self.holidays)
        except Refused as refused:
            near = " oder ".join(weekday(other) for other in days_near(day, self.today, self.holidays))
            raise forms.ValidationError(f"{refused.sentence} Möglich wäre {near}.") from None
        return day

    def clean(self) -> dict[str, Any]:
        """The constraints of the model, said at the field where one can mend it."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        hours = [*filter(None, (given.get("starts_at"), given.get("ends_at")))]
        if hours != sorted(set(hours)):
            self.add_error("ends_at", "Das Ende liegt vor dem Beginn. Prüfen Sie die beiden Uhrzeiten.")
        if "place" in self.fields and "link" not in self.errors and not any(map(given.get, ("place", "link"))):
            self.add_error("place", "Geben Sie einen Ort oder einen Link an, damit alle teilnehmen können.")
        return given

    @property
    def occasion(self) -> Occasion:
        """What the actions take."""
        given = self.cleaned_data
        return Occasion(
            meets_on=given["meets_on"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            place=given["place"],
            link=given["link"],
        )


class DayForm(OccasionForm):
    """Only the day, to say what it means before the form is sent."""

    link = revision = None  # type: ignore[assignment]

    class Meta(OccasionForm.Meta):
        fields = ["meets_on"]


class PlanForm(OccasionForm):
    """A new meeting, of one of the bodies that exist."""

    revision = None  # type: ignore[assignment]
    body = forms.ModelChoiceField(
        queryset=Body.objects.none(), label="Welches Gremium tagt?", empty_label=None, widget=forms.RadioSelect
    )
    field_order = ["body", "meets_on"]

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        bodies: list[Body],
        initial: dict[str, object] | None = None,
        **day: Unpack[DayArguments],
    ) -> None:
        super().__init__(data, initial=initial, **day)
        offer_rows(self, "body", Body.objects.filter(pk__in=[body.pk for body in bodies]))
        offer(self, "body", [(body.pk, body.name) for body in bodies])
        self.initial.setdefault("body", bodies[0].pk if bodies else None)


class ChangeForm(OccasionForm):
    """Hour and place of an invited meeting; another day is a move."""

    class Meta(OccasionForm.Meta):
        fields = ["starts_at", "ends_at", "place", "link"]

    def __init__(
        self,
        data: Mapping[str, object] | None,
        *,
        initial: dict[str, object],
        meets_on: date,
        **day: Unpack[DayArguments],
    ) -> None:
        self.meets_on = meets_on
        super().__init__(data, initial=initial, **day)

    def clean(self) -> dict[str, Any]:
        """The day stays."""
        return super().clean() | {"meets_on": self.meets_on}


class CancelForm(CheckedForm):
    """Why a meeting does not take place."""

    reason = Label(
        label="Warum fällt die Sitzung aus?",
        help_text="Der Grund steht bei der Sitzung. Wer eingeladen ist, liest ihn auch in der Absage. Nennen Sie keine "
        "Namen und keine Krankheiten.",
        max_length=300,
    )
    revision = forms.IntegerField(widget=forms.HiddenInput)
