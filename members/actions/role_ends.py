"""The end of roles: at once or on a day, later by one person only where one person gives the role. Rows stay."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from kok import audit
from kok.errors import Refused, require
from kok.models import User
from kok.words import local_day
from kok.words import period as in_words
from members.actions import notices
from members.actions.administering import acting, check_genuine, check_hands, check_people
from members.actions.lapsing import lapse_vain
from members.actions.roles import BY_COMMAND, check_stays, held, lock_accounts, save, slug_of
from members.models import RoleAssignment, Seat, SeatAssignment
from members.queries.leaving import line_giving_back
from members.queries.power import PowerRegister, hand_of
from members.rules.leaving import Span, check_not_past, first_gap, later_end
from members.rules.power import ADMIN, REGISTRAR, check_giver, needs_two
from members.rules.roles import check_registrar_remains, check_technician_remains
from members.rules.succession import end_after

NOT_BY_YOU = "Die Rolle, mit der Sie diese beenden konnten, haben Sie nicht mehr. Es wurde nichts geändert."


@transaction.atomic
def end_role(*, assignment: RoleAssignment, last_on: date | None = None, by: User | None, now: datetime) -> None:
    """Takes a role away, at once or after a last day. One person is enough. The row stays and says until when.

    On the day on which the person leaves too: then it does not come back when that is taken back. Raises Refused as
    `check_end` and `check_people`: the page calls the account by its person.
    """
    lock_accounts(assignment.user_id, getattr(by, "pk", None))
    check_people(assignment.user)
    [assignment] = lock_roles([assignment.pk], local_day(now))
    cut = check_end(assignment=assignment, last_on=last_on, by=by, now=now)
    before, leaving = assignment.period, line_giving_back(assignment.period, role=assignment)
    if leaving and cut == assignment.period.upper:
        before = leaving.was
        leaving.was = leaving.became
        leaving.save(update_fields=["was"])
    else:
        cut_short(assignment, cut, now)
    record_role(assignment, before, action="role.ended", by=by, now=now)
    if needs_two(assignment.role):
        notices.tell_of_role(f"role-limited:{cut:%Y%m%d}" if last_on else "role-ended", assignment, now=now)
    lapse_vain(assignment.user, now=now)


def check_end(*, assignment: RoleAssignment, last_on: date | None, by: User | None, now: datetime) -> date:
    """The first day without the role, whoever ends it. Changes nothing.

    Raises Refused when it is over or ends earlier anyway, for a day that is past, for a hand of which no role stands
    that may end it, and when nobody would be left to maintain a partner, or to run the installation.
    """
    today = local_day(now)
    require(not assignment.has_ended(today), "Diese Rolle ist schon beendet. Es wurde nichts geändert.")
    cut = today
    if last_on is not None:
        check_not_past(last_on, today=today)
        leaving = line_giving_back(assignment.period, role=assignment)
        first, end = assignment.period.lower, assignment.period.upper
        cut = end_after(last_on, starts_on=first, ends_before=end, may_go_on=leaving is not None)
    check_others_remain([assignment], cut, PowerRegister(now))
    if by and not acting(by, now).may_end(by, assignment):
        check_hands(by)
        raise Refused(NOT_BY_YOU)
    return cut


@transaction.atomic
def extend_role(*, assignment: RoleAssignment, last_on: date | None, by: User, now: datetime) -> None:
    """Moves an end that still lies ahead to a later last day, or takes it back (None).

    Raises Refused as `check_extension`, and for a hand that was put in past the application.
    """
    lock_accounts(assignment.user_id, by.pk)
    check_genuine(by)
    [assignment] = lock_roles([assignment.pk], local_day(now))
    end = check_extension(assignment=assignment, last_on=last_on, by=by, now=now)
    before, assignment.period = assignment.period, DateRange(assignment.period.lower, end)
    save(assignment)
    record_role(assignment, before, action="role.extended", by=by, now=now)


def check_extension(*, assignment: RoleAssignment, last_on: date | None, by: User, now: datetime) -> date | None:
    """The new end of the role, None for no end. Changes nothing.

    Raises Refused for one's own, and for a role that two people give: more of it is power, and a second person
    confirms it.
    """
    check_giver(hand_of(by), hand_of(assignment.user))
    check_people(assignment.user)
    require(
        not needs_two(assignment.role),
        "Diese Rolle geben zwei Personen, auch für länger. Es wurde nichts geändert. Beantragen Sie die Rolle für "
        "die Zeit nach ihrem Ende.",
    )
    require(not assignment.period.isempty, "Diese Rolle ist schon beendet. Es wurde nichts geändert.")
    end = later_end(last_on, span=span_of(assignment), today=local_day(now))
    check_stays(assignment.user, ends_before=end, today=local_day(now))
    return end


def lock_roles(numbers: Iterable[int], today: date) -> list[RoleAssignment]:
    """These roles, locked; with those of registrars and Technik all of them, in one order.

    So two people cannot remove each other in the same moment.
    """
    numbers = set(numbers)
    kept = RoleAssignment.objects.filter(pk__in=numbers, role__in=_KEPT_BY_SOMEBODY)
    kinds = set(kept.values_list("role", flat=True))
    wanted = Q(pk__in=numbers) | Q(pk__in=RoleAssignment.objects.lasting(today).filter(role__in=kinds).values("pk"))
    rows = RoleAssignment.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk")
    return [row for row in rows if row.pk in numbers]


def check_others_remain(roles: Iterable[RoleAssignment], cut: date, register: PowerRegister) -> None:
    """Raises Refused where from `cut` on a partner would be without registrar, or the installation without Technik.

    Others are those who stand, with their role, as they were sealed: who was put in keeps no house. Raises KeyLost.
    """
    ending = [role for role in roles if role.role in _KEPT_BY_SOMEBODY and span_of(role).lasts(cut)]
    remaining = _remaining(ending, register.day) if ending else []
    for role in ending:
        wanted = Span(max(cut, role.period.lower), role.period.upper)
        others = [row for row in remaining if row.role == role.role]
        _KEPT_BY_SOMEBODY[role.role](role, wanted, others, register)


def _check_technicians_remain(
    role: RoleAssignment, wanted: Span, others: Iterable[RoleAssignment], register: PowerRegister
) -> None:
    check_technician_remains(first_gap(wanted, map(span_of, others)))


def _check_registrars_remain(
    role: RoleAssignment, wanted: Span, others: Iterable[RoleAssignment], register: PowerRegister
) -> None:
    for partner in register.partners_of(role):
        beside = [row for row in others if partner in register.partners_of(row)]
        gap = first_gap(wanted, map(span_of, beside))
        check_registrar_remains(gap, ends_before=wanted.starts_on)


_KEPT_BY_SOMEBODY = {REGISTRAR: _check_registrars_remain, ADMIN: _check_technicians_remain}


def _remaining(ending: Iterable[RoleAssignment], today: date) -> list[RoleAssignment]:
    """The other roles of registrars and Technik, of open accounts."""
    kept = RoleAssignment.objects.lasting(today).filter(role__in=_KEPT_BY_SOMEBODY, user__is_active=True)
    others = kept.exclude(pk__in=[role.pk for role in ending])
    standing = RoleAssignment.sealing.standing(others.values_list("pk", flat=True))
    accounts = User.sealing.standing(others.values_list("user", flat=True))
    return list(others.filter(pk__in=list(standing), user__in=list(accounts)))


def cut_short(assignment: RoleAssignment, cut: date, now: datetime) -> None:
    """Ends a locked role before `cut`; one that would begin only then is void. A day that has come is the moment."""
    first = assignment.period.lower
    if first < cut:
        assignment.period = DateRange(first, cut)
    else:  # a period of no day would forget when it was to begin
        assignment.period, assignment.void_from_on = DateRange(empty=True), first
    if assignment.period.isempty or cut <= local_day(now):
        assignment.ended_at = now
    assignment.save(update_fields=["period", "ended_at", "void_from_on"])


def span_of(row: RoleAssignment | Seat | SeatAssignment) -> Span:
    """The period of a row, of at least one day, as the rules see it."""
    return Span(row.period.lower, row.period.upper)


def record_role(
    role: RoleAssignment, before: DateRange, *, action: str, by: User | None, now: datetime, because: str = ""
) -> None:
    """Writes down the period of a role before and after, and who had given it."""
    hands = [
        ("beantragt" if role.confirmed_by_id else "gegeben", role.given_by_id),
        ("bestätigt", role.confirmed_by_id),
    ]
    given = "".join(f", {done} von Konto {number}" for done, number in hands if number)
    note = f"{held(role)}{BY_COMMAND if role.by_command else given}{because}"
    change = (in_words(before) or "galt nie", role.in_words)
    audit.record(by=by, action=action, obj=role, agreement=slug_of(role), note=note, change=change, now=now)
