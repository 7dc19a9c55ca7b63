"""Two local carriers in one agreement that both owe 8b: what is asked of one of them is nothing to the other."""

from typing import Any

import pytest
from django.urls import reverse

from kok.errors import Refused
from kok.models import User
from tests.builders import another_agreement, give_role, the_partner
from tests.transitions.inside import enter
from tests.transitions.world import NOW, a_draft, acknowledged, an_access, released
from transitions.actions import subject_requests as actions
from transitions.models import DataSubjectRequest
from transitions.queries.restriction import restricted_refs
from transitions.queries.visibility import entries_visible_to
from transitions.rules.codes import EntryReason, RequestAnswer, RequestKind

pytestmark = pytest.mark.django_db
TODAY = NOW.date()
KREIS, STADT = "musterkreis", "musterstadt"


@pytest.fixture
def agreement(settings: Any) -> Any:
    settings.KOK_NOW = NOW.isoformat()
    return another_agreement()


@pytest.fixture
def receiver(agreement: Any) -> Any:
    return an_access("case-receiver", agreement=agreement)


def officer(agreement: Any, carrier: str) -> Any:
    return an_access(partner=carrier, agreement=agreement)


def named(by: Any, carrier: str) -> Any:
    """The case of one person on a list of this carrier that the LWV confirmed."""
    releaser = an_access("case-releaser", partner=carrier, agreement=by.agreement)
    return acknowledged(released(a_draft(by=by), by=releaser)).entries.get().case


def objected(case: Any, carrier: str, by: Any) -> DataSubjectRequest:
    """An objection that waits for its answer, and restricts until then."""
    return actions.register_request(
        partner=the_partner(carrier, by.agreement), kind=RequestKind.OBJECTION, case_ref=case.case_ref,
        received_on=TODAY, identity_checked_on=TODAY, by=by, now=NOW,
    )  # fmt: skip


def test_given_an_objection_at_one_carrier_when_the_other_looks_or_answers_then_it_is_not_there_and_binds_the_lwv(
    agreement, receiver
):
    of_kreis, of_stadt = officer(agreement, KREIS), officer(agreement, STADT)
    case, other = named(of_kreis, KREIS), named(of_stadt, STADT)
    request = objected(case, KREIS, of_kreis)
    assert restricted_refs(of_kreis) == restricted_refs(receiver) == {case.case_ref}
    assert restricted_refs(of_stadt) == frozenset()
    assert [entry.case for entry in entries_visible_to(receiver)] == [other]
    client = enter(of_stadt.user, EntryReason.SUBJECT_REQUEST, agreement=agreement)
    assert client.get(reverse("transitions:request", args=[agreement.slug, request.pk])).status_code == 404
    assert client.post(reverse("transitions:request-lift", args=[agreement.slug, request.pk])).status_code == 404
    assert case.case_ref not in client.get(reverse("transitions:requests", args=[agreement.slug])).content.decode()
    for act in (
        lambda: actions.answer_request(
            request=request, answer=RequestAnswer.REFUSED, answered_on=TODAY, by=of_stadt, now=NOW
        ),
        lambda: actions.lift_restriction(request=request, lifted_on=TODAY, by=of_stadt, now=NOW),
    ):
        with pytest.raises(Refused):
            act()
    assert restricted_refs(receiver) == {case.case_ref}


def test_given_somebody_of_both_carriers_when_asked_at_one_about_a_case_of_the_other_then_it_is_not_there(
    agreement, receiver
):
    of_kreis = officer(agreement, KREIS)
    case = named(of_kreis, KREIS)
    give_role(of_kreis.user, role="case-officer", partner=STADT, agreement=agreement)
    of_both = an_access(user=User.objects.get(pk=of_kreis.user.pk), agreement=agreement)
    with pytest.raises(Refused, match="ist für Sie nicht da"):
        objected(case, STADT, of_both)
    assert restricted_refs(receiver) == frozenset()
    objected(case, KREIS, of_both)
    assert restricted_refs(receiver) == {case.case_ref}


def test_given_a_request_about_a_case_of_another_carrier_from_before_when_used_then_it_binds_neither_side(
    agreement, receiver
):
    of_kreis, of_stadt = officer(agreement, KREIS), officer(agreement, STADT)
    case = named(of_kreis, KREIS)
    DataSubjectRequest.objects.create(
        agreement=agreement, partner=the_partner(STADT, agreement), kind=RequestKind.OBJECTION,
        case_ref=case.case_ref, received_on=TODAY, identity_checked_on=TODAY, recorded_at=NOW,
        recorded_by=of_stadt.user,
    )  # fmt: skip
    assert restricted_refs(of_kreis) == restricted_refs(receiver) == frozenset()
