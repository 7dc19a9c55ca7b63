"""Who sees which lists, versions, entries and cases; what is not in there does not exist (5.4, 0.1 no. 12)."""

from datetime import timedelta
from typing import Any

import pytest

from kok.errors import Refused
from members.models import Partner
from tests.builders import a_second_agreement, an_agreement, an_authority, give_role
from tests.transitions.world import NOW, YEAR, a_draft, acknowledged, an_access, people, released, submitted
from tests.worlds import built_once
from transitions.actions import entries, lists
from transitions.models import CaseEntry, TransitionCase, TransitionListVersion
from transitions.queries.listing import listed_for
from transitions.queries.visibility import (
    cases_visible_to,
    entries_visible_to,
    lists_visible_to,
    versions_visible_to,
)
from transitions.rules.codes import CaseState, EndReason, EntryReason

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=1)
COUNTY = ["case-officer", "case-releaser"]
OUTSIDE = ["secretariat", "member", "approver", "registrar", "reporter", "auditor", "admin"]
ALL = (lists_visible_to, versions_visible_to, entries_visible_to, cases_visible_to)


@built_once(autouse=True)
def agreement() -> Any:
    return an_agreement()


@built_once
def officer(agreement: Any) -> Any:
    return an_access()


@built_once
def versions(officer: Any) -> tuple[TransitionListVersion, TransitionListVersion, TransitionListVersion]:
    """Two released versions and the draft of a third, which adds a person; all of one list."""
    first = released(a_draft(people(1), by=officer)).version
    second = released(a_draft([people(2)[1]], by=officer), now=LATER).version
    return first, second, a_draft([people(3)[2]], by=officer)


def seen(access: Any) -> tuple[set[int], set[int], int, int]:
    """Numbers of the versions and of the versions with entries, how many entries, how many cases."""
    found = entries_visible_to(access).select_related("version")
    return (
        {version.number for version in versions_visible_to(access)},
        {entry.version.number for entry in found},
        len(found),
        cases_visible_to(access).count(),
    )


@pytest.mark.parametrize("role", COUNTY)
def test_given_the_county_when_it_looks_then_all_versions_and_the_names_of_draft_and_newest(versions, role):
    assert seen(an_access(role)) == ({1, 2, 3}, {2, 3}, 5, 3)


def test_given_the_receiver_when_it_looks_then_what_was_transmitted_and_the_names_of_the_newest(versions):
    assert seen(an_access("case-receiver")) == ({1, 2}, {2}, 2, 2)


def test_given_a_draft_only_when_the_receiver_looks_then_nothing_exists(officer):
    a_draft(people(2), by=officer)
    receiver = an_access("case-receiver")
    assert not any(visible(receiver).exists() for visible in ALL)
    assert listed_for(receiver) == []


@pytest.mark.parametrize("role", ["case-officer", "case-releaser", "case-receiver"])
def test_given_the_case_units_of_another_region_when_they_look_then_nothing_exists(versions, role):
    other = an_access(role, agreement=a_second_agreement())
    assert not any(visible(other).exists() for visible in ALL)
    assert listed_for(other) == []


@pytest.mark.parametrize("role", OUTSIDE)
def test_given_another_role_when_it_looks_then_nothing_exists(versions, role):
    access = an_access(role, reason=EntryReason.QUESTION)
    assert not any(visible(access).exists() for visible in ALL)


def test_given_the_roles_of_the_county_for_the_lwv_when_it_looks_then_no_draft_of_the_county_exists(versions):
    assert seen(an_access("case-officer", partner="lwv-hessen")) == (set(), set(), 0, 0)


def test_given_the_role_of_the_receiver_for_the_county_when_it_looks_then_nothing_exists(versions):
    county = versions[0].transition_list.sender.slug
    assert seen(an_access("case-receiver", partner=county)) == (set(), set(), 0, 0)


def test_given_a_case_that_left_the_list_when_looked_for_then_its_name_is_nowhere_before_it_is_erased(officer):
    first = acknowledged(released(a_draft(people(2), by=officer)))
    draft = a_draft([], by=officer)
    entry = entries.end_case(
        entry=draft.entries.first(),
        ending=CaseState.WITHDRAWN,
        reason=EndReason.NOT_ENTITLED,
        postponed_to=None,
        by=officer,
        now=LATER,
    )
    released(draft, now=LATER)
    assert CaseEntry.objects.get(version=first, case=entry.case_id).content
    for access in (officer, an_access("case-releaser"), an_access("case-receiver")):
        named = entries_visible_to(access).exclude(content="").values_list("case", flat=True)
        assert entry.case_id not in named
        assert len(named) == 1
        assert cases_visible_to(access).count() == TransitionCase.objects.count() == 2


def test_given_a_list_when_listed_then_the_year_has_both_days_of_its_deadline_and_both_versions(versions, officer):
    (listed,) = listed_for(officer)
    assert (listed.draft, listed.released, listed.newest) == (versions[2], versions[1], versions[2])
    assert listed.case_count == 3
    assert (str(listed.due_on), str(listed.effective_on)) == ("2027-04-30", "2027-04-30")
    (received,) = listed_for(an_access("case-receiver"))
    assert (received.draft, received.released, received.case_count) == (None, versions[1], 2)


def test_given_the_30_april_on_a_sunday_when_listed_then_the_effective_day_is_2_may(officer):
    a_draft([], by=officer, year=2028, now=NOW)
    (listed,) = listed_for(officer)
    assert (str(listed.due_on), str(listed.effective_on)) == ("2028-04-30", "2028-05-02")


# Several agreements, several carriers


@pytest.mark.parametrize("role", ["case-officer", "case-receiver"])
def test_given_roles_in_two_agreements_when_inside_one_then_the_lists_of_the_other_do_not_exist(versions, role):
    second = a_second_agreement()
    theirs = released(a_draft(people(1), by=an_access(agreement=second))).version
    person = an_access(role, agreement=versions[0].transition_list.agreement).user
    side = "lwv-hessen" if role == "case-receiver" else second.partners.exclude(authority__kind="LWV").get().slug
    give_role(person, role=role, partner=side, agreement=second)
    here = an_access(role, user=person, agreement=versions[0].transition_list.agreement)
    there = an_access(role, user=person, agreement=second)
    assert theirs not in versions_visible_to(here)
    assert list(versions_visible_to(there)) == [theirs]
    assert len(versions_visible_to(here)) == (3 if role == "case-officer" else 2)


@built_once
def town(officer: Any) -> Partner:
    """A second local carrier in the same agreement."""
    return Partner.objects.create(
        agreement=officer.agreement,
        authority=an_authority("nebenstadt"),
        position=9,
    )


def test_given_two_local_carriers_when_they_name_then_neither_sees_the_other_and_the_lwv_sees_both(versions, town):
    theirs = an_access("case-officer", partner="nebenstadt")
    draft = a_draft(people(2), by=theirs)
    assert draft.number == 1
    assert seen(theirs) == ({1}, {1}, 2, 2)
    assert seen(an_access("case-officer", partner="wetteraukreis")) == ({1, 2, 3}, {2, 3}, 5, 3)
    released(draft, by=an_access("case-releaser", partner="nebenstadt"))
    received = versions_visible_to(an_access("case-receiver")).values_list(
        "transition_list__sender__authority__slug", flat=True
    )
    assert sorted(received) == ["nebenstadt", "wetteraukreis", "wetteraukreis"]


def test_given_two_local_carriers_when_one_works_on_the_list_of_the_other_then_refused(versions, town):
    draft = versions[2]
    theirs = an_access("case-officer", partner="nebenstadt")
    for act in (
        lambda: lists.open_draft(sender=draft.transition_list.sender, year=YEAR, by=theirs, now=NOW),
        lambda: entries.add_entry(version=draft, data=people(4)[3], is_late=False, by=theirs, now=NOW),
        lambda: lists.submit(version=draft, revision=draft.revision, by=theirs, now=NOW),
        lambda: lists.discard_draft(version=draft, revision=draft.revision, by=theirs, now=NOW),
        lambda: lists.take_back(version=submitted(draft), by=theirs, now=NOW),
        lambda: released(draft, by=an_access("case-releaser", partner="nebenstadt")),
    ):
        with pytest.raises(Refused):
            act()
    assert versions_visible_to(theirs).count() == 0
