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
from transitions.actions import subject_requests
from transitions.models import CaseEntry, DataSubjectRequest, TransitionList, TransitionListVersion
from transitions.rules.subject_requests import RequestAnswer, RequestKind

pytestmark = pytest.mark.django_db
TODAY = NOW.date()


@pytest.fixture(autouse=True)
def now(settings: Any) -> None:
    settings.KOK_NOW = NOW.isoformat()


@pytest.fixture
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
    subject_requests.answer_request(request=request, answer=RequestAnswer.GRANTED, answered_on=TODAY, by=by, now=NOW)
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
