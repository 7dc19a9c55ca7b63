"""22. Given a view of case X, then an entry with person, time, version, reason exists and cannot be changed; after
6 months read entries are deleted."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction

from kok import erasure
from tests.builders import an_agreement
from tests.roles import by_worker, on_the_database
from tests.transitions.world import a_draft, an_access
from transitions.actions.log import record_access
from transitions.models import AccessLogEntry
from transitions.queries.log_check import check_log
from transitions.rules.codes import EntryReason, LogAction

pytestmark = pytest.mark.django_db
SEEN_AT = datetime(2027, 3, 10, 14, 3, tzinfo=UTC)


@pytest.fixture
def seen(settings, tmp_path):
    """The line of somebody who looked at case X."""
    settings.KOK_ERASURE_LIST = tmp_path / "erasures.jsonl"
    an_agreement()
    version = a_draft()
    by = an_access(reason=EntryReason.SUBJECT_REQUEST)
    case = version.entries.get().case
    record_access(by=by, action=LogAction.VIEW_CASE, version=version, case=case, now=SEEN_AT)
    return by, version, case, AccessLogEntry.objects.get(action="VIEW_CASE")


def test_22_given_a_view_of_a_case_then_person_time_version_case_and_reason_stand_in_the_log(seen):
    by, version, case, line = seen
    assert (line.actor_id, line.actor, line.role) == (by.user.pk, by.user.username, "case-officer")
    assert (line.at, line.version, line.list_year) == (SEEN_AT, str(version.pk), 2027)
    assert (line.case_ref, line.get_reason_display()) == (case.case_ref, "Anfrage einer betroffenen Person")


def test_22_given_the_entry_when_changed_or_deleted_then_the_database_refuses(seen):
    *_, line = seen
    for change in (lambda rows: rows.update(actor="niemand"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(AccessLogEntry.objects.filter(pk=line.pk))
    assert check_log(date(2027, 3, 11)).is_intact


def test_22_given_the_entry_when_six_months_are_over_then_it_is_deleted_and_the_acts_stay(seen):
    on_the_database(date(2027, 9, 11))
    by_worker(erasure.run, now=datetime(2027, 9, 10, 2, tzinfo=UTC))
    assert AccessLogEntry.objects.filter(action="VIEW_CASE").exists()
    by_worker(erasure.run, now=datetime(2027, 9, 11, 2, tzinfo=UTC))
    assert not AccessLogEntry.objects.filter(chain="READ").exists()
    assert AccessLogEntry.objects.filter(chain="ACT").exists()
    assert check_log(date(2027, 9, 11)).is_intact
