"""The minutes as they were circulated: frozen text with its hash, and the approvals of exactly this text (ADR 26)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kok.models import Sealed, Sealing, User
from meetings.record.models.minutes import Minutes
from meetings.record.rules import retention
from members.models import Partner


class MinutesVersion(Sealed):
    """What was circulated. It is taken back with a reason before the next one comes; an approved one never is.

    `content` is canonical JSON (`record.documents.frozen`), `sha256` the checksum of exactly these characters: the
    database compares it and refuses every later change. The text of a version that was taken back is emptied by the
    retention rule; number, checksum, days, reason and void approvals stay, and `numbers`: those of the resolutions and
    tasks that it named, which are never given again (7.5).
    """

    sealing = Sealing("minutes-versions", "Protokollfassung")

    minutes = models.ForeignKey(Minutes, models.RESTRICT, related_name="versions")
    number = models.PositiveSmallIntegerField("Fassung")
    content = models.TextField("Text, wie er versandt wurde", blank=True)
    sha256 = models.CharField("Prüfsumme", max_length=64)
    numbers = ArrayField(models.CharField(max_length=20), verbose_name="Nummern darin", default=list, blank=True)
    circulated_at = models.DateTimeField("versandt am")
    circulated_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    taken_back_at = models.DateTimeField("zurückgeholt am", null=True, blank=True)
    taken_back_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")
    reason = models.CharField("Grund", max_length=200, blank=True)
    is_withheld = models.BooleanField("gesperrt", default=False)

    compared_with: int | None = None  # where it is listed: the newest earlier version, if both can be read

    class Meta:
        verbose_name = "Protokollfassung"
        verbose_name_plural = "Protokollfassungen"
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "number"], name="minutes_version_once"),
            models.UniqueConstraint(
                fields=["minutes"], condition=Q(taken_back_at__isnull=True), name="one_minutes_version_counts"
            ),
            models.CheckConstraint(
                condition=Q(taken_back_at__isnull=True, taken_back_by__isnull=True, reason="", is_withheld=False)
                | (Q(taken_back_at__isnull=False, taken_back_by__isnull=False) & ~Q(reason="")),
                name="minutes_version_taken_back_with_reason",
            ),
        ]

    class Privacy:
        personal = ("circulated_by", "taken_back_by")
        confidential = ("content", "reason")  # the content names who attended
        plain = ("id", "minutes", "number", "sha256", "numbers", "circulated_at", "taken_back_at", "is_withheld")
        keep = f"wie das Protokoll; der Text einer ersetzten Fassung bis {retention.REVISIONS} nach der Genehmigung"

    @property
    def called(self) -> str:
        """By number and minutes."""
        return f"{self.number} des Protokolls Nr. {self.minutes_id}"

    @property
    def counts(self) -> bool:
        """Whether it is the one that is approved or waits for it; approvals of any other are void."""
        return self.taken_back_at is None

    @property
    def is_readable(self) -> bool:
        """Whether its text is there and may be shown."""
        return bool(self.content) and not self.is_withheld


class MinutesApproval(Sealed):
    """The approval of one partner for one version; minutes are approved when all partners have given it for the same.

    Name and function are those of the moment. Nobody changes or deletes it; it is void when its version was taken back.
    """

    sealing = Sealing("minutes-approvals", "Genehmigung eines Protokolls")

    version = models.ForeignKey(MinutesVersion, models.RESTRICT, related_name="approvals")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+")
    approved_at = models.DateTimeField("genehmigt am")
    approved_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    name = models.CharField("Name", max_length=301)
    function = models.CharField("Funktion", max_length=301, blank=True)

    class Meta:
        verbose_name = "Genehmigung"
        ordering = ["partner__position"]
        constraints = [models.UniqueConstraint(fields=["version", "partner"], name="one_approval_per_partner")]

    class Privacy:
        personal = ("approved_by", "name", "function")
        confidential = ()
        plain = ("id", "version", "partner", "approved_at")
        keep = "wie das Protokoll"
