"""The KoK and the bodies of Anlage 2, as of a day."""

from datetime import date

from django.db.models import QuerySet

from members.models import Agreement, Body


def bodies_on(agreement: Agreement, day: date) -> list[Body]:
    """The bodies that exist on a day, the KoK first."""
    there = agreement.bodies.filter(period__contains=day).select_related("operator__authority")
    found = [body for body in there if body.is_named_on(day)]
    return sorted(found, key=lambda body: (body.kind != Body.Kind.CONFERENCE, body.pk))


def conference_of(agreement: Agreement) -> Body:
    """The Kooperationskonferenz itself; the database keeps it the only one."""
    return agreement.bodies.get(kind=Body.Kind.CONFERENCE)


def bodies_of(agreement: Agreement) -> QuerySet[Body]:
    """All bodies of an agreement, those that ended too."""
    return agreement.bodies.select_related("operator__authority", "agreement")
