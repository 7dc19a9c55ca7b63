"""When a text names a person of the list (domain.md 5.5, Minutes check)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transitions.rules.names import People, TextWords, name_words

MALWINE = People([("Zirbelnuss", "Malwine")])
FILLER = st.sampled_from(["und", "die", "Zirbelnüsse", "Malwin", "2027", "Zirbel", "nuss", "KoK", "§"])


@pytest.mark.parametrize(
    "text",
    [
        "Malwine Zirbelnuss",
        "Zirbelnuss, Malwine",
        "Es ging um MALWINE ZIRBELNUSS.",
        "malwine zirbelnuß",
        "Malwines Schule und Frau Zirbelnuss",
        "Malwine (Schülerin aus Friedberg), Familie Zirbelnuss",
        "Malwine\nZirbelnuss",
        "Malwine_Zirbelnuss",
        "Zirbel\u00adnuss, Mal\u200bwine",
        "Malwine Zirbelnuss-Linde",
        "Anna-Malwine Zirbelnuss",
        "Malwine Zirbelnuss' Mutter",
    ],
)
def test_given_a_text_with_both_names_when_asked_then_it_names_her(text):
    assert MALWINE.stand_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Zirbelnuss",
        "Malwine",
        "Malwine eins zwei drei vier fünf Zirbelnuss",
        "Zirbelnusskuchen von Malwine",
        "Malwinental und Zirbelnuss",
        "Malwine Zirbel-Nuss GmbH".replace("Zirbel-Nuss", "Zirbel"),
    ],
)
def test_given_one_name_or_parts_or_too_far_apart_when_asked_then_nobody_is_named(text):
    assert not MALWINE.stand_in(text)


@pytest.mark.parametrize(
    ("family", "first", "text"),
    [
        ("Müller", "Jürgen", "Juergen Mueller"),
        ("Mueller", "Juergen", "Jürgen Müller"),
        ("Groß", "Renée", "Renee GROSS"),
        ("Müller-Lüdenscheidt", "Anna", "Anna Lüdenscheidt"),
        ("Müller-Lüdenscheidt", "Anna", "Anna Müller"),
        ("Müllerlüdenscheidt", "Anna", "Anna Müller-Lüdenscheidt"),
        ("von der Heide", "Ida", "Ida Heide"),
        ("Heide", "Ida", "Ida von der Heide"),
        ("Adam", "Hans Peter", "Peter Adam"),
        ("Adam", "Hans-Peter", "Hanspeter Adam"),
        ("Adam", "Hanspeter", "Hans-Peter Adam"),
        ("Adam", "Anna M.", "Anna Adam"),
        ("O'Brien", "Siân", "Sian O’Brien"),
        ("Łukasz", "Øystein", "Oystein Lukasz"),
        ("Ng", "Bo", "Bo Ng"),
        ("Al", "Da", "Da Al"),
        ("Yılmaz", "İlkay", "Ilkay Yilmaz"),
    ],
)
def test_given_other_spellings_when_asked_then_the_person_is_found(family, first, text):
    assert People([(family, first)]).stand_in(text)
    assert People([(family, first)]).stand_in(unicodedata.normalize("NFD", text))


def test_given_a_particle_or_an_initial_when_asked_then_it_names_nobody():
    assert not People([("von der Heide", "Ida")]).stand_in("Ida von der Stelle")
    assert not People([("Adam", "Anna M.")]).stand_in("Herr M. Adam")
    assert name_words("von der Heide") == {"heide", "vonderheide"}


def test_given_one_word_that_is_both_names_when_it_stands_there_once_then_nobody_is_named():
    martin = People([("Martin", "Martin")])
    assert not martin.stand_in("St. Martin")
    assert martin.stand_in("Martin Martin")


@given(st.lists(FILLER, max_size=10), st.booleans())
def test_given_any_words_between_when_asked_then_five_words_apart_is_near_and_six_is_not(between, turned):
    names = ["Zirbelnuss", "Malwine"] if turned else ["Malwine", "Zirbelnuss"]
    words = [each for each in between if each != "§"]  # a sign is no word
    assert MALWINE.stand_in(" ".join([names[0], *between, names[1]])) == (len(words) < 5)


@given(st.text(max_size=60), st.text(max_size=60))
def test_given_any_text_when_asked_then_there_is_an_answer_and_a_name_in_it_is_found(before, after):
    MALWINE.stand_in(before + after)
    assert MALWINE.stand_in(f"{before} Malwine Zirbelnuss {after}")


NAMES = st.text(alphabet="abcäöüßéèçøłÄÖÜñŠ-' ", min_size=1, max_size=20).filter(lambda text: text.strip(" -'"))


@given(NAMES, NAMES)
def test_given_any_name_when_it_is_written_in_capitals_or_taken_apart_then_it_is_found(family, first):
    someone = People([(family, first)])
    assert someone.stand_in(f"{first} {family}")
    assert someone.stand_in(unicodedata.normalize("NFD", f"{family}, {first}".upper()))


@given(NAMES)
def test_given_any_name_when_read_as_a_text_then_each_of_its_words_is_a_word_of_the_text(name):
    told = set(TextWords.of(name).places)
    assert name_words(name) & told
