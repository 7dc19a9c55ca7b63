"""A decision is asked partner by partner; where one does not consent, the positions are asked instead."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict

from kok.articles import vom
from kok.forms import offer, with_an_answer
from meetings.record.models.minutes import LONGEST_WORDING
from members.models import Partner


class ResolutionForm(forms.Form):
    """The wording and who consents. There are no votes and no heads to count."""

    text = forms.CharField(
        label="Was wird beschlossen?",
        help_text="Der Wortlaut, wie er gelten soll.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDING,
    )
    consenting = with_an_answer(
        forms.MultipleChoiceField(
            label="Welche Partner stimmen zu?",
            help_text="Ein Beschluss entsteht nur im Einvernehmen aller Partner.",
            widget=forms.CheckboxSelectMultiple,
        )
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        partners: list[Partner],
        auto_id: str,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, auto_id=auto_id)
        offer(self, "consenting", ((str(partner.pk), f"{partner.short_name} stimmt zu") for partner in partners))

    @property
    def consent(self) -> frozenset[int]:
        """The partners that consent."""
        return frozenset(map(int, self.cleaned_data["consenting"]))


class PositionsForm(forms.Form):
    """What each partner holds, where no consensus was reached; `there`: what stands there now, by partner."""

    proposal = forms.CharField(
        label="Worüber bestand kein Einvernehmen?",
        help_text="Der Wortlaut, der vorgeschlagen war. Er steht im Protokoll vor den Auffassungen.",
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_WORDING,
        required=False,
    )

    def __init__(
        self,
        data: QueryDict | None,
        *,
        partners: list[Partner],
        there: Mapping[int, str],
        proposal: str,
        auto_id: str,
    ) -> None:
        super().__init__(data, initial={"proposal": proposal}, auto_id=auto_id)
        self._partners = [partner.pk for partner in partners]
        for partner in partners:
            self.fields[f"position_{partner.pk}"] = forms.CharField(
                label=f"Was ist die Auffassung {vom(partner.short_name)}?",
                widget=forms.Textarea(attrs={"rows": 3}),
                max_length=LONGEST_WORDING,
                initial=there.get(partner.pk),
            )

    @property
    def positions(self) -> dict[int, str]:
        """The text of each partner."""
        return {partner: self.cleaned_data[f"position_{partner}"] for partner in self._partners}
