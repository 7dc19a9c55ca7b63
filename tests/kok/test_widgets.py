"""What we write in Python for speed is what Django's templates would write."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from hypothesis import given
from hypothesis import strategies as st

from kok.widgets import Renderer

CHOICES = [("", "—"), ("a&b", "Müller & <Söhne>"), ("Gruppe <1>", [("x", '"eins"'), ("y", "zwei")]), (7, "sieben")]
WIDGETS = [
    forms.TextInput(),
    forms.NumberInput(),
    forms.EmailInput(),
    forms.URLInput(),
    forms.PasswordInput(render_value=True),
    forms.HiddenInput(),
    forms.DateInput(),
    forms.DateTimeInput(),
    forms.TimeInput(),
    forms.CheckboxInput(),
    forms.Textarea(),
    forms.Select(choices=CHOICES),
    forms.SelectMultiple(choices=CHOICES),
]
values = st.one_of(st.none(), st.text(), st.integers(), st.sampled_from(["a&b", "x", "7"]))
attributes = st.dictionaries(
    st.sampled_from(["class", "rows", "data-x", "required", "disabled"]), st.one_of(st.booleans(), st.text())
)


@pytest.mark.parametrize("widget", WIDGETS, ids=lambda widget: type(widget).__name__)
@given(value=values, attrs=attributes)
def test_given_any_value_and_attributes_when_a_widget_is_written_then_it_is_what_djangos_template_writes(
    widget: forms.Widget, value: Any, attrs: dict[str, Any]
):
    ours, theirs = (
        widget.render("<name>", value, attrs=attrs, renderer=renderer) for renderer in (Renderer(), TemplatesSetting())
    )
    assert ours == theirs


def test_given_typed_markup_when_a_field_shows_it_again_then_it_is_escaped():
    class Form(forms.Form):
        text = forms.CharField()

    assert "&lt;script&gt;" in str(Form({"text": '"><script>'})["text"])
    assert "<script>" not in str(Form({"text": '"><script>'})["text"])
