"""What changes about an authority from a day on. The old values stay, and all its agreements follow."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kok import audit, clock, genuine
from kok.errors import require
from kok.genuine import Chosen
from kok.jobs import Work
from kok.models import User
from kok.words import day, local_day
from members.actions import notices
from members.actions.administering import check_genuine
from members.models import Agreement, Authority, AuthorityChange
from members.queries.authorities import (
    Lines,
    differences,
    due_changes,
    may_change,
    names_of_others,
    planned_changes,
    signed_last,
    values_of,
    values_on,
)
from members.rules.authorities import check_day, check_free, really_new, take_effect


def check_authority_change(
    *, authority: Authority, values: Mapping[str, str], from_on: date, today: date
) -> dict[str, str]:
    """What would really change from that day on.

    Raises Refused where nothing would, where what was signed would, and for a name that another authority bears.
    """
    check_day(
        from_on,
        list(authority.changes.all()),
        exists=(authority.period.lower, authority.period.upper),
        signed_on=signed_last(authority, today),
        today=today,
    )
    wanted = really_new(asdict(values_on(authority, from_on)), values)
    check_free(wanted, names_of_others(authority))
    return wanted


@transaction.atomic
def change_authority(
    *, authority: Authority, values: Mapping[str, str], from_on: date, by: User, agreement: Agreement, now: datetime
) -> None:
    """Other values from a day on: at once where the day has come, else when it comes.

    Raises Refused for somebody who does not maintain the authority, as `check_authority_change`, and where the
    authority, a change of it or the hand does not stand as it was written.
    """
    locked = {each.pk: each for each in Authority.objects.select_for_update().order_by("slug")}  # no two take one name
    authority = locked[authority.pk]
    check_genuine(by)
    _check_registrar(by, authority)
    genuine.check(_written_about(authority))
    today = local_day(now)
    _put_due_in_force(authority, today, now)
    wanted = check_authority_change(authority=authority, values=values, from_on=from_on, today=today)
    lines = differences(asdict(values_on(authority, from_on)), wanted)
    change = AuthorityChange.objects.create(authority=authority, from_on=from_on, values=wanted)
    _record("authority.changed", change, lines, by=by, agreement=agreement.slug, now=now)
    notices.tell_of_authority("authority-changed", change, now=now)
    _put_due_in_force(authority, today, now, by=by, agreement=agreement.slug)


@transaction.atomic
def withdraw_authority_change(*, change: AuthorityChange, by: User, agreement: Agreement, now: datetime) -> None:
    """Takes back what was planned. Raises Refused when it is in force by now, or gone, and for a hand put in."""
    check_genuine(by)
    authority = Authority.objects.select_for_update().get(pk=change.authority_id)
    _check_registrar(by, authority)
    found = check_authority_withdrawal(change)
    lines = next(each.lines for each in planned_changes(authority) if each.change == found)
    _record("authority.withdrawn", found, lines, by=by, agreement=agreement.slug, now=now)
    notices.tell_of_authority("authority-withdrawn", found, now=now)
    found.delete()


def check_authority_withdrawal(change: AuthorityChange) -> AuthorityChange:
    """The change as it waits. Raises Refused when it is in force by now, or gone. Changes nothing."""
    return require(
        AuthorityChange.objects.filter(pk=change.pk, done_at__isnull=True).first(),
        "Diese Änderung gilt inzwischen oder wurde schon zurückgezogen. Es wurde nichts geändert. "
        "Was gilt, ändern Sie mit einer neuen Änderung ab einem Tag.",
    )


@transaction.atomic
def put_in_force(authority: str, now: datetime) -> None:
    """Puts in force what is due about an authority (its key); once, however often it is asked.

    Nothing where the authority or a change of it was put in or changed past the application: the night names it.
    """
    found = Authority.objects.select_for_update().get(pk=authority)
    if genuine.stand(_written_about(found)):
        _put_due_in_force(found, local_day(now), now)


def _written_about(authority: Authority) -> tuple[Chosen, ...]:
    return Authority.objects.filter(pk=authority.pk), authority.changes.all()


def authorities_due() -> list[str]:
    """The keys of the authorities of which some change is due."""
    return [str(pk) for pk in due_changes(clock.today()).values_list("authority", flat=True).order_by().distinct()]


WORK = Work(put_in_force, authorities_due)


def _put_due_in_force(
    authority: Authority, today: date, now: datetime, *, by: User | None = None, agreement: str = ""
) -> None:
    for change in due_changes(today).filter(authority=authority):
        later = list(authority.changes.filter(done_at__isnull=False, from_on__gt=change.from_on))
        for name, value in take_effect(change, later, values_of(authority)).items():
            setattr(authority, name, value)
        change.done_at = now
        for row in (change, *later, authority):
            row.save()
        lines = differences(change.replaced or {}, change.values)
        _record("authority.in-force", change, lines, by=by, agreement=agreement, now=now)


def _check_registrar(by: User, authority: Authority) -> None:
    require(
        may_change(by, authority),
        "Diese Angaben ändert, wer die Stammdaten der Behörde in allen ihren Vereinbarungen pflegt. "
        "Es wurde nichts geändert.",
    )


def _record(action: str, change: AuthorityChange, lines: Lines, **rest: Any) -> None:
    """The trail tells what changes from which day on, and what stands in each place before and after."""
    before, after = ("; ".join(f"{line[0]}: {line[side] or '–'}" for line in lines) for side in (1, 2))
    note = f"{', '.join(line[0] for line in lines)} ab {day(change.from_on)}"
    audit.record(action=action, obj=change.authority, note=note, change=(before, after), **rest)
