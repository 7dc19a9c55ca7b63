"""A decision is asked partner by partner; where one does not consent, the positions are asked instead."""

from typing import Any

from django import forms

from kok.articles import vom
from kok.forms import offer
from members.models import Partner


class ResolutionForm(forms.Form):
    """The wording and who consents. There are no votes and no heads to count."""

    text = forms.CharField(
        label="Was wird beschlossen?",
        help_text="Der Wortlaut, wie er gelten soll.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=5000,
    )
    consenting = forms.MultipleChoiceField(
        label="Welche Partner stimmen zu?",
        help_text="Ein Beschluss entsteht nur im Einvernehmen aller Partner.",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, partners: list[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "consenting", ((str(partner.pk), f"{partner.short_name} stimmt zu") for partner in partners))

    @property
    def consent(self) -> frozenset[int]:
        """The partners that consent."""
        return frozenset(int(partner) for partner in self.cleaned_data["consenting"])


class PositionsForm(forms.Form):
    """What each partner holds, where no consensus was reached."""

    def __init__(self, *args: Any, partners: list[Partner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for partner in partners:
            self.fields[f"position_{partner.pk}"] = forms.CharField(
                label=f"Was ist die Auffassung {vom(partner.short_name)}?",
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=5000,
            )

    @property
    def positions(self) -> dict[int, str]:
        """The text of each partner."""
        given = self.cleaned_data.items()
        return {int(name.removeprefix("position_")): text for name, text in given if name.startswith("position_")}
