"""The proofs of transmission of a list: that a version was handed over, and that it arrived."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q

from kok.models import Sealed, Sealing, User
from members.models import Partner
from transitions.models.lists import TransitionListVersion
from transitions.rules.retention import PROOFS


class TransmissionReceipt(Sealed):
    """The proof that a version was handed over: numbers and times, of nobody on the list a name. It never changes.

    `released_name` is how the releaser was called then: later names are other names.
    """

    sealing = Sealing("receipts", "Quittung")

    version = models.OneToOneField(
        TransitionListVersion, models.RESTRICT, related_name="receipt", verbose_name="Fassung"
    )
    number = models.CharField("Quittung", max_length=20, unique=True)
    recipient = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="Empfänger")
    released_at = models.DateTimeField("freigegeben am")
    released_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="freigegeben von")
    released_name = models.CharField("Name bei der Freigabe", max_length=301)
    sha256 = models.CharField("Prüfsumme", max_length=64)
    case_count = models.PositiveSmallIntegerField("Fälle")
    late_count = models.PositiveSmallIntegerField("davon Nachmeldungen")
    ba_started_count = models.PositiveSmallIntegerField("Verfahren der Bundesagentur begonnen")
    lwv_involved_count = models.PositiveSmallIntegerField("LWV Hessen daran beteiligt")

    class Meta:
        verbose_name = "Quittung der Übermittlung"
        constraints = [
            models.CheckConstraint(
                condition=Q(late_count__lte=F("case_count"), ba_started_count__lte=F("case_count"))
                & Q(lwv_involved_count__lte=F("case_count")),
                name="receipt_counts_fit",
            ),
        ]

    class Privacy:
        personal = ("released_by", "released_name")
        confidential = ("case_count", "late_count", "ba_started_count", "lwv_involved_count")
        plain = ("id", "version", "number", "recipient", "released_at", "sha256")
        keep = str(PROOFS)

    @property
    def called(self) -> str:
        """By its own number."""
        return self.number

    @property
    def is_nil_report(self) -> bool:
        """Whether the carrier named nobody: a Nullmeldung."""
        return self.case_count == 0

    @property
    def acknowledged_at(self) -> datetime | None:
        """When the receiving unit confirmed; None while it has not."""
        found: Acknowledgement | None = getattr(self, "acknowledgement", None)
        return found.at if found else None


class Acknowledgement(Sealed):
    """The receiving unit confirms that a version arrived, by somebody with the name of then. It never changes."""

    sealing = Sealing("acknowledgements", "Empfangsbestätigung")

    receipt = models.OneToOneField(
        TransmissionReceipt, models.RESTRICT, related_name="acknowledgement", verbose_name="Quittung"
    )
    at = models.DateTimeField("bestätigt am")
    by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="bestätigt von")
    name = models.CharField("Name bei der Bestätigung", max_length=301)

    class Meta:
        verbose_name = "Empfangsbestätigung"

    class Privacy:
        personal = ("by", "name")
        confidential = ()
        plain = ("id", "receipt", "at")
        keep = str(PROOFS)

    @property
    def called(self) -> str:
        """By the receipt."""
        return f"zur Quittung {self.receipt.number}"
