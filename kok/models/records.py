"""What happens and what is made: the trail, the outbox, documents, extra holidays, signs of life."""

import json
from datetime import UTC

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from kok import retention, vault, words
from kok.codes import Code, choices
from kok.models.sealed import Sealed
from kok.models.sealing import Sealing

NAMES = SearchVector("note", config="simple")  # accounts that a note names by number are found in it


class AuditEvent(Sealed):
    """One act of one person. No foreign keys, so that the trail never interferes with live data.

    A database trigger refuses every UPDATE, and DELETE to all roles but the worker's.
    """

    sealing = Sealing("trail", "Änderungsprotokoll", kept=retention.TRAIL, needs_key=False)

    at = models.DateTimeField("Zeitpunkt")
    actor_id = models.BigIntegerField("Konto-Nummer", null=True)
    actor = models.CharField("Konto", max_length=150, blank=True)
    action = models.CharField("Vorgang", max_length=60)
    agreement = models.SlugField("Vereinbarung", blank=True)
    object_kind = models.CharField("Gegenstand", max_length=60, blank=True)
    object_id = models.CharField("Nummer", max_length=60, blank=True)
    note = models.CharField("Anmerkung", max_length=1000, blank=True)
    old = models.CharField("vorher", max_length=500, blank=True)
    new = models.CharField("nachher", max_length=500, blank=True)

    class Meta:
        verbose_name = "Eintrag im Änderungsprotokoll"
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["at", "id"], name="audit_order"),
            models.Index(fields=["object_kind", "object_id"], name="audit_object"),
            models.Index(fields=["agreement", "actor_id"], name="audit_place"),
            models.Index(fields=["actor_id"], name="audit_actor"),
            GinIndex(NAMES, name="audit_named", condition=Q(note__contains="Konto ")),
        ]

    class Privacy:
        personal = ("actor", "actor_id")
        confidential = ("note",)
        plain = ("id", "at", "action", "agreement", "object_kind", "object_id", "old", "new")
        keep = str(retention.TRAIL)

    @property
    def called(self) -> str:
        """By day and number."""
        return f"Zeile {self.pk} vom {words.day(self.at)}"


class OutboxMessage(models.Model):
    """A mail before it is a mail. The unique key keeps a second run from telling anybody twice.

    Whoever changes a row puts its mark anew: an HMAC over what is sent to whom, and how that stands (ADR 23). A row
    without a mark that fits was written past the application and is never sent (`kok.outbox`).
    """

    class State(Code):
        QUEUED = "QUEUED", "wartet"
        SENT = "SENT", "gesendet"
        OBSOLETE = "OBSOLETE", "nicht mehr nötig"
        FAILED = "FAILED", "nicht zugestellt"
        FOREIGN = "FOREIGN", "nicht von der Anwendung"

    kind = models.CharField("Art", max_length=60)
    key = models.CharField("Schlüssel", max_length=200, unique=True)
    to = models.EmailField("Empfänger", blank=True)
    context = models.JSONField("Bezug (nur Nummern)", default=dict)
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.QUEUED)
    created_at = models.DateTimeField("angelegt", db_default=Now())
    next_try_at = models.DateTimeField("nächster Versuch")
    attempts = models.PositiveSmallIntegerField("Versuche", default=0)
    sent_at = models.DateTimeField("gesendet", null=True, blank=True)
    message_id = models.CharField("Message-ID", max_length=200, blank=True)
    error = models.CharField("Grund", max_length=300, blank=True)
    mark = models.CharField("Siegel", max_length=64, blank=True)

    class Meta:
        verbose_name = "Nachricht"
        verbose_name_plural = "Nachrichten"
        indexes = [
            models.Index(fields=["next_try_at"], condition=Q(state="QUEUED"), name="outbox_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="SENT", sent_at__isnull=False) | (~Q(state="SENT") & Q(sent_at__isnull=True)),
                name="outbox_sent_has_moment",
            ),
        ]

    class Privacy:
        personal = ("to",)
        confidential = ("key", "context", "message_id", "error")
        plain = ("id", "kind", "state", "created_at", "next_try_at", "attempts", "sent_at", "mark")
        keep = f"{retention.MAILS} nach Versand"

    def put_mark(self) -> None:
        """Marks the row as it stands. Without CASE_LOG_KEY it has none, and goes out: a mail matters more."""
        self.mark = vault.signature_if_any(self._words())

    def is_ours(self) -> bool:
        """Whether the application wrote it so; one that was put aside, before it was. Raises KeyLost."""
        return self.mark == vault.signature(self._words())

    def _words(self) -> str:
        waits = self.state == self.State.FOREIGN
        told = {
            "outbox": self.key, "kind": self.kind, "to": self.to, "context": self.context,
            "created_at": self.created_at.astimezone(UTC).isoformat(),
            "state": self.State.QUEUED if waits else self.state,
            "sent_at": self.sent_at.astimezone(UTC).isoformat() if self.sent_at else None,
        }  # fmt: skip
        return json.dumps(told, sort_keys=True, ensure_ascii=False)


class Document(Sealed):
    """A file that a worker makes, with its progress. The bytes live in the database: one place to back up.

    What it is and its checksum are sealed; the bytes are compared with the checksum when they are handed out, and by
    night.
    """

    sealing = Sealing(
        "documents",
        "Dokument",
        without=("content", "state", "requested_at", "interrupted", "finished_at", "error"),
    )

    class State(Code):
        WAITING = "WAITING", "wartet"
        WORKING = "WORKING", "wird erstellt"
        DONE = "DONE", "fertig"
        FAILED = "FAILED", "nicht gelungen"

    kind = models.CharField("Art", max_length=60)
    object_id = models.BigIntegerField("Nummer des Gegenstands")
    version = models.PositiveIntegerField("Fassung", default=1)
    filename = models.CharField("Dateiname", max_length=120)
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.WAITING)
    requested_at = models.DateTimeField("angefordert")
    interrupted = models.PositiveSmallIntegerField("abgebrochene Versuche", default=0)
    finished_at = models.DateTimeField("fertig", null=True, blank=True)
    content = models.BinaryField("Inhalt", null=True, blank=True)
    sha256 = models.CharField("Prüfsumme", max_length=64, blank=True)
    error = models.CharField("Grund", max_length=300, blank=True)

    class Meta:
        verbose_name = "Dokument"
        verbose_name_plural = "Dokumente"
        constraints = [
            models.UniqueConstraint(fields=["kind", "object_id", "version"], name="document_once"),
            models.CheckConstraint(
                condition=~Q(state="DONE") | Q(content__isnull=False, finished_at__isnull=False),
                name="document_done_has_content",
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ("content", "filename")
        plain = (
            "id", "kind", "object_id", "version", "state", "requested_at", "interrupted", "finished_at", "sha256",
            "error",
        )  # fmt: skip
        keep = "wie der Gegenstand"

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.state in (self.State.WAITING, self.State.WORKING)

    @property
    def is_working(self) -> bool:
        """Whether a worker is at it."""
        return self.state == self.State.WORKING

    @property
    def is_done(self) -> bool:
        """Whether the file is there."""
        return self.state == self.State.DONE

    @property
    def is_failed(self) -> bool:
        """Whether it could not be made."""
        return self.state == self.State.FAILED


class PublicHoliday(models.Model):
    """An extra holiday declared by the Landesregierung (§ 2 HFeiertagsG); the regular ones are computed."""

    day = models.DateField("Tag", unique=True)
    name = models.CharField("Bezeichnung", max_length=100)

    class Meta:
        verbose_name = "zusätzlicher Feiertag"
        ordering = ["day"]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "day", "name")
        keep = "dauerhaft"


class Pulse(models.Model):
    """The last sign of life of a part of the installation; see `kok.pulses`.

    `since` is the first of the signs without a gap. `told_at` is when its silence was told; a new sign empties it.
    """

    name = models.CharField("Teil", max_length=20, unique=True)
    at = models.DateTimeField("letztes Zeichen")
    since = models.DateTimeField("ohne Lücke seit")
    told_at = models.DateTimeField("Schweigen gemeldet", null=True, blank=True)

    class Meta:
        verbose_name = "Lebenszeichen"
        verbose_name_plural = "Lebenszeichen"

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "name", "at", "since", "told_at")
        keep = "eine Zeile je Teil, überschrieben"


class Turn(models.Model):
    """A piece of work that one process does at a time; the row is locked meanwhile (`kok.turns`)."""

    name = models.CharField("Arbeit", max_length=100, primary_key=True)

    class Meta:
        verbose_name = "Reihenfolge"
        verbose_name_plural = "Reihenfolgen"

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("name",)
        keep = "dauerhaft, ohne Personenbezug"
