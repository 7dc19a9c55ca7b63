"""Whatever somebody does to a list that was handed over, who owns the database and has no key: the night says what."""

import pytest

from kok.models import AuditEvent
from members.models import AccountRequest, RoleAssignment
from tests.transitions.manipulations import MANIPULATIONS, NIGHTS
from tests.transitions.test_seals import by_sql, found, give_all_places, handed_over
from transitions.models import (
    Acknowledgement,
    CaseQuestion,
    DataSubjectRequest,
    TransitionCase,
    TransmissionReceipt,
    TwoPeople,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def receipt(kept_for_the_file: None) -> TransmissionReceipt:
    """One list for all tests of this file, with which nothing is wrong."""
    receipt = handed_over()
    give_all_places()
    assert found() == []
    return receipt


def test_given_every_manipulation_when_looked_up_then_it_has_its_night():
    assert sorted(name for night in NIGHTS for name in night) == sorted(MANIPULATIONS)


@pytest.mark.parametrize("night", NIGHTS, ids=lambda night: night[0])
def test_given_changes_by_sql_when_the_night_comes_then_each_is_found_and_named(receipt, night):
    case = TransitionCase.objects.filter(outcome="", state="NAMED").first()
    newest = Acknowledgement.objects.order_by("-pk").first()
    names = {
        "receipt": receipt.number, "receipt_id": receipt.pk, "version": receipt.version_id, "case": case,
        "case_id": case.pk, "acknowledgement": newest.pk, "role": RoleAssignment.objects.order_by("-pk").first().pk,
        "line": AuditEvent.objects.order_by("-pk").first().pk, "asked": CaseQuestion.objects.get().case,
        "question": CaseQuestion.objects.get().pk, "request": DataSubjectRequest.objects.get().pk,
        "two": (two := TwoPeople.objects.get().pk), "next_two": two + 1, "asked_for": AccountRequest.objects.get().pk,
        "officer": RoleAssignment.objects.filter(role="case-officer").order_by("pk").first().user_id,
    }  # fmt: skip
    for name in night:
        by_sql(*MANIPULATIONS[name][0])
    told = found()
    missing = [name for name in night if not any(MANIPULATIONS[name][1].format(**names) in each for each in told)]
    assert missing == [], told
