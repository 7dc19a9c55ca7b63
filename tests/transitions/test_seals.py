"""By SQL, as the owner of the database with every guard off, and without the key: the night finds it and says which."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from kok import audit, erasure, inspections, seals
from kok.models import AuditEvent, Seal
from members import actions as members
from members.models import RoleAssignment
from tests.builders import a_user, an_agreement, the_partner
from tests.roles import as_administrator, by_worker, on_the_database
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, case_data, fresh, people, released
from tests.worlds import built_once
from transitions.actions import doubles, entries, lists, questions, subject_requests
from transitions.actions.cases import record_outcome
from transitions.inspections import DIFFERENT
from transitions.models import (
    CaseEntry,
    TransitionCase,
    TransitionList,
    TransitionListVersion,
    TransmissionReceipt,
)
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, QuestionAnswer, QuestionKind, RequestKind

pytestmark = pytest.mark.django_db
TODAY = date(2027, 6, 1)


@contextmanager
def as_owner() -> Iterator[Any]:
    """Every trigger is off, those of foreign keys too, which have looked at all that was written before."""
    connection.check_constraints()
    with as_administrator(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = origin")


def by_sql(*statements: str) -> None:
    """Past the application."""
    with as_owner() as cursor:
        for statement in statements:
            cursor.execute(statement)


def found() -> list[str]:
    """What every nightly inspection says."""
    mine = [each for each in inspections._inspections if each.slug != "chain-ends"]
    return [sentence for each in mine for sentence in inspections._look(each, TODAY)]


@built_once
def receipt() -> TransmissionReceipt:
    return handed_over()


def handed_over() -> TransmissionReceipt:
    """Two versions of a list of three people, both confirmed, with one withdrawn in the second and still there."""
    an_agreement()
    by = an_access()
    first = released(a_draft(people(3), by=by))
    acknowledged(first)
    draft = a_draft([], by=by)
    entry = draft.entries.order_by("case__case_ref").first()
    assert entry
    entries.end_case(
        entry=entry, ending=CaseState.WITHDRAWN, reason=EndReason.SUBJECT_REQUEST, postponed_to=None, by=by, now=NOW
    )
    second = released(draft, now=NOW + timedelta(days=1))
    acknowledged(second, now=NOW + timedelta(days=2))
    case, other = TransitionCase.objects.filter(state="NAMED").order_by("case_ref")
    asked_and_said(other, case)
    record_outcome(
        case=case, outcome=CaseOutcome.NO_LWV_BENEFIT, by=an_access("case-receiver"), now=NOW + timedelta(days=3)
    )
    audit.record(by=None, action="role.given", note="Nachweis", now=NOW)
    return TransmissionReceipt.objects.get(pk=second.pk)


def asked_and_said(case: TransitionCase, other: TransitionCase) -> None:
    """A question with its answer, a request of the person, two people told apart, and a role by two people."""
    officer, now = an_access(), NOW + timedelta(days=2)
    asked = questions.ask(case=case, kind=QuestionKind.FACILITY, by=an_access("case-receiver"), now=now)
    questions.answer(question=asked, answer=QuestionAnswer.CORRECTION, by=officer, now=now)
    doubles.say_two_people(cases=[case, other], by=officer, now=now)
    subject_requests.register_request(
        partner=the_partner(), kind=RequestKind.ACCESS, case_ref=case.case_ref, received_on=NOW.date(),
        identity_checked_on=NOW.date(), by=officer, now=now,
    )  # fmt: skip
    giver, second = a_user(role="registrar"), a_user(role="registrar")
    role = members.ask_role(
        user=a_user(role="member"), role="approver", place=the_partner(), from_on=now.date(), by=giver, now=now
    )
    members.confirm(request=role, by=second, now=now)


def test_given_the_life_of_a_list_when_the_night_comes_then_nothing_is_found(receipt):
    assert found() == []
    assert Seal.objects.filter(chain="receipts").count() == 2
    by_worker(erasure.run, now=NOW + timedelta(days=40))
    assert TransitionCase.objects.filter(erased_at__isnull=False).count() == 1
    assert found() == []


def give_all_places() -> None:
    """As the ends of transactions do."""
    from kok.models.sealing import sealings
    from kok.models.seals import give_places

    for sealing in sealings():
        give_places(sealing.chain)


def test_given_somebody_erased_when_the_contents_of_others_are_swapped_then_the_receipt_is_named(receipt):
    by_worker(erasure.run, now=NOW + timedelta(days=40))
    assert found() == []
    first, _ = TransitionListVersion.objects.order_by("number")
    case = TransitionCase.objects.filter(erased_at=None, outcome="").first()
    entry = CaseEntry.objects.get(version=first, case=case)
    other = entries.sealed(case_data(family_name="Vertauscht"), case)
    with as_owner() as cursor:
        cursor.execute("UPDATE transitions_caseentry SET content = %s WHERE id = %s", [other, entry.pk])
    assert found() == [DIFFERENT.format(number=first.receipt.number)]


def test_given_two_people_when_their_contents_are_swapped_then_the_receipt_is_named_and_not_the_key(receipt):
    kept = CaseEntry.objects.filter(version=receipt.version).exclude(content="").order_by("pk")
    one, other = kept[:2]
    with as_owner() as cursor:
        for entry, content in ((one, other.content), (other, one.content)):
            cursor.execute("UPDATE transitions_caseentry SET content = %s WHERE id = %s", [content, entry.pk])
    assert found() == [DIFFERENT.format(number=receipt.number)]


def test_given_the_reason_of_an_ending_when_it_is_changed_then_the_receipt_is_named(receipt):
    by_sql("UPDATE transitions_caseentry SET ending_reason = 'NAMED_BY_MISTAKE' WHERE ending <> ''")
    assert found() == [DIFFERENT.format(number=receipt.number)]


def test_given_a_changed_row_when_the_application_goes_on_with_it_then_it_stays_a_finding(receipt):
    case = TransitionCase.objects.filter(outcome="", state="NAMED").first()
    by_sql("UPDATE transitions_transitioncase SET is_late = true WHERE outcome = ''")
    assert len([each for each in found() if "Übergangsfall" in each]) == 2
    case.refresh_from_db()
    case.outcome, case.ended_at = CaseOutcome.NO_LWV_BENEFIT, NOW
    case.save()
    assert any(f"Übergangsfall {case}: An der Anwendung vorbei geändert" in each for each in found())


def test_given_an_end_brought_forward_by_sql_when_the_erasure_runs_then_nobody_goes_and_that_is_a_finding(receipt):
    case = TransitionCase.objects.filter(outcome="", state="NAMED").first()
    by_sql(
        "UPDATE transitions_transitioncase SET ended_at = '2026-01-01', outcome = 'OTHER_CARRIER' WHERE case_ref = "
        f"'{case}'"
    )
    by_worker(erasure.run, now=NOW + timedelta(days=4))
    assert TransitionCase.objects.get(pk=case.pk).erased_at is None
    assert any(f"Übergangsfall {case}: An der Anwendung vorbei geändert" in each for each in found())


def test_given_an_ended_role_when_row_and_seal_are_put_back_as_they_were_then_the_chain_says_so(
    receipt,
):
    give_all_places()
    role = RoleAssignment.objects.order_by("-pk").first()
    line = Seal.objects.get(chain="roles", object_id=str(role.pk))
    role.period = (date(2022, 3, 1), date(2027, 3, 1))
    role.save()
    give_all_places()
    assert found() == []
    by_sql(
        f"UPDATE members_roleassignment SET period = '[2022-03-01,)' WHERE id = {role.pk}",
        f"DELETE FROM kok_seal WHERE id = {line.pk}",
    )
    Seal(
        chain=line.chain, object_id=line.object_id, number=line.number, proof=line.proof,
        at=line.at, salt=line.salt, state=line.state, marks=line.marks,
        seal=line.seal,
    ).save()  # fmt: skip
    told = found()
    assert any("Diese Zeile fehlt." in each for each in told)
    assert any("Rolle " in each and "An der Anwendung vorbei geändert" in each for each in told)


def test_given_a_list_after_ten_years_when_it_is_erased_then_nothing_is_found_and_the_seals_say_so(receipt):
    give_all_places()
    by_worker(erasure.run, now=NOW.replace(year=2038))
    assert not TransitionList.objects.exists()
    give_all_places()
    assert [each for each in seals.findings(date(2038, 3, 11)) if "Änderungsprotokoll" not in each] == []
    gone = Counter(Seal.objects.filter(is_gone=True).values_list("chain", flat=True))
    assert gone == {
        "lists": 1, "versions": 2, "cases": 3, "receipts": 2, "acknowledgements": 2, "questions": 1, "two-people": 1,
        "account-requests": 1,
    }  # fmt: skip


def test_given_the_trail_after_ten_years_when_it_is_erased_then_its_seals_go_and_the_chain_holds():
    audit.record(by=None, action="test", now=NOW)
    give_all_places()
    audit.record(by=None, action="test", now=NOW.replace(year=2036))
    on_the_database(date(2038, 3, 10))
    by_worker(erasure.run, now=NOW.replace(year=2038))
    assert AuditEvent.objects.filter(at__year=2027).count() == 0
    assert seals.findings(date(2038, 3, 11)) == ()


def test_given_a_draft_thrown_away_when_the_night_comes_then_nothing_is_found():
    an_agreement()
    by = an_access()
    draft = a_draft(people(2), by=by)
    doubles.say_two_people(cases=[entry.case for entry in draft.entries.all()], by=by, now=NOW)
    lists.discard_draft(version=draft, revision=fresh(draft).revision, by=by, now=NOW)
    assert found() == []
    assert a_user(role="member")
    assert found() == []
