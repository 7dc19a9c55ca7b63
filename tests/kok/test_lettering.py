"""Which signs names and addresses may hold: what looks like another name, or becomes a link, is none."""

import pytest
from django import forms
from django.core.exceptions import ValidationError

from kok.lettering import (
    problem_in_address,
    problem_in_label,
    problem_in_person,
    problem_in_text,
    problem_in_user_name,
    tidy,
)
from kok.models import AddressChange

PEOPLE = [
    "Clara Klick", "Özgür Yıldız", "Zoë D’Arcy-Müller", "Nguyễn Thị Hạnh", "Łukasz Dvořák", "Dr. Weiß", "Þóra",
    "O'Neill", "Əliyev", "Muster (Vertretung)",
]  # fmt: skip
LABELS = [
    "Landkreis Fulda",
    "Fachdienst 2.1: Teilhabe & Pflege",
    "Europaplatz 1–3",
    "„Nord“ (§ 6)",
    "LWV Hessen / 205.6",
]
USER_NAMES = ["a", "Abel", "eva.muster", "abel-2", "abel_b", "lwv-registrar-12", "li.xu"]
ADDRESSES = ["clara.klick@wk.example", "a@xn--ample-ddd.example", "o'neill+kok@example.org"]


@pytest.mark.parametrize("name", PEOPLE)
def test_given_a_name_as_people_bear_it_when_typed_then_it_is_taken(name):
    assert problem_in_person(name) == problem_in_label(name) == ""


@pytest.mark.parametrize("name", LABELS)
def test_given_a_name_of_an_office_when_typed_then_digits_and_ordinary_signs_are_taken(name):
    assert problem_in_label(name) == ""


@pytest.mark.parametrize("name", USER_NAMES)
def test_given_a_user_name_when_typed_then_letters_digits_and_one_dot_are_taken(name):
    assert problem_in_user_name(name) == ""


@pytest.mark.parametrize("address", ADDRESSES)
def test_given_a_plain_address_when_typed_then_it_is_taken(address):
    assert problem_in_address(address) == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("Clara Kli\u0441k", "„\u0441“ (U+0441, kyrillisch)"),
        ("\u0391nna", "griechisch"),
        ("Cl\u0251ra", "U+0251"),  # Latin by its name, and looks like an a
        ("\uff23lara", "in voller Breite"),
        ("\U0001d402lara", "aus der Mathematik"),
        ("C\u217cara", "U+217C"),
        ("Cla\u200bra", "das man nicht sieht oder das andere verändert (U+200B)"),
        ("Cla\u202era", "U+202E"),
        ("\u2066Clara", "U+2066"),
        ("\u3164", "U+3164"),
        ("\u115f\u1160", "U+115F"),
        ("Cla\u00adra", "U+00AD"),
        ("Clara\ufeff", "U+FEFF"),
        ("Cla\u034fra", "U+034F"),
        ("Clara\u2800Klick", "U+2800"),
        ("Clara\nKlick", "Zeilenumbruch"),
        ("Clara\x07", "U+0007"),
        ("evil\u2024example", "U+2024"),
        ("bestätigen\uff1a\uff0f\uff0fevil", "U+FF1A"),
        ("\U0001f600", "Dieses Zeichen gibt es hier nicht"),
    ],
)
def test_given_a_sign_that_looks_like_another_or_like_none_when_typed_then_the_sentence_names_it(wrong, said):
    for rule in (problem_in_person, problem_in_label, problem_in_user_name, problem_in_address):
        assert rule(wrong), rule
        assert rule(wrong).endswith("."), rule
    assert said in problem_in_label(wrong)


@pytest.mark.parametrize("wrong", ["Clara 2", "Clara_Klick", "<b>Clara</b>", "Clara/Klick", "bestätigen: ja"])
def test_given_signs_of_other_things_when_typed_as_a_person_then_they_are_refused(wrong):
    assert problem_in_person(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "dringend bestätigen: https://evil.example/kok?",
        "WWW.evil.example",
        "jetzt www.x",
        "evil.com/kok",
        "mailto:a@b.museum",
    ],
)
def test_given_a_name_that_mails_would_make_a_link_when_typed_then_it_is_refused(wrong):
    assert problem_in_label(wrong)
    assert problem_in_person(wrong)


@pytest.mark.parametrize(
    "wrong",
    [
        "www.evil.example", "www.evil", "WWW.Evil", "evil.example", "evil.com", "a.b.c", "klick@wk", "k+1", "öztürk",
        "1a", ".a", "a.", "-rf", "_a", "a b", "a;", "",
    ],
)  # fmt: skip
def test_given_a_user_name_like_a_host_or_with_other_signs_when_typed_then_it_is_refused(wrong):
    assert problem_in_user_name(wrong)


@pytest.mark.parametrize(
    "wrong", ["clara.klick@wk.\u0435хample", "clar\u0430@wk.example", "m@exa\u00adm.example", "\u212aai@x.de"]
)
def test_given_an_address_with_other_signs_than_plain_ones_when_typed_then_it_is_refused(wrong):
    assert problem_in_address(wrong)


@pytest.mark.parametrize(
    "wrong", ['"clara"@wk.example', r'"cl\ara"@wk.example', "clara@[127.0.0.1]", "clara@[IPv6:::1]"]
)
def test_given_another_spelling_of_an_address_when_typed_into_a_field_then_it_is_refused_in_words(wrong):
    for field in (forms.EmailField(), AddressChange._meta.get_field("email").formfield()):
        with pytest.raises(ValidationError, match="ohne Anführungszeichen, Klammern"):
            field.clean(wrong)


def test_given_the_same_name_written_in_two_ways_when_tidied_then_it_is_one():
    assert tidy("  Zoe\u0308\u00a0 Weiß ") == "Zoë Weiß"


TEXTS = ["", "Zeile\n\tzwei\r\n", "3\u00a0% von 10\u202f000 Euro ❤\ufe0f", "Αθήνα, Москва, 東京"]
UNSEEN = [
    ("zahlt \u202e000.01\u202c", "An der 7. Stelle, nach „zahlt“, steht ein Zeichen", "U+202E"),
    ("\u2066x", "An der 1. Stelle steht ein Zeichen", "U+2066"),
    ("Zirbel\u00adnuss", "An der 7. Stelle, nach „Zirbel“, steht", "U+00AD"),
    *((f"a{sign}b", "An der 2. Stelle, nach „a“, steht", f"U+{ord(sign):04X}")
      for sign in "\0\x0b\u061c\u115f\u200b\u200d\u200f\u2028\u2029\u202a\u2060\u2069\u2800\u3164\ue000\ufeff"),
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_given_a_text_with_signs_that_one_sees_when_typed_then_it_is_taken(text):
    assert problem_in_text(text) == ""


@pytest.mark.parametrize(("text", "place", "code"), UNSEEN)
def test_given_a_sign_in_a_text_that_nobody_sees_when_typed_then_its_place_and_code_are_told(text, place, code):
    told = problem_in_text(text)
    assert told.startswith(place)
    assert f"({code}). Löschen Sie es" in told
