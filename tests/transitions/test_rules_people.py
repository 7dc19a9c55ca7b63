"""What can be true of a person on the list, and who is probably there twice (domain.md 5.3)."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.transitions.world import case_data
from transitions.rules.codes import FacilityBasis, SimilarReason
from transitions.rules.completeness import missing
from transitions.rules.people import MOST_ALIKE, Lookup, check_data, same_person

TODAY = date(2027, 3, 10)
LETTERS = st.text(alphabet="abcäöüßéèçÄÖÜñ-' ", min_size=1, max_size=20).filter(lambda text: text.strip(" -'"))


def fields_of(**changes):
    return [field for field, _ in check_data(case_data(**changes), TODAY)]


def test_given_a_person_as_it_should_be_when_checked_then_nothing_is_wrong():
    assert fields_of() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"family_name": ""}, "family_name"),
        ({"family_name": "  "}, "family_name"),
        ({"family_name": "Zirbelnuss2"}, "family_name"),
        ({"given_name": "=HYPERLINK"}, "given_name"),
        ({"facility_name": "@SUM"}, "facility_name"),
        ({"facility_place": " +cmd"}, "facility_place"),
        ({"contact_unit": "-1+1"}, "contact_unit"),
        ({"facility_name": "Haus\nLinde"}, "facility_name"),
        ({"given_name": "Mal\x00wine"}, "given_name"),
        ({"ga_municipality": "6440008"}, "ga_municipality"),
        ({"ga_municipality": "064400080"}, "ga_municipality"),
        ({"ga_municipality": "٠٦٤٤٠٠٠٨"}, "ga_municipality"),
        ({"contact_phone": "anrufen"}, "contact_phone"),
        ({"contact_phone": "=1+1"}, "contact_phone"),
        ({"contact_phone": "60318300"}, "contact_phone"),
        ({"date_of_birth": TODAY}, "date_of_birth"),
        ({"date_of_birth": date(2028, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(2019, 1, 1)}, "date_of_birth"),
        ({"date_of_birth": date(1992, 12, 31)}, "date_of_birth"),
        ({"date_of_birth": date(1910, 3, 14)}, "date_of_birth"),
        ({"informed_on": date(2027, 3, 11)}, "informed_on"),
        ({"informed_on": date(2021, 12, 31)}, "informed_on"),
        ({"facility_basis": FacilityBasis.SIMILAR}, "similar_reason"),
        ({"similar_reason": SimilarReason.BOARDING_SCHOOL}, "similar_reason"),
    ],
)
def test_given_something_that_cannot_be_when_checked_then_its_field_is_named(changes, field):
    assert fields_of(**changes) == [field]


@pytest.mark.parametrize(
    "changes",
    [
        {"facility_name": "Haus 7 am See"},
        {"given_name": "Anne-Sophie O'Neill"},
        {"date_of_birth": date(2018, 12, 31)},
        {"date_of_birth": date(1993, 1, 1)},
        {"informed_on": TODAY},
        {"informed_on": date(2022, 1, 1)},
        {"informed_on": None},
        {"contact_phone": "+49 (6031) 83-0"},
        {"contact_phone": "(06031) 83-0"},
        {"facility_basis": FacilityBasis.SIMILAR, "similar_reason": SimilarReason.FOSTER_FAMILY},
    ],
)
def test_given_something_rare_that_can_be_when_checked_then_it_is_accepted(changes):
    assert fields_of(**changes) == []


@pytest.mark.parametrize("born", [TODAY, date(2027, 3, 11)])
def test_given_a_birth_today_or_later_when_checked_then_it_is_told_as_one_of_the_future(born):
    told = dict(check_data(case_data(date_of_birth=born), TODAY))
    assert "liegt in der Zukunft" in told["date_of_birth"]


def test_given_a_problem_when_told_then_no_name_and_no_day_of_birth_is_in_the_sentence():
    data = case_data(family_name="Zirbelnuss2", given_name="=Malwine", date_of_birth=date(1910, 3, 14))
    told = " ".join(sentence for _, sentence in check_data(data, TODAY))
    assert all(word not in told for word in ("Zirbelnuss", "Malwine", "1910", "14.03"))


def test_given_nobody_was_informed_when_asked_what_is_missing_then_article_13_is_named():
    assert [(field, "Art. 13" in sentence) for field, sentence in missing(case_data(informed_on=None))] == [
        ("informed_on", True)
    ]
    assert missing(case_data()) == ()


# Duplicates


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"family_name": "ZIRBELNUSS"},
        {"family_name": "Zirbelnuß"},
        {"family_name": "Zirbel-Nuss"},
        {"family_name": " Zirbel  Nuss "},
        {"facility_name": "Anderes Haus"},
        {"date_of_birth": date(2011, 3, 14)},
        {"date_of_birth": date(2011, 3, 14), "facility_name": "INTERNAT HAUS LINDENHOEHE"},
        {"family_name": "Zirbelnus", "facility_name": "Anderes Haus"},
        {"family_name": "Zirblenuss", "given_name": "Malwina"},
        {"family_name": "Zirbelnuss-Quarkstein", "given_name": "Malwine Oda"},
        {"family_name": "Malwine", "given_name": "Zirbelnuss", "facility_name": "Anderes Haus"},
        {"date_of_birth": date(2010, 3, 13), "facility_name": "Anderes Haus"},
        {"date_of_birth": date(2010, 3, 15), "facility_name": "Anderes Haus", "family_name": "Zirbelnus"},
    ],
)
def test_given_one_person_written_differently_when_compared_then_it_is_a_hint(changes):
    assert same_person(case_data(), case_data(**changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"family_name": "Zirbelnus", "date_of_birth": date(2011, 3, 14)},
        {"given_name": "Malwina", "date_of_birth": date(2011, 3, 14)},
        {"given_name": "Mathilde"},
        {"family_name": "Zirbelnase"},
        {"family_name": "Quarkstein"},
        {"date_of_birth": date(2011, 3, 14), "facility_name": "Anderes Haus"},
        {"date_of_birth": date(2010, 3, 16), "facility_name": "Anderes Haus"},
        {"date_of_birth": date(2010, 3, 13), "given_name": "Mathilde", "facility_name": "Anderes Haus"},
    ],
)
def test_given_two_people_when_compared_then_there_is_no_hint(changes):
    assert not same_person(case_data(), case_data(**changes))


@given(name=LETTERS, form=st.sampled_from(["NFC", "NFD"]), loud=st.booleans(), long=st.booleans())
def test_given_any_name_when_written_with_other_umlauts_capitals_and_spaces_then_it_is_the_same_person(
    name, form, loud, long
):
    written = name.replace("-", " ")
    if long:
        for umlaut, letters in {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}.items():
            written = written.replace(umlaut, letters)
    written = unicodedata.normalize(form, written.upper() if loud else written)
    one, other = case_data(family_name=name), case_data(family_name=f" {written} ")
    assert same_person(one, other)
    assert same_person(other, one)
    assert Lookup([(1, one)]).alike(other) == [1]


def test_given_two_thousand_of_one_person_when_looked_up_then_each_finds_a_few_others_and_never_himself():
    lookup = Lookup((place, case_data(facility_place=f"Ort {place}")) for place in range(2_000))
    found = lookup.alike(case_data(), but=(1,))
    assert len(found) == len(set(found)) == MOST_ALIKE
    assert 1 not in found


def test_given_strangers_when_looked_up_then_nobody_is_alike():
    assert Lookup([(1, case_data(given_name="Anders"))]).alike(case_data()) == []
