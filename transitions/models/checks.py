"""Checks of everything that is sealed, as auditors ask for them; a worker carries them out."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import models
from django.db.models import Q

from kok import vault
from kok.codes import choices
from kok.models import User
from transitions.rules.codes import CheckState

GIVEN_UP = timedelta(minutes=30)  # then nobody waits any longer for the worker


Found = dict[str, Any]
"""What a check found, as JSON holds it."""


class CheckJob(models.Model):
    """One check and what it found.

    Whoever changes a row puts its mark anew, an HMAC over question and result: one that was made up is none (ADR 23).
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    asked_at = models.DateTimeField("gefragt")
    asked_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    seals_of_mail = models.JSONField("Siegel der Nachricht", default=list)
    state = models.CharField("Stand", max_length=10, choices=choices(CheckState), default=CheckState.WAITING.value)
    found = models.JSONField("Ergebnis", null=True, blank=True)
    finished_at = models.DateTimeField("fertig", null=True, blank=True)
    mark = models.CharField("Siegel", max_length=64)

    class Meta:
        verbose_name = "Prüfung aller Siegel"
        verbose_name_plural = "Prüfungen aller Siegel"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="WAITING", finished_at=None) | (~Q(state="WAITING") & ~Q(finished_at=None)),
                name="check_job_end_has_moment",
            ),
        ]

    class Privacy:
        personal = ("asked_by",)
        confidential = ("seals_of_mail", "found")
        plain = ("id", "asked_at", "state", "finished_at", "mark")
        keep = "bis zum nächsten Tag"

    def put_mark(self) -> None:
        """Marks the row as it stands. Raises KeyLost."""
        self.mark = vault.signature(self._words())

    def is_ours(self) -> bool:
        """Whether the application wrote it so. Raises KeyLost."""
        return self.mark == vault.signature(self._words())

    def _words(self) -> str:
        told = {
            "check": str(self.pk), "asked_at": self.asked_at.astimezone(UTC).isoformat(), "by": self.asked_by_id,
            "seals": self.seals_of_mail, "state": self.state, "found": self.found,
            "finished_at": self.finished_at.astimezone(UTC).isoformat() if self.finished_at else None,
        }  # fmt: skip
        return json.dumps(told, sort_keys=True, ensure_ascii=False)

    def is_pending(self, now: datetime) -> bool:
        """Whether a result may still come while somebody waits for it."""
        return self.state == CheckState.WAITING and now < self.asked_at + GIVEN_UP
