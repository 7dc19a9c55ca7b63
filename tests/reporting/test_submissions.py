"""Recording a fulfilment and taking it back: only for the own partner, with proof, never twice."""

from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from kok.models import AuditEvent
from reporting.duties.actions.submissions import record_submission, withdraw_submission
from reporting.models import Submission
from tests.builders import a_user, an_agreement, the_partner

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 20, 9, 0, tzinfo=UTC)
SHA = "0123456789abcdef" * 4


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def reporter(agreement):
    return a_user(role="reporter")


def record(agreement, by, **values):
    known = {
        "agreement": agreement,
        "code": "O-04",
        "due_year": 2027,
        "debtor": the_partner("wetteraukreis"),
        "submitted_on": date(2027, 4, 15),
        "channel": "SECURE_MAIL",
        "by": by,
        "now": NOW,
    }
    return record_submission(**known | values)


def test_given_an_open_duty_when_its_submission_is_recorded_then_it_and_the_act_are_kept(agreement, reporter):
    submission = record(agreement, reporter, evidence=" Az. 51-2027 ", is_nil_report=True)
    kept = Submission.objects.get()
    assert (kept.pk, kept.evidence, kept.is_nil_report, kept.recorded_by) == (
        submission.pk,
        "Az. 51-2027",
        True,
        reporter,
    )
    assert AuditEvent.objects.get(action="submission.recorded").note == "O-04 2027"


REFUSALS = {
    "future": ({"submitted_on": date(2027, 4, 21)}, "liegt in der Zukunft"),
    "before-the-stichtag": (
        {"code": "O-05", "channel": "STATEWIDE", "evidence": "x", "submitted_on": date(2026, 12, 31)},
        "Vorher kann sie nicht abgegeben sein",
    ),
    "another-year": ({"submitted_on": date(2026, 4, 1)}, "zu weit vor der Frist"),
    "statewide-without-proof": ({"code": "O-05", "channel": "STATEWIDE", "evidence": " "}, "Der Nachweis fehlt"),
    "statewide-by-letter": ({"code": "O-05", "channel": "LETTER", "evidence": "x"}, "nicht gesondert"),
    "8b-statewide": ({"channel": "STATEWIDE", "evidence": "x"}, "gehört nicht in den landesweiten Datenaustausch"),
    "checksum": ({"file_sha256": "abc"}, "keine Prüfsumme"),
    "no-such-year": ({"due_year": 2021, "submitted_on": date(2021, 4, 1)}, "keine solche Frist"),
    "event-duty": ({"code": "O-07"}, "keine solche Frist"),
}


@pytest.mark.parametrize(("values", "sentence"), REFUSALS.values(), ids=REFUSALS)
def test_given_a_wrong_entry_when_recorded_then_a_sentence_refuses_it_and_nothing_is_kept(
    agreement, reporter, values, sentence
):
    with pytest.raises(Refused, match=sentence):
        record(agreement, reporter, **values)
    assert not Submission.objects.exists()
    assert not AuditEvent.objects.filter(action="submission.recorded").exists()


@pytest.mark.parametrize("role", ["secretariat", "member", "approver", "registrar"])
def test_given_another_role_when_it_records_then_it_is_refused(agreement, role):
    with pytest.raises(Refused, match="trägt dieser Partner selbst ein"):
        record(agreement, a_user(role=role))


def test_given_the_duty_of_the_other_partner_when_recorded_then_it_is_refused(agreement, reporter):
    with pytest.raises(Refused, match="Was LWV Hessen abgibt, trägt dieser Partner selbst ein"):
        record(agreement, reporter, code="O-06", debtor=the_partner("lwv-hessen"), channel="STATEWIDE", evidence="x")


def test_24_given_8d_when_the_lwv_records_evidence_and_checksum_then_it_is_fulfilled_without_a_second_report(agreement):
    record(
        agreement,
        a_user(role="reporter", partner="lwv-hessen"),
        code="O-06",
        debtor=the_partner("lwv-hessen"),
        channel="STATEWIDE",
        evidence="Datenaustausch der AG nach § 6, 15.04.2027",
        file_sha256=SHA,
    )
    assert Submission.objects.get().file_sha256 == SHA


def test_given_a_recorded_duty_when_recorded_again_then_the_sentence_of_the_constraint_says_why(agreement, reporter):
    record(agreement, reporter)
    with pytest.raises(Refused, match="schon eine Abgabe eingetragen"):
        record(agreement, reporter, submitted_on=date(2027, 4, 16))


def test_given_a_wrong_entry_when_withdrawn_then_it_stays_readable_and_a_new_one_is_possible(agreement, reporter):
    wrong = record(agreement, reporter)
    withdraw_submission(submission=wrong, reason=" falsches Jahr ", by=reporter, now=NOW)
    wrong.refresh_from_db()
    assert (wrong.withdrawn_at, wrong.withdrawn_by, wrong.withdrawal_reason) == (NOW, reporter, "falsches Jahr")
    record(agreement, reporter, submitted_on=date(2027, 4, 16))
    assert Submission.objects.count() == 2
    assert AuditEvent.objects.filter(action="submission.withdrawn").count() == 1


def test_given_an_entry_when_withdrawn_without_reason_twice_or_by_others_then_it_is_refused(agreement, reporter):
    entry = record(agreement, reporter)
    with pytest.raises(Refused, match="Der Grund fehlt"):
        withdraw_submission(submission=entry, reason=" ", by=reporter, now=NOW)
    with pytest.raises(Refused, match="selbst ein"):
        withdraw_submission(submission=entry, reason="x", by=a_user(role="reporter", partner="lwv-hessen"), now=NOW)
    withdraw_submission(submission=entry, reason="x", by=reporter, now=NOW)
    with pytest.raises(Refused, match="schon zurückgenommen"):
        withdraw_submission(submission=entry, reason="x", by=reporter, now=NOW)
