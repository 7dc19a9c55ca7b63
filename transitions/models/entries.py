"""What each version of a list says about each of its cases. Triggers in the database keep what was released as it was
released; only erasure and a change of key may touch what is sealed.
"""

import hashlib
import json
from typing import Self, TypedDict
from uuid import UUID, uuid4

from django.db import models
from django.db.models import Q

from kok import vault
from kok.codes import choices
from kok.errors import Forged
from kok.models import User
from transitions.models.cases import TransitionCase
from transitions.models.lists import TransitionListVersion
from transitions.rules.case import CaseData
from transitions.rules.codes import CaseState, EndReason
from transitions.rules.retention import OUTCOMES

NOT_AS_RELEASED = (
    "Die Angaben zu einem Fall dieser Liste sind nicht mehr die, die übermittelt wurden: Sie wurden an der Anwendung "
    "vorbei geändert und werden weder gezeigt noch ausgegeben. Verwenden Sie die Liste nicht, und sagen Sie es der "
    "Technik und der Prüfung."
)


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
