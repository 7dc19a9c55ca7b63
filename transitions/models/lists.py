"""The yearly list of Punkt 8b and its versions.

Keys are random, so that an address or a log says nothing and cannot be counted through. Triggers in the database keep
a released version as it was released.
"""

from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from members.models import Agreement, Partner
from transitions.rules.codes import ReturnReason, VersionState
from transitions.rules.retention import DRAFT_WORDS, PROOFS


class TransitionList(Sealed):
    """What one local carrier names in the year `year`: the leavers of the year after (2.3)."""

    sealing = Sealing("lists", "Übergangsliste")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="+", verbose_name="Vereinbarung")
    sender = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="benennender Träger")
    year = models.PositiveSmallIntegerField("Jahr der Liste")

    class Meta:
        verbose_name = "Übergangsliste"
        verbose_name_plural = "Übergangslisten"
        ordering = ["-year", "sender"]
        constraints = [models.UniqueConstraint(fields=["sender", "year"], name="transition_list_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "agreement", "sender", "year")
        keep = f"{PROOFS} nach der letzten Übermittlung"

    @property
    def called(self) -> str:
        """By year and carrier."""
        return f"{self.year} ({self.sender})"

    @property
    def leaving_year(self) -> int:
        """The calendar year in which the named people leave school."""
        return self.year + 1


class TransitionListVersion(Sealed):
    """One state of a list. A released one is frozen; a newer one replaces it.

    `revision` counts the changes of the draft, so that a release releases what was read. `authors` are the numbers of
    all accounts that changed the draft: none of them may release it (four eyes). `submitted_content`: the fingerprint
    of its entries as they were submitted; they have no seal of their own, and nothing else is released. `returned_…`:
    why the second person gave it back, and which cases are meant, until it is submitted anew.
    """

    sealing = Sealing("versions", "Fassung", without=("revision",))

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    transition_list = models.ForeignKey(
        TransitionList, models.RESTRICT, related_name="versions", verbose_name="Übergangsliste"
    )
    number = models.PositiveSmallIntegerField("Fassung")
    state = models.CharField("Stand", max_length=15, choices=choices(VersionState), default=VersionState.DRAFT.value)
    revision = models.PositiveIntegerField("Änderungen", default=0)
    authors = ArrayField(models.BigIntegerField(), verbose_name="Bearbeitet von", default=list)
    opened_at = models.DateTimeField("begonnen am")
    changed_at = models.DateTimeField("geändert am")
    submitted_at = models.DateTimeField("zur Freigabe vorgelegt am", null=True, blank=True)
    submitted_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="zur Freigabe vorgelegt von"
    )
    submitted_content = models.CharField("Prüfsumme der vorgelegten Angaben", max_length=64, blank=True)

    returned_at = models.DateTimeField("zurückgegeben am", null=True, blank=True)
    returned_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="zurückgegeben von"
    )
    return_reason = models.CharField("Grund der Rückgabe", max_length=10, choices=choices(ReturnReason), blank=True)
    returned_cases = ArrayField(
        models.CharField(max_length=14), verbose_name="zurückgegeben wegen der Fälle", default=list, blank=True
    )

    class Meta:
        verbose_name = "Fassung einer Übergangsliste"
        ordering = ["transition_list", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["transition_list", "number"], name="list_version_number_once"),
            models.UniqueConstraint(
                fields=["transition_list"],
                condition=Q(state="DRAFT"),
                name="list_one_draft",
                violation_error_message=(
                    "Für diese Liste gibt es schon einen Entwurf. Es wurde nichts geändert. Öffnen Sie die Liste neu."
                ),
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True, submitted_content="")
                | Q(submitted_at__isnull=False, submitted_by__isnull=False) & ~Q(submitted_content=""),
                name="list_version_submitted_whole",
            ),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_by__isnull=True, return_reason="", returned_cases=[])
                | (Q(returned_at__isnull=False, returned_by__isnull=False, submitted_at__isnull=True))
                & ~Q(return_reason=""),
                name="list_version_returned_whole",
            ),
        ]

    class Privacy:
        personal = ("authors", "submitted_by", "returned_by")
        confidential = ("return_reason", "returned_cases")
        plain = (
            "id", "transition_list", "number", "state", "revision", "opened_at", "changed_at", "submitted_at",
            "submitted_content", "returned_at",
        )  # fmt: skip
        keep = f"Entwurf {DRAFT_WORDS}, sonst wie die Übergangsliste; Namen stehen in den Einträgen"

    @property
    def called(self) -> str:
        """By number and list."""
        return f"{self.number} der Liste {self.transition_list.called}"

    def take_back(self) -> None:
        """It does not lie before the second person any more; not saved."""
        self.submitted_at, self.submitted_by, self.submitted_content = None, None, ""

    @property
    def submission(self) -> str:
        """By its moment, the submission that waits for the second person; "" where none does."""
        return self.submitted_at.isoformat() if self.is_draft and self.submitted_at else ""

    @property
    def is_in_force(self) -> bool:
        """Whether it was released, and is the newest of its list that was."""
        return self.state in (VersionState.RELEASED, VersionState.ACKNOWLEDGED)

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == VersionState.DRAFT
