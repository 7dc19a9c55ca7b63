"""The versions of the Jahresbericht, frozen when they are made."""

from django.db import models

from kok.models import User
from members.models import Agreement


class YearlyReport(models.Model):
    """One version of the Jahresbericht: its facts are frozen; the file is a Document of kind `yearly-report`."""

    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="+")
    year = models.PositiveSmallIntegerField("Berichtsjahr")
    version = models.PositiveSmallIntegerField("Fassung")
    facts = models.JSONField("Inhalt")
    made_at = models.DateTimeField("erstellt am")
    made_by = models.ForeignKey(User, models.RESTRICT, related_name="+")

    class Meta:
        verbose_name = "Jahresbericht"
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["agreement", "year", "version"], name="yearly_report_once")]

    class Privacy:
        personal = ("made_by",)
        confidential = ("facts",)
        plain = ("id", "agreement", "year", "version", "made_at")
        keep = "dauerhaft"
