"""Scenario 15: nobody releases his own draft, whatever roles he holds; a second person can (0.3)."""

import pytest

from kok.errors import Refused
from tests.builders import an_agreement, give_role
from tests.transitions.world import NOW, a_draft, an_access, case_data, fresh, people, released, submitted
from tests.worlds import built_once
from transitions.actions import entries, releasing
from transitions.models import TransmissionReceipt

pytestmark = pytest.mark.django_db


@built_once
def officer_a():
    """Somebody who may prepare and release."""
    an_agreement()
    access = an_access()
    give_role(access.user, role="case-releaser")
    return access


def refused(draft, by):
    with pytest.raises(Refused, match="Die Freigabe braucht eine zweite Person"):
        releasing.release(version=draft, revision=fresh(draft).revision, by=by, now=NOW)
    assert not TransmissionReceipt.objects.exists()


def test_15_given_a_draft_by_officer_a_when_a_releases_then_refused_and_officer_b_can(officer_a):
    draft = submitted(a_draft(by=officer_a), by=officer_a)
    refused(draft, officer_a)
    receipt = released(draft, by=an_access("case-releaser"))
    assert receipt.released_by_id != officer_a.user.pk


def test_15_given_a_draft_by_b_that_a_only_submitted_when_a_releases_then_refused(officer_a):
    refused(submitted(a_draft(by=an_access()), by=officer_a), officer_a)


def test_15_given_a_draft_by_b_that_a_changed_once_when_b_submits_it_then_a_may_not_release(officer_a):
    officer_b = an_access()
    draft = a_draft(people(2), by=officer_b)
    entry = draft.entries.first()
    entries.change_entry(
        entry=entry, data=case_data(given_name="Ida"), is_late=False, seen=entry.changed_at, by=officer_a, now=NOW
    )
    refused(submitted(draft, by=officer_b), officer_a)


def test_15_given_a_person_whom_a_added_and_removed_again_when_a_releases_then_refused(officer_a):
    officer_b = an_access()
    draft = a_draft(by=officer_b)
    added = entries.add_entry(version=draft, data=people(2)[1], is_late=False, by=officer_a, now=NOW)
    entries.remove_entry(entry=added, seen=added.changed_at, by=officer_a, now=NOW)
    refused(submitted(draft, by=officer_b), officer_a)


def test_15_given_an_empty_draft_when_the_one_who_submitted_it_releases_then_refused(officer_a):
    refused(submitted(a_draft([], by=officer_a), by=officer_a), officer_a)
