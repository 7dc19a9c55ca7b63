"""By SQL as web, without a key: what was changed past the application goes into no version and starts no act."""

import re
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from tests.builders import an_agreement, the_partner
from tests.roles import as_worker
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, fresh, people, released, submitted
from tests.worlds import built_once
from transitions.actions import entries, lists, questions, subject_requests
from transitions.models import (
    CaseQuestion,
    DataSubjectRequest,
    TransitionCase,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.queries.release import fingerprint_of
from transitions.rules.codes import QuestionKind, RequestAnswer, RequestKind
from transitions.rules.release import LACKS_CASES, OTHER_THAN_RELEASED, OTHER_THAN_SUBMITTED

pytestmark = pytest.mark.django_db
WITHDRAWN = """
UPDATE transitions_transitioncase SET state = 'WITHDRAWN', end_reason = 'NAMED_BY_MISTAKE', ended_at = now()
WHERE id = %s
"""
AS_BEFORE = "UPDATE transitions_transitioncase SET state = 'NAMED', end_reason = '', ended_at = NULL WHERE id = %s"
LATE = "UPDATE transitions_transitioncase SET is_late = NOT is_late WHERE id = %s"
EARLIER = """
UPDATE transitions_caseentry e SET content = o.content FROM transitions_caseentry o
WHERE e.id = %s AND o.case_id = e.case_id AND o.id <> e.id
"""
DECLINED = "UPDATE transitions_transitioncase SET proposal_declined_at = now() WHERE id = %s"
ANEW = """
INSERT INTO transitions_transitioncase (id, transition_list_id, case_ref, state, is_late, end_reason, outcome,
  entered_at, previous_id)
SELECT gen_random_uuid(), '{of}', 'X', 'NAMED', false, '', '', now(), id FROM transitions_transitioncase WHERE id = %s
"""
TAKEN_OUT = """
DELETE FROM transitions_namemarks WHERE entry_id = %(entry)s;
DELETE FROM transitions_caseentry WHERE id = %(entry)s
"""
TOLD = "Hier wurde an der Anwendung vorbei geändert oder eingefügt: Übergangsfall {}. Es wurde nichts geändert. Sagen"


@built_once(autouse=True, KOK_NOW="2027-03-10T12:00")
def _spring() -> None:
    an_agreement()


def url(name: str, *numbers: Any) -> str:
    return reverse(f"transitions:{name}", args=["wetteraukreis", *numbers])


def by_sql(statement: str, *values: Any, **named: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, named or values)
        assert cursor.rowcount


def text(answer: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def released_by(officer: Any, count: int = 2) -> tuple[TransitionListVersion, TransitionCase]:
    version = acknowledged(released(a_draft(people(count), by=officer)))
    return version, version.transition_list.cases.order_by("case_ref").first()


@built_once
def officer() -> Any:
    return an_access()


@built_once
def handed_over(officer: Any) -> tuple[TransitionListVersion, TransitionCase]:
    return released_by(officer)


@pytest.mark.parametrize("statement", [WITHDRAWN, LATE], ids=["withdrawn", "late"])
def test_given_a_case_changed_by_sql_when_a_new_version_is_begun_then_nobody_is_left_out_unseen(
    officer, handed_over, statement
):
    _, case = handed_over
    by_sql(statement, case.pk)
    told = text(enter(officer.user).post(url("list-begin", 2027), follow=True))
    assert TOLD.format(case) in told
    assert "Zirbelnuss" not in told
    assert TransitionListVersion.objects.count() == 1


def test_given_what_was_handed_over_emptied_by_sql_of_the_worker_when_a_version_is_begun_then_it_is_refused(
    officer, handed_over
):
    version, case = handed_over
    with as_worker():
        by_sql("UPDATE transitions_caseentry SET content = '' WHERE case_id = %s", case.pk)
    told = text(enter(officer.user).post(url("list-begin", 2027), follow=True))
    assert OTHER_THAN_RELEASED in told
    assert fresh(version).transition_list.versions.count() == 1


def test_given_a_case_changed_by_sql_in_a_draft_when_submitted_or_released_then_nothing_goes_out(officer, handed_over):
    _, case = handed_over
    draft = a_draft([case_data(given_name="Neu")], by=officer)
    by_sql(WITHDRAWN, case.pk)
    sent = enter(officer.user).post(url("submit", draft.pk), {"revision": draft.revision})
    assert TOLD.format(case) in text(sent)
    by_sql(AS_BEFORE, case.pk)
    ready = submitted(draft)
    by_sql(WITHDRAWN, case.pk)
    releaser = enter(an_access("case-releaser").user)
    assert TOLD.format(case) in text(releaser.get(url("release", draft.pk)))
    form = {"revision": ready.revision, "shown": fingerprint_of(ready), "is_read": "on"}
    assert TOLD.format(case) in text(releaser.post(url("release", draft.pk), form))
    assert TransmissionReceipt.objects.count() == 1


@pytest.mark.parametrize("statement", [DECLINED, ANEW], ids=["declined", "taken over"])
def test_given_a_proposal_taken_away_by_sql_when_a_nil_report_is_submitted_then_nothing_goes_out(statement, settings):
    officer = an_access()
    _, case = released_by(officer, 1)
    case.state, case.ended_at, case.postponed_to = "POSTPONED", NOW, date(2029, 7, 1)
    case.end_reason = "SCHOOL_EXTENDED"
    case.save()
    settings.KOK_NOW = "2028-03-10T12:00"
    draft = a_draft([], by=officer, year=2028, now=NOW.replace(year=2028))
    by_sql(statement.format(of=draft.transition_list_id), case.pk)
    told = text(enter(officer.user).post(url("submit", draft.pk), {"revision": draft.revision}))
    assert TOLD.format(case) in told or "Über einen Vorschlag aus früheren Listen ist noch nicht entschieden" in told
    assert fresh(draft).submitted_at is None


def test_given_an_entry_taken_out_by_sql_since_it_was_submitted_when_released_then_it_goes_back():
    officer = an_access()
    released_by(officer)
    draft = submitted(a_draft([case_data(given_name="Neu")], by=officer))
    by_sql(TAKEN_OUT, entry=draft.entries.filter(case__named_at__isnull=False).first().pk)
    releaser = enter(an_access("case-releaser").user)
    page = releaser.get(url("release", draft.pk))
    assert OTHER_THAN_SUBMITTED in text(page)
    assert f'btn--primary" href="{url("give-back", draft.pk)}"' in page.content.decode()
    form = {"revision": draft.revision, "shown": fingerprint_of(draft), "is_read": "on"}
    assert OTHER_THAN_SUBMITTED in text(releaser.post(url("release", draft.pk), form))
    assert TransmissionReceipt.objects.count() == 1
    releaser.post(url("give-back", draft.pk), {"reason": "MISSING", "revision": draft.revision})
    assert fresh(draft).returned_at
    again = enter(officer.user).post(url("submit", draft.pk), {"revision": draft.revision})
    assert LACKS_CASES in text(again)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transitions_caseentry SET is_changed = false WHERE id = %s",
        EARLIER,
    ],
    ids=["mark", "earlier content"],
)
def test_given_an_entry_changed_by_sql_since_it_was_submitted_when_released_then_nothing_goes_out(statement):
    officer = an_access()
    released_by(officer)
    draft = a_draft([], by=officer)
    entry = draft.entries.first()
    data = case_data(family_name="Berichtigt")
    entries.change_entry(entry=entry, data=data, is_late=False, seen=entry.changed_at, by=officer, now=NOW)
    ready = submitted(draft)
    by_sql(statement, entry.pk)
    releaser = enter(an_access("case-releaser").user)
    form = {"revision": ready.revision, "shown": fingerprint_of(ready), "is_read": "on"}
    assert OTHER_THAN_SUBMITTED in text(releaser.post(url("release", draft.pk), form))
    assert TransmissionReceipt.objects.count() == 1


@pytest.mark.logs_errors
def test_given_a_case_changed_by_sql_when_anything_is_said_about_it_then_it_is_refused():
    officer, receiver = an_access(), an_access("case-receiver")
    version, case = released_by(officer)
    asked = questions.ask(case=case, kind=QuestionKind.FACILITY, by=receiver, now=NOW)
    other = version.transition_list.cases.exclude(pk=case.pk).get()
    by_sql(LATE, case.pk)
    county, lwv = enter(officer.user), enter(receiver.user)
    acts = (
        (county, url("confirm", case.pk), {}),
        (county, url("question-answer", asked.pk), {"answer": "RIGHT"}),
        (lwv, url("outcome", case.pk), {"outcome": "NO_LWV_BENEFIT", "is_meant": "on"}),
        (lwv, url("question-ask", case.pk), {"kind": "IDENTITY"}),
    )
    for client, address, form in acts:
        assert TOLD.format(case) in text(client.post(address, form, follow=True)), address
    many = {str(case.pk): "NO_LWV_BENEFIT", str(other.pk): "NO_LWV_BENEFIT", "is_meant": "on"}
    answer = lwv.post(url("outcomes", version.pk), many)
    assert answer.status_code == 503, "names are shown of a version that stands as it was released, or of none"
    answer = lwv.post(url("outcome", other.pk), {"outcome": "NO_LWV_BENEFIT", "is_meant": "on"})
    assert answer.status_code == 302, text(answer)[:3000]
    assert TransitionCase.objects.filter(outcome="").get() == case
    assert not CaseQuestion.objects.exclude(answer="").exists()


def a_restriction(case: TransitionCase) -> DataSubjectRequest:
    by, day = an_access(), NOW.date()
    request = subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.RESTRICTION, case_ref=case.case_ref, received_on=day,
        identity_checked_on=day, by=by, now=NOW,
    )  # fmt: skip
    subject_requests.answer_request(request=request, answer=RequestAnswer.GRANTED, answered_on=day, by=by, now=NOW)
    return request


CORRECTION = """
INSERT INTO transitions_datasubjectrequest (id, agreement_id, partner_id, kind, case_ref, received_on, answer,
  extension_months, extension_reason, recorded_at, recorded_by_id, corrects)
SELECT gen_random_uuid(), agreement_id, partner_id, kind, '', received_on, '', 0, '', now(), recorded_by_id, id
FROM transitions_datasubjectrequest WHERE id = %s
"""
LIFTINGS = {
    "another case": "UPDATE transitions_datasubjectrequest SET case_ref = 'UE-X' WHERE id = %s",
    "no longer granted": "UPDATE transitions_datasubjectrequest SET answer = 'REFUSED' WHERE id = %s",
    "lifted": "UPDATE transitions_datasubjectrequest SET lifted_on = '2027-03-10' WHERE id = %s",
    "corrected": CORRECTION,
}


@pytest.mark.parametrize("statement", LIFTINGS.values(), ids=LIFTINGS)
def test_given_a_restriction_lifted_by_sql_when_its_case_is_read_or_used_then_it_is_kept_as_before(
    officer, handed_over, statement
):
    version, case = handed_over
    request = a_restriction(case)
    by_sql(statement, request.pk)
    county = enter(officer.user)
    name = case.entries.get().data.family_name
    assert name not in text(county.get(url("version", version.pk)))
    told = text(county.post(url("confirm", case.pk), follow=True))
    assert "eingeschränkt (Art. 18 DSGVO)" in told or f"Zum Fall {case} wurde eine Anfrage an der Anwendung" in told
    assert TransitionCase.objects.get(pk=case.pk).state == "NAMED"


def test_given_a_request_changed_by_sql_when_it_is_answered_or_lifted_then_it_is_refused(officer, handed_over):
    _, case = handed_over
    request = a_restriction(case)
    by_sql("UPDATE transitions_datasubjectrequest SET case_ref = 'UE-X' WHERE id = %s", request.pk)
    form = {"lifted_on": "10.03.2027", "is_told": "on"}
    told = text(enter(officer.user).post(url("request-lift", request.pk), form, follow=True))
    assert (
        f"Hier wurde an der Anwendung vorbei geändert oder eingefügt: Anfrage einer betroffenen Person Nr. {request.pk}"
        in told
    )
    assert DataSubjectRequest.objects.get().lifted_on is None


def test_given_a_confirmation_put_in_by_sql_when_a_case_is_withdrawn_then_it_is_due_at_once_all_the_same():
    officer = an_access()
    version = released(a_draft(people(2), by=officer)).version
    by_sql(
        "INSERT INTO transitions_acknowledgement (receipt_id, at, by_id, name) VALUES (%s, now(), %s, '')",
        version.receipt.pk, officer.user.pk,
    )  # fmt: skip
    draft = lists.open_draft(sender=the_partner(), year=2027, by=officer, now=NOW)
    entry = draft.entries.first()
    entries.end_case(entry=entry, ending="WITHDRAWN", reason="NAMED_BY_MISTAKE", postponed_to=None, by=officer, now=NOW)
    released(fresh(draft))
    assert TransitionCase.objects.get(pk=entry.case_id).erased_at is not None
