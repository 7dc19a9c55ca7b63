"""A meeting that took place without the application."""

from collections.abc import Callable, Mapping
from datetime import date

from django import forms

from kok.errors import Refused
from kok.forms import CarefulForm, Label, offer, offer_rows, with_an_answer
from meetings.convening.actions.late import LateFacts
from meetings.convening.actions.planning import Occasion
from meetings.convening.models.late import LONGEST_TEXT
from meetings.convening.rules.late import check_all_present, check_past
from members.models import Body, Partner
from members.rules.codes import BodyKind


class LateEntryForm(CarefulForm):
    """When and where it was, whose secretariat, why only now, and the minutes or only the fact."""

    careful = ("reason", "text")

    body = forms.ModelChoiceField(
        queryset=Body.objects.none(), label="Welches Gremium hat getagt?", empty_label=None, widget=forms.RadioSelect
    )
    meets_on = forms.DateField(label="An welchem Tag?")
    starts_at = forms.TimeField(label="Wann begann die Sitzung?")
    ends_at = forms.TimeField(label="Wann endete sie?")
    place = Label(label="Wo fand sie statt?", help_text="Gebäude und Raum, oder „Videokonferenz“.", max_length=200)
    office = forms.ModelChoiceField(
        queryset=Partner.objects.none(),
        label="Wer hatte damals die Geschäftsführung?",
        empty_label=None,
        widget=forms.RadioSelect,
    )
    all_present = with_an_answer(
        forms.BooleanField(
            label="Alle Partner waren vertreten.",
            help_text="Ohne diese Bestätigung zählt die Sitzung nicht zu den vorgeschriebenen. Für andere Gremien "
            "als die Konferenz ist sie nicht nötig.",
        )
    )
    reason = forms.CharField(
        label="Warum wird die Sitzung nachgetragen?",
        help_text="Zum Beispiel: Die Sitzung fand statt, bevor es diese Anwendung gab. Nennen Sie keine Namen.",
        max_length=300,
    )
    text = forms.CharField(
        label="Was steht im Protokoll?",
        help_text="Der Text des Protokolls. Bleibt das Feld leer, ist nur vermerkt, dass die Sitzung stattfand. "
        "Nennen Sie keine Leistungsberechtigten.",
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=LONGEST_TEXT,
    )

    def __init__(
        self, data: Mapping[str, object] | None, *, bodies: list[Body], partners: list[Partner], today: date
    ) -> None:
        super().__init__(data)
        self._today = today
        offer_rows(self, "body", Body.objects.filter(pk__in=[body.pk for body in bodies]))
        offer(self, "body", [(body.pk, body.name) for body in bodies])
        offer_rows(self, "office", Partner.objects.filter(pk__in=[partner.pk for partner in partners]))
        offer(self, "office", [(partner.pk, partner.short_name) for partner in partners])
        self.initial.setdefault("body", bodies[0].pk if bodies else None)

    def clean(self) -> dict[str, object]:
        """What can be said at a field is said there."""
        given = super().clean()
        body, day = given.get("body"), given.get("meets_on")
        begins, ends = given.get("starts_at"), given.get("ends_at")
        if isinstance(body, Body):
            is_conference, is_confirmed = body.kind == BodyKind.CONFERENCE, bool(given.get("all_present"))
            self._ask("all_present", lambda: check_all_present(is_conference=is_conference, is_confirmed=is_confirmed))
        if isinstance(day, date):
            self._ask("meets_on", lambda: check_past(day, self._today))
        if begins and ends and str(begins) >= str(ends):
            self.add_error("ends_at", "Das Ende liegt vor dem Beginn. Prüfen Sie die beiden Uhrzeiten.")
        return given

    def _ask(self, field: str, check: Callable[[], None]) -> None:
        try:
            check()
        except Refused as refused:
            self.add_error(field, refused.sentence)

    @property
    def occasion(self) -> Occasion:
        """When and where."""
        given = self.cleaned_data
        return Occasion(
            meets_on=given["meets_on"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            place=given["place"],
            link="",
        )

    @property
    def known(self) -> LateFacts:
        """What is known of it."""
        given = self.cleaned_data
        return LateFacts(given["reason"], given["office"], given["all_present"], given["text"])
