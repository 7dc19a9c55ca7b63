"""What was handed in for an obligation. Occurrences are computed from the rules; only acts are stored."""

from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from members.models import Agreement, Partner
from reporting.duties.rules.codes import SubmissionChannel

ONE_VALID = models.UniqueConstraint(
    fields=["agreement", "code", "due_year", "debtor"],
    condition=Q(withdrawn_at__isnull=True),
    name="one_valid_submission",
    violation_error_message=(
        "Für diese Frist ist schon eine Abgabe eingetragen. Es wurde nichts geändert. "
        "Nehmen Sie zuerst die bisherige Eintragung zurück, wenn sie falsch ist."
    ),
)


class Submission(Sealed):
    """The fulfilment of one occurrence: handed in on a day, through a channel, with evidence.

    A wrong entry is withdrawn with a reason, never overwritten.
    """

    sealing = Sealing("submissions", "Abgabe", needs_key=False)

    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="submissions")
    code = models.CharField("Pflicht", max_length=10)
    due_year = models.PositiveSmallIntegerField("Fälligkeitsjahr")
    debtor = models.ForeignKey(Partner, models.RESTRICT, related_name="submissions", verbose_name="abgegeben von")
    submitted_on = models.DateField("abgegeben am")
    channel = models.CharField("Weg", max_length=15, choices=choices(SubmissionChannel))
    evidence = models.CharField("Nachweis", max_length=300, blank=True)
    file_sha256 = models.CharField("Prüfsumme der Datei", max_length=64, blank=True)
    is_nil_report = models.BooleanField("Nullmeldung", default=False)
    recorded_at = models.DateTimeField("eingetragen am")
    recorded_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    withdrawn_at = models.DateTimeField("zurückgenommen am", null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")
    withdrawal_reason = models.CharField("Grund der Rücknahme", max_length=300, blank=True)

    class Meta:
        verbose_name = "Abgabe"
        verbose_name_plural = "Abgaben"
        ordering = ["-due_year", "code"]
        constraints = [
            ONE_VALID,
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(withdrawal_reason="")),
                name="submission_withdrawn_pair",
            ),
        ]

    class Privacy:
        personal = ("recorded_by", "withdrawn_by")
        confidential = ("evidence", "withdrawal_reason")
        plain = (
            "id", "agreement", "code", "due_year", "debtor", "submitted_on", "channel", "file_sha256",
            "is_nil_report", "recorded_at", "withdrawn_at",
        )  # fmt: skip
        keep = "dauerhaft"
