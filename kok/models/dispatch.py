"""Who was sent what: the record that stays when the mail that carried it is long forgotten (ADR 28)."""

from django.db import models
from django.db.models import Q

from kok import retention
from kok.codes import Code, choices


class Dispatch(models.Model):
    """That one thing was sent to one person, by which way and with what result.

    What was sent is named by columns: `subject_kind` and `subject_id` (a meeting, minutes, an agreement), `part` where
    that has several (a duty of a year), `version` as it was sent (round, version, stage). No foreign keys: the kernel
    knows neither people nor meetings, and the record outlives an account. `person` and `account` are their numbers,
    name and function those of the moment. `key` is that of the mail, with its mark, so that nothing is sent twice, also
    after the outbox forgot it. `address` is cut down to its domain when the contact data of the person are erased.

    Triggers let only the worker say what became of a mail, and nobody change who was sent what. What is no mail is over
    when it is written: somebody whom no way reaches, and a letter that a person noted by hand, with its day.
    """

    class Way(Code):
        MAIL = "MAIL", "Mail"
        OTHER = "OTHER", "auf anderem Weg"
        LETTER = "LETTER", "Brief"
        NONE = "NONE", "keiner"

    class Result(Code):
        WAITING = "WAITING", "wartet", "info"
        SENT = "SENT", "versandt", "success"
        FAILED = "FAILED", "nicht zugestellt", "danger"
        OBSOLETE = "OBSOLETE", "nicht mehr nötig"
        PROMISED = "PROMISED", "zugesagt"

    key = models.CharField("Schlüssel", max_length=200, unique=True)
    kind = models.CharField("Art", max_length=60)
    subject_kind = models.SlugField("Art des Gegenstands")
    subject_id = models.PositiveBigIntegerField("Gegenstand")
    part = models.CharField("Teil des Gegenstands", max_length=100, blank=True)
    version = models.CharField("Fassung oder Stufe", max_length=20)
    person = models.BigIntegerField("Person", null=True, blank=True)
    account = models.BigIntegerField("Konto", null=True, blank=True)
    name = models.CharField("Name", max_length=301)
    function = models.CharField("Funktion", max_length=301, blank=True)
    way = models.CharField("Weg", max_length=10, choices=choices(Way), default=Way.MAIL)
    address = models.CharField("Adresse, später nur ihre Domain", max_length=254, blank=True)
    begun_at = models.DateTimeField("veranlasst")
    result = models.CharField("Ergebnis", max_length=10, choices=choices(Result), default=Result.WAITING)
    sent_at = models.DateTimeField("versandt am", null=True, blank=True)
    reason = models.CharField("Grund", max_length=300, blank=True)

    class Meta:
        verbose_name = "Versand"
        verbose_name_plural = "Versand"
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "part"], name="dispatch_subject"),
            models.Index(fields=["person"], name="dispatch_person"),
            models.Index(fields=["account"], name="dispatch_account"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="dispatch_names_somebody"),
            models.CheckConstraint(
                condition=Q(result="SENT", sent_at__isnull=False) | (~Q(result="SENT") & Q(sent_at__isnull=True)),
                name="dispatch_sent_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(way="OTHER", result="PROMISED", address="")
                | Q(way="LETTER", result="SENT", address="")
                | Q(way="NONE", result="FAILED", address="")
                | (Q(way="MAIL") & ~Q(result="PROMISED") & ~Q(address="")),
                name="dispatch_way_fits_result",
            ),
            models.CheckConstraint(
                condition=Q(result="FAILED") & ~Q(reason="") | ~Q(result="FAILED") & Q(reason=""),
                name="dispatch_failed_has_reason",
            ),
        ]

    class Privacy:
        personal = ("person", "account", "name", "function", "address")
        confidential = ("key",)
        plain = (
            "id", "kind", "subject_kind", "subject_id", "part", "version", "way", "begun_at", "result", "sent_at",
            "reason",
        )  # fmt: skip
        keep = (
            f"wie Sitzung und Protokoll, zu Erinnerungen {retention.REMINDERS}; die Adresse bis {retention.LEFT} nach "
            "Ausscheiden, dann nur ihre Domain"
        )
