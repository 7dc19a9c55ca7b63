"""The pages of the footer, and what people report about barriers."""

from django.db import models
from django.db.models import Q

from kok import retention
from kok.models.accounts import User
from kok.models.sealed import Sealed
from kok.models.sealing import Sealing

LONGEST = 60_000  # characters of a page


class StatutoryPage(Sealed):
    """One published version of a page that the law wants. A database trigger refuses to change it."""

    sealing = Sealing("pages", "Fassung einer Seite")

    page = models.SlugField("Seite")
    number = models.PositiveIntegerField("Fassung")
    text = models.TextField("Text", max_length=LONGEST)
    is_reviewed = models.BooleanField("von einer Prüfgruppe gelesen", default=False)
    published_at = models.DateTimeField("veröffentlicht")
    published_by = models.ForeignKey(User, models.RESTRICT, related_name="+", verbose_name="veröffentlicht von")

    class Meta:
        verbose_name = "Fassung einer Seite"
        ordering = ["page", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["page", "number"], name="page_version_once"),
            models.CheckConstraint(condition=Q(number__gte=1) & ~Q(text=""), name="page_version_has_text"),
        ]

    @property
    def called(self) -> str:
        """By page and number."""
        return f"{self.page}, {self.number}"

    class Privacy:
        personal = ("text", "published_by")  # an Impressum names people
        confidential = ()
        plain = ("id", "page", "number", "is_reviewed", "published_at")
        keep = f"{retention.REPLACED_PAGES}, nachdem eine neuere Fassung sie ersetzt hat"


class BarrierReport(models.Model):
    """What somebody could not use, told without signing in; § 6 HVBIT gives six weeks for the answer."""

    text = models.TextField("Was hat Sie gehindert?")
    place = models.CharField("Seite", max_length=300, blank=True)
    contact = models.CharField("Erreichbar unter", max_length=200, blank=True)
    received_at = models.DateTimeField("eingegangen")
    answered_at = models.DateTimeField("als beantwortet eingetragen", null=True, blank=True)
    answered_by = models.ForeignKey(
        User, models.RESTRICT, null=True, blank=True, related_name="+", verbose_name="eingetragen von"
    )
    answered_on = models.DateField("beantwortet am", null=True, blank=True)
    answer = models.TextField("Was geschehen ist", blank=True)
    is_unrelated = models.BooleanField("kein Anliegen zur Barrierefreiheit", default=False)

    class Meta:
        verbose_name = "gemeldete Barriere"
        ordering = ["received_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answered_on__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False, answered_on__isnull=False) & ~Q(answer="")),
                name="barrier_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(is_unrelated=False) | Q(answered_at__isnull=False), name="barrier_unrelated_is_closed"
            ),
        ]

    class Privacy:
        personal = ("contact", "answered_by")
        confidential = ("text", "place", "answer")
        plain = ("id", "received_at", "answered_at", "answered_on", "is_unrelated")
        keep = (
            f"{retention.BARRIER_REPORTS} nach der Antwort, ohne Antwort {retention.UNANSWERED_BARRIERS}; die Angabe, "
            f"wie jemand erreichbar ist, {retention.BARRIER_CONTACTS}"
        )
