"""Somebody leaves: what ends when, what remains open and for whom, in words; apps above add what they know."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from django.urls import reverse

from kok.access import ROLES, Permission, partners_of
from kok.words import day
from members.models import Agreement, Departure, RoleAssignment, SeatAssignment
from members.queries.leaving import Leaving, contradictions
from members.rules.codes import Capacity
from members.rules.power import SHIELDED_FOR


@dataclass(frozen=True)
class Remaining:
    """Something that stays open, and to whom it goes; nobody when `to` is empty. `url` leads to where it is mended."""

    what: str
    to: str = ""
    url: str = ""


# What an app knows to remain open when somebody leaves: counts and days, no names of young people.
Provider = Callable[[Leaving], Iterable[Remaining]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Called by apps above in `ready()`."""
    _providers.append(provider)


def remaining(leaving: Leaving) -> list[Remaining]:
    """Everything that stays open, what nobody takes over first."""
    of_apps = chain.from_iterable(provider(leaving) for provider in _providers)
    found = [*_seats(leaving), *_roles(leaving), *of_apps]
    return sorted(found, key=lambda line: bool(line.to))


def url_of(leaving: Leaving, permission: Permission, name: str, agreement: Agreement, *args: object) -> str:
    """An address in an agreement for who looks at it, if he may open it; "" for others."""
    may = partners_of(leaving.by, permission, agreement)
    return reverse(name, args=[agreement.slug, *args]) if may else ""


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
        url = url_of(leaving, Permission.SEATS_MANAGE, "members:assign", seat.body.agreement, seat.pk)
        to = f"{deputy} (Stellvertretung, bis der Sitz besetzt ist)" if deputy else ""
        yield Remaining(f"Sitz {seat} in {seat.body.short_name}, danach nicht besetzt", to, url)


def _roles(leaving: Leaving) -> Iterator[Remaining]:
    """Each role at each partner with its other holders."""
    held = {(role.role, partner.pk): partner for role in leaving.roles for partner in role.partners}
    for (slug, _), partner in held.items():
        url = url_of(leaving, Permission.ACCOUNTS_MANAGE, "members:accounts", partner.agreement)
        to = ", ".join(leaving.others_with(slug, partner))
        yield Remaining(f"Rolle {ROLES[slug].title} für {partner.short_name}", to, url)


def told(leaving: Leaving) -> list[str]:
    """What ends when, in sentences."""
    last_day = day(leaving.last_on)
    is_over = leaving.last_on < leaving.today
    return [
        f"Letzter Tag von {leaving.person} ist der {last_day}.",
        *(_end_of_seat(assignment, leaving) for assignment in leaving.seats),
        *contradictions(leaving.seats, leaving.cut),
        *(_end_of_role(role, leaving) for role in leaving.roles),
        *_end_of_account(leaving, "jetzt" if is_over else "danach"),
        "Erinnerungen und Einladungen gehen danach nicht mehr an diese Person.",
        OVER if is_over else f"Bis zum {last_day} können Sie das zurücknehmen.",
    ]


OVER = "Rollen enden jetzt und galten bis jetzt. Der Tag liegt zurück, deshalb können Sie das nicht zurücknehmen."


def _ends(what: str, name: str, *, has_begun: bool) -> str:
    return f"{what} endet: {name}" if has_begun else f"{what} hat noch nicht begonnen und entfällt: {name}"


def _end_of_seat(assignment: SeatAssignment, leaving: Leaving) -> str:
    seat = assignment.seat
    name = f"{seat.body.short_name}: {seat} ({assignment.get_capacity_display()})"
    return _ends("Der Sitz", name, has_begun=assignment.period.lower < leaving.cut)


def _end_of_role(role: RoleAssignment, leaving: Leaving) -> str:
    has_begun = role.period.lower < leaving.roles_cut or role.period.lower <= leaving.today
    return _ends("Die Rolle", f"{ROLES[role.role].title} für {role.whom}", has_begun=has_begun)


def _end_of_account(leaving: Leaving, when: str) -> Iterator[str]:
    user = leaving.person.user
    if user is None:
        return
    yield "Anträge zu diesem Konto, die noch auf Bestätigung warten, verfallen."
    account, days = f"Das Konto „{user.username}“", SHIELDED_FOR.days
    if leaving.is_shielded:
        yield (
            f"{account} hat die Rolle Prüfung oder hatte sie in den letzten {days} Tagen. Es bleibt offen, bis die "
            f"Technik es sperrt, höchstens {days} Tage nach dem Ende dieser Rolle. Die Technik und alle, die in Ihrem "
            "Haus Konten pflegen oder prüfen, bekommen eine Mail."
        )
    else:
        yield f"{account} wird {when} gesperrt."


def stays(departure: Departure) -> list[str]:
    """What taking it back does, in sentences."""
    return [
        f"{departure.person} scheidet nicht zum {day(departure.last_on)} aus.",
        "Sitze und Rollen, die dadurch endeten, gelten weiter wie vorher.",
        "Das gilt auch für Rollen, die zwei Personen geben: Ihr Zeitraum war bestätigt und wurde nur gekürzt.",
        "Was inzwischen jemand geändert oder neu besetzt hat, bleibt so.",
        "Verfallene Anträge müssen neu gestellt werden.",
    ]
