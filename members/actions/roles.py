"""What accounts may do: given, ended, never deleted."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from kok import audit
from kok.access import ROLES
from kok.clock import BERLIN
from kok.errors import Refused
from kok.models import User
from kok.templatetags.kok import period as in_words
from members.actions import notices
from members.models import Agreement, Authority, Partner, RoleAssignment
from members.queries.power import Register
from members.rules.power import ADMIN, REGISTRAR, needs_two
from members.rules.roles import check_registrar_remains, check_role, check_technician_remains

Place = Partner | Authority | None  # a partner in its agreement, an authority in all of its, the installation


def columns_of(place: Place) -> dict[str, Any]:
    """How a row says for which place it is."""
    if isinstance(place, Partner):
        return {"agreement": place.agreement, "partner": place}
    return {"authority": place}


def lock_accounts(*numbers: int | None) -> dict[int, User]:
    """Locks accounts in the order of their numbers, so that two acts crosswise wait, and never for each other."""
    wanted = {number for number in numbers if number}
    found = User.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=wanted).order_by("pk")
    return {user.pk: user for user in found}


@transaction.atomic
def give_role(
    *,
    user: User,
    role: str,
    place: Place,
    from_on: date,
    until_on: date | None = None,
    by: User | None,
    now: datetime,
) -> RoleAssignment:
    """Gives an account a role from a day on; `until_on` is the first day without it, `by=None` the command.

    Raises Refused when it has that role already, and for a role that two people give.
    """
    if by is not None and needs_two(role):
        raise Refused("Diese Rolle geben zwei Personen. Es wurde nichts geändert.")
    return assign(user=user, role=role, place=place, period=(from_on, until_on), given_by=by, now=now)


def assign(
    *,
    user: User,
    role: str,
    place: Place,
    period: tuple[date, date | None],
    given_by: User | None,
    confirmed_by: User | None = None,
    now: datetime,
) -> RoleAssignment:
    """Stores a role that is decided, writes it down, and tells of power. Part of a transaction."""
    check_place(role, place)
    assignment = RoleAssignment(
        user=user, role=role, period=period, given_by=given_by, confirmed_by=confirmed_by,
        by_command=given_by is None, **columns_of(place),
    )  # fmt: skip
    save(assignment)
    asked = f", beantragt von Konto {given_by.pk}" if given_by and confirmed_by else ""
    note = f"{ROLES[role].title} für Konto {user.pk}{asked}"
    audit.record(
        by=confirmed_by or given_by, action="role.given", obj=assignment, agreement=slug_of(assignment), note=note,
        change=("", in_words(DateRange(*period))), now=now,
    )  # fmt: skip
    if needs_two(role):
        notices.tell_of_role("role-given", assignment, now=now)
    return assignment


def check_place(role: str, place: Place) -> None:
    """Raises Refused for a role that there is not at this place."""
    if place is None and role == ADMIN:
        return
    check_role(role, place.kind if place else "")


@transaction.atomic
def end_role(*, assignment: RoleAssignment, by: User | None, now: datetime) -> None:
    """Takes a role away at once, not at the end of the day. One person is enough. The row stays and says until when.

    Raises Refused when it is over already, or when nobody would be left to maintain a partner.
    """
    lock_accounts(assignment.user_id, by.pk if by else None)
    today = day_of(now)
    assignment, others = _locked(assignment, today)
    if assignment.has_ended(today):
        raise Refused("Diese Rolle ist schon beendet. Es wurde nichts geändert.")
    if assignment.role == REGISTRAR:
        _check_registrars_remain(assignment, others, Register(now))
    if assignment.role == ADMIN:
        check_technician_remains({row.user_id for row in others})
    before, first = in_words(assignment.period), assignment.period.lower
    assignment.ended_at = now
    if first < today:
        assignment.period = DateRange(first, today)
    else:  # a period of no day would forget when it was to begin
        assignment.period, assignment.void_from_on = DateRange(empty=True), first
    assignment.save(update_fields=["period", "ended_at", "void_from_on"])
    audit.record(
        by=by, action="role.ended", obj=assignment, agreement=slug_of(assignment),
        note=f"{ROLES[assignment.role].title} für Konto {assignment.user_id}",
        change=(before, in_words(assignment.period) or "galt nie"), now=now,
    )  # fmt: skip
    if needs_two(assignment.role):
        notices.tell_of_role("role-ended", assignment, now=now)


def _locked(assignment: RoleAssignment, today: date) -> tuple[RoleAssignment, list[RoleAssignment]]:
    """The role, and with that of a registrar or Technik all of them, in one order: two cannot remove each other."""
    wanted = Q(pk=assignment.pk)
    if assignment.role in (REGISTRAR, ADMIN):
        wanted |= Q(role=assignment.role, period__contains=today, user__is_active=True)
    rows = list(RoleAssignment.objects.select_for_update(of=("self",)).filter(wanted).order_by("pk"))
    return next(row for row in rows if row.pk == assignment.pk), [row for row in rows if row.pk != assignment.pk]


def _check_registrars_remain(assignment: RoleAssignment, others: list[RoleAssignment], register: Register) -> None:
    for partner in register.partners(assignment.partner_id, assignment.authority_id):
        check_registrar_remains(
            {row.user_id for row in others if partner in register.partners(row.partner_id, row.authority_id)}
        )


def save(row: Any, exclude: list[str] | None = None) -> None:
    """The constraints have the last word, in their own sentences."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        raise Refused(error.messages[0]) from None
    row.save()


def day_of(now: datetime) -> date:
    """The day in Hessen."""
    return now.astimezone(BERLIN).date()


def slug_of(row: Any) -> str:
    """The agreement of a role or request for the trail; "" where it is for an authority or the installation."""
    agreement: Agreement | None = row.agreement
    return agreement.slug if agreement else ""
