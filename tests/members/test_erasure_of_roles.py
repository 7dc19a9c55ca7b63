"""Ended roles go on the day on which they have been over for as long as they are kept, and not a day before."""

from datetime import date

import pytest

from members.actions.erasure import RULES
from members.models import RoleAssignment
from tests.builders import a_user, an_agreement

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("today", "is_due"), [(date(2027, 3, 9), False), (date(2027, 3, 10), True)])
def test_given_a_role_that_ended_when_its_time_is_nearly_over_then_it_goes_on_the_day_itself(
    today: date, is_due: bool
) -> None:
    an_agreement()
    role = RoleAssignment.objects.get(user=a_user(role="member"))
    RoleAssignment.objects.filter(pk=role.pk).update(period=(date(2022, 3, 1), date(2026, 3, 10)))
    [rule] = [rule for rule in RULES if rule.slug == "ended-roles"]
    assert (str(role.pk) in set(rule.due(today))) == is_due
