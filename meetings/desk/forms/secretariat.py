"""A term of the secretariat that deviates from the rotation."""

from datetime import timedelta

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from kok.forms import offer, offer_rows
from kok.words import day
from meetings.convening.rules.secretariat import Deviation
from meetings.record.models import Resolution
from members.models import Partner


class ResolutionField(forms.ModelChoiceField):
    """Resolutions by number, day and how they begin."""

    def label_from_instance(self, obj: Resolution) -> str:
        """As it stands in the list."""
        return f"{obj.number} vom {day(obj.decided_on)}: {obj.text[:80]}"


class DeviatingTermForm(forms.Form):
    """Who, from when until when, by which resolution, and what happens to the later terms."""

    resolution = ResolutionField(
        queryset=Resolution.objects.none(),
        label="Welcher Beschluss liegt zugrunde?",
        help_text="Zur Wahl stehen Beschlüsse aus genehmigten Protokollen.",
    )
    partner = forms.ChoiceField(label="Welcher Partner hat die Geschäftsführung?", widget=forms.RadioSelect)
    starts_on = forms.DateField(label="Was ist der erste Tag?")
    last_day = forms.DateField(label="Was ist der letzte Tag?", help_text="Dieser Tag gehört noch dazu.")
    shift_later = forms.TypedChoiceField(
        label="Was geschieht mit den Zeiten danach?",
        choices=[
            ("nein", "Sie bleiben, wie sie sind. Nur dieser Zeitraum weicht ab."),
            ("ja", "Sie verschieben sich. Der Wechsel beginnt nach diesem Zeitraum neu."),
        ],
        coerce=lambda value: value == "ja",
        widget=forms.RadioSelect,
    )

    def __init__(self, data: QueryDict | None, *, partners: list[Partner], resolutions: QuerySet[Resolution]) -> None:
        super().__init__(data)
        offer_rows(self, "resolution", resolutions)
        offer(self, "partner", [(partner.slug, partner.short_name) for partner in partners])

    @property
    def deviation(self) -> Deviation:
        """The period as the rules want it: half-open."""
        found = self.cleaned_data
        return Deviation(
            found["partner"], found["starts_on"], found["last_day"] + timedelta(days=1), found["shift_later"]
        )
