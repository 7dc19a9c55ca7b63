"""Leaving taken back until its last day is over: what it ended goes on, unless somebody changed it since."""

from collections.abc import Iterable
from datetime import datetime
from itertools import filterfalse
from operator import attrgetter

from kok import audit, genuine, words
from kok.errors import require
from kok.models import User
from kok.words import local_day
from members.actions import notices
from members.actions.administering import check_power, on_power
from members.actions.leaving import check_may, lock_person, lock_seats, of_account
from members.actions.role_ends import lock_roles, record_role, span_of
from members.actions.roles import save
from members.actions.seats import named, record_seat
from members.models import Agreement, Departure, DepartureLine, Partner, Person, RoleAssignment, Seat, SeatAssignment
from members.queries.power import PowerRegister
from members.rules.leaving import Span

_READ = ("role__partner__authority", "role__agreement", "seat__partner__authority", "seat__partner__agreement")


@on_power
def withdraw_departure(*, departure: Departure, by: User, agreement: Agreement, now: datetime) -> int:
    """Takes a departure back until its last day is over: what it ended goes on as before, roles of two people too.

    Their period was confirmed and only shortened by this act. What somebody changed since stays; how many these are.
    Raises Refused when the day is over, for whoever does not administer all of it, and where the departure, what it
    ended, or the hand that takes it back was put in or changed past the application: power would come back.
    """
    person = lock_person(departure.person, by)
    seats = lock_seats(departure.lines.filter(seat__isnull=False).values_list("seat", flat=True))
    lock_roles(departure.lines.filter(role__isnull=False).values_list("role", flat=True), local_day(now))
    [departure] = genuine.rows(Departure.objects.select_for_update(of=("self",)).filter(pk=departure.pk))
    check_power(by, *filter(None, [person.user]))
    lines = genuine.rows(departure.lines.select_related(*_READ))
    genuine.check([RoleAssignment.objects.filter(pk__in=departure.lines.values("role"))])
    partners = check_staying(departure=departure, lines=lines, by=by, now=now)
    departure.withdrawn_by, departure.withdrawn_at = by, now
    departure.save()
    coming_back = filterfalse(attrgetter("is_final"), lines)
    done = sum(_restore_role(line, by, now) or _restore_seat(line, person, seats, by, now) for line in coming_back)
    note = f"{done} von {len(lines)} gelten weiter{of_account(person)}"
    change = (f"letzter Tag: {words.day(departure.last_on)}", "")
    audit.record(by=by, action="person.stays", obj=person, agreement=agreement.slug, note=note, change=change, now=now)
    notices.tell_of_leaving("departure-withdrawn", departure, partners, now=now)
    return len(lines) - done


def check_staying(
    *, departure: Departure, lines: Iterable[DepartureLine] | None = None, by: User, now: datetime
) -> list[Partner]:
    """The partners for whom something goes on. Raises Refused when the day is over or it is taken back already, and for
    whoever does not administer all of it. Changes nothing.
    """
    require(not departure.withdrawn_at, "Das Ausscheiden ist schon zurückgenommen. Es wurde nichts geändert.")
    require(
        not (departure.carried_out_at or departure.last_on < local_day(now)),
        "Der letzte Tag ist vorbei. Es wurde nichts geändert. Kommt die Person zurück, geben Sie das Konto wieder "
        "frei und besetzen Sitze und Rollen neu.",
    )
    found = departure.lines.select_related(*_READ) if lines is None else lines
    partners = [partner for line in found for partner in _partners(line)]
    check_may(departure.person, by, PowerRegister(now), beside=partners)
    return partners


def _partners(line: DepartureLine) -> list[Partner]:
    if line.role:
        return line.role.partners
    return [line.seat.partner] if line.seat else []


def _restore_seat(line: DepartureLine, person: Person, seats: dict[int, Seat], by: User, now: datetime) -> bool:
    if line.seat_id is None:
        return False
    seat = seats[line.seat_id]
    same = SeatAssignment.objects.filter(seat=seat, capacity=line.capacity)
    found = same.filter(person=person, period=line.became).first()
    is_taken = same.exclude(person=person, period=line.became).filter(period__overlap=line.was).exists()
    is_changed = found is None and not line.became.isempty
    if is_taken or is_changed or not Span(line.was.lower, line.was.upper).lies_within(span_of(seat)):
        return False
    assignment = found or SeatAssignment(seat=seat, person=person, capacity=line.capacity)
    assignment.period = line.was
    save(assignment)
    record_seat(
        "seat.assigned",
        seat,
        by=by,
        note=f"{named(assignment)}, Ausscheiden zurückgenommen",
        now=now,
    )
    return True


def _restore_role(line: DepartureLine, by: User, now: datetime) -> bool:
    role = line.role
    left_so = {(line.became, None), (line.became, line.departure.entered_at)}
    if role is None or (role.period, role.ended_at) not in left_so:
        return False
    before, role.period, role.ended_at, role.void_from_on = role.period, line.was, None, None
    save(role)
    record_role(role, before, action="role.restored", by=by, now=now, because=", Ausscheiden zurückgenommen")
    return True
