"""By SQL as web, without a key: a day that was moved erases nothing, and the night names the row (ADR 22)."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from kok import audit, clock, erasure, inspections
from kok.models import OutboxMessage, User
from members import actions as members
from members.models import AccountRequest, RoleAssignment
from tests.builders import a_user, an_agreement, an_outbox_row, the_partner
from tests.roles import by_worker
from tests.transitions.world import NOW, a_draft, an_access, people, released
from tests.worlds import built_once
from transitions.actions import subject_requests
from transitions.models import CaseEntry, DataSubjectRequest, TransitionList, TransitionListVersion
from transitions.rules.codes import RequestAnswer, RequestKind

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def now(settings: Any) -> None:
    settings.KOK_NOW = NOW.isoformat()


@built_once(KOK_NOW=NOW.isoformat())
def world() -> TransitionList:
    """A released list, a draft of the next one, an answered request, a role that goes on, a mail that was sent."""
    agreement = an_agreement()
    by = an_access()
    found = released(a_draft(people(2), by=by)).version.transition_list
    case = found.cases.first()
    a_draft([], by=by)
    request = subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.ACCESS, case_ref=case.case_ref, received_on=TODAY,
        identity_checked_on=TODAY, by=by, now=NOW,
    )  # fmt: skip
    subject_requests.answer_request(request=request, answer=RequestAnswer.REFUSED, answered_on=TODAY, by=by, now=NOW)
    members.ask_role(
        user=a_user(role="member"), role="approver", place=the_partner(), from_on=TODAY, by=a_user(role="registrar"),
        now=NOW,
    )  # fmt: skip
    an_outbox_row(next_try_at=NOW, state="SENT", sent_at=NOW)
    audit.record(by=None, action="test", agreement=agreement.slug, now=NOW)
    return found


def by_sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        assert cursor.rowcount


def kept() -> dict[str, int]:
    """What none of these attacks may make less."""
    return {
        "people": CaseEntry.objects.exclude(content="").count(),
        "versions": TransitionListVersion.objects.count(),
        "roles": RoleAssignment.objects.count(),
        "requests": DataSubjectRequest.objects.count(),
        "requests of accounts": AccountRequest.objects.count(),
        "mails": OutboxMessage.objects.count(),
        "addresses": User.objects.exclude(email="").count(),
    }


CLOSED = """
UPDATE kok_user SET is_active = false;
INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new)
SELECT '2020-01-01', '', 'account.closed', '', 'kok.User', id, '', '', '' FROM kok_user
"""
WITHDRAWN = """
UPDATE transitions_transitioncase
SET state = 'WITHDRAWN', end_reason = 'NAMED_BY_MISTAKE', ended_at = '2020-01-01', erase_on = '2020-01-01'
"""
ENDED = "UPDATE transitions_transitioncase SET ended_at = '2020-01-01', outcome = 'OTHER_CARRIER'"
UNTOUCHED = "UPDATE transitions_transitionlistversion SET changed_at = '2020-01-01' WHERE state = 'DRAFT'"
ANSWERED = "UPDATE transitions_datasubjectrequest SET answered_on = '2020-01-01'"
MOVED = {
    "end of a case": (ENDED, "Übergangsfall"),
    "day of erasure": (WITHDRAWN, "Übergangsfall"),
    "change of a draft": (UNTOUCHED, "Fassung"),
    "answer to a request": (ANSWERED, "Anfrage einer betroffenen Person"),
    "end of a role": (
        "UPDATE members_roleassignment SET period = '[2000-01-01,2001-01-01)' WHERE role = 'member'",
        "Rolle",
    ),
    "request for a role": ("UPDATE members_accountrequest SET given_at = '2020-01-01'", "Antrag zu einem Konto"),
    "sent mail": ("UPDATE kok_outboxmessage SET sent_at = '2020-01-01' WHERE state = 'SENT'", "Nachricht"),
    "closed account": (CLOSED, "Konto"),
}


@pytest.mark.parametrize(("statement", "title"), MOVED.values(), ids=MOVED)
def test_given_a_day_moved_by_sql_when_the_night_erases_then_nothing_goes_and_the_row_is_named(world, statement, title):
    by_worker(erasure.run, now=NOW)
    before = kept()
    by_sql(statement)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    run = by_worker(erasure.run, now=NOW)
    assert kept() == before
    assert sum(line["due"] for line in run.report if not line["rule"].startswith("access")) > 0, "otherwise not tried"
    assert not [line for line in run.report if line["failed"]]
    told = [each for one in inspections._inspections if one.slug != "chain-ends" for each in one.look(clock.today())]
    assert any(each.startswith(title) and "An der Anwendung vorbei" in each for each in told), told


def test_given_a_restriction_taken_off_by_sql_when_the_case_is_due_then_it_is_not_erased(world):
    case = world.cases.first()
    request = subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.RESTRICTION, case_ref=case.case_ref, received_on=TODAY,
        identity_checked_on=TODAY, by=an_access(), now=NOW,
    )  # fmt: skip
    subject_requests.answer_request(
        request=request, answer=RequestAnswer.GRANTED, answered_on=TODAY, by=an_access(), now=NOW
    )
    by_sql(f"UPDATE transitions_datasubjectrequest SET case_ref = 'X' WHERE id = '{request.pk}'")
    by_worker(erasure.run, now=NOW.replace(year=2030))
    assert case.entries.exclude(content="").exists()
    assert not CaseEntry.objects.exclude(case=case).exclude(content="").exists()


REQUEST = """
INSERT INTO transitions_datasubjectrequest (id, agreement_id, partner_id, kind, case_ref, received_on,
  identity_checked_on, answer, answered_on, extension_months, extension_reason, recorded_at, recorded_by_id)
SELECT gen_random_uuid(), agreement_id, partner_id, '{kind}', case_ref, received_on, received_on, '{answer}',
  {answered_on}, 0, '', now(), recorded_by_id FROM transitions_datasubjectrequest
"""
QUESTION = """
INSERT INTO transitions_casequestion (id, case_id, kind, asked_at, asked_by_id, answer)
SELECT gen_random_uuid(), c.id, 'FACILITY', now(), u.id, ''
FROM transitions_transitioncase c, (SELECT min(id) AS id FROM kok_user) u
"""
TWO_PEOPLE = """
INSERT INTO transitions_twopeople (one_id, other_id, said_at, said_by_id)
SELECT min(c.id::text)::uuid, max(c.id::text)::uuid, now(), (SELECT min(id) FROM kok_user)
FROM transitions_transitioncase c
"""
RECEIPT_OF_DRAFT = """
INSERT INTO transitions_transmissionreceipt (version_id, number, recipient_id, released_at, released_by_id,
  released_name, sha256, case_count, late_count, ba_started_count, lwv_involved_count)
SELECT v.id, 'Q-1', r.recipient_id, now(), r.released_by_id, '', '', 1, 0, 0, 0
FROM transitions_transmissionreceipt r, transitions_transitionlistversion v WHERE v.state = 'DRAFT'
"""
ANEW = """
INSERT INTO transitions_transitioncase (id, transition_list_id, case_ref, state, is_late, end_reason, outcome,
  entered_at, named_at, previous_id)
SELECT gen_random_uuid(), transition_list_id, 'X', 'NAMED', false, '', '', now(), now(), id
FROM transitions_transitioncase LIMIT 1
"""
PUT_IN = {
    "restriction": REQUEST.format(kind="RESTRICTION", answer="GRANTED", answered_on="received_on"),
    "objection": REQUEST.format(kind="OBJECTION", answer="", answered_on="NULL"),
    "request": REQUEST.format(kind="ACCESS", answer="", answered_on="NULL"),
    "question": QUESTION,
    "two people": TWO_PEOPLE,
    "receipt of a draft": RECEIPT_OF_DRAFT,
    "case": ANEW,
}


@pytest.mark.parametrize("statement", PUT_IN.values(), ids=PUT_IN)
def test_given_a_row_put_in_by_sql_when_the_night_erases_then_it_hinders_nothing(world, statement):
    by_sql(statement)
    run = by_worker(erasure.run, now=NOW.replace(year=2030))
    assert not [line for line in run.report if line["failed"]]
    assert not CaseEntry.objects.exclude(content="").exists()
    assert not TransitionListVersion.objects.filter(state="DRAFT").exists()


LATER_RECEIPT = """
WITH put_in AS (
  INSERT INTO transitions_transitionlistversion (id, transition_list_id, number, state, revision, authors, opened_at,
    changed_at, submitted_content, return_reason, returned_cases)
  SELECT gen_random_uuid(), id, 9, 'RELEASED', 0, '{}', now(), now(), '', '', '{}' FROM transitions_transitionlist
  RETURNING id)
INSERT INTO transitions_transmissionreceipt (version_id, number, recipient_id, released_at, released_by_id,
  released_name, sha256, case_count, late_count, ba_started_count, lwv_involved_count)
SELECT v.id, 'Q-1', r.recipient_id, '2036-01-01', r.released_by_id, '', '', 1, 0, 0, 0
FROM transitions_transmissionreceipt r, put_in v
"""


def test_given_a_later_transmission_put_in_by_sql_when_ten_years_are_over_then_the_list_goes_all_the_same(world):
    by_worker(erasure.run, now=NOW.replace(year=2030))
    by_sql(LATER_RECEIPT)
    by_worker(erasure.run, now=NOW.replace(year=2038))
    assert not TransitionList.objects.exists()


CLOSED_AGAIN = """
INSERT INTO kok_auditevent (at, actor, action, agreement, object_kind, object_id, note, old, new)
SELECT '2028-05-01', '', 'account.closed', '', 'kok.User', id, '', '', '' FROM kok_user WHERE NOT is_active
"""


def test_given_a_later_closing_put_in_by_sql_when_an_account_was_closed_for_a_year_then_it_is_emptied_all_the_same(
    world,
):
    user = a_user(role="member")
    user.is_active = False
    user.save()
    audit.record(by=None, action="account.closed", obj=user, now=NOW)
    by_sql(CLOSED_AGAIN)
    by_worker(erasure.run, now=NOW.replace(year=2028, month=6))
    assert User.objects.get(pk=user.pk).email == ""


def test_given_a_request_changed_by_sql_that_restricts_nothing_when_the_night_erases_then_it_hinders_nothing(world):
    by_sql("UPDATE transitions_datasubjectrequest SET case_ref = 'X'")
    by_worker(erasure.run, now=NOW.replace(year=2030))
    assert not CaseEntry.objects.exclude(content="").exists()


def test_given_a_case_put_in_by_sql_that_names_a_postponed_one_anew_when_the_night_erases_then_it_waits_for_its_list(
    world,
):
    case = world.cases.first()
    case.state, case.ended_at, case.postponed_to = "POSTPONED", NOW, (NOW + timedelta(days=400)).date().replace(day=1)
    case.save()
    by_sql(
        "INSERT INTO transitions_transitioncase (id, transition_list_id, case_ref, state, is_late, end_reason, outcome,"
        " entered_at, named_at, previous_id) SELECT gen_random_uuid(), transition_list_id, 'X', 'NAMED', false, '', '',"
        f" now(), now(), id FROM transitions_transitioncase WHERE id = '{case.pk}'"
    )
    by_worker(erasure.run, now=NOW + timedelta(days=200))
    assert case.entries.exclude(content="").exists()
