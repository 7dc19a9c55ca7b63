"""Roles, seats and departures by the days on which they count."""

from datetime import date

import pytest

from kok.roles import RoleSlug
from members.models import Departure, RoleAssignment, SeatAssignment
from tests.builders import a_user, an_agreement

FIRST, LAST, AFTER = date(2026, 1, 1), date(2026, 6, 30), date(2026, 7, 1)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agreement():
    return an_agreement()


@pytest.fixture
def role(agreement):
    held = a_user(role=RoleSlug.MEMBER, partner="wetteraukreis", agreement=agreement).role_assignments.get()
    held.period = (FIRST, AFTER)
    held.save()
    return held


@pytest.mark.parametrize(
    ("day", "is_on", "is_lasting"),
    [(date(2025, 12, 31), False, True), (FIRST, True, True), (LAST, True, True), (AFTER, False, False)],
)
def test_given_a_role_for_a_period_when_asked_for_a_day_then_it_is_on_within_and_lasts_until_its_end(
    role, day, is_on, is_lasting
):
    roles = RoleAssignment.objects.filter(pk=role.pk)

    assert roles.on(day).exists() is is_on
    assert roles.lasting(day).exists() is is_lasting


def test_given_a_role_for_one_partner_when_asked_by_partner_then_it_counts_for_that_one_only(role, agreement):
    others = list(agreement.partners.exclude(pk=role.partner_id))

    assert role in RoleAssignment.objects.of_partners([role.partner])
    assert role not in RoleAssignment.objects.of_partners(others)
    assert role in RoleAssignment.objects.of_agreement(agreement)


def test_given_the_seats_of_the_first_day_when_asked_for_later_days_then_they_last(agreement):
    seats = SeatAssignment.objects.filter(seat__body__agreement=agreement)

    assert seats.on(agreement.in_force_on).count() == seats.lasting(agreement.in_force_on).count() == seats.count()
    assert not Departure.objects.pending().exists()
