"""Who leaves an authority on which day, and what that act ended, so that it can be taken back until then."""

from typing import ClassVar, Self

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from kok.models.sealed import SealedQuerySet
from members.models.roles import RoleAssignment
from members.models.seats import Person, Seat
from members.rules.codes import Capacity
from members.rules.retention import DEPARTURES


class DepartureQuerySet(SealedQuerySet["Departure"]):
    """Departures by what became of them."""

    def pending(self) -> Self:
        """Entered, and neither over nor taken back."""
        return self.filter(withdrawn_at=None, carried_out_at=None)


class Departure(Sealed):
    """Somebody leaves after a last day. Open until that day is over (`carried_out_at`) or it is taken back."""

    sealing = Sealing("departures", "Ausscheiden")
    objects: ClassVar = DepartureQuerySet.as_manager()

    person = models.ForeignKey(Person, models.RESTRICT, related_name="departures")
    last_on = models.DateField("letzter Tag")
    entered_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="eingetragen von")
    entered_at = models.DateTimeField("eingetragen")
    withdrawn_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="zurückgenommen von"
    )
    withdrawn_at = models.DateTimeField("zurückgenommen", null=True, blank=True)
    carried_out_at = models.DateTimeField("ausgeführt", null=True, blank=True)

    class Meta:
        verbose_name = "Ausscheiden"
        verbose_name_plural = "Ausscheiden"
        ordering = ["-entered_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(withdrawn_at__isnull=True, carried_out_at__isnull=True),
                name="departure_once_open",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False, carried_out_at__isnull=True),
                name="departure_withdrawn_or_carried_out",
            ),
        ]

    class Privacy:
        personal = ("person", "entered_by", "withdrawn_by")
        confidential = ()
        plain = ("id", "last_on", "entered_at", "withdrawn_at", "carried_out_at")
        keep = f"{DEPARTURES} nach dem letzten Tag"


class DepartureLine(Sealed):
    """A seat or role that the departure ended: its period before and after. Empty after: it had not begun.

    Both are the same where somebody ended it on that day as well: nothing comes back when the departure is taken back.
    """

    sealing = Sealing("departure-lines", "Ende durch Ausscheiden")

    departure = models.ForeignKey(Departure, models.RESTRICT, related_name="lines")
    seat = models.ForeignKey(Seat, models.RESTRICT, null=True, blank=True, related_name="+")
    capacity = models.CharField("Eigenschaft", max_length=10, choices=choices(Capacity), blank=True)
    role = models.ForeignKey(RoleAssignment, models.RESTRICT, null=True, blank=True, related_name="+")
    was = DateRangeField("Zeitraum vorher")
    became = DateRangeField("Zeitraum danach")

    class Meta:
        verbose_name = "Ende durch Ausscheiden"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(seat__isnull=False, role__isnull=True) & ~Q(capacity="")
                | Q(seat__isnull=True, role__isnull=False, capacity=""),
                name="departure_line_seat_or_role",
            ),
            models.CheckConstraint(
                condition=Q(was__isempty=False, was__contains=models.F("became")), name="departure_line_shortens"
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "departure", "seat", "capacity", "role", "was", "became")
        keep = "wie das Ausscheiden"

    @property
    def is_final(self) -> bool:
        """Whether somebody ended it on that day as well."""
        return bool(self.was == self.became)
