"""Scenario 24: 8c and 8d are handed in through the statewide exchange; evidence fulfils them, a file here does not."""

from datetime import UTC, date, datetime

import pytest

from kok.errors import Refused
from reporting.duties.actions.submissions import record_submission
from reporting.duties.queries.duties import duties_of
from reporting.duties.queries.ledger import ledger_of
from reporting.duties.rules.codes import OccurrenceState
from reporting.figures.actions import datasets
from reporting.figures.pages.datasets import dataset_page
from reporting.models import DatasetRevision
from tests.builders import a_user, an_agreement, the_partner
from tests.reporting.figures import imported

pytestmark = pytest.mark.django_db
NOW = datetime(2027, 4, 15, 9, 0, tzinfo=UTC)
TODAY = NOW.date()


def duty_8d(agreement):
    found = duties_of(ledger_of(agreement, 2027, 2027), [2027], TODAY)
    return next(duty for duty in found if duty.rule.code == "O-06")


def evidence(agreement, by, **values):
    return record_submission(
        agreement=agreement, code="O-06", due_year=2027, debtor=the_partner("lwv-hessen"),
        submitted_on=date(2027, 4, 15), by=by, now=NOW,
        **{"channel": "STATEWIDE", "evidence": "AG § 6 HAG/SGB IX, Lieferung 2027/1", **values},
    )  # fmt: skip


def test_24_given_8d_when_only_the_evidence_of_the_statewide_exchange_is_recorded_then_the_duty_is_fulfilled():
    agreement = an_agreement()
    lwv = a_user(role="reporter", partner="lwv-hessen")
    assert duty_8d(agreement).state is OccurrenceState.OPEN
    evidence(agreement, lwv, file_sha256="ab" * 32)
    assert duty_8d(agreement).state is OccurrenceState.FULFILLED
    assert not DatasetRevision.objects.exists()


def test_24_given_8d_when_a_file_is_submitted_and_accepted_here_then_the_duty_stays_open_until_the_evidence():
    agreement = an_agreement()
    lwv, county = a_user(role="reporter", partner="lwv-hessen"), a_user(role="reporter")
    revision = datasets.submit(revision=imported(), by=lwv, now=NOW)
    datasets.accept(revision=revision, by=county, now=NOW)
    assert duty_8d(agreement).state is OccurrenceState.OPEN
    page = dataset_page(lwv, agreement, TODAY, pk=revision.dataset_id)
    assert page.needs_evidence
    evidence(agreement, lwv, file_sha256=revision.file_sha256)
    assert duty_8d(agreement).state is OccurrenceState.FULFILLED
    assert not dataset_page(lwv, agreement, TODAY, pk=revision.dataset_id).needs_evidence


@pytest.mark.parametrize("channel", ["SECURE_MAIL", "LETTER"])
def test_24_given_8d_when_another_way_than_the_statewide_exchange_is_recorded_then_it_is_refused(channel):
    agreement = an_agreement()
    with pytest.raises(Refused, match="landesweiten Datenaustausch"):
        evidence(agreement, a_user(role="reporter", partner="lwv-hessen"), channel=channel)
    assert duty_8d(agreement).state is OccurrenceState.OPEN


def test_24_given_8d_when_the_county_records_the_evidence_of_the_lwv_then_it_is_refused():
    agreement = an_agreement()
    with pytest.raises(Refused):
        evidence(agreement, a_user(role="reporter"))
