"""Figures of Punkt 8c, 8d and 9: what was delivered, revision by revision, and every value of it."""

from datetime import date
from uuid import uuid4

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import User
from kok.words import local_day
from members.models import Agreement
from reporting.figures.rules.codes import RUNNING, ImportState, RevisionState
from reporting.figures.rules.retention import IMPORT_JOBS


class Dataset(models.Model):
    """The figures of one format for one region and one reference day. Corrections are further revisions."""

    format_id = models.CharField("Format", max_length=20)
    region_kgs = models.CharField("Kreisschlüssel", max_length=5)
    reference_date = models.DateField("Stichtag")

    class Meta:
        verbose_name = "Datenlieferung"
        verbose_name_plural = "Datenlieferungen"
        ordering = ["-reference_date", "format_id", "region_kgs"]
        constraints = [
            models.UniqueConstraint(fields=["format_id", "region_kgs", "reference_date"], name="dataset_once"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "format_id", "region_kgs", "reference_date")
        keep = "dauerhaft"


class DatasetRevision(models.Model):
    """One complete delivery: r0 first, then corrections with a reason. A submitted one never changes.

    `warnings` are what the check found doubtful; each needs a remark before the revision is submitted.
    """

    State = RevisionState

    dataset = models.ForeignKey(Dataset, models.CASCADE, related_name="revisions")
    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="+", verbose_name="eingelesen bei")
    number = models.PositiveSmallIntegerField("Revision")
    format_version = models.CharField("Fassung des Formats", max_length=20)
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.VALIDATED.value)
    metadata = models.JSONField("Deckblatt", default=dict)
    correction_reason = models.CharField("Grund der Berichtigung", max_length=300, blank=True)
    warnings = models.JSONField("Hinweise", default=list)
    remarks = models.JSONField("Bemerkungen zu den Hinweisen", default=dict)
    row_count = models.PositiveIntegerField("Zeilen")
    file_sha256 = models.CharField("Prüfsumme der Datei", max_length=64)
    imported_at = models.DateTimeField("eingelesen am")
    imported_by = models.ForeignKey(User, models.RESTRICT, null=True, related_name="+")
    submitted_at = models.DateTimeField("abgegeben am", null=True, blank=True)
    submitted_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")
    accepted_at = models.DateTimeField("angenommen am", null=True, blank=True)
    accepted_by = models.ForeignKey(User, models.RESTRICT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "Revision einer Datenlieferung"
        ordering = ["dataset", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["dataset", "number"], name="dataset_revision_once"),
            models.CheckConstraint(
                condition=Q(number=0) | ~Q(correction_reason=""), name="dataset_correction_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state="VALIDATED", submitted_at__isnull=True)
                | (~Q(state="VALIDATED") & Q(submitted_at__isnull=False, submitted_by__isnull=False)),
                name="dataset_submitted_pair",
            ),
            models.CheckConstraint(
                condition=(Q(state="ACCEPTED") & Q(accepted_at__isnull=False, accepted_by__isnull=False))
                | (~Q(state="ACCEPTED") & Q(accepted_at__isnull=True, accepted_by__isnull=True)),
                name="dataset_accepted_pair",
            ),
        ]

    class Privacy:
        personal = ("imported_by", "submitted_by", "accepted_by")
        confidential = ("metadata", "warnings", "remarks", "correction_reason")
        plain = (
            "id", "dataset", "agreement", "number", "format_version", "state", "row_count", "file_sha256",
            "imported_at", "submitted_at", "accepted_at",
        )  # fmt: skip
        keep = "dauerhaft"

    @property
    def label(self) -> str:
        """`r0`, `r1`: as reports quote it."""
        return f"r{self.number}"

    @property
    def standing(self) -> RevisionState:
        """How far it is, with its word and tone."""
        return RevisionState(self.state)

    @property
    def submitted_on(self) -> date | None:
        """The day of its submission in Hessen."""
        return local_day(self.submitted_at) if self.submitted_at else None


class DataCell(models.Model):
    """One value. Dimensions that a format does not have stay empty; T is the total of a dimension.

    A delivery has up to 150,000 of them, written once by `actions.importing` together with their revision, and always
    looked for by it. They lie together on the disk, so an index of ranges finds them; the key is known to Django only
    (migration 0002), because an index entry for every value takes longer than storing it. Rows of a file are numbered
    by the database when it is read, so none comes twice. Django deletes them with their revision.
    """

    pk = models.CompositePrimaryKey("revision_id", "row")
    revision = models.ForeignKey(
        DatasetRevision, models.CASCADE, related_name="cells", db_constraint=False, db_index=False
    )
    row = models.PositiveIntegerField("Zeile der Datei")
    comparison_group = models.CharField("Vergleichsgruppe", max_length=10, blank=True)
    indicator = models.CharField("Kennzahl", max_length=10, blank=True)
    sex = models.CharField("Geschlecht", max_length=10, blank=True)
    age_group = models.CharField("Altersgruppe", max_length=10, blank=True)
    location = models.CharField("Ort der Leistung", max_length=10, blank=True)
    service = models.CharField("Leistung", max_length=10, blank=True)
    setting = models.CharField("Wohnform", max_length=10, blank=True)
    disability = models.CharField("Behinderung", max_length=10, blank=True)
    value = models.DecimalField("Wert", max_digits=18, decimal_places=4, null=True)
    unit = models.CharField("Einheit", max_length=20, blank=True)
    numerator = models.DecimalField("Zähler", max_digits=18, decimal_places=2, null=True)
    denominator = models.DecimalField("Nenner", max_digits=18, decimal_places=2, null=True)
    flag = models.CharField("Zeichen", max_length=2, blank=True)
    remark = models.CharField("Bemerkung", max_length=200, blank=True)

    class Meta:
        verbose_name = "Wert"
        verbose_name_plural = "Werte"
        ordering = ["revision_id", "row"]
        indexes = [BrinIndex(fields=["revision"], name="cells_of_revision", pages_per_range=16)]

    class Privacy:
        personal = ()
        confidential = ("value", "numerator", "denominator", "remark")
        plain = (
            "revision", "row", "comparison_group", "indicator", "sex", "age_group", "location", "service",
            "setting", "disability", "unit", "flag",
        )  # fmt: skip
        keep = "dauerhaft; Revisionen bleiben"


class ImportJob(models.Model):
    """A file that was handed in and is being checked: carries the progress and, when refused, the reasons."""

    State = ImportState

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="+")
    uploaded_at = models.DateTimeField("hochgeladen am")
    uploaded_by = models.ForeignKey(User, models.RESTRICT, related_name="+")
    filename = models.CharField("Dateiname", max_length=150)
    content = models.BinaryField("Datei", null=True, blank=True)
    correction_reason = models.CharField("Grund der Berichtigung", max_length=300, blank=True)
    state = models.CharField("Stand", max_length=10, choices=choices(State), default=State.WAITING.value)
    interrupted = models.PositiveSmallIntegerField("abgebrochene Versuche", default=0)
    rows_read = models.PositiveIntegerField("gelesene Zeilen", default=0)
    problems = models.JSONField("Mängel", default=list)
    problem_count = models.PositiveIntegerField("Zahl der Mängel", default=0)
    error = models.CharField("Grund", max_length=500, blank=True)
    finished_at = models.DateTimeField("fertig", null=True, blank=True)
    revision = models.OneToOneField(DatasetRevision, models.SET_NULL, null=True, blank=True, related_name="job")

    class Meta:
        verbose_name = "eingelesene Datei"
        ordering = ["-uploaded_at"]

    class Privacy:
        personal = ("uploaded_by",)
        confidential = ("content", "filename", "problems", "correction_reason", "error")
        plain = (
            "id", "agreement", "uploaded_at", "state", "interrupted", "rows_read", "problem_count", "finished_at",
            "revision",
        )  # fmt: skip
        keep = f"Dateiinhalt bis zum Ende der Prüfung, der Rest {IMPORT_JOBS}"

    @property
    def standing(self) -> ImportState:
        """How far it is, with its word and tone."""
        return ImportState(self.state)

    @property
    def is_running(self) -> bool:
        """Whether a worker still has to do something."""
        return self.state in RUNNING

    @property
    def is_done(self) -> bool:
        """Whether its figures were stored."""
        return self.state == ImportState.DONE

    @property
    def steps_done(self) -> int:
        """How many steps are behind the file."""
        return RUNNING.index(self.standing) if self.is_running else len(RUNNING)
