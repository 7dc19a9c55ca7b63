"""Who saw which case and why: an append-only log in two chains, one of reading and one of acts.

Each entry is sealed over the one before it; each day ends in a closing seal that stays when its entries are deleted.
"""

from django.db import models

from kok.access import ROLES
from kok.chains import ChainDay
from kok.codes import choices
from transitions.rules.codes import EntryReason, LogAction, LogChain
from transitions.rules.retention import PROOFS, READS


class AccessLogEntry(models.Model):
    """One look or act of one person in the sealed area. No foreign keys, so that nothing interferes with live data."""

    chain = models.CharField("Kette", max_length=4, choices=choices(LogChain))
    day = models.DateField("Tag in Hessen")
    position = models.PositiveIntegerField("Stelle in der Kette des Tages")
    at = models.DateTimeField("Zeitpunkt", db_index=True)
    actor_id = models.BigIntegerField("Konto-Nummer", null=True)
    actor = models.CharField("Konto", max_length=150)
    role = models.CharField("Rollen", max_length=100)
    agreement = models.SlugField("Vereinbarung")
    action = models.CharField("Vorgang", max_length=15, choices=choices(LogAction))
    reason = models.CharField("Grund", max_length=20, choices=choices(EntryReason), blank=True)
    version = models.CharField("Fassung", max_length=36, blank=True)
    list_year = models.PositiveSmallIntegerField("Jahr der Liste", null=True)
    case_ref = models.CharField("Fallzeichen", max_length=14, blank=True)
    request = models.CharField("Anfrage", max_length=36, blank=True)
    seal = models.CharField("Siegel", max_length=64)

    number: int | None  # this and the next three: as `queries.log` adds them for who reads the line
    region: str
    who: str
    name: str

    class Meta:
        verbose_name = "Eintrag im Zugriffsprotokoll"
        verbose_name_plural = "Zugriffsprotokoll"
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["chain", "day", "position"], name="access_log_position_once"),
            models.CheckConstraint(condition=models.Q(position__gte=1), name="access_log_position_from_one"),
        ]

    class Privacy:
        personal = ("actor", "actor_id")
        confidential = ("case_ref", "role")
        plain = (
            "id", "chain", "day", "position", "at", "agreement", "action", "reason", "version", "list_year", "request",
            "seal",
        )  # fmt: skip
        keep = f"Lesen {READS.spelled}, Handeln {PROOFS}"

    @property
    def role_titles(self) -> str:
        """The roles in German, as they are called today."""
        return ", ".join(ROLES[slug].title if slug in ROLES else slug for slug in filter(None, self.role.split(", ")))


class AccessLogDay(ChainDay):
    """The closing seal of one day of one chain, and how many entries it had; it stays when the entries go."""

    chain = models.CharField("Kette", max_length=4, choices=choices(LogChain))

    class Meta:
        verbose_name = "Tagessiegel des Zugriffsprotokolls"
        ordering = ["day"]
        constraints = [models.UniqueConstraint(fields=["chain", "day"], name="access_log_day_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "chain", "day", "entries", "seal", "proof")
        keep = "dauerhaft, ohne Personenbezug: sie verbindet die Kette, wenn Zeilen gelöscht sind"
