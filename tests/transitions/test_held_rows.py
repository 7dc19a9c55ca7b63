"""By SQL as web, with a lock: whoever holds a row that an act waits for changes nothing of what it compared."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import DatabaseError, connection

from kok.errors import Refused
from tests.at_once import while_stands
from tests.builders import an_agreement
from tests.transitions.world import NOW, a_draft, an_access, fresh, people, released, submitted
from transitions.actions import entries, releasing
from transitions.models import CaseEntry, TransitionListVersion, TransmissionReceipt
from transitions.queries.receipts import compare
from transitions.queries.release import fingerprint_of
from transitions.rules.codes import ReceiptMatch
from transitions.rules.release import OTHER_THAN_SUBMITTED

pytestmark = pytest.mark.django_db(transaction=True)
HELD = "SELECT 1 FROM transitions_transitionlistversion WHERE id = %s FOR UPDATE"
TAKEN_OUT = """
DELETE FROM transitions_namemarks WHERE entry_id = %(entry)s;
DELETE FROM transitions_caseentry WHERE id = %(entry)s
"""
OLDER = """
UPDATE transitions_caseentry e SET content = o.content FROM transitions_caseentry o
WHERE e.id = %(entry)s AND o.case_id = e.case_id AND o.id <> e.id
"""
ADDED = """
INSERT INTO transitions_transitioncase
  (id, transition_list_id, case_ref, state, is_late, end_reason, outcome, entered_at)
SELECT gen_random_uuid(), transition_list_id, 'UE27-X', 'NAMED', false, '', '', opened_at
FROM transitions_transitionlistversion WHERE id = %(version)s RETURNING id
"""
ENTERED = """
INSERT INTO transitions_caseentry
  (id, version_id, case_id, content, digest, is_changed, ending, ending_reason, changed_at)
VALUES (gen_random_uuid(), %(version)s, %(case)s, '', '', false, 'WITHDRAWN', 'OBJECTION', now())
"""
LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def _agreement() -> None:
    an_agreement()


def by_sql(statement: str, values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount


def a_second_version() -> tuple[TransitionListVersion, TransitionListVersion, CaseEntry]:
    """A released version, the submitted one after it, and an entry of both that the second one corrects."""
    officer = an_access()
    first = released(a_draft(people(2), by=officer)).version
    draft = a_draft([], by=officer)
    entry = draft.entries.first()
    data = replace(entry.data, given_name="Ida")
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=officer, now=NOW)
    return first, submitted(draft, by=officer), entry


@pytest.mark.parametrize("statement", [TAKEN_OUT, OLDER], ids=["taken out", "older words"])
def test_given_a_row_held_by_sql_when_entries_change_while_the_release_waits_then_nothing_goes_out(statement):
    first, draft, entry = a_second_version()
    releaser = an_access("case-releaser")

    def held() -> None:
        by_sql(HELD, [first.pk])
        by_sql(statement, {"entry": entry.pk})

    shown = fingerprint_of(draft)
    act = partial(releasing.release, version=draft, revision=draft.revision, shown=shown, by=releaser, now=LATER)
    told = while_stands(held, act)
    assert told == OTHER_THAN_SUBMITTED
    assert fresh(draft).is_draft
    assert TransmissionReceipt.objects.get().version == first


def test_given_a_person_who_vanished_from_what_was_released_when_a_version_is_begun_then_the_person_is_back():
    _, draft, entry = a_second_version()
    by_sql(TAKEN_OUT, {"entry": entry.pk})
    TransitionListVersion.objects.filter(pk=draft.pk).update(submitted_content=fingerprint_of(draft))
    with pytest.MonkeyPatch.context() as broken:  # as if the entry had stood there while it was asked
        broken.setattr("transitions.queries.release.check_carried", lambda draft: None)
        receipt = released(draft)
    assert compare(receipt) is ReceiptMatch.EQUAL
    again = a_draft([], now=LATER)
    assert entry.case_id in set(again.entries.values_list("case", flat=True))
    assert again.entries.get(case=entry.case_id).data.given_name != "Ida"  # as the newest version says that has it


def a_case_put_in(draft: TransitionListVersion) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(ADDED, {"version": draft.pk})
        return cursor.fetchone()[0]


def test_given_an_entry_put_in_by_sql_and_not_committed_when_the_draft_is_released_then_it_waits_and_refuses():
    draft = submitted(a_draft(people(2)))
    case, releaser = a_case_put_in(draft), an_access("case-releaser")
    act = partial(releasing.release, version=draft, revision=draft.revision, by=releaser, now=LATER)
    told = while_stands(lambda: by_sql(ENTERED, {"version": draft.pk, "case": case}), act)
    assert told == OTHER_THAN_SUBMITTED
    assert fresh(draft).is_draft
    assert not TransmissionReceipt.objects.exists()


@pytest.mark.parametrize("level", ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE"])
def test_given_a_draft_that_is_being_released_when_an_entry_is_put_in_by_sql_then_the_database_refuses_it(level):
    draft = submitted(a_draft(people(2)))
    case, releaser = a_case_put_in(draft), an_access("case-releaser")

    def put_in() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"BEGIN ISOLATION LEVEL {level}")
            try:
                cursor.execute(ENTERED, {"version": draft.pk, "case": case})
            except DatabaseError as error:
                cursor.execute("ROLLBACK")
                raise Refused(str(error)) from None
            cursor.execute("COMMIT")

    act = partial(releasing.release, version=draft, revision=draft.revision, by=releaser, now=LATER)
    told = while_stands(act, put_in)
    assert "Eine freigegebene Übergangsliste kann nicht geändert werden." in told or "could not serialize" in told
    assert draft.entries.count() == 2
    assert compare(TransmissionReceipt.objects.get()) is ReceiptMatch.EQUAL
