"""One enumeration for a state: its code, its word, its tone."""

import json

from django.db import models

from kok.codes import Code, choices


class Weather(Code):
    DRY = "DRY", "trocken", "success"
    WET = "WET", "nass"


def test_given_a_code_when_compared_stored_or_written_then_it_is_its_value():
    assert Weather.DRY == "DRY"
    assert Weather("WET") is Weather.WET
    assert (f"{Weather.DRY}", str(Weather.WET), json.dumps(Weather.DRY)) == ("DRY", "WET", '"DRY"')
    assert {"DRY": 1}[Weather.DRY] == 1


def test_given_a_code_when_shown_then_it_has_its_word_and_a_tone_that_is_quiet_unless_told():
    assert [(each.label, each.tone) for each in Weather] == [("trocken", "success"), ("nass", "neutral")]


def test_given_codes_when_a_field_takes_them_then_they_are_plain_strings_so_that_migrations_stay_readable():
    field = models.CharField(choices=choices(Weather), default=Weather.WET)
    assert field.choices == [("DRY", "trocken"), ("WET", "nass")]
    assert {type(value) for value, _label in choices(Weather)} == {str}
