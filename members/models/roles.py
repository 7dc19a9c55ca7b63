"""What accounts may do, for whom and how long."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter
from typing import ClassVar, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from kok.models import Sealed, Sealing, User
from kok.models.sealed import SealedQuerySet
from kok.words import day, local_day, moment, period
from members.models.agreement import Agreement, Partner
from members.models.authorities import Authority
from members.rules.power import ADMIN, FOUR_EYES
from members.rules.retention import ENDED_ROLES

PLACE_OF_A_ROLE = (
    Q(agreement__isnull=False, partner__isnull=False, authority__isnull=True)
    | Q(agreement__isnull=True, partner__isnull=True, authority__isnull=False)
) & ~Q(role=ADMIN) | Q(agreement__isnull=True, partner__isnull=True, authority__isnull=True, role=ADMIN)


class RoleAssignmentQuerySet(SealedQuerySet["RoleAssignment"]):
    """Roles by when they count, and for whom."""

    def on(self, day: date) -> Self:
        """In force on a day."""
        return self.filter(period__contains=day)

    def lasting(self, day: date) -> Self:
        """Those that are in force on or after a day."""
        return self.filter(Q(period__upper_inf=True) | Q(period__endswith__gt=day), period__isempty=False)

    def of_partners(self, partners: Iterable[Partner]) -> Self:
        """For these partners, or for their authorities in all agreements."""
        partners = list(partners)
        return self.filter(Q(partner__in=partners) | Q(authority__in=set(map(attrgetter("authority_id"), partners))))

    def of_agreement(self, agreement: Agreement) -> Self:
        """Those that count in an agreement."""
        return self.filter(Q(agreement=agreement) | Q(authority__partners__agreement=agreement))


class RoleAssignment(Sealed):
    """A role of an account: for a partner of an agreement, for an authority in all its agreements, or for neither.

    Only the role of the installation is for neither.

    A row ends and is never deleted: triggers refuse it outside the erasure run. One that is ended before its first day
    is over lasts no whole day: its period is empty, and `void_from_on` says when it began or was to begin.
    """

    sealing = Sealing("roles", "Rolle")
    objects: ClassVar = RoleAssignmentQuerySet.as_manager()

    user = models.ForeignKey(User, models.RESTRICT, related_name="role_assignments", verbose_name="Konto")
    role = models.SlugField("Rolle")
    agreement = models.ForeignKey(
        Agreement, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Vereinbarung"
    )
    partner = models.ForeignKey(
        Partner, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Partner"
    )
    authority = models.ForeignKey(
        Authority, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Behörde"
    )
    period = DateRangeField("Zeitraum")
    ended_at = models.DateTimeField("beendet", null=True, blank=True)
    void_from_on = models.DateField("Beginn, wo der Zeitraum leer ist", null=True, blank=True)
    given_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="gegeben von"
    )
    confirmed_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="bestätigt von"
    )
    by_command = models.BooleanField("auf dem Server gegeben", default=False)

    class Meta:
        verbose_name = "Rolle"
        verbose_name_plural = "Rollen"
        constraints = [
            ExclusionConstraint(
                name="role_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("partner", 0), RangeOperators.EQUAL),
                    (Coalesce("authority", 0), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=(
                    "Diese Rolle hat das Konto in diesem Zeitraum schon. Es wurde nichts geändert."
                ),
            ),
            models.CheckConstraint(
                condition=PLACE_OF_A_ROLE,
                name="role_for_partner_or_authority",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=FOUR_EYES)
                | Q(by_command=True)
                | Q(given_by__isnull=False, confirmed_by__isnull=False)
                & ~Q(given_by=F("confirmed_by"))
                & ~Q(given_by=F("user"))
                & ~Q(confirmed_by=F("user")),
                name="role_of_power_has_two_people",
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, void_from_on__isnull=True)
                | Q(period__isempty=True, void_from_on__isnull=False, ended_at__isnull=False),
                name="role_void_says_from_when",
            ),
        ]

    class Privacy:
        personal = ("user", "given_by", "confirmed_by")
        confidential = ()
        plain = (
            "id", "role", "agreement", "partner", "authority", "period", "ended_at", "void_from_on", "by_command",
        )  # fmt: skip
        keep = f"{ENDED_ROLES} nach Ende"

    @property
    def whom(self) -> str:
        """For whom the role is held, in words."""
        if self.authority:
            return f"{self.authority.short_name}, in allen Vereinbarungen"
        return str(self.partner or "die ganze Installation")

    @property
    def partners(self) -> list[Partner]:
        """The partners for whom the role counts."""
        if self.authority:
            return list(self.authority.partners.all())
        return [*filter(None, [self.partner])]

    @property
    def ended_on(self) -> date | None:
        """The day on which somebody ended it at once; it was in force up to that moment where it had begun."""
        return self.ended_at and local_day(self.ended_at)

    @property
    def was_in_force(self) -> bool:
        """Whether it was in force a moment, or will be: one that is ended before its first day never was."""
        void_from_on, ended_on = self.void_from_on, self.ended_on
        return void_from_on is None or (ended_on is not None and void_from_on <= ended_on)

    @property
    def in_words(self) -> str:
        """From when until when it was in force: to the minute where it was ended at once, else by days."""
        if not self.was_in_force:
            return f"galt nie, sollte ab {day(self.void_from_on)} gelten"
        if self.ended_at is None:
            return period(self.period)
        return f"{day(self.void_from_on or self.period.lower)} bis {moment(self.ended_at)}"

    def has_ended(self, today: date) -> bool:
        """Whether the role is over on a day."""
        return self.period.isempty or (self.period.upper or date.max) <= today

    @property
    def called(self) -> str:
        """By the number of the account."""
        return f"Nr. {self.pk} („{self.role}“ für Konto {self.user_id})"
