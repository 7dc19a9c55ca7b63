"""A meeting that took place without the application, entered later."""

from django.db import models

from kok.models import User
from meetings.convening.models.meeting import Meeting
from meetings.convening.rules.retention import MEETINGS
from members.models import Partner

LONGEST_TEXT = 100_000  # characters


class LateEntry(models.Model):
    """What is known of a meeting that was entered later (Nachtrag), and why only then.

    That all partners were there is confirmed at the entry: only then it counts (R-MEET).
    """

    meeting = models.OneToOneField(Meeting, models.CASCADE, related_name="late_entry")
    reason = models.CharField("Grund des Nachtrags", max_length=300)
    office = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="Geschäftsführung damals")
    text = models.TextField("Protokoll", blank=True, max_length=LONGEST_TEXT)
    entered_at = models.DateTimeField("nachgetragen am")
    entered_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = "Nachtrag einer Sitzung"
        verbose_name_plural = "Nachträge von Sitzungen"

    class Privacy:
        personal = ("entered_by",)
        confidential = ("reason", "text")
        plain = ("id", "meeting", "office", "entered_at")
        keep = f"{MEETINGS}, dann Anbietung an das Archiv"
