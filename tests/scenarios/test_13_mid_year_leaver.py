"""Scenario 13: a mid-year leaver of 01/2028 belongs on the list of 2027, as a normal entry (2.3)."""

from datetime import date

import pytest

from tests.builders import an_agreement
from tests.transitions.world import a_draft, an_access, case_data, released
from transitions.rules.year import WrongYear

pytestmark = pytest.mark.django_db
MID_YEAR_LEAVER = case_data(expected_end_on=date(2028, 1, 1))


def test_13_given_an_end_of_school_in_01_2028_when_named_in_2027_then_accepted_and_no_nachmeldung():
    an_agreement()
    receipt = released(a_draft([MID_YEAR_LEAVER], year=2027))
    assert (receipt.case_count, receipt.late_count) == (1, 0)


def test_13_given_the_same_person_when_named_on_the_list_of_2026_then_refused_and_sent_to_2027():
    an_agreement()
    with pytest.raises(WrongYear, match="gehört auf die Liste 2027"):
        a_draft([MID_YEAR_LEAVER], by=an_access(), year=2026)
