"""Scenario 18: school is extended by a year: proposed on next year's list, not released by itself."""

from datetime import date, timedelta

import pytest

from tests.builders import an_agreement
from tests.transitions.world import NOW, a_draft, an_access, case_data, released
from tests.worlds import built_once
from transitions.actions import entries, proposals
from transitions.models import TransitionCase
from transitions.queries.proposals import proposals_for
from transitions.rules.codes import CaseState, EndReason

pytestmark = pytest.mark.django_db
LATER, NEXT_YEAR = NOW + timedelta(days=1), NOW + timedelta(days=365)


@built_once
def officer():
    an_agreement()
    return an_access()


@built_once
def case(officer):
    released(a_draft([case_data()], by=officer, year=2027))
    draft = a_draft([], by=officer, year=2027)
    entries.end_case(
        entry=draft.entries.get(),
        ending=CaseState.POSTPONED,
        reason=EndReason.SCHOOL_EXTENDED,
        postponed_to=date(2029, 7, 1),
        by=officer,
        now=LATER,
    )
    released(draft, now=LATER)
    return TransitionCase.objects.get()


def test_18_given_a_postponed_case_when_next_years_list_begins_then_it_is_a_proposal_with_the_new_month(case, officer):
    draft = a_draft([], by=officer, year=2028, now=NEXT_YEAR)
    (proposal,) = proposals_for(draft)
    assert (proposal.case, proposal.month, proposal.data.family_name) == (case, "Juli 2029", "Zirbelnuss")
    assert not draft.entries.exists()


def test_18_given_a_proposal_that_nobody_accepted_when_the_list_is_released_then_it_does_not_name_the_person(
    case, officer
):
    other = case_data(family_name="Quarkstein", expected_end_on=date(2029, 7, 1), informed_on=date(2028, 1, 20))
    receipt = released(a_draft([other], by=officer, year=2028, now=NEXT_YEAR), now=NEXT_YEAR)
    assert [entry.data for entry in receipt.version.entries.all()] == [other]
    assert not TransitionCase.objects.filter(previous=case).exists()


def test_18_given_a_declined_proposal_when_nobody_else_is_to_be_named_then_the_list_names_nobody(case, officer):
    draft = a_draft([], by=officer, year=2028, now=NEXT_YEAR)
    proposals.decline_proposal(version=draft, case=case, by=officer, now=NEXT_YEAR)
    assert released(draft, now=NEXT_YEAR).is_nil_report
    assert TransitionCase.objects.get() == case


@pytest.mark.parametrize("year", [2026, 2027, 2029])
def test_18_given_another_list_when_asked_then_the_case_is_not_proposed(case, officer, year):
    draft = a_draft([], by=officer, year=year, now=NOW if year < 2028 else NEXT_YEAR)
    assert proposals_for(draft) == []
