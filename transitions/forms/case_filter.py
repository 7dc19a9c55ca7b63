"""What to show of the cases of a version."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.http import QueryDict

from kok.forms import offer, sent
from transitions.pages.case_filter import Choices, Picked, facilities, municipalities, stands
from transitions.pages.case_lines import CaseLine

LATE = "nachmeldungen"


def offered(form: forms.Form) -> QueryDict:
    """What an address says, without what is not, or no longer, among the choices: that counts as nothing chosen."""
    given = sent(form)
    for name, field in form.fields.items():
        if isinstance(field, forms.ChoiceField) and not field.valid_value(given.get(name, "")):
            given.pop(name, None)
    return given


class CaseFilterForm(forms.Form):
    """Stands in the address of the page; nothing chosen means all. Offers what these cases differ in."""

    gemeinde = forms.ChoiceField(label="Gemeinde", required=False)
    einrichtung = forms.ChoiceField(label="Einrichtung", required=False)
    stand = forms.ChoiceField(label="Stand", required=False)
    meldung = forms.ChoiceField(label="Meldung", required=False)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        lines: Sequence[CaseLine],
        is_draft: bool = False,
    ) -> None:
        super().__init__(data)
        late = sum(line.row.case.is_late for line in lines)
        self._offer("gemeinde", municipalities(lines))
        self._offer("einrichtung", facilities(lines))
        self._offer("stand", stands(lines, is_draft=is_draft))
        self._offer("meldung", [(LATE, f"nur Nachmeldungen ({late})")] if 0 < late < len(lines) else [], at_least=1)
        self.lines = lines
        self.data = offered(self)

    def _offer(self, name: str, choices: Choices, *, at_least: int = 2) -> None:
        """What is the same for all cases is not asked."""
        if len(choices) >= at_least:
            offer(self, name, [("", "alle"), *choices])
        else:
            del self.fields[name]

    @property
    def _chosen(self) -> dict[str, str]:
        """What cannot be read is left out, so that an edited address still shows the list."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def picked(self) -> list[CaseLine]:
        """The cases that are wanted, in their order."""
        found = self._chosen
        wanted = Picked(
            municipality=found.get("gemeinde", ""),
            facility=found.get("einrichtung", ""),
            stand=found.get("stand", ""),
            is_late="meldung" in found,
        )
        return [line for line in self.lines if wanted.fits(line)]

    @property
    def query(self) -> str:
        """The filter as it stands in an address, to be kept on the way; empty without one."""
        return urlencode(self._chosen)
