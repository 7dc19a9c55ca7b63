"""What the crispy template pack "kern" asks of a form field."""

from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.dateparse import parse_date
from django.utils.safestring import SafeString

register = template.Library()

# Native pickers take and give ISO values. The first class that fits counts.
PICKERS: tuple[tuple[type[forms.Widget], str, str], ...] = (
    (forms.DateTimeInput, "datetime-local", "%Y-%m-%dT%H:%M"),
    (forms.DateInput, "date", "%Y-%m-%d"),
    (forms.TimeInput, "time", "%H:%M"),
)


@register.filter
def kind(field: BoundField) -> str:
    """How a field is laid out: hidden, group (several inputs), check (one box), select or input."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect):
        return "group"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "select" if isinstance(widget, forms.Select) else "input"


@register.filter
def option_kind(field: BoundField) -> str:
    """`radio` or `checkbox` for the options of a group; Django derives the second widget from the first."""
    return "checkbox" if isinstance(field.field.widget, forms.CheckboxSelectMultiple) else "radio"


@register.filter
def focus_id(field: BoundField) -> str:
    """The id an error link jumps to: the input, or the first option of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def control(field: BoundField) -> SafeString:
    """The input itself with KERN's classes; Django adds aria-invalid and aria-describedby for hint and error."""
    widget = _picker(field) or field.field.widget
    block = {"check": "kern-form-check__checkbox", "select": "kern-form-input__select"}.get(
        kind(field), "kern-form-input__input"
    )
    css = f"{block} {block}--error" if field.errors else block
    own = widget.attrs.get("class", "")
    return field.as_widget(widget=widget, attrs={"class": f"{own} {css}".strip()})


def _picker(field: BoundField) -> forms.Widget | None:
    """A native date or time input, unless it would swallow what somebody typed (it shows ISO values only)."""
    for base, input_type, format_ in PICKERS:
        if isinstance(field.field.widget, base):
            if input_type == "date" and not _is_date(field.value()):
                return None
            attrs = {**field.field.widget.attrs, "type": input_type}
            return type(field.field.widget)(attrs=attrs, format=format_)
    return None


def _is_date(value: Any) -> bool:
    if value in (None, "") or isinstance(value, (date, datetime)):
        return True
    try:
        return parse_date(str(value)) is not None
    except ValueError:
        return False
