"""Who is about to leave, what ends with it, and what remains open and for whom; apps above add what they know."""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Q, QuerySet
from django.urls import reverse

from kok import clock
from kok.access import ROLES, Permission, partners_of
from kok.clock import BERLIN
from kok.models import User
from members.models import Agreement, Departure, DepartureLine, Partner, Person, RoleAssignment, SeatAssignment
from members.queries.accounts import people_with_role
from members.queries.power import is_shielded
from members.rules.codes import Capacity
from members.rules.leaving import cut_after

_PENDING = Q(withdrawn_at=None, carried_out_at=None)


@dataclass(frozen=True)
class Remaining:
    """Something that stays open, and to whom it goes; nobody when `to` is empty. `url` leads to where it is mended."""

    what: str
    to: str = ""
    url: str = ""


@dataclass(frozen=True)
class Leaving:
    """Somebody who leaves after a last day, as `by` looks at it: links lead only where he may go."""

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
        of_roles = (partner for role in self.roles for partner in role.partners)
        found = [*(assignment.seat.partner for assignment in self.seats), *of_roles]
        return list({partner.pk: partner for partner in found}.values())

    def others_with(self, role: str, partner: Partner) -> list[str]:
        """Who else holds a role for a partner when the person is gone, by name."""
        found = people_with_role(role, partner, self.roles_cut)
        return [holder.name for holder in found if holder.user_id != self.person.user_id]

    def url(self, permission: Permission, name: str, agreement: Agreement, *args: object) -> str:
        """An address in an agreement for who may open it; "" for others."""
        may = partners_of(self.by, permission, agreement)
        return reverse(name, args=[agreement.slug, *args]) if may else ""


# What an app knows to remain open when somebody leaves: counts and days, no names of young people.
Provider = Callable[[Leaving], Iterable[Remaining]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Called by apps above in `ready()`."""
    _providers.append(provider)


# What an app has on paper of people on these seats from a day on, in sentences: an end before it contradicts that.
Recorder = Callable[[Collection[SeatAssignment], date], Iterable[str]]
_recorders: list[Recorder] = []


def register_recorder(recorder: Recorder) -> None:
    """Called by apps above in `ready()`."""
    _recorders.append(recorder)


def contradictions(assignments: Collection[SeatAssignment], cut: date) -> list[str]:
    """What speaks against an end of these before a day. A warning: which of the two is wrong a person must know."""
    return [sentence for recorder in _recorders for sentence in recorder(assignments, cut)]


def remaining(leaving: Leaving) -> list[Remaining]:
    """Everything that stays open, what nobody takes over first."""
    found = [*_seats(leaving), *_roles(leaving), *(each for provider in _providers for each in provider(leaving))]
    return sorted(found, key=lambda line: bool(line.to))


def pending_departure(*, person: Person | None = None, user: User | None = None) -> Departure | None:
    """The departure that is entered and not over; of an account that of its person."""
    whose = Q(person=person) if person else Q(person__user=user)
    return Departure.objects.filter(whose, _PENDING).first()


def latest_departure(person: Person) -> Departure | None:
    """The one that is entered, or the last that was carried out."""
    return person.departures.filter(withdrawn_at=None).first()


def line_giving_back(period: DateRange, **what: Any) -> DepartureLine | None:
    """What gives back a role or seat of this period when the departure that shortened it is taken back."""
    lines = DepartureLine.objects.filter(**what, became=period, departure__in=Departure.objects.filter(_PENDING))
    return lines.exclude(was=F("became")).first()


def left_for_good(person: Person, day: date) -> Departure | None:
    """The departure of somebody who left and did not come back: no seat lasts, no account is open again."""
    found = latest_departure(person)
    if found is None or found.carried_out_at is None or (person.user and person.user.is_active):
        return None
    return None if seats_beyond(person, day).exists() else found


def departures_over(today: date) -> QuerySet[Departure]:
    """Those whose last day is over, with accounts that may still be open."""
    return Departure.objects.filter(_PENDING, last_on__lt=today)


def accounts_to_close(now: datetime) -> QuerySet[Departure]:
    """Those whose account Technik has still to close."""
    return (
        departures_over(now.astimezone(BERLIN).date())
        .filter(person__user__is_active=True)
        .select_related("person__user")
    )


def seats_beyond(person: Person, cut: date) -> QuerySet[SeatAssignment]:
    """The assignments of a person that last on or after a day."""
    found = SeatAssignment.objects.filter(_beyond(cut), person=person)
    return found.select_related("seat__body__agreement", "seat__partner__authority", "person").order_by("seat", "pk")


def roles_beyond(person: Person, cut: date) -> QuerySet[RoleAssignment]:
    """The roles of a person's account that last on or after a day."""
    found = RoleAssignment.objects.filter(_beyond(cut), user__person=person, period__isempty=False)
    return found.select_related("partner__authority", "partner__agreement", "authority", "agreement").order_by("pk")


def _beyond(cut: date) -> Q:
    return Q(period__upper_inf=True) | Q(period__endswith__gt=cut)


def _seats(leaving: Leaving) -> Iterator[Remaining]:
    """The seats without a member on the day after, each once, with the deputy of that day.

    So it is whether the member leaves or the deputy of a seat that is vacant anyway.
    """
    seats = {assignment.seat_id: assignment.seat for assignment in leaving.seats}
    beside = SeatAssignment.objects.filter(seat__in=seats, period__contains=leaving.cut)
    rows = beside.exclude(person=leaving.person).select_related("person")
    after = {(row.seat_id, row.capacity): row.person for row in rows}
    for seat in seats.values():
        if (seat.pk, Capacity.HOLDER) in after:
            continue
        deputy = after.get((seat.pk, Capacity.DEPUTY))
        url = leaving.url(Permission.SEATS_MANAGE, "members:assign", seat.body.agreement, seat.pk)
        to = f"{deputy} (Stellvertretung, bis der Sitz besetzt ist)" if deputy else ""
        yield Remaining(f"Sitz {seat} in {seat.body.short_name}, danach nicht besetzt", to, url)


def _roles(leaving: Leaving) -> Iterator[Remaining]:
    """Each role at each partner with its other holders."""
    held = {(role.role, partner.pk): partner for role in leaving.roles for partner in role.partners}
    for (slug, _), partner in held.items():
        url = leaving.url(Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
        to = ", ".join(leaving.others_with(slug, partner))
        yield Remaining(f"Rolle {ROLES[slug].title} für {partner.short_name}", to, url)
