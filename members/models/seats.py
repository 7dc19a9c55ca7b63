"""Bodies, seats and the people on them. The database refuses two holders of one seat at a time."""

from datetime import date
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q

from kok import clock, retention
from kok.codes import choices
from kok.models import Sealed, Sealing, User
from kok.models.sealed import SealedQuerySet
from members.models.agreement import Agreement, Partner
from members.models.authorities import Authority
from members.rules.codes import BodyKind, Capacity
from members.rules.terms import BodyName, on, read


def never() -> DateRange:
    """A body exists from the day on which an Anlage names it."""
    return DateRange(empty=True)


class Person(Sealed):
    """Somebody who can hold seats. A person may have one account; a seat gives no role.

    The `employer` maintains the person: the same people in every agreement of which it is a partner.
    """

    sealing = Sealing("people", "Person", needs_key=False)

    employer = models.ForeignKey(Authority, models.RESTRICT, related_name="people", verbose_name="gehört zu")
    family_name = models.CharField("Familienname", max_length=100)
    given_name = models.CharField("Vorname", max_length=100, blank=True)
    email = models.EmailField("Dienstliche E-Mail", blank=True)
    phone = models.CharField("Dienstliches Telefon", max_length=50, blank=True)
    user = models.OneToOneField(
        User, models.RESTRICT, null=True, blank=True, related_name="person", verbose_name="Konto"
    )

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["family_name", "given_name"]

    class Privacy:
        personal = ("employer", "family_name", "given_name", "email", "phone", "user")
        confidential = ()
        plain = ("id",)
        keep = f"{retention.LEFT} nach Ausscheiden; in Protokollen bleibt der Name"

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Body(Sealed):
    """A body: the KoK itself (Punkt 5) or one of Anlage 2. All hold meetings in the same way.

    How it is called, and from when to when it exists, say the versions of the Anlagen (`AnnexBody`); the database
    keeps `names` and `period` here, so that no page has to ask. `name` is that of today, `called_on` that of a day.
    """

    sealing = Sealing("bodies", "Gremium", without=("names", "period"), needs_key=False)

    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="bodies")
    slug = models.SlugField("Kurzname")
    kind = models.CharField("Art", max_length=20, choices=choices(BodyKind))
    number_prefix = models.CharField("Nummernkreis", max_length=30, unique=True)
    operator = models.ForeignKey(
        Partner, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="geführt von"
    )
    names = models.JSONField("Namen", default=list, editable=False)
    period = DateRangeField("besteht", default=never, editable=False)

    class Meta:
        verbose_name = "Gremium"
        verbose_name_plural = "Gremien"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "slug"], name="body_slug_once"),
            models.UniqueConstraint(fields=["agreement"], condition=Q(kind="CONFERENCE"), name="body_one_conference"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "agreement", "slug", "kind", "number_prefix", "operator", "names", "period",
        )  # fmt: skip
        keep = "dauerhaft"

    def __str__(self) -> str:
        return self.short_name

    def called_on(self, day: date) -> BodyName:
        """Name, short name and category on a day; of a body that ended those that it had last."""
        return on(read(BodyName, self.names), day)

    def is_named_on(self, day: date) -> bool:
        """Whether an Anlage names it on a day."""
        if not self.names:
            return False
        then = self.called_on(day)
        return then.starts_on <= day <= (then.ends_on or day)

    @property
    def name(self) -> str:
        """The name today."""
        return self.called_on(clock.today()).name

    @property
    def short_name(self) -> str:
        """What it is called in a sentence, today."""
        return self.called_on(clock.today()).short_name


class Seat(Sealed):
    """A function in a body, sent (or, in an advisory board, looked after) by one partner (Anlage 1)."""

    sealing = Sealing("seats", "Sitz", needs_key=False)

    body = models.ForeignKey(Body, models.RESTRICT, related_name="seats", verbose_name="Gremium")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="seats", verbose_name="Kooperationspartner")
    function = models.CharField("Funktion", max_length=150)
    unit = models.CharField("Organisationseinheit", max_length=150, blank=True)
    position = models.PositiveSmallIntegerField("Reihenfolge")
    period = DateRangeField("besteht")

    class Meta:
        verbose_name = "Sitz"
        verbose_name_plural = "Sitze"
        ordering = ["partner__position", "position"]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "body", "partner", "function", "unit", "position", "period")
        keep = "dauerhaft"

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.function, self.unit)))


class SeatAssignmentQuerySet(SealedQuerySet["SeatAssignment"]):
    """Who sits where, by day."""

    def on(self, day: date) -> Self:
        """On a day."""
        return self.filter(period__contains=day)

    def lasting(self, day: date) -> Self:
        """On or after a day."""
        return self.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=day))


class SeatAssignment(Sealed):
    """Who holds a seat, or stands in for its holder, from when to when."""

    sealing = Sealing("seat-assignments", "Besetzung", needs_key=False)
    objects: ClassVar = SeatAssignmentQuerySet.as_manager()

    seat = models.ForeignKey(Seat, models.RESTRICT, related_name="assignments", verbose_name="Sitz")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="assignments", verbose_name="Person")
    capacity = models.CharField("Eigenschaft", max_length=10, choices=choices(Capacity), default=Capacity.HOLDER)
    period = DateRangeField("Zeitraum")

    class Meta:
        verbose_name = "Besetzung"
        verbose_name_plural = "Besetzungen"
        ordering = ["period"]
        constraints = [
            ExclusionConstraint(
                name="seat_one_holder_at_a_time",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    ("capacity", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=(
                    "In diesem Zeitraum ist der Sitz schon besetzt. Es wurde nichts geändert. "
                    "Beenden Sie zuerst die bisherige Besetzung oder wählen Sie einen späteren Beginn."
                ),
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="seat_assignment_lasts"),
        ]

    class Privacy:
        personal = ("person",)
        confidential = ()
        plain = ("id", "seat", "capacity", "period")
        keep = "dauerhaft, der Name bleibt in Protokollen"

    @property
    def is_deputy(self) -> bool:
        """Whether it is to stand in for who holds the seat."""
        return self.capacity == Capacity.DEPUTY
