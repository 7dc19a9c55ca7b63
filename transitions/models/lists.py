"""The yearly list of Punkt 8b: its versions, its cases, and what is told about each.

Keys are random, so that an address or a log says nothing and cannot be counted through. Triggers in the database keep
a released version as it was released; only erasure and a change of key may touch what is sealed.
"""

import hashlib
import json
from datetime import date
from typing import Self, TypedDict
from uuid import UUID, uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from kok import vault
from kok.codes import choices
from kok.errors import Forged
from kok.models import Sealed, Sealing, User
from kok.words import local_day
from members.models import Agreement, Partner
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, EventKind, ReturnReason, VersionState
from transitions.rules.retention import DRAFT_WORDS, OUTCOMES, PROOFS

ON_LIST = [state.value for state in CaseState if state.is_on_list]
NOT_AS_RELEASED = (
    "Die Angaben zu einem Fall dieser Liste sind nicht mehr die, die übermittelt wurden: Sie wurden an der Anwendung "
    "vorbei geändert und werden weder gezeigt noch ausgegeben. Verwenden Sie die Liste nicht, und sagen Sie es der "
    "Technik und der Prüfung."
)


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


class TransitionCase(Sealed):
    """One naming of one person, over all versions of a list. Who it is stands in its entries, sealed."""

    sealing = Sealing("cases", "Übergangsfall")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    transition_list = models.ForeignKey(
        TransitionList, models.RESTRICT, related_name="cases", verbose_name="Übergangsliste"
    )
    case_ref = models.CharField("Fallzeichen", max_length=14, unique=True)
    state = models.CharField("Stand", max_length=12, choices=choices(CaseState), default=CaseState.NAMED.value)
    is_late = models.BooleanField("Nachmeldung", default=False)
    end_reason = models.CharField("Grund", max_length=20, choices=choices(EndReason), blank=True)
    postponed_to = models.DateField("neues Schulende (Monat)", null=True, blank=True)
    outcome = models.CharField("Ergebnis", max_length=20, choices=choices(CaseOutcome), blank=True)
    read_in_at = models.DateTimeField("mit einer Datei eingelesen am", null=True, blank=True)
    entered_at = models.DateTimeField("in den Entwurf gekommen am")
    named_at = models.DateTimeField("zuerst übermittelt am", null=True, blank=True)
    ended_at = models.DateTimeField("beendet am", null=True, blank=True)
    erase_on = models.DateField("zu löschen am", null=True, blank=True)
    erased_at = models.DateTimeField("gelöscht am", null=True, blank=True)
    previous = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="Fall der Liste davor"
    )
    proposal_declined_at = models.DateTimeField("Vorschlag abgelehnt am", null=True, blank=True)

    class Meta:
        verbose_name = "Übergangsfall"
        verbose_name_plural = "Übergangsfälle"
        ordering = ["case_ref"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(state__in=ON_LIST),
                name="case_outcome_of_named",
            ),
            models.CheckConstraint(
                condition=Q(state=CaseState.POSTPONED.value, postponed_to__isnull=False)
                | (~Q(state=CaseState.POSTPONED.value) & Q(postponed_to__isnull=True)),
                name="case_postponed_to_month",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False) | Q(state__in=ON_LIST, outcome="", end_reason=""),
                name="case_end_has_moment",
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ("state", "end_reason", "outcome", "postponed_to")
        plain = (
            "id", "transition_list", "case_ref", "is_late", "read_in_at", "entered_at", "named_at", "ended_at",
            "erase_on", "erased_at", "previous", "proposal_declined_at",
        )  # fmt: skip
        keep = f"{PROOFS}, nach der Löschung der Angaben ohne Bezug zu einer Person"

    def __str__(self) -> str:
        return self.case_ref

    @property
    def named_on(self) -> date | None:
        """The day in Hessen on which it was transmitted first."""
        return self.named_at and local_day(self.named_at)

    @property
    def ended_on(self) -> date | None:
        """The day in Hessen on which it left its list or had its outcome."""
        return self.ended_at and local_day(self.ended_at)

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the county can still say that school ends as named."""
        return self.state == CaseState.NAMED and not self.outcome and self.named_at is not None

    @property
    def awaits_outcome(self) -> bool:
        """Whether it stands on its list and nobody said what became of it."""
        return CaseState(self.state).is_on_list and not (self.outcome or self.erased_at)

    @property
    def is_over(self) -> bool:
        """Whether nothing can be asked about it any more: it left its list, has an outcome, or was erased."""
        return self.ended_at is not None or self.erased_at is not None

    @property
    def called(self) -> str:
        """By Fallzeichen."""
        return self.case_ref


def sha256(value: object) -> str:
    """Of what is released, in one way of writing it."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def belongs_to(transition_list: UUID, case: UUID) -> str:
    """What the content of an entry is sealed for: copied to another list, it shows nothing to whoever reads there."""
    return f"{transition_list}:{case}"


class EntryQuerySet(models.QuerySet["CaseEntry"]):
    """Entries, by what they do to their case."""

    def told(self) -> Self:
        """Those that still say something about the person: nothing of them is erased, or taken off the list."""
        return self.exclude(content="")

    def staying(self) -> Self:
        """Those that do not take their case off the list."""
        return self.filter(ending="")

    def leaving(self) -> Self:
        """Those that take their case off the list with this version."""
        return self.exclude(ending="")


_OfEntries = models.Manager.from_queryset(EntryQuerySet)


class EntryManager(_OfEntries["CaseEntry"]):
    """Every entry comes with its version: an entry is opened for the list of its version and no other."""

    def get_queryset(self) -> models.QuerySet["CaseEntry"]:
        """For `CaseEntry.opened`, without a query for each."""
        return super().get_queryset().select_related("version")


class OpenedEntry(TypedDict):
    """What is sealed of a person, beside the random number that keeps its checksum from telling who it is."""

    data: dict[str, str | None]
    nonce: str


class CaseEntry(models.Model):
    """What one version says about one case. `ending` takes the case off the list when the version is released.

    `content` holds the sealed CaseData, together with a random number that makes the checksum of the list useless for
    guessing; empty once it was erased, and in the version that takes the case off the list. `digest` is of what was
    released, for the comparison with the receipt; it stays.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    version = models.ForeignKey(TransitionListVersion, models.CASCADE, related_name="entries")
    case = models.ForeignKey(TransitionCase, models.CASCADE, related_name="entries")
    content = models.TextField("Angaben (versiegelt)", blank=True, max_length=20_000)
    digest = models.CharField("Prüfsumme der Angaben", max_length=64, blank=True)
    is_changed = models.BooleanField("in dieser Fassung neu oder berichtigt", default=False)
    ending = models.CharField("von der Liste", max_length=12, choices=choices(CaseState), blank=True)
    ending_reason = models.CharField("Grund", max_length=20, choices=choices(EndReason), blank=True)
    postponed_to = models.DateField("neues Schulende (Monat)", null=True, blank=True)
    changed_at = models.DateTimeField("geändert am")
    changed_by = models.ForeignKey(User, models.RESTRICT, null=True, related_name="+")

    objects = EntryManager()

    class Meta:
        verbose_name = "Eintrag"
        verbose_name_plural = "Einträge"
        constraints = [
            models.UniqueConstraint(fields=["version", "case"], name="case_once_in_version"),
            models.CheckConstraint(condition=vault.is_sealed("content"), name="case_entry_sealed"),
            models.CheckConstraint(
                condition=Q(ending="", ending_reason="", postponed_to__isnull=True)
                | (~Q(ending="") & ~Q(ending_reason="")),
                name="case_entry_ending_has_reason",
            ),
        ]

    class Privacy:
        sealed = ("content",)
        personal = ("changed_by",)
        confidential = ("ending", "ending_reason", "postponed_to")
        plain = ("id", "version", "case", "digest", "is_changed", "changed_at")
        keep = f"Angaben: {OUTCOMES} nach dem Ergebnis, spätestens bis zum 31.12. des zweiten Jahres nach dem der Liste"

    @property
    def data(self) -> CaseData:
        """The person, opened. Raises vault.KeyLost and Forged; there must be content."""
        return CaseData.from_json(self.opened["data"])

    @property
    def told(self) -> CaseData | None:
        """The same; None where nothing is said of the person any more."""
        return self.data if self.content else None

    @property
    def opened(self) -> OpenedEntry:
        """The person and the random number beside it, in a released version as they were released.

        Raises vault.KeyLost, and Forged where somebody put there what another version says of the case.
        """
        if self.digest and self.digest != self.digest_of_content:
            raise Forged(NOT_AS_RELEASED)
        return self.as_it_stands

    @property
    def as_it_stands(self) -> OpenedEntry:
        """The same without asking what was released. Raises vault.KeyLost, also for another list or case."""
        place = belongs_to(self.version.transition_list_id, self.case_id)
        opened: OpenedEntry = vault.unseal(self.content, belongs_to=place)
        return opened

    @property
    def digest_of_content(self) -> str:
        """SHA-256 over what it says about the person. Raises vault.KeyLost.

        The random number in it keeps the person from being guessed; it goes with the person, and the digest stays.
        """
        return sha256(self.as_it_stands)


class CaseEvent(models.Model):
    """What happened to a case, by whom and when: its history, without a name."""

    case = models.ForeignKey(TransitionCase, models.CASCADE, related_name="events")
    version = models.ForeignKey(TransitionListVersion, models.RESTRICT, null=True, related_name="+")
    kind = models.CharField("Vorgang", max_length=20, choices=choices(EventKind))
    code = models.CharField("Stand, Grund oder Ergebnis", max_length=20, blank=True)
    at = models.DateTimeField("Zeitpunkt")
    by = models.ForeignKey(User, models.RESTRICT, null=True, related_name="+")

    class Meta:
        verbose_name = "Vorgang eines Falls"
        ordering = ["at", "pk"]

    class Privacy:
        personal = ("by",)
        confidential = ("kind", "code")
        plain = ("id", "case", "version", "at")
        keep = "wie der Fall"
