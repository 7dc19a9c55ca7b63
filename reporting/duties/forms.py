"""What people type in: an entry of fulfilment, its withdrawal, and the filter of the deadlines."""

from collections.abc import Iterable, Mapping

from django import forms

from kok.forms import CarefulForm, offer
from members.models import Partner
from reporting.duties.pages.deadlines import FILTER_STATES, channels_of
from reporting.duties.queries.duties import Duty

EVIDENCE = "Zum Beispiel das Aktenzeichen. Schreiben Sie keine Namen von Leistungsberechtigten."
STATEWIDE_EVIDENCE = (
    "Zum Beispiel das Aktenzeichen oder der Name der Lieferung im landesweiten Datenaustausch. Schreiben Sie "
    "keine Namen von Leistungsberechtigten."
)


class SubmissionForm(CarefulForm):
    """What was handed in, when, and how."""

    careful = ("evidence",)

    submitted_on = forms.DateField(label="Wann wurde abgegeben?")
    channel = forms.ChoiceField(label="Auf welchem Weg?")
    evidence = forms.CharField(label="Woran ist die Abgabe zu erkennen?", max_length=300, required=False)
    is_nil_report = forms.BooleanField(label="Es war eine Nullmeldung: Niemand war zu melden.", required=False)
    file_sha256 = forms.CharField(
        label="Wie lautet die Prüfsumme der Datei?",
        help_text="SHA-256, 64 Zeichen. Damit lässt sich später zeigen, welche Datei es war.",
        max_length=64,
        required=False,
    )

    def __init__(
        self, data: Mapping[str, str] | None = None, *, duty: Duty, initial: dict[str, str] | None = None
    ) -> None:
        super().__init__(data, initial=initial)
        channels = channels_of(duty.rule)
        offer(self, "channel", channels)
        if len(channels) == 1:
            self.fields["channel"].initial = channels[0][0]
            self.fields["channel"].widget = forms.HiddenInput()
        self.fields["evidence"].required = duty.is_statewide
        self.fields["evidence"].help_text = STATEWIDE_EVIDENCE if duty.is_statewide else EVIDENCE

    def clean_file_sha256(self) -> str:
        """Copied checksums come in capitals or with spaces."""
        return "".join(self.cleaned_data["file_sha256"].split()).lower()


class WithdrawalForm(CarefulForm):
    """Why an entry is wrong."""

    careful = ("reason",)

    reason = forms.CharField(
        label="Warum ist die Eintragung falsch?",
        help_text="Der Grund bleibt im Verlauf stehen. Schreiben Sie keine Namen.",
        max_length=300,
    )


class DeadlineFilter(forms.Form):
    """The filter above the deadlines; it stays in the address, and what it does not know is left out."""

    jahr = forms.TypedChoiceField(label="Jahr", coerce=int, required=False)
    partner = forms.ChoiceField(label="Wer", required=False)
    stand = forms.ChoiceField(label="Stand", required=False)

    def __init__(self, data: Mapping[str, object], *, years: Iterable[int], partners: Iterable[Partner]) -> None:
        super().__init__(data)
        offer(self, "jahr", [(year, str(year)) for year in years])
        offer(self, "partner", [("", "alle Partner"), *((each.slug, each.short_name) for each in partners)])
        offer(self, "stand", FILTER_STATES)

    def chosen(self, name: str) -> str:
        """The chosen value, empty when nothing or nonsense was chosen."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")
