"""The KoK and the bodies of Anlage 2, as of a day."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import QuerySet

from members.models import Agreement, Body
from members.rules.codes import BodyKind


def bodies_on(agreement: Agreement, day: date) -> list[Body]:
    """The bodies that exist on a day, the KoK first."""
    there = agreement.bodies.filter(period__contains=day).select_related("operator__authority")
    found = [body for body in there if body.is_named_on(day)]
    return sorted(found, key=lambda body: (body.kind != BodyKind.CONFERENCE, body.pk))


def conference_of(agreement: Agreement) -> Body:
    """The Kooperationskonferenz itself; the database keeps it the only one. Read once for each agreement in hand."""
    found: Body = vars(agreement).get("_conference") or agreement.bodies.get(kind=BodyKind.CONFERENCE)
    vars(agreement)["_conference"] = found
    return found


def bodies_of(agreement: Agreement) -> QuerySet[Body]:
    """All bodies of an agreement, those that ended too."""
    return agreement.bodies.select_related("operator__authority", "agreement")


@dataclass
class Hanging:
    """What hangs on a body that ends: `hinders` has to be done with before, `remains` runs out by itself.

    `hinders` continues "Es", each without its last full stop; `remains` are sentences.
    """

    hinders: list[str] = field(default_factory=list)
    remains: list[str] = field(default_factory=list)


Teller = Callable[[Body, date], Hanging]
_tellers: list[Teller] = []


def register(teller: Teller) -> None:
    """Called by apps above in `ready()`."""
    _tellers.append(teller)


def hanging_on(body: Body, ends_before: date) -> Hanging:
    """Everything that hangs on a body which ends before a day."""
    found = Hanging()
    for teller in _tellers:
        told = teller(body, ends_before)
        found.hinders += told.hinders
        found.remains += told.remains
    return found
