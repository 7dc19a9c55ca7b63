"""Texts that a worker looks at before they go out."""

import json
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from django.db import models
from django.db.models import Q

from kok import vault
from kok.codes import Code, choices
from kok.models.accounts import User

PATIENCE = timedelta(seconds=20)  # then nobody waits any longer for the worker


class TextCheck(models.Model):
    """One question about one text, asked once a day at most, and its answer; see `kok.text_checks`.

    The text itself is not kept: the worker reads it where it stands, and the checksum says whether it is the same.
    Whoever changes a row puts its mark anew, an HMAC over question and answer: a question that somebody put in past
    the application is not answered, and an answer that he wrote is none (ADR 24).
    """

    class State(Code):
        WAITING = "WAITING", "wird geprüft"
        CLEAR = "CLEAR", "kein Hinweis"
        WARNED = "WARNED", "Hinweis"
        SKIPPED = "SKIPPED", "an diesem Tag nicht mehr geprüft"
        FAILED = "FAILED", "nicht geprüft"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    kind = models.CharField("Art des Textes", max_length=60)
    object_id = models.BigIntegerField("Nummer des Gegenstands")
    sha256 = models.CharField("Prüfsumme des Textes", max_length=64)
    day = models.DateField("Tag in Hessen")
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.WAITING)
    asked_at = models.DateTimeField("gefragt")
    asked_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    answered_at = models.DateTimeField("beantwortet", null=True, blank=True)
    mark = models.CharField("Siegel", max_length=64, blank=True)

    class Meta:
        verbose_name = "Prüfung eines Textes"
        verbose_name_plural = "Prüfungen von Texten"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "sha256", "day"], name="text_check_once_a_day"),
            models.CheckConstraint(
                condition=Q(state="WAITING", answered_at=None) | (~Q(state="WAITING") & ~Q(answered_at=None)),
                name="text_check_answer_has_moment",
            ),
        ]

    class Privacy:
        personal = ("asked_by",)
        confidential = ("state",)
        plain = ("id", "kind", "object_id", "sha256", "day", "asked_at", "answered_at", "mark")
        keep = "bis zum nächsten Tag"

    def put_mark(self) -> None:
        """Marks the row as it stands. Without CASE_LOG_KEY it has none, and is not answered."""
        self.mark = vault.signature_if_any(self._words())

    def is_ours(self) -> bool:
        """Whether the application wrote it so; without the key nobody can tell, and it is not."""
        return bool(self.mark) and self.mark == vault.signature_if_any(self._words())

    def _words(self) -> str:
        told = {
            "text check": str(self.pk), "kind": self.kind, "object": self.object_id, "sha256": self.sha256,
            "day": self.day.isoformat(), "asked_at": self.asked_at.astimezone(UTC).isoformat(), "by": self.asked_by_id,
            "state": self.state,
        }  # fmt: skip
        return json.dumps(told, sort_keys=True)

    def is_pending(self, now: datetime) -> bool:
        """Whether an answer may still come while somebody waits for it."""
        return self.state == self.State.WAITING and now < self.asked_at + PATIENCE
