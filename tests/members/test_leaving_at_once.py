"""Somebody leaves while he is given a role or a seat: one waits for the other, nothing lasts beyond that day."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from members import actions
from members.models import Person, RoleAssignment, SeatAssignment
from tests.at_once import while_stands
from tests.builders import a_seat, a_user, an_agreement, the_partner

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
TODAY, LAST = date(2026, 9, 1), date(2026, 12, 31)


class World:
    """A registrar, and somebody who holds a seat and is a member."""

    def __init__(self) -> None:
        self.agreement = an_agreement()
        self.registrar, self.other = a_user(role="registrar"), a_user(role="registrar")
        self.person = Person.objects.get(family_name="Abel")
        self.person.user = a_user(role="member", username="abel")
        self.person.save()
        self.seat = a_seat(function="Neu")

    def leave(self) -> None:
        actions.enter_departure(person=self.person, last_on=LAST, by=self.registrar, agreement=self.agreement, now=NOW)

    def give_role(self) -> None:
        user, place = Person.objects.get(pk=self.person.pk).user, the_partner()
        actions.give_role(user=user, role="reporter", place=place, from_on=TODAY, by=self.other, now=NOW)  # type: ignore[arg-type]

    def ask_role(self) -> None:
        user, place = Person.objects.get(pk=self.person.pk).user, the_partner()
        asked = actions.ask_role(user=user, role="approver", place=place, from_on=TODAY, by=self.registrar, now=NOW)  # type: ignore[arg-type]
        actions.confirm(request=asked, by=self.other, now=NOW)

    def assign(self) -> None:
        actions.assign_seat(
            seat=self.seat, person=self.person, capacity="HOLDER", from_on=TODAY, by=self.other, now=NOW
        )

    def lasting(self) -> int:
        """What holds beyond the last day."""
        seats = SeatAssignment.objects.filter(person=self.person, period__upper_inf=True)
        return seats.count() + RoleAssignment.objects.filter(user=self.person.user, period__upper_inf=True).count()


@pytest.mark.parametrize("act", ["give_role", "ask_role", "assign"])
def test_given_somebody_leaving_when_something_is_given_at_the_same_time_then_it_waits_and_is_refused(act: str) -> None:
    world = World()
    sentence = while_stands(world.leave, getattr(world, act))
    assert "scheidet zum 31.12.2026 aus" in sentence
    assert world.lasting() == 0


@pytest.mark.parametrize("act", ["give_role", "ask_role", "assign"])
def test_given_something_being_given_when_somebody_leaves_at_the_same_time_then_it_ends_too(act: str) -> None:
    world = World()
    assert while_stands(getattr(world, act), world.leave) == ""
    assert world.lasting() == 0


def test_given_two_registrars_when_both_enter_the_departure_then_the_second_is_told() -> None:
    world = World()
    assert "scheidet schon zum 31.12.2026 aus" in while_stands(world.leave, world.leave)


def test_given_two_registrars_when_each_lets_the_other_leave_then_one_remains() -> None:
    world = World()
    both = []
    for user in (world.registrar, world.other):
        both.append(Person.objects.exclude(pk=world.person.pk).exclude(pk__in=both)[len(both)].pk)
        Person.objects.filter(pk=both[-1]).update(user=user)
    first, second = (Person.objects.get(pk=pk) for pk in both)

    def leave(person: Person, by: Any) -> None:
        actions.enter_departure(person=person, last_on=LAST, by=by, agreement=world.agreement, now=NOW)

    sentence = while_stands(lambda: leave(first, world.other), lambda: leave(second, world.registrar))
    assert "das letzte Konto" in sentence
    assert RoleAssignment.objects.filter(role="registrar", period__upper_inf=True).count() == 1
