"""Anlage 1 and Anlage 2 as of a day, body and partners called as then, and a seat through time."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import chain, filterfalse
from operator import attrgetter

from members.models import Agreement, AnnexVersion, Body, Partner, Seat, SeatAssignment
from members.pages.corrections import CorrectionLine, correction_lines
from members.queries.authorities import partners_as_of
from members.queries.bodies import bodies_on
from members.queries.seats import SeatOnDay, history_of, seats_on
from members.queries.versions import annex_on, printed_on
from members.rules.codes import BodyKind, BodyScope, Capacity
from members.rules.leaving import Span, last_day_before
from members.rules.terms import BodyName
from members.rules.wording import BODIES, SEATS, SeatLine


@dataclass(frozen=True)
class SeatsOfPartner:
    """A partner and its seats in a body on a day."""

    partner: Partner
    seats: list[SeatOnDay]


@dataclass(frozen=True)
class SeatList:
    """A body on a day with its seats, partner by partner; `annex` where Anlage 1 names them."""

    body: Body
    called: BodyName
    day: date
    annex: AnnexVersion | None
    groups: list[SeatsOfPartner]

    @property
    def what_it_is(self) -> str:
        """The heading of Anlage 1, or the kind of body and who runs it."""
        if self.annex:
            return f"Anlage 1: {self.annex.heading}"
        kind = self.body.get_kind_display()
        return f"{kind}, geführt von: {self.body.operator.short_name}" if self.body.operator else kind

    @cached_property
    def seats(self) -> list[SeatOnDay]:
        """All of them."""
        return list(chain.from_iterable(group.seats for group in self.groups))

    @property
    def vacant(self) -> int:
        """How many nobody holds."""
        return sum(map(attrgetter("is_vacant"), self.seats))

    @property
    def without_seat(self) -> list[str]:
        """The partners that have none in the conference."""
        return [group.partner.short_name for group in filterfalse(attrgetter("seats"), self.shown)]

    @property
    def shown(self) -> list[SeatsOfPartner]:
        """The partners that are shown: in the conference all, elsewhere those with seats."""
        return self.groups if self.annex else list(filter(attrgetter("seats"), self.groups))


def seat_list(agreement: Agreement, body: Body, day: date) -> SeatList:
    """Who sits in a body on a day."""
    seats, partners = seats_on(body, day), partners_as_of(agreement, day)
    _run_by([body], partners)
    annex = annex_on(agreement, SEATS, day) if body.kind == BodyKind.CONFERENCE else None
    of_partner = defaultdict(list)
    for seat in seats:
        of_partner[seat.seat.partner_id].append(seat)
    groups = [SeatsOfPartner(partner, of_partner[partner.pk]) for partner in partners]
    return SeatList(body, body.called_on(day), day, annex, groups)


def _run_by(bodies: Iterable[Body], partners: Iterable[Partner]) -> None:
    """Lets bodies carry who runs them, called as the partners are; they must not be saved."""
    named = {partner.pk: partner for partner in partners}
    for body in bodies:
        body.operator = named.get(body.operator_id or 0)


@dataclass(frozen=True)
class BodiesOfScope:
    """One of the two categories of Anlage 2, with its bodies and what they are called on a day."""

    title: str
    bodies: list[tuple[Body, BodyName]]


@dataclass(frozen=True)
class BodyList:
    """Anlage 2 on a day: both categories stand there, even when one is empty."""

    day: date
    annex: AnnexVersion
    groups: list[BodiesOfScope]


def body_list(agreement: Agreement, day: date) -> BodyList:
    """The bodies beside the conference."""
    bodies = [body for body in bodies_on(agreement, day) if body.kind != BodyKind.CONFERENCE]
    _run_by(bodies, partners_as_of(agreement, day))
    of_scope = defaultdict(list)
    for body in bodies:
        called = body.called_on(day)
        of_scope[called.scope].append((body, called))
    groups = [BodiesOfScope(scope.label.capitalize(), of_scope[scope]) for scope in BodyScope]
    return BodyList(day, annex_on(agreement, BODIES, day), groups)


@dataclass(frozen=True)
class HeldSeat:
    """Somebody on a seat, with what can be done about it on a day."""

    assignment: SeatAssignment
    has_begun: bool
    lasts: bool


@dataclass(frozen=True)
class SeatThroughTime:
    """A function and everybody who held it; who holds it today, and how Anlage 1 prints it or printed it last."""

    seat: Seat
    history: list[HeldSeat]
    corrections: list[CorrectionLine]
    holder: SeatAssignment | None
    deputy: SeatAssignment | None
    printed: SeatLine | None
    has_ended: bool


def _held(assignment: SeatAssignment, today: date) -> HeldSeat:
    span = Span(assignment.period.lower, assignment.period.upper)
    return HeldSeat(assignment, has_begun=span.starts_on <= today, lasts=span.lasts(today))


def seat_through_time(seat: Seat, today: date) -> SeatThroughTime:
    """A seat with its history."""
    history = history_of(seat)
    current = {each.capacity: each for each in history if today in each.period}
    last_on = last_day_before(seat.period.upper)
    return SeatThroughTime(
        seat=seat,
        history=[_held(each, today) for each in history],
        corrections=correction_lines(seat),
        holder=current.get(Capacity.HOLDER),
        deputy=current.get(Capacity.DEPUTY),
        printed=printed_on(seat, min(today, last_on)),
        has_ended=last_on < today,
    )
