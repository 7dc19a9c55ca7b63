"""Forms of the page of the minutes. They validate and never write."""

from collections.abc import Iterable, Sequence

from django import forms
from django.http import QueryDict
from django.utils.safestring import SafeString

from kok import seen
from kok.forms import CarefulForm, offer, with_an_answer
from meetings.convening.forms.checked import CheckedForm
from meetings.record.models import Minutes
from meetings.record.models.minutes import LONGEST_TEXT
from meetings.record.pages.writing import RESULTS, result_options
from meetings.record.rules.remarks import LONGEST

TOO_LONG = (
    f"Der Text ist länger als {LONGEST_TEXT} Zeichen. Er steht noch hier. "
    "Kürzen Sie ihn, oder geben Sie lange Unterlagen als Anlage dazu."
)


class SectionForm(forms.Form):
    """The text of one item. What was typed is kept as it was typed, with the line breaks of the database."""

    text = forms.CharField(
        label="Text",
        required=False,
        strip=False,
        widget=forms.Textarea,
        max_length=LONGEST_TEXT,
        error_messages={"max_length": TOO_LONG},
    )
    result = forms.ChoiceField(
        label="Ergebnis",
        required=False,
        choices=RESULTS,
    )
    revision = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, sent: QueryDict, *, section: int) -> None:
        """The fields carry the number of the section: one form holds all of the page."""
        data, name = sent.copy(), f"{section}-text"
        data[name] = data.get(name, "").replace("\r\n", "\n")
        super().__init__(data, prefix=str(section))

    @property
    def options(self) -> SafeString:
        """The options of the result, with the one that was chosen."""
        return result_options(self.data.get(self.add_prefix("result"), ""))

    def chosen(self, choice: str) -> str:
        """The revision that `over` or `take` names in a conflict; "" where that was not chosen."""
        return str(self.data.get(self.add_prefix(choice), ""))


DEMANDED = (
    "chair_name",
    "taker_name",
    "began_at",
    "ended_at",
)  # known later than the page is saved, but before it goes out


class HeaderForm(forms.ModelForm):
    """Who chaired and wrote, when it began and ended. Only what this person changed is saved.

    Its fields belong to the one form of the page, which carries the marks of what it showed of each (`header_state`).
    """

    class Meta:
        model = Minutes
        fields = ["chair_name", "taker_name", "began_at", "ended_at"]
        labels = {
            "chair_name": "Wer hat die Sitzung geleitet?",
            "taker_name": "Wer schreibt das Protokoll?",
            "began_at": "Wann hat die Sitzung begonnen?",
            "ended_at": "Wann war die Sitzung zu Ende?",
        }

    def __init__(self, data: QueryDict | None = None, *, instance: Minutes) -> None:
        super().__init__(data, instance=instance)
        for name in DEMANDED:
            with_an_answer(self.fields[name])
        for form_field in self.fields.values():
            form_field.widget.attrs["form"] = "alle"

    @property
    def changes(self) -> dict[str, object]:
        """The values of the fields that differ from what the page showed; without its marks all."""
        typed = {name: self.cleaned_data[name] for name in self.Meta.fields}
        changed = seen.differing(self.shown, typed)
        return {name: value for name, value in typed.items() if name in changed}

    @property
    def shown(self) -> str:
        """The marks of what the page showed."""
        return str(self.data.get(seen.FIELD, ""))


class TakeBackForm(CarefulForm):
    """Why a circulated text becomes a draft again: the version that was shown, and no later one."""

    careful = ("reason",)

    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Warum muss das Protokoll noch einmal geändert werden?",
        help_text="Ein Satz genügt. Nennen Sie keine Namen: Der Grund steht beim Protokoll und im Verlauf der Sitzung.",
        max_length=200,
    )
    withhold = forms.BooleanField(
        label="Die Fassung enthält etwas, das niemand mehr lesen darf.",
        help_text="Dann zeigt die Anwendung sie niemandem mehr und löscht ihren Text und ihr PDF sofort. "
        "Gespeicherte Textfassungen der einzelnen Punkte sehen die Geschäftsstellen weiter.",
        required=False,
    )
    also = forms.TypedMultipleChoiceField(
        label="Welche früheren Fassungen sollen dann auch gesperrt werden?",
        help_text="Sie bleiben sonst lesbar. Steht dort dasselbe, wählen Sie sie aus. Wer eine davon erhalten hat, "
        "wird gebeten, sie zu vernichten.",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
        earlier: Iterable[int] = (),
    ) -> None:
        super().__init__(data, initial=initial)
        choices = [(number, f"Fassung {number}") for number in earlier]
        offer(self, "also", choices)
        if not choices:
            del self.fields["also"]

    def clean_also(self) -> list[int]:
        """Earlier ones are withheld with this one only. Raises ValidationError."""
        also: list[int] = self.cleaned_data["also"]
        if also and not self.cleaned_data.get("withhold"):
            raise forms.ValidationError("Frühere Fassungen werden nur mit dieser gesperrt. Wählen Sie das auch aus.")
        return also


class CirculateForm(CheckedForm):
    """Confirms the version that was shown, what the check of names said, and the warnings if there are any."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class ApproveForm(forms.Form):
    """Confirms the version that was shown, for one partner."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    partner = forms.IntegerField(widget=forms.HiddenInput)


class ChangeWishForm(CarefulForm):
    """What an approver wants changed, in the version that was shown, for one of his partners."""

    careful = ("text",)

    version = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label="Was soll geändert werden?",
        help_text="Nennen Sie den TOP, und was dort stehen soll. Nennen Sie keine Namen von Leistungsberechtigten. "
        f"Höchstens {LONGEST} Zeichen.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
    )
    partner = forms.TypedChoiceField(label="Für welchen Partner bitten Sie darum?", coerce=int)

    def __init__(
        self, data: QueryDict | None, *, initial: dict[str, object], partners: Sequence[tuple[int, str]]
    ) -> None:
        super().__init__(data, initial=initial)
        offer(self, "partner", partners)
        if len(partners) == 1:
            self.fields["partner"].widget = forms.HiddenInput()
            self.fields["partner"].initial = partners[0][0]


class AnswerForm(CarefulForm):
    """What the Geschäftsstelle answers."""

    careful = ("answer",)

    answer = forms.CharField(
        label="Was antworten Sie?",
        help_text=f"Das liest, wer um die Änderung gebeten hat. Höchstens {LONGEST} Zeichen.",
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=LONGEST,
    )


class SendFileForm(forms.Form):
    """Which recipients without an account get the file by mail."""

    recipients = forms.MultipleChoiceField(
        label="Wer soll das Protokoll als PDF erhalten?", widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: QueryDict | None, *, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(data)
        offer(self, "recipients", choices)
