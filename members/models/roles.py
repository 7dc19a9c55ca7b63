"""What accounts may do, for whom and how long."""

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from kok.models import User
from members.models.agreement import Agreement, Partner


class RoleAssignment(models.Model):
    """A role of an account for a partner of an agreement; without an agreement for the whole installation.

    A row ends and is never deleted: triggers refuse it outside the erasure run. One that is ended before its first day
    is over lasts no day: its period is empty, and `void_from_on` says when it was to begin.
    """

    user = models.ForeignKey(User, models.RESTRICT, related_name="role_assignments")
    role = models.SlugField("Rolle")
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="+")
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
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=(
                    "Diese Rolle hat das Konto in diesem Zeitraum schon. Es wurde nichts geändert."
                ),
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | Q(agreement__isnull=False), name="role_partner_needs_agreement"
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
        plain = ("id", "role", "agreement", "partner", "period", "ended_at", "void_from_on", "by_command")
        keep = "12 Monate nach Ende"

    def has_ended(self, day: date) -> bool:
        """Whether the role is over on a day."""
        return self.period.isempty or (self.period.upper is not None and self.period.upper <= day)
