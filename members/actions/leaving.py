"""Leaving an authority: one act ends seats and roles on a day, and when that is over the account is closed.

Locks come in one order: the person, accounts, seats, roles. Whoever gives a seat or a role waits, or came before.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from kok import audit, clock, genuine, sessions, words
from kok.errors import Refused, require
from kok.jobs import Work
from kok.models import User
from kok.words import local_day
from members.actions import notices
from members.actions.administering import check_hands, check_maintains
from members.actions.lapsing import LEAVES, lapse, lapse_vain
from members.actions.role_ends import check_others_remain, cut_short, lock_roles, record_role
from members.actions.roles import lock_accounts, save
from members.actions.seats import named, record_seat
from members.models import (
    AccountRequest,
    Agreement,
    Departure,
    DepartureLine,
    Partner,
    Person,
    RoleAssignment,
    Seat,
    SeatAssignment,
)
from members.queries.leaving import Leaving, departures_over, pending_departure
from members.queries.power import PowerRegister, is_shielded
from members.rules.leaving import Span, check_last_day

TASK = "kok.carry_out_departure"
NOTHING = DateRange(empty=True)


def check_departure(*, person: Person, last_on: date, by: User, now: datetime) -> Leaving:
    """What would end. Raises Refused for oneself, for whoever does not administer all of it, for a person who leaves
    already, for a day that cannot be, and when nobody would be left to maintain a partner. Changes nothing.
    """
    today = local_day(now)
    leaving = Leaving(person, last_on, by, today)
    register = PowerRegister(now)
    check_may(person, by, register)
    if earlier := pending_departure(person=person):
        raise Refused(
            f"{person} scheidet schon zum {words.day(earlier.last_on)} aus. Es wurde nichts geändert. Für einen "
            "anderen Tag nehmen Sie das zuerst zurück."
        )
    check_last_day(last_on, today=today)
    for assignment in leaving.seats:
        require(
            not (leaving.cut <= assignment.period.lower <= today),
            f"{person} hat den Sitz {assignment.seat} seit dem {words.day(assignment.period.lower)}. Es wurde "
            "nichts geändert. Wählen Sie einen späteren letzten Tag.",
        )
    check_others_remain(leaving.roles, leaving.roles_cut, register)
    return leaving


def check_may(person: Person, by: User, register: PowerRegister, beside: Iterable[Partner] = ()) -> None:
    """Raises Refused for oneself, and as `check_maintains`. `beside`: further partners that are touched."""
    require(
        person.user_id != by.pk,
        "Ihr eigenes Ausscheiden trägt eine andere Person ein, die Stammdaten pflegt. Es wurde nichts geändert.",
    )
    check_maintains(person, by, register, beside)


@transaction.atomic
def enter_departure(*, person: Person, last_on: date, by: User, agreement: Agreement, now: datetime) -> Departure:
    """Ends all seats and roles of a person after a last day, and what has not begun; open requests lapse.

    After that day the account is closed (`carry_out`). Raises Refused as `check_departure` and `lock_person`, and for a
    hand that was put in past the application.
    """
    person = lock_person(person, by)
    check_hands(by)
    seats = lock_seats(SeatAssignment.objects.filter(person=person).values_list("seat", flat=True))
    lock_roles(RoleAssignment.objects.filter(user__person=person).values_list("pk", flat=True), local_day(now))
    leaving = check_departure(person=person, last_on=last_on, by=by, now=now)
    departure = Departure(person=person, last_on=last_on, entered_by=by, entered_at=now)
    save(departure)
    for assignment in leaving.seats:
        _end_seat(departure, assignment, seats[assignment.seat_id], leaving)
    for role in leaving.roles:
        _end_role(departure, role, leaving)
    counts = f"Sitze {len(leaving.seats)}, Rollen {len(leaving.roles)}, Anträge {_lapse_requests(person, now)}"
    note = f"{counts}{of_account(person)}"
    change = ("", f"letzter Tag: {words.day(last_on)}")
    audit.record(by=by, action="person.leaves", obj=person, agreement=agreement.slug, note=note, change=change, now=now)
    notices.tell_of_leaving("departure", departure, leaving.partners, now=now)
    if last_on < leaving.today:
        _carry_out(departure, now)
    return departure


def _end_seat(departure: Departure, assignment: SeatAssignment, seat: Seat, leaving: Leaving) -> None:
    was = assignment.period
    line = DepartureLine(departure=departure, seat=seat, capacity=assignment.capacity, was=was, became=NOTHING)
    capacity = named(assignment)
    if left := Span(was.lower, was.upper).until(leaving.cut):
        line.became = assignment.period = DateRange(left.starts_on, left.ends_before)
        assignment.save(update_fields=["period"])
        note = f"{capacity} bis {words.day(leaving.last_on)}, Ausscheiden"
    else:
        assignment.delete()
        note = f"{capacity} ab {words.day(was.lower)} entfällt, Ausscheiden"
    line.save()
    record_seat("seat.vacated", seat, by=departure.entered_by, note=note, now=departure.entered_at)


def _end_role(departure: Departure, role: RoleAssignment, leaving: Leaving) -> None:
    was = role.period
    cut_short(role, leaving.roles_cut, departure.entered_at)
    DepartureLine.objects.create(departure=departure, role=role, was=was, became=role.period)
    record_role(
        role, was, action="role.ended", by=departure.entered_by, now=departure.entered_at, because=", Ausscheiden"
    )


def _lapse_requests(person: Person, now: datetime) -> int:
    waiting = AccountRequest.objects.undecided().filter(user__person=person).select_for_update(of=("self",))
    for request in waiting:
        lapse(request, reason=LEAVES, now=now)
    if person.user:
        lapse_vain(person.user, now=now)
    return len(waiting)


@transaction.atomic
def carry_out(number: str, now: datetime) -> None:
    """Closes the account of somebody whose last day is over; once, however often it is asked.

    Nothing happens where the departure or the person was put in or changed past the application: the night names it
    (ADR 23), and the account of somebody else stays open.
    That of an auditor waits until Technik closes it, at most as long as he is shielded.
    """
    departure = Departure.objects.select_related("person").filter(pk=number).first()
    if departure is None:
        return
    people = Person.objects.filter(pk=departure.person_id)
    if not genuine.stand([people]):
        return
    lock_person(departure.person, None)
    departure = Departure.objects.select_for_update(of=("self",)).get(pk=number)
    over = departures_over(local_day(now)).filter(pk=departure.pk)
    if over.exists() and genuine.stand([over]):
        _carry_out(departure, now)


def _carry_out(departure: Departure, now: datetime) -> None:
    """Closes the account, unless only Technik closes it (then it waits), or the person came back and has a role."""
    user = _account_to_close(departure, now)
    if user and is_shielded(user, now):
        notices.tell_of_leaving("departure-waits", departure, [], now=now)
        return
    departure.carried_out_at = now
    departure.save(update_fields=["carried_out_at"])
    if user:
        user.is_active = False
        user.save(update_fields=["is_active"])
        sessions.end_all(user)
        lapse_vain(user, now=now)
        change = ("offen", "gesperrt")
        audit.record(by=None, action="account.closed", obj=user, note="Ausscheiden", change=change, now=now)


def _account_to_close(departure: Departure, now: datetime) -> User | None:
    """The account, while it is open and has no role again."""
    user = departure.person.user
    if user is None or not user.is_active or PowerRegister(now).lasting(user).exists():
        return None
    return user


def departures_due() -> list[str]:
    """The keys of the departures whose last day is over."""
    return [str(pk) for pk in departures_over(clock.today()).values_list("pk", flat=True)]


WORK = Work(carry_out, departures_due)


def lock_person(person: Person, by: User | None) -> Person:
    """The person as it is, then the accounts: whoever gives a seat or role waits here.

    Raises Forged where the person was changed past the application: another account would be meant.
    """
    [person] = genuine.rows(Person.objects.select_for_update(of=("self",)).filter(pk=person.pk))
    lock_accounts(person.user_id, getattr(by, "pk", None))
    return person


def lock_seats(numbers: Iterable[int | None]) -> dict[int, Seat]:
    """These seats by number, locked in one order."""
    rows = Seat.objects.select_for_update(of=("self",)).select_related("body__agreement", "partner__authority")
    return rows.order_by("pk").in_bulk(set(filter(None, numbers)))


def of_account(person: Person) -> str:
    """The account of a person for the trail, so that who looks for the account finds what became of it."""
    return f", Konto {person.user_id}" if person.user_id else ""
