"""Who is about to leave, what ends with it, and what speaks against that; apps above add what they know."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import chain
from operator import attrgetter

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q, QuerySet

from kok import clock
from kok.models import User
from kok.words import local_day
from members.models import Departure, DepartureLine, Partner, Person, RoleAssignment, SeatAssignment
from members.queries.accounts import people_with_role
from members.queries.power import is_shielded
from members.rules.leaving import cut_after


@dataclass(frozen=True)
class Leaving:
    """Somebody who leaves after a last day, as `by` looks at it: pages ask where he may go."""

    person: Person
    last_on: date
    by: User
    today: date

    @property
    def cut(self) -> date:
        """The first day without the person."""
        return cut_after(self.last_on)

    @property
    def roles_cut(self) -> date:
        """The first day without the roles: what is past already was allowed."""
        return max(self.cut, self.today)

    @cached_property
    def seats(self) -> list[SeatAssignment]:
        """The assignments that end or never begin."""
        return list(seats_beyond(self.person, self.cut))

    @cached_property
    def roles(self) -> list[RoleAssignment]:
        """The roles that end or never begin."""
        return list(roles_beyond(self.person, self.roles_cut))

    @cached_property
    def is_shielded(self) -> bool:
        """Whether the account stays open until Technik closes it."""
        return self.person.user is not None and is_shielded(self.person.user, clock.now())

    @cached_property
    def partners(self) -> list[Partner]:
        """For whom these seats and roles are, each once."""
        of_seats = map(attrgetter("seat.partner"), self.seats)
        of_roles = chain.from_iterable(map(attrgetter("partners"), self.roles))
        return list(dict.fromkeys(chain(of_seats, of_roles)))

    def others_with(self, role: str, partner: Partner) -> list[str]:
        """Who else holds a role for a partner when the person is gone, by name."""
        found = people_with_role(role, partner, self.roles_cut)
        return [holder.name for holder in found if holder.user_id != self.person.user_id]


# What an app has on paper of people on these seats from a day on (or in a period), in sentences: that they were not
# there then contradicts it.
Recorder = Callable[[Collection[SeatAssignment], date, date | None], Iterable[str]]
_recorders: list[Recorder] = []


def register_recorder(recorder: Recorder) -> None:
    """Called by apps above in `ready()`."""
    _recorders.append(recorder)


def contradictions(assignments: Collection[SeatAssignment], cut: date, until: date | None = None) -> list[str]:
    """What speaks against an end of these before a day, or against their absence from then `until` another one.

    A warning: which of the two is wrong a person must know.
    """
    return list(chain.from_iterable(recorder(assignments, cut, until) for recorder in _recorders))


def pending_departure(*, person: Person | None = None, user: User | None = None) -> Departure | None:
    """The departure that is entered and not over; of an account that of its person."""
    whose = Q(person=person) if person else Q(person__user=user)
    return Departure.objects.pending().filter(whose).first()


def latest_departure(person: Person) -> Departure | None:
    """The one that is entered, or the last that was carried out."""
    return person.departures.filter(withdrawn_at=None).first()


def line_giving_back(period: DateRange, **what: object) -> DepartureLine | None:
    """What gives back a role or seat of this period when the departure that shortened it is taken back."""
    lines = DepartureLine.objects.filter(**what, became=period, departure__in=Departure.objects.pending())
    return lines.exclude(was=F("became")).first()


def left_for_good(person: Person, day: date) -> Departure | None:
    """The departure of somebody who left and did not come back: no seat lasts, no account is open again."""
    found = latest_departure(person)
    if found is None or found.carried_out_at is None or getattr(person.user, "is_active", False):
        return None
    return None if seats_beyond(person, day).exists() else found


def departures_over(today: date) -> QuerySet[Departure]:
    """Those whose last day is over, with accounts that may still be open."""
    return Departure.objects.pending().filter(last_on__lt=today)


def accounts_to_close(now: datetime) -> QuerySet[Departure]:
    """Those whose account Technik has still to close."""
    return departures_over(local_day(now)).filter(person__user__is_active=True).select_related("person__user")


def seats_beyond(person: Person, cut: date) -> QuerySet[SeatAssignment]:
    """The assignments of a person that last on or after a day."""
    found = SeatAssignment.objects.lasting(cut).filter(person=person)
    return found.select_related("seat__body__agreement", "seat__partner__authority", "person").order_by("seat", "pk")


def roles_beyond(person: Person, cut: date) -> QuerySet[RoleAssignment]:
    """The roles of a person's account that last on or after a day."""
    found = RoleAssignment.objects.lasting(cut).filter(user__person=person)
    return found.select_related("partner__authority", "partner__agreement", "authority", "agreement").order_by("pk")
