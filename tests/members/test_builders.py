"""The ground of other tests: the builders build what they say."""

from datetime import date

import pytest
from django.db import transaction

from kok import seals
from members.actions import load_agreement
from members.models import SeatAssignment
from members.rules.codes import Loading
from tests.builders import HOLDERS, INTRODUCED_AT, a_meeting, a_user, an_agreement, wetterau


@pytest.mark.django_db
def test_given_the_builders_when_used_then_there_are_seven_invented_holders_with_addresses():
    agreement = an_agreement()
    people = [a.person for a in SeatAssignment.objects.select_related("person").order_by("seat__position")]
    assert [(p.given_name, p.family_name) for p in people] == HOLDERS
    assert all(p.email.endswith("@example.org") for p in people)
    assert [p.slug for p in agreement.partners.all()] == ["wetteraukreis", "lwv-hessen"]
    assert a_user(role="secretariat").role_assignments.get().partner.slug == "wetteraukreis"
    assert a_user(role="admin").role_assignments.get().agreement is None
    assert str(a_meeting(items=("Begrüßung",))) == "KoK am 12.05.2027"


@pytest.mark.django_db
def test_given_an_agreement_put_back_when_its_file_is_loaded_then_it_says_the_same_and_every_seal_fits():
    with transaction.atomic():
        first = an_agreement()
        transaction.set_rollback(True)
    assert an_agreement() == first, "the same row, not another one"
    assert load_agreement(file=wetterau(), by=None, now=INTRODUCED_AT).loading == Loading.UNCHANGED
    assert seals.findings(date(2027, 1, 1)) == ()
