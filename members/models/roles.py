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
    """A role of an account for a partner of an agreement; without an agreement for the whole installation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments")
    role = models.SlugField("Rolle")
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="+")
    period = DateRangeField("Zeitraum")

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
        ]

    class Privacy:
        personal = ("user",)
        confidential = ()
        plain = ("id", "role", "agreement", "partner", "period")
        keep = "12 Monate nach Ende"

    def has_ended(self, day: date) -> bool:
        """Whether the role is over on a day."""
        return self.period.upper is not None and self.period.upper <= day
