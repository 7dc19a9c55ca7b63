"""By SQL as web, without a key: what was put into the history of a case is shown, believed and left nowhere."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from kok import clock
from kok.errors import Refused
from tests.builders import an_agreement, the_partner
from tests.roles import as_worker
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, people, released
from tests.worlds import built_once
from transitions.actions import cases, entries, lists, subject_requests
from transitions.models import AccessLogEntry, CaseEvent, DataSubjectRequest, TransitionCase, TransitionListVersion
from transitions.pages.case import case_page
from transitions.queries.disclosure import disclosure_of
from transitions.queries.log_check import NOT_IN_LOG, check_log
from transitions.queries.outcomes import said_about
from transitions.rules.codes import CaseOutcome, RequestAnswer, RequestKind

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
LATER = NOW + timedelta(hours=3)  # than the list was confirmed
PUT_IN = """
INSERT INTO transitions_caseevent (kind, code, at, case_id, by_id, version_id)
VALUES ('OUTCOME', 'TAKEN_OVER_BY_LWV', now() - interval '40 days', %(case)s, %(by)s, NULL),
       ('CORRECTED', '', %(at)s, %(case)s, %(by)s, %(version)s)
"""
LINE = """
INSERT INTO transitions_accesslogentry (chain, day, position, at, actor_id, actor, role, agreement, action, reason,
  version, case_ref, request, seal)
SELECT chain, day,
  (SELECT max(position) + 1 FROM transitions_accesslogentry n WHERE (n.chain, n.day) = (l.chain, l.day)),
  %(at)s, actor_id, actor, role, agreement, action, reason, version, case_ref, request, seal
FROM transitions_accesslogentry l WHERE action = 'RELEASE' LIMIT 1
"""


@built_once(autouse=True, KOK_NOW=NOW.isoformat())
def _spring() -> None:
    an_agreement()


@built_once
def officer() -> Any:
    return an_access()


@built_once
def version(officer: Any) -> TransitionListVersion:
    return acknowledged(released(a_draft(people(2), by=officer)))


@built_once
def case(version: TransitionListVersion) -> TransitionCase:
    found = version.transition_list.cases.order_by("case_ref").first()
    assert found
    return found


def by_sql(statement: str, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, named)
        assert cursor.rowcount


def correction(case: TransitionCase, by: Any) -> DataSubjectRequest:
    day = TODAY - timedelta(days=1)
    return subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.CORRECTION, case_ref=case.case_ref, received_on=day,
        identity_checked_on=day, by=by, now=NOW,
    )  # fmt: skip


def answered(request: DataSubjectRequest, by: Any, now: Any = NOW) -> None:
    subject_requests.answer_request(
        request=request, answer=RequestAnswer.GRANTED, answered_on=now.date(), by=by, now=now
    )


@pytest.mark.parametrize("names_version", [False, True], ids=["of no version", "of the release"])
def test_given_a_history_put_in_by_sql_when_read_and_acted_upon_then_nobody_believes_it_and_the_night_names_it(
    officer, version, case, names_version
):
    receipt, by = version.receipt, officer.user.pk
    at, of = NOW - timedelta(minutes=1), None
    if names_version:  # its line of the log is true, and tells of another act
        at, of, by = receipt.released_at, version.pk, receipt.released_by_id
    request = correction(case, officer)
    before = case_page(officer, case.pk, TODAY)
    by_sql(PUT_IN, case=case.pk, by=by, at=at, version=of)
    page = case_page(officer, case.pk, TODAY)
    assert page
    assert before
    assert page.steps == before.steps == disclosure_of(officer, case, TODAY).steps
    assert said_about([case.pk], TODAY) == {}
    with pytest.raises(Refused):
        answered(request, officer)
    numbers = CaseEvent.objects.filter(case=case).exclude(kind="NAMED").order_by("pk").values_list("pk", flat=True)
    assert [each.sentence for each in check_log(TODAY).findings] == [NOT_IN_LOG.format(number=pk) for pk in numbers]


def test_given_a_line_of_the_log_put_in_as_well_when_a_correction_is_said_to_be_done_then_it_is_refused(
    officer, version, case
):
    request = correction(case, officer)
    at = LATER
    by_sql(LINE, at=at)
    line = AccessLogEntry.objects.latest("pk")
    by_sql(PUT_IN, case=case.pk, by=line.actor_id, at=at, version=version.pk)
    with pytest.raises(Refused):
        answered(request, officer, LATER)


def test_given_a_correction_that_was_released_when_said_to_be_done_then_it_is(officer, version, case):
    request = correction(case, officer)
    draft = lists.open_draft(sender=the_partner(), year=version.transition_list.year, by=officer, now=LATER)
    entry = draft.entries.get(case=case)
    entries.change_entry(
        entry=entry, data=replace(entry.data, family_name="Andersen"), is_late=False, seen=entry.changed_at,
        by=officer, now=LATER,
    )  # fmt: skip
    released(draft, now=LATER)
    answered(request, officer, LATER)
    assert check_log(TODAY).is_intact


def test_given_an_outcome_by_the_application_when_read_then_it_stands_there_and_nothing_is_found(officer, case):
    receiver = an_access("case-receiver")
    ends_at = NOW.replace(year=NOW.year + 2)
    cases.record_outcome(case=case, outcome=CaseOutcome.TAKEN_OVER_BY_LWV, by=receiver, now=ends_at)
    assert said_about([case.pk], ends_at.date())[case.pk].at == ends_at
    cases.revoke_outcome(case=case, by=receiver, now=ends_at)
    assert check_log(clock.today()).is_intact


def test_given_the_history_of_a_released_list_when_sql_takes_its_version_away_then_the_database_refuses(case):
    with pytest.raises(DatabaseError, match="Verlauf"), transaction.atomic():
        by_sql("UPDATE transitions_caseevent SET version_id = NULL WHERE case_id = %(case)s", case=case.pk)
    with as_worker():
        by_sql("UPDATE transitions_caseevent SET version_id = NULL WHERE case_id = %(case)s", case=case.pk)
    assert [each.sentence for each in check_log(TODAY).findings] == [
        NOT_IN_LOG.format(number=CaseEvent.objects.get(case=case).pk)
    ]


def test_given_a_draft_that_was_changed_by_sql_when_its_correction_is_said_to_be_done_then_it_is_refused(officer):
    draft = a_draft(people(1), by=officer)
    entry = draft.entries.get()
    request = correction(entry.case, officer)
    by_sql("UPDATE transitions_caseentry SET changed_at = %(at)s", at=NOW + timedelta(minutes=5))
    with pytest.raises(Refused):
        answered(request, officer, LATER)
    entry.refresh_from_db()
    entries.change_entry(
        entry=entry, data=replace(entry.data, family_name="Andersen"), is_late=False, seen=entry.changed_at,
        by=officer, now=LATER,
    )  # fmt: skip
    answered(request, officer, LATER)
