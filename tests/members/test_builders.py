"""The ground of other tests: the builders build what they say."""

import pytest

from members.models import SeatAssignment
from tests.builders import HOLDERS, a_meeting, a_user, an_agreement


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
