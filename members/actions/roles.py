"""What accounts may do: given, ended, never deleted."""

from datetime import date, datetime
from functools import partial

from django.core.exceptions import ValidationError
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Model

from kok import audit
from kok.access import ROLES
from kok.errors import Refused, require
from kok.models import User
from kok.words import local_day
from kok.words import period as in_words
from members.actions import notices
from members.actions.administering import check_hand, check_mailbox, check_people, check_power, on_power
from members.models import AccountRequest, Authority, Partner, RoleAssignment
from members.queries.leaving import pending_departure
from members.queries.power import hand_of
from members.rules.leaving import check_goes_on, check_period
from members.rules.power import ADMIN, check_giver, needs_two
from members.rules.roles import check_role

BY_COMMAND = ", durch Befehl auf dem Server"
Place = Partner | Authority | None  # a partner in its agreement, an authority in all of its, the installation


def columns_of(place: Place) -> dict[str, object]:
    """How a row says for which place it is."""
    if isinstance(place, Partner):
        return {"agreement": place.agreement, "partner": place}
    return {"authority": place}


def lock_accounts(*numbers: int | None) -> dict[int, User]:
    """Locks accounts in the order of their numbers, so that two acts crosswise wait, and never for each other."""
    locked = User.objects.select_for_update(of=("self",), no_key=True).order_by("pk")
    return locked.in_bulk(set(filter(None, numbers)))


@on_power
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

    Raises Refused as `check_gift`, and as `check_power`.
    """
    lock_accounts(user.pk, getattr(by, "pk", None))
    check_hand(by, partial(check_power, user))
    check_gift(user=user, role=role, place=place, from_on=from_on, until_on=until_on, by=by, now=now)
    return assign(user=user, role=role, place=place, period=(from_on, until_on), given_by=by, now=now)


def check_gift(
    *, user: User, role: str, place: Place, from_on: date, until_on: date | None = None, by: User | None, now: datetime
) -> None:
    """Raises Refused for oneself, when the account has that role already, for a role that two people give, beyond a
    last day of the person, and as `check_people`. Changes nothing.
    """
    check_people(user)
    if by is not None:
        check_giver(hand_of(by), hand_of(user))
        require(not needs_two(role), "Diese Rolle geben zwei Personen. Es wurde nichts geändert.")
    check_period(from_on, ends_before=until_on)
    check_assignable(user=user, role=role, place=place, period=(from_on, until_on), now=now)


def check_assignable(*, user: User, role: str, place: Place, period: tuple[date, date | None], now: datetime) -> None:
    """Raises Refused for a role that the account cannot have at this place in this time. Changes nothing."""
    check_place(role, place)
    check_stays(user, ends_before=period[1], today=local_day(now))
    check_not_held(user=user, role=role, place=place, period=period)
    if needs_two(role):
        check_mailbox(user, user.email, now)


def check_not_held(*, user: User, role: str, place: Place, period: tuple[date, date | None]) -> None:
    """Raises Refused for a role that the account has already in this time."""
    same = RoleAssignment.objects.filter(user=user, role=role, **columns_of(place), period__overlap=period)
    require(not same.exists(), "Diese Rolle hat das Konto in diesem Zeitraum schon. Es wurde nichts geändert.")


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
    check_assignable(user=user, role=role, place=place, period=period, now=now)
    assignment = RoleAssignment(
        user=user, role=role, period=period, given_by=given_by, confirmed_by=confirmed_by,
        by_command=given_by is None, **columns_of(place),
    )  # fmt: skip
    save(assignment)
    asked = f", beantragt von Konto {given_by.pk}" if given_by and confirmed_by else ""
    note = f"{held(assignment)}{asked if given_by else BY_COMMAND}"
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
    check_role(role, getattr(place, "kind", ""))


def check_stays(user: User, *, ends_before: date | None, today: date) -> None:
    """Raises Refused for a role of a closed account, and beyond the last day of somebody whose leaving is entered.

    The account is locked. Who left and is back gets a role as others do: the day is over, and the account only waits
    for Technik.
    """
    require(user.is_active, "Dieses Konto ist gesperrt. Eine Rolle bekommt es erst, wenn es wieder freigegeben ist.")
    found = pending_departure(user=user)
    if found and found.last_on < today:
        return
    check_goes_on(user.get_username(), getattr(found, "last_on", None), ends_before=ends_before)


def save(row: Model, exclude: list[str] | None = None) -> None:
    """The constraints have the last word, in their own sentences."""
    try:
        row.full_clean(exclude=exclude)
    except ValidationError as error:
        raise Refused(error.messages[0]) from None
    row.save()


def held(row: RoleAssignment | AccountRequest) -> str:
    """Which role it is, whose and how far it reaches, for the trail."""
    reach = ", in allen Vereinbarungen" if row.authority_id else ""
    return f"{ROLES[row.role].title} für Konto {row.user_id}{reach}"


def asked_for(request: AccountRequest) -> str:
    """What a request is for and whose account it is about, for the trail."""
    return held(request) if request.is_role else f"{request.get_kind_display()} für Konto {request.user_id}"


def slug_of(row: RoleAssignment | AccountRequest) -> str:
    """The agreement of a role or request for the trail; "" where it is for an authority or the installation."""
    return getattr(row.agreement, "slug", "")
