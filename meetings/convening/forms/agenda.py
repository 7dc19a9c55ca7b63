"""Items of an agenda."""

from typing import Any, cast

from django import forms

from meetings.convening.models import AgendaItem


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
        empty_label="als eigener Punkt",
    )
    field_order = ["title", "parent", "note"]

    def __init__(self, *args: Any, tops: list[AgendaItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast("forms.ModelChoiceField", self.fields["parent"])
        field.queryset = AgendaItem.objects.filter(pk__in=[item.pk for item in tops])
        field.choices = [
            ("", field.empty_label),
            *((item.pk, f"unter TOP {item.number} {item.title}") for item in tops),
        ]
