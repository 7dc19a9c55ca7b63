"""The cases of the lists and their history; what is told about a person stands in the entries.

Keys are random, so that an address or a log says nothing and cannot be counted through.
"""

from datetime import date
from uuid import uuid4

from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from kok.words import local_day
from transitions.models.lists import TransitionList, TransitionListVersion
from transitions.rules.codes import CaseOutcome, CaseState, EndReason, EventKind
from transitions.rules.retention import PROOFS

ON_LIST = [state.value for state in CaseState if state.is_on_list]


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
