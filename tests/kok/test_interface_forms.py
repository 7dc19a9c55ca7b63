"""The crispy pack "kern": every field is rendered, every error is tied to its field, nothing typed is lost."""

import re
from datetime import date, time

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.template import Context, Template

from meetings.models import AgendaItem

CHOICES = [("a", "Vor Ort"), ("b", "Video")]
FIELDS = {
    "text": forms.CharField(help_text="Kurz."),
    "area": forms.CharField(widget=forms.Textarea),
    "choice": forms.ChoiceField(choices=CHOICES),
    "radio": forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text="Eins davon."),
    "many": forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple),
    "check": forms.BooleanField(),
    "day": forms.DateField(),
    "at": forms.TimeField(),
    "moment": forms.DateTimeField(),
    "file": forms.FileField(),
    "secret": forms.CharField(widget=forms.PasswordInput),
    "mail": forms.EmailField(),
    "number": forms.IntegerField(),
}


def form_of(*names: str, **kwargs: object) -> forms.Form:
    return type("Asked", (forms.Form,), {name: FIELDS[name] for name in names})(**kwargs)


def drawn(form: object) -> str:
    return Template("{% load crispy_forms_tags %}{{ form|crispy }}").render(Context({"form": form}))


@pytest.mark.parametrize("name", FIELDS)
def test_given_any_field_when_rendered_then_it_has_a_label_and_a_kern_input(name):
    html = drawn(form_of(name))
    assert re.search(rf'name="{name}"', html)
    assert "kern-form-" in html
    assert 'class="kern-label"' in html
    for target in re.findall(r'<label[^>]* for="([^"]+)"', html):
        assert f'id="{target}"' in html


@pytest.mark.parametrize("name", FIELDS)
def test_given_an_empty_required_field_when_sent_then_its_error_is_tied_to_it_and_linked_from_the_summary(name):
    html = drawn(form_of(name, data={}, files={}))
    error = f"id_{name}_error"
    assert f'id="{error}"' in html
    assert re.search(rf'aria-describedby="[^"]*\b{error}\b', html)
    assert 'aria-invalid="true"' in html
    assert 'role="alert"' in html
    (target,) = re.findall(r'<a\s+href="#([^"]+)"', html)
    assert f'id="{target}"' in html


def test_given_a_hint_when_rendered_then_field_or_group_points_to_it():
    html = drawn(form_of("text", "radio"))
    assert 'aria-describedby="id_text_helptext"' in html
    assert re.search(r'<fieldset[^>]* aria-describedby="id_radio_helptext"', html)


def test_given_options_when_rendered_then_one_of_many_is_a_radio_and_many_are_boxes():
    assert drawn(form_of("radio")).count('type="radio"') == 2
    assert drawn(form_of("many")).count('type="checkbox"') == 2


def test_given_an_optional_field_when_rendered_then_it_says_so_and_a_required_one_does_not():
    class Asked(forms.Form):
        place = forms.CharField(required=False)
        day = forms.DateField(required=False)
        title = forms.CharField()

    html = drawn(Asked())
    assert html.count("optional)") == 2
    assert "(TT.MM.JJJJ, optional)" in html


def test_given_dates_and_times_when_rendered_then_they_are_written_in_german_and_read_back():
    html = drawn(form_of("day", "at", initial={"day": date(2027, 4, 30), "at": time(10, 0)}))
    assert 'value="30.04.2027"' in html
    assert 'value="10:00"' in html
    for typed in ("30.04.2027", "2027-04-30"):
        form = form_of("day", "at", data={"day": typed, "at": "10:00"})
        assert form.is_valid(), form.errors
        assert form.cleaned_data == {"day": date(2027, 4, 30), "at": time(10, 0)}


def test_given_a_day_that_does_not_exist_when_sent_then_it_still_stands_there_and_the_error_says_what_to_do():
    html = drawn(form_of("day", data={"day": "31.02.2027"}))
    assert 'value="31.02.2027"' in html
    assert "Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 30.04.2027." in html


def test_given_a_rendered_form_when_rendered_again_then_nothing_piles_up():
    form = form_of("day")
    assert drawn(form) == drawn(form)


def test_given_a_refusal_alone_when_rendered_then_the_heading_does_not_send_one_to_check_what_was_typed():
    """Somebody else was quicker, or the page came incomplete: nothing typed is wrong."""

    class Asked(forms.Form):
        text = forms.CharField(required=False)
        revision = forms.IntegerField(widget=forms.HiddenInput)

    refused, incomplete, mistyped = Asked({"revision": 1}), Asked({}), form_of("number", data={"number": "viel"})
    refused.add_error(None, "Jemand war schneller.")
    for form in (refused, incomplete):
        assert "Das wurde nicht ausgeführt" in drawn(form)
        assert "Bitte prüfen Sie Ihre Angaben" not in drawn(form)
    mistyped.add_error(None, "Jemand war schneller.")
    assert "Bitte prüfen Sie Ihre Angaben" in drawn(mistyped)


@pytest.mark.parametrize("sign", ["\u202e", "\u2067", "\u200b", "\0"])
@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (forms.CharField(), "vor{}nach"),
        (forms.CharField(widget=forms.Textarea), "vor\r\n\t{}nach"),
        (forms.URLField(assume_scheme="https"), "https://konferenz.example/vor{}nach"),
        (forms.EmailField(), "vor{}nach@example.org"),
        (AgendaItem._meta.get_field("note").formfield(), "vor{}nach"),
        (AgendaItem._meta.get_field("title").formfield(), "vor{}nach"),
    ],
)
def test_given_any_field_for_text_when_a_sign_that_nobody_sees_is_typed_then_it_is_refused(field, typed, sign) -> None:
    with pytest.raises(ValidationError) as refused:
        field.clean(typed.format(sign))
    assert f"(U+{ord(sign):04X}). Löschen Sie es, oder tippen Sie die Angabe neu." in " ".join(refused.value.messages)
    assert field.clean(typed.format(""))


def test_given_typed_markup_when_a_field_shows_it_again_then_it_is_escaped():
    class Form(forms.Form):
        text = forms.CharField()

    assert "&lt;script&gt;" in str(Form({"text": '"><script>'})["text"])
    assert "<script>" not in str(Form({"text": '"><script>'})["text"])
