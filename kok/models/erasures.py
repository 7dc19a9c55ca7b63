"""What was erased, and what acts of people ask to be erased; see `kok.erasure`."""

from typing import TypedDict
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kok import retention, words
from kok.models.sealed import Sealed
from kok.models.sealing import Sealing


class ErasureRequest(Sealed):
    """What an act of a person asks the worker to erase or, where `is_done`, to write down as erased by the act itself.

    The seal proves that the application asked; the worker deletes the row when it has done so. No running number: who
    writes to the database only could take the next one. No moment: its seal has one.
    """

    sealing = Sealing("erasure-requests", "Löschauftrag")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    rule = models.SlugField("Regel")
    object_ids = ArrayField(models.CharField(max_length=60), verbose_name="Nummern")
    is_done = models.BooleanField("schon gelöscht", default=False)

    class Meta:
        verbose_name = "Löschauftrag"

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "rule", "object_ids", "is_done")
        keep = "bis er ausgeführt ist"


class ReportLine(TypedDict):
    """What became of one rule in one run; see `kok.erasure.ErasureLine`."""

    rule: str
    due: int
    erased: int
    failed: str
    is_listed: bool
    checksum: str


class ErasureRun(Sealed):
    """One run of the retention rules: what was due, what was erased. A dry run only counts.

    The report holds a checksum of the numbers that were erased by each rule; so its seal is over them too.
    """

    sealing = Sealing("erasure-runs", "Löschlauf")

    at = models.DateTimeField("Zeitpunkt")
    is_dry = models.BooleanField("Probelauf", default=False)
    report = models.JSONField("Regel und Anzahl", default=list)

    class Meta:
        verbose_name = "Löschlauf"
        verbose_name_plural = "Löschläufe"
        ordering = ["-at"]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "at", "is_dry", "report")
        keep = str(retention.ERASURE_RUNS)

    @property
    def called(self) -> str:
        """By number and day."""
        return f"Nr. {self.pk} vom {words.day(self.at)}"


class ErasedObject(models.Model):
    """What a run erased, by random or running number: to be erased again after a backup was restored."""

    run = models.ForeignKey(ErasureRun, models.CASCADE, related_name="erased")
    rule = models.SlugField("Regel")
    object_id = models.CharField("Nummer", max_length=60)

    class Meta:
        verbose_name = "gelöschter Gegenstand"
        constraints = [models.UniqueConstraint(fields=["run", "rule", "object_id"], name="erased_once_in_run")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "run", "rule", "object_id")
        keep = str(retention.ERASURE_RUNS)
