"""Items of an agenda."""

from collections.abc import Mapping

from django import forms

from kok.forms import offer, offer_rows
from meetings.convening.models import AgendaItem

ALONE = "als eigener Punkt"


class ItemForm(forms.ModelForm):
    """Title and explanation of an item; for a new one also where it belongs."""

    class Meta:
        model = AgendaItem
        fields = ["title", "note"]
        labels = {"title": "Worum geht es?", "note": "Was sollen alle vorher wissen?"}
        help_texts = {"note": "Steht in der Einladung unter dem Punkt. Nennen Sie keine Leistungsberechtigten."}
        widgets = {"note": forms.Textarea(attrs={"rows": 3})}


class NewItemForm(ItemForm):
    """A new item of its own, or below another one."""

    parent = forms.ModelChoiceField(
        queryset=AgendaItem.objects.none(),
        required=False,
        label="Wo steht der Punkt?",
        empty_label=ALONE,
    )
    field_order = ["title", "parent", "note"]

    def __init__(self, data: Mapping[str, object] | None = None, *, tops: list[AgendaItem]) -> None:
        super().__init__(data)
        offer_rows(self, "parent", AgendaItem.objects.filter(pk__in=[item.pk for item in tops]))
        below = ((item.pk, f"unter TOP {item.number} {item.title}") for item in tops)
        offer(self, "parent", [("", ALONE), *below])
