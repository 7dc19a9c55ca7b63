"""The people whom a partner maintains."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kok.models import Seal, User
from kok.retention import LEFT
from members.models import Departure, Partner, Person, SeatAssignment


@dataclass(frozen=True)
class PersonWithSeats:
    """A person with the seats of today; `leaves_on` is the last day of somebody who is about to leave."""

    person: Person
    assignments: tuple[SeatAssignment, ...]
    leaves_on: date | None


def persons_of_partners(partners: Iterable[Partner]) -> QuerySet[Person]:
    """The people of these partners; an authority such as the LWV has the same people in every agreement."""
    employers = set(map(attrgetter("authority_id"), partners))
    return Person.objects.filter(employer__in=employers).select_related("user")


def names_in(people: Collection[int], authorities: Collection[int]) -> dict[int, str]:
    """The names of those of these people who work for one of these authorities, by number."""
    found = Person.objects.filter(pk__in=people, employer__in=authorities)
    return {person.pk: str(person) for person in found.only("given_name", "family_name")}


def persons_with_seats(partners: Collection[Partner], day: date) -> list[PersonWithSeats]:
    """The people of these partners with their seats on a day, in two queries."""
    held = SeatAssignment.objects.filter(period__contains=day, person__in=persons_of_partners(partners))
    seats = defaultdict(list)
    for assignment in held.select_related("seat__body"):
        seats[assignment.person_id].append(assignment)
    leaving = Departure.objects.pending().filter(person=OuterRef("pk"))
    people = persons_of_partners(partners).annotate(leaves_on=Subquery(leaving.values("last_on")[:1]))
    return [PersonWithSeats(person, tuple(seats[person.pk]), person.leaves_on) for person in people]


def people_who_left(today: date) -> QuerySet[Person]:
    """Who left so long ago as contacts are kept, and has no open account: nobody needs to reach them any more (5.5).

    Somebody left with the last seat, or on the day that was entered, whatever is later. People who never had a seat
    and never left are not among them: nobody knows since when they are not needed. A seat or departure that somebody
    put in puts nothing off (ADR 22). Raises KeyLost.
    """
    last = LEFT.before(today)
    lasting = SeatAssignment.objects.lasting(last)
    left = Departure.objects.filter(withdrawn_at=None)
    on_a_seat, leaves_later = _written(lasting), _written(left.filter(last_on__gte=last))
    return (
        Person.objects.filter(Q(assignments__isnull=False) | Q(pk__in=left.values("person")))
        .exclude(pk__in=on_a_seat.values("person"))
        .exclude(pk__in=leaves_later.values("person"))
        .exclude(user__is_active=True)
        .distinct()
    )


def _written(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Of these rows those that the application wrote, also where they say something else by now."""
    sealing, numbers = rows.model.sealing, list(map(str, rows.values_list("pk", flat=True)))
    return rows.filter(pk__in=[*sealing.standing(numbers), *sealing.changed(numbers)])


def left_for_us(ids: Collection[str]) -> set[str]:
    """Of these people those who stand as they were sealed, with their account, and who left by what stands.

    That is a seat or a departure, while none that was theirs was changed or taken away past the application: who they
    were, its last seal says. Raises KeyLost.
    """
    left: set[str] = set()
    lost: list[Seal] = []
    for model in (SeatAssignment, Departure):
        people = {str(pk): str(person) for pk, person in model.objects.values_list("pk", "person")}
        standing = model.sealing.standing(people)
        left |= {people[pk] for pk in standing}
        lost += model.sealing.lost(standing)
    accounts = dict(Person.objects.filter(pk__in=ids, user__isnull=False).values_list("pk", "user"))
    right = User.sealing.standing(accounts.values())
    doubtful = {str(person) for person, user in accounts.items() if str(user) not in right}
    doubtful |= {person for person in ids if any(seal.says("person_id", person) for seal in lost)}
    return set(Person.sealing.standing(ids)) & left - doubtful


def seats_of_person(person: Person) -> list[SeatAssignment]:
    """Every seat a person held or holds, the newest first."""
    held = person.assignments.select_related("seat__body", "seat__partner__authority")
    return sorted(held, key=lambda assignment: assignment.period.lower, reverse=True)
