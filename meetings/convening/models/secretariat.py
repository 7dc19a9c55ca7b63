"""Terms of the secretariat that deviate from the rotation. The regular ones are computed, never stored."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from kok.models import User
from meetings.convening.rules.secretariat import LAST_DAY
from members.models import Agreement, Partner


class DeviatingTerm(models.Model):
    """R-SEC-6: another partner, or another length, by a resolution that all partners approved."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="deviating_terms")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="deviating_terms")
    period = DateRangeField("Zeitraum")
    shift_later = models.BooleanField("spätere Perioden verschieben sich", default=False)
    resolution = models.ForeignKey("meetings.Resolution", models.RESTRICT, related_name="+", null=True)
    recorded_at = models.DateTimeField("eingetragen am")
    recorded_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "abweichende Geschäftsführung"
        ordering = ["period"]
        constraints = [
            ExclusionConstraint(
                name="one_deviating_term_at_a_time",
                expressions=[("agreement", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
                violation_error_message=(
                    "In diesem Zeitraum ist schon eine abweichende Geschäftsführung eingetragen. "
                    "Es wurde nichts geändert. Wählen Sie einen anderen Zeitraum."
                ),
            ),
            models.CheckConstraint(
                condition=Q(
                    period__isempty=False,
                    period__startswith__isnull=False,
                    period__endswith__isnull=False,
                    period__endswith__lte=LAST_DAY,
                ),
                name="deviating_term_has_two_days",
            ),
        ]

    class Privacy:
        personal = ("recorded_by",)
        confidential = ()
        plain = ("id", "agreement", "partner", "period", "shift_later", "resolution", "recorded_at")
        keep = "dauerhaft"
