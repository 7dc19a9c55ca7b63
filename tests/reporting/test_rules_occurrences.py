"""When duties fall due (domain.md 1.y, 2.2, 2.3)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kok.workdays import Policy
from meetings.convening.rules.secretariat import Deviation, Rotation, terms_between
from members.rules.codes import Reference
from reporting.duties.rules.occurrences import (
    invitation_due,
    meetings_of_year,
    minutes_due,
    occurrence,
    secretariat_changes,
)
from tests.reporting.yearly_rule import AYearlyRule

LEAVERS = AYearlyRule(
    code="O-04",
    clause="8b",
    month=4,
    day=30,
    policy=Policy.ROLL_FORWARD,
    reference=Reference.LEAVERS_OF_FOLLOWING_YEAR,
    first_year=2022,
)
AGE_LIMIT = replace(
    LEAVERS,
    code="O-05",
    clause="8c",
    reference=Reference.REFERENCE_DATE_PREVIOUS_YEAR_END,
    first_year=2023,
    nil_expected_from=date(2024, 12, 31),
)

MOVED = {2022: 2, 2023: 2, 2028: 2, 2033: 2, 2034: 2, 2039: 2}


@pytest.mark.parametrize("year", range(2022, 2041))
def test_given_the_table_of_30_april_when_8b_falls_due_then_it_ends_on_30_04_or_02_05(year):
    found = occurrence(LEAVERS, year)
    expected = date(year, 5, 2) if year in MOVED else date(year, 4, 30)
    assert (found.nominal_due_on, found.effective_due_on) == (date(year, 4, 30), expected)
    assert found.is_moved is (year in MOVED)


@given(st.integers(2022, 2100))
def test_given_any_year_when_8b_falls_due_then_the_effective_day_is_one_of_two(year):
    effective = occurrence(LEAVERS, year).effective_due_on
    assert (effective.month, effective.day) in {(4, 30), (5, 2)}


@pytest.mark.parametrize(
    ("rule", "year", "reference", "reference_date"),
    [
        (LEAVERS, 2022, "2023", None),
        (LEAVERS, 2027, "2028", None),
        (LEAVERS, 2028, "2029", None),
        (AGE_LIMIT, 2023, "2022-12-31", date(2022, 12, 31)),
        (AGE_LIMIT, 2027, "2026-12-31", date(2026, 12, 31)),
        (AGE_LIMIT, 2028, "2027-12-31", date(2027, 12, 31)),
        (replace(LEAVERS, reference=""), 2027, "2027", None),
    ],
)
def test_given_one_due_year_when_read_then_each_duty_names_the_year_it_is_about(rule, year, reference, reference_date):
    found = occurrence(rule, year)
    assert (found.due_year, found.reference, found.reference_date) == (year, reference, reference_date)


@pytest.mark.parametrize(
    ("rule", "year", "exists"),
    [
        (LEAVERS, 2021, False),
        (LEAVERS, 2022, True),
        (AGE_LIMIT, 2022, False),
        (AGE_LIMIT, 2023, True),
        (replace(LEAVERS, last_year=2030), 2030, True),
        (replace(LEAVERS, last_year=2030), 2031, False),
    ],
)
def test_given_a_rule_with_bounds_when_asked_outside_then_there_is_no_duty(rule, year, exists):
    assert (occurrence(rule, year) is not None) is exists


@pytest.mark.parametrize(
    ("rule", "year", "is_nil"),
    [
        (AGE_LIMIT, 2024, False),  # Stichtag 31.12.2023: the old law
        (AGE_LIMIT, 2025, True),
        (AGE_LIMIT, 2027, True),
        (replace(AGE_LIMIT, nil_expected_from=None), 2027, False),
        (LEAVERS, 2027, False),
    ],
)
def test_given_the_changed_law_when_8c_falls_due_then_a_nil_report_is_expected(rule, year, is_nil):
    assert occurrence(rule, year).is_nil_expected is is_nil


def test_given_an_extra_holiday_when_8b_falls_due_then_it_moves_on():
    assert occurrence(LEAVERS, 2027, [date(2027, 4, 30)]).effective_due_on == date(2027, 5, 3)


def test_given_the_last_of_february_when_the_year_is_no_leap_year_then_it_is_the_28th():
    rule = replace(LEAVERS, month=2, day=29, policy=Policy.FIXED)
    assert [occurrence(rule, year).nominal_due_on.day for year in (2027, 2028)] == [28, 29]


def test_given_a_sunday_at_the_end_of_the_year_when_meetings_are_owed_then_the_day_stays():
    found = meetings_of_year("O-02", "5", 2028)
    assert found.nominal_due_on == found.effective_due_on == date(2028, 12, 31)
    assert (found.debtor, found.reference) == (None, "2028")


def changes(year, deviations=()):
    rotation = Rotation(date(2022, 3, 1), 2, ("wetteraukreis", "lwv-hessen"))
    terms = terms_between(rotation, date(year - 1, 12, 31), date(year, 12, 31), deviations)
    return [str(each.effective_due_on) for each in secretariat_changes("O-03", "5", year, terms)]


@pytest.mark.parametrize(
    ("year", "days"),
    [(2022, []), (2023, []), (2024, ["2024-03-01"]), (2026, ["2026-03-01"]), (2027, []), (2028, ["2028-03-01"])],
)
def test_given_the_rotation_when_the_secretariat_passes_on_then_that_day_is_due(year, days):
    assert changes(year) == days


def test_given_a_longer_term_when_the_same_partner_goes_on_then_that_is_no_change():
    assert changes(2028, [Deviation("wetteraukreis", date(2028, 3, 1), date(2028, 9, 1))]) == ["2028-09-01"]


def test_given_a_meeting_when_its_duties_are_asked_then_the_invitation_moves_back_and_the_minutes_forward():
    invitation = invitation_due("O-01", "5", date(2027, 5, 20), "lwv-hessen", 14)
    minutes = minutes_due("O-01", "5", date(2027, 4, 22), "wetteraukreis", 14)
    assert (str(invitation.nominal_due_on), str(invitation.effective_due_on)) == ("2027-05-06", "2027-05-05")
    assert (str(minutes.nominal_due_on), str(minutes.effective_due_on)) == ("2027-05-06", "2027-05-07")
    assert (invitation.debtor, invitation.reference) == ("lwv-hessen", "2027-05-20 Einladung")
    assert (minutes.debtor, minutes.reference) == ("wetteraukreis", "2027-04-22 Protokoll")


def test_given_a_meeting_in_january_when_the_invitation_is_due_in_december_then_it_belongs_to_that_year():
    assert invitation_due("O-01", "5", date(2027, 1, 7), "lwv-hessen", 14).due_year == 2026
