"""What an approver asks to be changed instead of approving."""

from django.db import models
from django.db.models import Q

from kok.models import Sealed, Sealing, User
from meetings.record.models.versions import MinutesVersion
from meetings.record.rules.remarks import LONGEST
from members.models import Partner


class MinutesRemark(Sealed):
    """A request for a change (Änderungswunsch) in a version that goes round, and its answer.

    A new version answers it as well. Name and function are those of the moment. Its words go with the text of the
    version that they are about. Objections of the agreement (Einwendungen) are something else and come later.
    """

    sealing = Sealing("minutes-remarks", "Änderungswunsch zu einem Protokoll")

    version = models.ForeignKey(MinutesVersion, models.RESTRICT, related_name="remarks")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+")
    text = models.TextField("Was geändert werden soll", max_length=LONGEST, blank=True)
    asked_at = models.DateTimeField("erbeten am")
    asked_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    name = models.CharField("Name", max_length=301)
    function = models.CharField("Funktion", max_length=301, blank=True)
    answer = models.TextField("Antwort", max_length=LONGEST, blank=True)
    answered_at = models.DateTimeField("beantwortet am", null=True, blank=True)
    answered_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Änderungswunsch"
        verbose_name_plural = "Änderungswünsche"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                name="minutes_remark_answered_with_words",
            ),
        ]

    class Privacy:
        personal = ("asked_by", "name", "function", "answered_by")
        confidential = ("text", "answer")
        plain = ("id", "version", "partner", "asked_at", "answered_at")
        keep = "wie die Fassung des Protokolls"

    @property
    def called(self) -> str:
        """By number and version."""
        return f"{self.pk} zur Protokollfassung Nr. {self.version_id}"

    @property
    def is_answered(self) -> bool:
        """Whether the Geschäftsführung answered it in words."""
        return self.answered_at is not None
