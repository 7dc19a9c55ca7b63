"""R-SEC: the rotation of the secretariat (domain.md 2.1)."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.errors import Refused
from meetings.convening.rules.secretariat import (
    Deviation,
    Rotation,
    chairing_partner,
    check_deviation,
    convening_partner,
    term_on,
    terms_between,
)

COUNTY, LWV, TOWN = "wetteraukreis", "lwv-hessen", "stadt"
WETTERAU = Rotation(date(2022, 3, 1), 2, (COUNTY, LWV))

TABLE = [
    (1, "2022-03-01", "2024-02-29", 731, COUNTY),
    (2, "2024-03-01", "2026-02-28", 730, LWV),
    (3, "2026-03-01", "2028-02-29", 731, COUNTY),
    (4, "2028-03-01", "2030-02-28", 730, LWV),
    (5, "2030-03-01", "2032-02-29", 731, COUNTY),
    (6, "2032-03-01", "2034-02-28", 730, LWV),
    (7, "2034-03-01", "2036-02-29", 731, COUNTY),
]


def test_given_the_anchor_when_terms_are_listed_then_they_are_those_of_the_rule_book():
    terms = terms_between(WETTERAU, date(2022, 3, 1), date(2036, 2, 29))
    assert [
        (term.number, str(term.starts_on), str(term.last_day), (term.ends_on - term.starts_on).days, term.partner)
        for term in terms
    ] == TABLE


@pytest.mark.parametrize(
    ("day", "number", "partner"),
    [
        ("2022-03-01", 1, COUNTY),
        ("2024-02-29", 1, COUNTY),
        ("2024-03-01", 2, LWV),
        ("2026-02-28", 2, LWV),
        ("2026-03-01", 3, COUNTY),
        ("2026-11-22", 3, COUNTY),
        ("2034-12-31", 7, COUNTY),
        ("2100-12-31", 40, LWV),
    ],
)
def test_given_a_day_when_asked_then_the_term_is_named(day, number, partner):
    term = term_on(WETTERAU, date.fromisoformat(day))
    assert (term.number, term.partner) == (number, partner)


@pytest.mark.parametrize(
    ("day", "ended_on", "says"),
    [
        ("2022-02-28", None, "Vor dem 01.03.2022"),
        ("2031-01-01", "2030-12-31", "endet am 31.12.2030"),
        ("2101-01-01", None, "31.12.2100"),
        ("9999-12-31", None, "31.12.2100"),
        ("0001-01-01", None, "Vor dem 01.03.2022"),
    ],
)
def test_given_a_day_outside_the_rotation_when_asked_then_a_german_sentence(day, ended_on, says):
    rotation = Rotation(WETTERAU.anchor_on, 2, WETTERAU.order, ended_on and date.fromisoformat(ended_on))
    with pytest.raises(Refused, match=says):
        term_on(rotation, date.fromisoformat(day))


def test_given_an_ended_agreement_when_terms_are_listed_then_the_last_one_ends_with_it():
    rotation = Rotation(WETTERAU.anchor_on, 2, WETTERAU.order, date(2030, 12, 31))
    last = terms_between(rotation, date(2022, 3, 1), date(2040, 1, 1))[-1]
    assert (last.number, last.partner, last.last_day) == (5, COUNTY, date(2030, 12, 31))


def test_given_an_end_before_a_deviation_when_terms_are_listed_then_none_lies_after_the_end():
    rotation = Rotation(WETTERAU.anchor_on, 2, WETTERAU.order, date(2030, 12, 31))
    later = Deviation(LWV, date(2032, 1, 1), date(2033, 1, 1), shift_later=True)
    assert terms_between(rotation, date(2022, 3, 1), date(2040, 1, 1), [later])[-1].last_day == date(2030, 12, 31)


def test_given_three_partners_when_terms_change_then_each_has_its_turn():
    rotation = Rotation(date(2023, 1, 1), 1, (COUNTY, LWV, TOWN))
    partners = [term.partner for term in terms_between(rotation, date(2023, 1, 1), date(2026, 12, 31))]
    assert partners == [COUNTY, LWV, TOWN, COUNTY]


def test_given_an_anchor_on_leap_day_when_years_pass_then_terms_end_on_the_last_of_february():
    rotation = Rotation(date(2024, 2, 29), 1, (COUNTY, LWV))
    terms = terms_between(rotation, date(2024, 2, 29), date(2028, 2, 29))
    last_days = [str(term.last_day) for term in terms]
    assert last_days == ["2025-02-28", "2026-02-28", "2027-02-28", "2028-02-28", "2029-02-28"]


def listed(*deviations, until=date(2031, 12, 31)):
    terms = terms_between(WETTERAU, date(2026, 3, 1), until, deviations)
    return [(term.number, term.partner, f"{term.starts_on:%m/%Y}", f"{term.last_day:%m/%Y}") for term in terms]


def test_given_a_longer_term_when_later_ones_stay_then_only_the_next_is_shorter():
    assert listed(Deviation(COUNTY, date(2028, 3, 1), date(2028, 9, 1))) == [
        (3, COUNTY, "03/2026", "02/2028"),
        (4, COUNTY, "03/2028", "08/2028"),
        (5, LWV, "09/2028", "02/2030"),
        (6, COUNTY, "03/2030", "02/2032"),
    ]


def test_given_a_longer_term_when_later_ones_shift_then_each_lasts_two_years():
    assert listed(Deviation(COUNTY, date(2028, 3, 1), date(2028, 9, 1), shift_later=True)) == [
        (3, COUNTY, "03/2026", "02/2028"),
        (4, COUNTY, "03/2028", "08/2028"),
        (5, LWV, "09/2028", "08/2030"),
        (6, COUNTY, "09/2030", "08/2032"),
    ]


def test_given_an_early_change_when_later_terms_shift_then_the_other_partner_follows():
    assert listed(Deviation(LWV, date(2027, 9, 1), date(2029, 9, 1), shift_later=True)) == [
        (3, COUNTY, "03/2026", "08/2027"),
        (4, LWV, "09/2027", "08/2029"),
        (5, COUNTY, "09/2029", "08/2031"),
        (6, LWV, "09/2031", "08/2033"),
    ]


def test_given_a_swap_of_two_terms_when_listed_then_the_rest_keeps_its_turn():
    swap = (
        Deviation(COUNTY, date(2028, 3, 1), date(2030, 3, 1)),
        Deviation(LWV, date(2026, 3, 1), date(2028, 3, 1)),
    )
    assert [row[:2] for row in listed(*swap)] == [(3, LWV), (4, COUNTY), (5, COUNTY)]


def test_given_a_stand_in_within_a_term_when_listed_then_the_partner_comes_back():
    assert listed(Deviation(LWV, date(2027, 1, 1), date(2027, 7, 1)), until=date(2028, 1, 1)) == [
        (3, COUNTY, "03/2026", "12/2026"),
        (4, LWV, "01/2027", "06/2027"),
        (5, COUNTY, "07/2027", "02/2028"),
    ]


@pytest.mark.parametrize(
    ("partner", "starts", "ends", "says"),
    [
        ("fremd", "2028-03-01", "2029-03-01", "nur ein Partner der Vereinbarung"),
        (LWV, "2028-03-01", "2028-03-01", "vor ihrem Beginn"),
        (LWV, "2022-01-01", "2022-06-01", "Vor dem 01.03.2022"),
        (LWV, "2026-12-31", "2027-02-01", "schon eine abweichende"),
    ],
)
def test_given_a_wrong_deviation_when_entered_then_a_german_sentence(partner, starts, ends, says):
    there = [Deviation(LWV, date(2026, 6, 1), date(2027, 1, 1))]
    with pytest.raises(Refused, match=says):
        check_deviation(WETTERAU, Deviation(partner, date.fromisoformat(starts), date.fromisoformat(ends)), there)


def test_given_a_deviation_that_abuts_when_entered_then_it_is_accepted():
    there = [Deviation(LWV, date(2026, 6, 1), date(2027, 1, 1))]
    check_deviation(WETTERAU, Deviation(COUNTY, date(2027, 1, 1), date(2027, 2, 1)), there)


def test_given_a_deviation_when_offices_are_asked_then_they_follow_it():
    deviations = [Deviation(LWV, date(2026, 3, 1), date(2026, 9, 1))]
    offices = (convening_partner, chairing_partner)
    assert [office(WETTERAU, date(2026, 5, 4), deviations) for office in offices] == [LWV, LWV]


rotations = st.builds(
    Rotation,
    st.dates(date(2000, 1, 1), date(2040, 12, 31)) | st.sampled_from([date(2024, 2, 29), date(2000, 2, 29)]),
    st.integers(1, 20),
    st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True).map(tuple),
)


@st.composite
def deviating(draw):
    """A rotation with up to three deviations that do not overlap."""
    rotation = draw(rotations)
    offsets = draw(st.lists(st.integers(0, 9000), max_size=6, unique=True).map(sorted))
    days = [rotation.anchor_on + timedelta(days=offset) for offset in offsets]
    pairs = zip(days[::2], days[1::2], strict=False)
    partners = st.sampled_from(rotation.order)
    return rotation, [Deviation(draw(partners), start, end, draw(st.booleans())) for start, end in pairs]


@given(deviating())
def test_given_any_rotation_when_terms_are_listed_then_they_abut_and_are_counted(case):
    rotation, deviations = case
    terms = terms_between(rotation, rotation.anchor_on, date(2100, 12, 31), deviations)
    assert terms[0].starts_on == rotation.anchor_on
    assert all(left.ends_on == right.starts_on for left, right in pairwise(terms))
    assert [term.number for term in terms] == list(range(1, len(terms) + 1))
    assert terms[-1].last_day >= date(2100, 12, 31)


@given(deviating(), st.integers(0, 21000))
def test_given_any_day_when_asked_then_exactly_one_partner_is_in_office(case, offset):
    rotation, deviations = case
    day = rotation.anchor_on + timedelta(days=offset)
    touching = terms_between(rotation, day, day, deviations)
    assert touching == (term_on(rotation, day, deviations),)
    expected = [d.partner for d in deviations if d.starts_on <= day < d.ends_before] or [touching[0].partner]
    assert [touching[0].partner] == expected
