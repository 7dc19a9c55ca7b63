"""A day with its weekday or the name of its month, in every form with such a field."""

from datetime import date

import pytest
from django import forms

from meetings.convening.forms.planning import DayForm
from tests.kok.test_interface_forms import drawn


class Asked(forms.Form):
    on = forms.DateField()


@pytest.mark.parametrize(
    "typed",
    [
        "01.07.2027", "1.7.2027", "1.7.27", "2027-07-01", "1. 7. 2027", "Do 01.07.2027", "Do. 1.7.2027", "do, 1.7.27",
        "Do., 01.07.2027", "Donnerstag, 1. Juli 2027", "Donnerstag, den 1. Juli 2027", "DONNERSTAG 1.Juli 2027",
        "1. Juli 2027", "1. Jul. 2027", "  Do  01.07.2027 ", "Do 2027-07-01",
    ],
)  # fmt: skip
def test_given_a_day_as_people_write_it_when_typed_then_it_is_that_day(typed):
    form = Asked({"on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2027, 7, 1)


@pytest.mark.parametrize("typed", ["3. März 2027", "3. Mär. 2027", "3. Mrz. 2027"])
def test_given_march_when_typed_with_its_umlaut_or_without_vowel_then_it_is_march(typed):
    form = Asked({"on": typed})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["on"] == date(2027, 3, 3)


@pytest.mark.parametrize("typed", ["Sa 03.07.2027", "Samstag, 3. Juli 2027", "Sonnabend, 3. Juli 2027"])
def test_given_a_saturday_when_typed_by_each_of_its_names_then_it_is_that_day(typed):
    assert Asked({"on": typed}).is_valid()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Fr 01.07.2027", "Der 01.07.2027 ist ein Donnerstag, kein Freitag."),
        ("Sonnabend, 1. Juli 2027", "Der 01.07.2027 ist ein Donnerstag, kein Samstag."),
        ("Mittwoch, den 31.12.27", "Der 31.12.2027 ist ein Freitag, kein Mittwoch."),
    ],
)
def test_given_a_weekday_of_another_day_when_typed_then_the_error_names_the_right_one_and_keeps_what_was_typed(
    typed, told
):
    form = Asked({"on": typed})
    assert form.errors == {"on": [f"{told} Prüfen Sie, welcher Tag gemeint ist."]}
    assert f'value="{typed}"' in drawn(form)


@pytest.mark.parametrize(
    "typed", ["Donnerstag", "Xy 01.07.2027", "31. Juni 2027", "1. Ju 2027", "1. J. 2027", "Do 7.2027"]
)
def test_given_what_is_no_day_when_typed_then_it_is_refused_with_how_to_write_one(typed):
    assert Asked({"on": typed}).errors == {"on": ["Diesen Tag gibt es so nicht. Schreiben Sie ihn wie 30.04.2027."]}


def test_given_a_form_of_a_model_when_a_weekday_is_wrong_then_it_says_so_too():
    form = DayForm({"meets_on": "Fr 01.07.2027"}, today=date(2027, 1, 4), holidays=())
    assert "ist ein Donnerstag, kein Freitag" in form.errors["meets_on"][0]
