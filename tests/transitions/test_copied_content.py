"""What is sealed of a person is opened in the list for which it was entered, whoever copied it, the owner too."""

import pytest

from kok.vault import KeyLost
from tests.builders import an_agreement
from tests.roles import unguarded
from tests.transitions.world import a_draft, an_access, released
from transitions.models import CaseEntry
from transitions.queries.version import rows_of

pytestmark = pytest.mark.django_db
COPY = """
INSERT INTO transitions_caseentry
  (id, version_id, case_id, content, digest, is_changed, ending, ending_reason, changed_at)
  SELECT gen_random_uuid(), %s, case_id, content, '', false, '', '', now() FROM transitions_caseentry WHERE id = %s
"""


def test_given_an_entry_copied_to_a_true_draft_of_another_list_when_that_is_opened_then_no_name_is_read():
    an_agreement()
    by = an_access()
    copied = a_draft(by=by).entries.get()
    other = a_draft([], by=by, year=2028)
    with unguarded("transitions_caseentry") as cursor:
        cursor.execute(COPY, [other.pk, copied.pk])
    assert other.entries.get().content == copied.content
    with pytest.raises(KeyLost):
        rows_of(other)
    assert copied.data.family_name


def test_given_a_released_list_when_its_next_version_begins_then_what_was_copied_there_opens():
    an_agreement()
    by = an_access()
    first = released(a_draft(by=by)).version.entries.get()
    copied = a_draft([], by=by).entries.get()
    assert copied.content == first.content
    assert copied.opened == first.opened


def test_given_entries_when_read_and_opened_then_their_versions_come_in_the_same_query(django_assert_num_queries):
    an_agreement()
    a_draft()
    with django_assert_num_queries(1):
        assert all(entry.data for entry in CaseEntry.objects.all())
