"""What people ask about their own data (Art. 15 to 18 and 21 DSGVO, §§ 83, 84 SGB X), and whom that restricts."""

from uuid import uuid4

from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from kok.models.sealed import SealedQuerySet
from members.models import Agreement, Partner
from transitions.rules.codes import LEAVES_LIST, ExtensionReason, RequestAnswer, RequestKind
from transitions.rules.retention import REQUEST_WORDS
from transitions.rules.subject_requests import LONGEST_EXTENSION


class RequestQuerySet(SealedQuerySet):
    """Requests, by what they do to a case."""

    def restricting(self) -> "RequestQuerySet":
        """Of these those that let the data of their case be kept only, neither used nor erased (Art. 18 DSGVO).

        To be asked of requests that stand as they were sealed (`queries.restriction`): no other restricts, or corrects
        one that does. A restriction from its answer until it is lifted. An objection of a person whose identity was
        checked until it is answered: until then it is not known whose reasons weigh more (Art. 18 Abs. 1 d).
        """
        granted = Q(kind=RequestKind.RESTRICTION, answer__in=[RequestAnswer.GRANTED, RequestAnswer.PARTLY])
        objected = Q(kind=RequestKind.OBJECTION, answer="", identity_checked_on__isnull=False)
        found = self.filter(granted & Q(lifted_on=None) | objected).exclude(case_ref="")
        return found.exclude(pk__in=self.filter(corrects__isnull=False).values("corrects"))


class DataSubjectRequest(Sealed):
    """One request, answered within a month (Art. 12 Abs. 3 DSGVO). Who asks stands in the case, not here.

    An answer is never overwritten: a wrong one is corrected by a new line (`corrects`), open again under the old clock.
    No foreign key: the older line goes when its time is over, and the newer one stays as it was written.
    """

    sealing = Sealing("subject-requests", "Anfrage einer betroffenen Person")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.RESTRICT, related_name="+", verbose_name="Vereinbarung")
    partner = models.ForeignKey(Partner, models.RESTRICT, related_name="+", verbose_name="zuständig")
    kind = models.CharField("Anliegen", max_length=12, choices=choices(RequestKind))
    case_ref = models.CharField("Fallzeichen", max_length=14, blank=True)
    received_on = models.DateField("eingegangen am")
    identity_checked_on = models.DateField("Identität geprüft am", null=True, blank=True)
    answer = models.CharField("Antwort", max_length=12, choices=choices(RequestAnswer), blank=True)
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    extension_months = models.PositiveSmallIntegerField("verlängert um Monate", default=0)
    extension_reason = models.CharField(
        "Grund der Verlängerung", max_length=10, choices=choices(ExtensionReason), blank=True
    )
    extension_told_on = models.DateField("von der Verlängerung unterrichtet am", null=True, blank=True)
    lifted_on = models.DateField("Einschränkung aufgehoben am", null=True, blank=True)
    corrects = models.UUIDField("berichtigt die Antwort der Zeile", null=True, blank=True, unique=True)
    recorded_at = models.DateTimeField("eingetragen am")
    recorded_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="eingetragen von")

    objects = RequestQuerySet.as_manager()  # type: ignore[misc]  # a class variable to mypy in `Sealed`

    class Meta:
        verbose_name = "Anfrage einer betroffenen Person"
        verbose_name_plural = "Anfragen betroffener Personen"
        ordering = ["received_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="", answered_on__isnull=True) | (~Q(answer="") & Q(answered_on__isnull=False)),
                name="subject_request_answer_pair",
            ),
            models.CheckConstraint(
                condition=Q(extension_months=0, extension_reason="", extension_told_on__isnull=True)
                | (
                    Q(extension_months__range=(1, LONGEST_EXTENSION), extension_told_on__isnull=False)
                    & ~Q(extension_reason="")
                ),
                name="subject_request_extension_whole",
            ),
            models.CheckConstraint(
                condition=Q(lifted_on__isnull=True) | (Q(kind=RequestKind.RESTRICTION.value) & ~Q(answer="")),
                name="subject_request_lifts_restriction",
            ),
        ]

    class Privacy:
        personal = ("recorded_by",)
        confidential = ("case_ref", "kind", "answer")
        plain = (
            "id", "agreement", "partner", "received_on", "identity_checked_on", "answered_on", "extension_months",
            "extension_reason", "extension_told_on", "lifted_on", "corrects", "recorded_at",
        )  # fmt: skip
        keep = REQUEST_WORDS

    @property
    def promises_erasure(self) -> bool:
        """Whether its answer says that the data go, so that they do not wait for their period."""
        return self.kind in LEAVES_LIST and self.answer == RequestAnswer.GRANTED
