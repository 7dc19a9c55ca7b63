"""The people whom a partner maintains."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Q, QuerySet, Subquery

from kok.workdays import months_later
from members.models import Departure, Partner, Person, SeatAssignment


@dataclass(frozen=True)
class PersonLine:
    """A person with the seats of today; `leaves_on` is the last day of somebody who is about to leave."""

    person: Person
    assignments: tuple[SeatAssignment, ...]
    leaves_on: date | None


def persons_of_partners(partners: Iterable[Partner]) -> QuerySet[Person]:
    """The people of these partners; an authority such as the LWV has the same people in every agreement."""
    employers = [partner.authority_id for partner in partners]
    return Person.objects.filter(employer__in=employers).select_related("user")


def names_in(people: Collection[int], authorities: Collection[int]) -> dict[int, str]:
    """The names of those of these people who work for one of these authorities, by number."""
    found = Person.objects.filter(pk__in=people, employer__in=authorities)
    return {person.pk: str(person) for person in found.only("given_name", "family_name")}


def persons_with_seats(partners: Collection[Partner], day: date) -> list[PersonLine]:
    """The people of these partners with their seats on a day, in two queries."""
    held = SeatAssignment.objects.filter(period__contains=day, person__in=persons_of_partners(partners))
    seats: dict[int, list[SeatAssignment]] = {}
    for assignment in held.select_related("seat__body"):
        seats.setdefault(assignment.person_id, []).append(assignment)
    leaving = Departure.objects.filter(person=OuterRef("pk"), withdrawn_at=None, carried_out_at=None)
    people = persons_of_partners(partners).annotate(leaves_on=Subquery(leaving.values("last_on")[:1]))
    return [PersonLine(person, tuple(seats.get(person.pk, ())), person.leaves_on) for person in people]


def people_who_left(today: date) -> QuerySet[Person]:
    """Who left twelve months ago and has no open account: nobody needs to reach them any more (5.5).

    Somebody left with the last seat, or on the day that was entered, whatever is later. People who never had a seat
    and never left are not among them: nobody knows since when they are not needed.
    """
    last = months_later(today, -12)
    on_a_seat = SeatAssignment.objects.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=last))
    left = Departure.objects.filter(withdrawn_at=None)
    return (
        Person.objects.filter(Q(assignments__isnull=False) | Q(pk__in=left.values("person")))
        .exclude(pk__in=on_a_seat.values("person"))
        .exclude(pk__in=left.filter(last_on__gte=last).values("person"))
        .exclude(user__is_active=True)
        .distinct()
    )


def seats_of_person(person: Person) -> list[SeatAssignment]:
    """Every seat a person held or holds, the newest first."""
    held = person.assignments.select_related("seat__body", "seat__partner__authority")
    return sorted(held, key=lambda assignment: assignment.period.lower, reverse=True)
