"""What an auditor looks for in the access log; everything stands in the address, and nothing of it is a name."""

import re

from django import forms
from django.http import QueryDict

from kok.codes import choices
from kok.forms import offer
from transitions.forms.case_ref import CaseRefField
from transitions.queries.log import LogFilter
from transitions.rules.codes import LogAction


class EndsForm(forms.Form):
    """The mail with the ends of the chains, pasted whole."""

    nachricht = forms.CharField(
        label="Text der Nachricht", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Fügen Sie die ganze Nachricht „Enden der Ketten“ ein, gern auch eine ältere.",
    )  # fmt: skip

    def clean_nachricht(self) -> list[str]:
        """The seals in it. Nothing at all is no mistake."""
        text: str = self.cleaned_data["nachricht"]
        found = re.findall(r"\b[0-9a-f]{64}\b", text)
        if text.strip() and not found:
            raise forms.ValidationError("In diesem Text steht kein Siegel. Fügen Sie die ganze Nachricht ein.")
        return found


class LogFilterForm(forms.Form):
    """The filters above the log; nothing chosen means all. Accounts are chosen by number: a name is no address."""

    von = forms.DateField(label="Von", required=False)
    bis = forms.DateField(label="Bis", required=False)
    konto = forms.TypedChoiceField(label="Konto", coerce=int, empty_value=None, required=False)
    vorgang = forms.ChoiceField(label="Vorgang", required=False)
    fall = CaseRefField(label="Fallzeichen")
    jahr = forms.TypedChoiceField(label="Jahr der Liste", coerce=int, empty_value=None, required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        accounts: list[tuple[int, str]],
        years: list[int],
    ) -> None:
        super().__init__(data)
        offer(self, "konto", [("", "alle"), *accounts])
        offer(self, "vorgang", [("", "alle"), *choices(LogAction)])
        offer(self, "jahr", [("", "alle"), *((each, str(each)) for each in years)])

    @property
    def wanted(self) -> LogFilter:
        """The filter; what cannot be read is left out, so that an edited address still shows the log."""
        self.is_valid()
        found = self.cleaned_data
        return LogFilter(
            from_on=found.get("von"),
            until_on=found.get("bis"),
            account=found.get("konto"),
            action=found.get("vorgang") or "",
            case_ref=found.get("fall") or "",
            list_year=found.get("jahr"),
        )
