"""By SQL as web, without a key: no list is shown to whom it was not sent, and nobody releases what he did not read."""

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kok.errors import Refused
from kok.models import Seal
from tests.builders import an_agreement, the_partner
from tests.roles import unguarded
from tests.transitions.world import NOW, a_draft, an_access, case_data, fresh, people, released, submitted
from transitions.actions import entries, lists, releasing
from transitions.models import CaseEntry, TransitionListVersion, TransmissionReceipt
from transitions.queries.release import fingerprint_of
from transitions.queries.visibility import entries_visible_to, lists_visible_to, versions_visible_to

pytestmark = pytest.mark.django_db
RELEASED = "UPDATE transitions_transitionlistversion SET state = 'RELEASED' WHERE id = %s"
RECEIPT = """
INSERT INTO transitions_transmissionreceipt (version_id, number, recipient_id, released_at, released_by_id,
  released_name, sha256, case_count, late_count, ba_started_count, lwv_involved_count)
VALUES (%s, 'Q-1', %s, now(), %s, '', '', 1, 0, 0, 0)
"""
DECOY = """
INSERT INTO transitions_transitionlist (id, agreement_id, sender_id, year)
  SELECT %(id)s, agreement_id, %(sender)s, 2031 FROM transitions_transitionlist LIMIT 1;
INSERT INTO transitions_transitionlistversion
  (id, transition_list_id, number, state, revision, authors, opened_at, changed_at, submitted_content,
   return_reason, returned_cases)
  VALUES (%(id)s, %(id)s, 1, 'DRAFT', 0, '{}', now(), now(), '', '', '{}');
"""
COPY = """
INSERT INTO transitions_caseentry
  (id, version_id, case_id, content, digest, is_changed, ending, ending_reason, changed_at)
  SELECT gen_random_uuid(), %s, case_id, content, '', false, '', '', now() FROM transitions_caseentry LIMIT 1
"""
NUMBER = "00000000-0000-4000-8000-000000000013"


@pytest.fixture(autouse=True)
def _agreement() -> None:
    an_agreement()


def by_sql(statement: str, *values: Any, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, named or values)
        assert cursor.rowcount


def test_given_a_draft_that_sql_calls_released_when_the_lwv_looks_then_it_sees_no_name(settings):
    draft = a_draft()
    receiver = an_access("case-receiver")
    by_sql(RELEASED, draft.pk)
    by_sql(RECEIPT, draft.pk, the_partner("lwv-hessen").pk, receiver.user.pk)
    assert TransmissionReceipt.objects.filter(recipient=the_partner("lwv-hessen")).exists()
    assert not versions_visible_to(receiver).exists()
    assert not lists_visible_to(receiver).exists()
    assert not entries_visible_to(receiver).exists()


def test_given_a_true_list_when_looked_at_then_both_sides_see_it():
    version = released(a_draft()).version
    for role in ("case-officer", "case-receiver"):
        assert versions_visible_to(an_access(role)).get() == version
    assert Seal.objects.filter(chain="lists").exists()


def test_given_a_list_put_in_by_sql_when_its_sender_looks_then_it_does_not_exist(settings):
    a_draft()
    officer = an_access()
    by_sql(DECOY, id=NUMBER, sender=the_partner().pk)
    with unguarded("transitions_caseentry"):
        by_sql(COPY, NUMBER)
    assert TransitionListVersion.objects.count() == 2
    assert [version.transition_list.year for version in versions_visible_to(officer)] == [2027]
    assert entries_visible_to(officer).count() == 1


ENTRY_TO_RELEASED = """
UPDATE transitions_caseentry SET version_id = (SELECT id FROM transitions_transitionlistversion WHERE state <> 'DRAFT')
WHERE version_id IN (SELECT id FROM transitions_transitionlistversion WHERE state = 'DRAFT')
"""
MOVES = (
    "UPDATE transitions_transitionlist SET sender_id = sender_id + 1",
    "UPDATE transitions_transitionlist SET agreement_id = agreement_id + 1",
    "UPDATE transitions_transitionlist SET year = 2001",
    f"UPDATE transitions_transitionlistversion SET transition_list_id = '{NUMBER}' WHERE state = 'DRAFT'",
    f"UPDATE transitions_transitioncase SET transition_list_id = '{NUMBER}'",
    ENTRY_TO_RELEASED,
    f"UPDATE transitions_caseentry SET version_id = '{NUMBER}'",
    COPY.replace("%s", f"'{NUMBER}'"),
    "UPDATE members_partner SET authority_id = authority_id + 1",
    "UPDATE members_partner SET agreement_id = agreement_id + 1",
)


@pytest.mark.parametrize("statement", MOVES)
def test_given_what_a_list_hangs_on_when_sql_moves_it_then_the_database_refuses(statement):
    by = an_access()
    released(a_draft(people(2), by=by))
    a_draft([case_data(given_name="Neu")], by=by)
    by_sql(DECOY, id=NUMBER, sender=the_partner("lwv-hessen").pk)
    with pytest.raises(DatabaseError, match=r"bleib|freigegebene"), transaction.atomic():
        by_sql(statement)


def test_given_a_draft_submitted_anew_since_the_page_was_opened_when_released_then_nothing_goes_out():
    draft = submitted(a_draft(people(3)))
    releaser, shown = an_access("case-releaser"), fingerprint_of(draft)
    by = an_access()
    lists.take_back(version=draft, by=by, now=NOW)
    entry = draft.entries.order_by("pk").first()
    entries.remove_entry(entry=entry, seen=entry.changed_at, by=by, now=NOW)
    again = submitted(fresh(draft))
    with pytest.raises(Refused, match="nicht mehr, was Sie gelesen haben"):
        releasing.release(version=again, revision=again.revision, shown=shown, by=releaser, now=NOW)
    assert not TransmissionReceipt.objects.exists()
    assert CaseEntry.objects.count() == 2
    releasing.release(version=again, revision=again.revision, shown=fingerprint_of(again), by=releaser, now=NOW)
