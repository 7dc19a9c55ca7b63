"""What the receiving unit asks about a case that was named to it, and what the county answers."""

from uuid import uuid4

from django.db import models
from django.db.models import F, Q

from kok.codes import choices
from kok.models import Sealed, Sealing, User
from transitions.models.cases import TransitionCase
from transitions.rules.codes import QuestionAnswer, QuestionKind


class CaseQuestion(Sealed):
    """One question with its answer: codes only, no free text (5.3). Open questions of one kind do not pile up.

    Whoever asks whether somebody is named twice may say in which other case; that goes once its data are erased.
    """

    sealing = Sealing("questions", "Rückfrage")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(TransitionCase, models.RESTRICT, related_name="questions", verbose_name="Fall")
    kind = models.CharField("Frage", max_length=15, choices=choices(QuestionKind))
    other_case = models.ForeignKey(
        TransitionCase, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="zweiter Fall"
    )
    asked_at = models.DateTimeField("gefragt am")
    asked_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="gefragt von")
    answer = models.CharField("Antwort", max_length=15, choices=choices(QuestionAnswer), blank=True)
    answered_at = models.DateTimeField("beantwortet am", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="beantwortet von"
    )

    class Meta:
        verbose_name = "Rückfrage"
        verbose_name_plural = "Rückfragen"
        ordering = ["asked_at"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], condition=Q(answer=""), name="case_question_open_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="case_question_answer_pair",
            ),
            models.CheckConstraint(
                condition=Q(other_case=None) | Q(kind=QuestionKind.DOUBLE.value) & ~Q(other_case=F("case")),
                name="case_question_second_of_double",
            ),
        ]

    class Privacy:
        personal = ("asked_by", "answered_by")
        confidential = ("kind", "other_case", "answer")
        plain = ("id", "case", "asked_at", "answered_at")
        keep = "wie der Fall"

    @property
    def called(self) -> str:
        """By the case."""
        return f"zum Fall {self.case.case_ref}"
