"""What people ask about their own data (Art. 15 to 17 DSGVO, §§ 83, 84 SGB X)."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from kok.models import User
from members.models import Agreement, Partner
from transitions.models.lists import _choices
from transitions.rules.subject_requests import RequestAnswer, RequestKind


class DataSubjectRequest(models.Model):
    """One request, answered within a month (Art. 12 Abs. 3 DSGVO). Who asks stands in the case, not here."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="+")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="zuständig")
    kind = models.CharField("Anliegen", max_length=12, choices=_choices(RequestKind))
    case_ref = models.CharField("Fallzeichen", max_length=14, blank=True)
    received_on = models.DateField("eingegangen am")
    identity_checked_on = models.DateField("Identität geprüft am", null=True, blank=True)
    answer = models.CharField("Antwort", max_length=12, choices=_choices(RequestAnswer), blank=True)
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    recorded_at = models.DateTimeField("eingetragen am")
    recorded_by = models.ForeignKey(User, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = "Anfrage einer betroffenen Person"
        verbose_name_plural = "Anfragen betroffener Personen"
        ordering = ["received_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="subject_request_answer_pair",
            ),
        ]

    class Privacy:
        personal = ("recorded_by",)
        confidential = ("case_ref", "kind", "answer")
        plain = ("id", "agreement", "partner", "received_on", "identity_checked_on", "answered_on", "recorded_at")
        keep = "3 Jahre nach der Antwort"
