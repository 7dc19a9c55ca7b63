"""What the crispy template pack "kern" asks of a form field."""

from dataclasses import dataclass

from django import forms, template
from django.forms.boundfield import BoundField
from django.forms.widgets import DateTimeBaseInput
from django.utils.safestring import SafeString

register = template.Library()

# Dates and times are typed as people write them, in every browser and whatever its language; frame.js adds a
# calendar to dates. A native date input would show the order of the browser's own language.
WRITTEN: tuple[tuple[type[DateTimeBaseInput], str, str], ...] = (
    (forms.DateTimeInput, "%d.%m.%Y %H:%M", "TT.MM.JJJJ und Uhrzeit"),
    (forms.DateInput, "%d.%m.%Y", "TT.MM.JJJJ"),
    (forms.TimeInput, "%H:%M", "zum Beispiel 10:00"),
)


@dataclass(frozen=True)
class Layout:
    """How KERN lays a field out: its block, its control, and what decides on the order of the two and the label."""

    block: str = "kern-form-input"
    control: str = "kern-form-input__input"
    option: str = ""  # of a group of inputs: what each of them is
    is_box: bool = False  # one box, before its label
    is_list: bool = False


# The first that fits: Django derives the widget for many options from the one for a choice of one.
_LAYOUTS: tuple[tuple[type[forms.Widget], Layout], ...] = (
    (forms.CheckboxSelectMultiple, Layout(option="checkbox")),
    (forms.RadioSelect, Layout(option="radio")),
    (forms.CheckboxInput, Layout("kern-form-check", "kern-form-check__checkbox", is_box=True)),
    (forms.Select, Layout(control="kern-form-input__select", is_list=True)),
    (forms.Widget, Layout()),
)


@register.filter
def layout(field: BoundField) -> Layout:
    """How a field is laid out."""
    return next(laid for kind, laid in _LAYOUTS if isinstance(field.field.widget, kind))


@register.filter
def focus_id(field: BoundField) -> str:
    """The id an error link jumps to: the input, or the first option of a group."""
    return field.id_for_label or f"{field.auto_id}_0"


@register.filter
def spoken_label(field: BoundField) -> str:
    """The label in front of its error: a question needs no colon."""
    label = str(field.label)
    return label if label.endswith(("?", ".", "!", ":")) else f"{label}:"


@register.filter
def error_title(form: forms.BaseForm) -> str:
    """What stands above the errors: only where one is at something that was typed there is something to check."""
    is_typed = any(field.errors for field in form.visible_fields())
    return "Bitte prüfen Sie Ihre Angaben" if is_typed else "Das wurde nicht ausgeführt"


@register.filter
def remark(field: BoundField) -> str:
    """What stands in brackets behind a label: how to write a date or time, and whether the field is optional."""
    written = [how for base, _format, how in WRITTEN if isinstance(field.field.widget, base)]
    return ", ".join(written + (["optional"] if is_optional(field) else []))


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether a field may be left empty by everybody: not one that belongs to an answer which demands it."""
    return not (field.field.required or getattr(field.field, "belongs_to_an_answer", False))


@register.filter
def control(field: BoundField) -> SafeString:
    """The input itself with KERN's classes; Django adds aria-invalid and aria-describedby for hint and error."""
    block = layout(field).control
    css = f"{block} {block}--error" if field.errors else block
    widget = _written(field.field.widget)
    own = widget.attrs.get("class", "")
    widget.attrs.pop("placeholder", None)  # the label says it, and stays while one types
    return field.as_widget(widget=widget, attrs={"class": f"{own} {css}".strip()})


def _written(widget: forms.Widget) -> forms.Widget:
    """Date and time widgets as text inputs in German notation; what was typed wrongly stays as it was typed."""
    for base, format_, _how in WRITTEN:
        if isinstance(widget, base):
            attrs = {**widget.attrs, "type": "text", "data-written": base.__name__, "autocomplete": "off"}
            return base(attrs=attrs, format=format_)
    return widget
