"""Scenario 12: list year 2027, end of school 07/2027: refused as a normal entry, offered as a Nachmeldung (2.3)."""

from datetime import date

import pytest

from tests.builders import an_agreement
from tests.transitions.world import NOW, a_draft, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import entries
from transitions.models import TransitionCase
from transitions.rules.year import WrongYear

pytestmark = pytest.mark.django_db
LEAVES_IN_THE_YEAR_OF_THE_LIST = case_data(expected_end_on=date(2027, 7, 1))


@built_once
def officer():
    an_agreement()
    return an_access()


def test_12_given_list_2027_when_school_ends_in_07_2027_then_refused_and_offered_as_a_nachmeldung(officer):
    draft = a_draft([], by=officer, year=2027)
    with pytest.raises(WrongYear, match="Als Nachmeldung können Sie den Fall aufnehmen") as refused:
        entries.add_entry(version=draft, data=LEAVES_IN_THE_YEAR_OF_THE_LIST, is_late=False, by=officer, now=NOW)
    assert refused.value.may_be_late
    assert not TransitionCase.objects.exists()


def test_12_given_the_offer_when_taken_then_the_receipt_counts_a_nachmeldung(officer):
    draft = a_draft([], by=officer, year=2027)
    entries.add_entry(version=draft, data=LEAVES_IN_THE_YEAR_OF_THE_LIST, is_late=True, by=officer, now=NOW)
    receipt = released(draft)
    assert (receipt.case_count, receipt.late_count) == (1, 1)
