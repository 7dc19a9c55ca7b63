"""The agreement as signed: partners, Punkte, and who owes what."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from members.models.authorities import Authority


class Agreement(models.Model):
    """One Kooperationsvereinbarung under § 5 HAG/SGB IX with 2..n partners; everything hangs on it."""

    slug = models.SlugField("Kurzname", unique=True)
    number = models.CharField("Nummer", max_length=20, unique=True)
    kgs = models.CharField("Kreisschlüssel", max_length=5)
    title = models.CharField("Titel", max_length=200)
    region = models.CharField("Region", max_length=100)
    signed_on = models.DateField("unterzeichnet am")
    in_force_on = models.DateField("in Kraft seit")
    introduced_on = models.DateField("Anwendung eingeführt am")
    legal_basis = models.JSONField("Rechtsgrundlagen", default=list)
    signatories = models.JSONField("Unterzeichnende", default=list)
    preamble = models.TextField("Präambel")
    preamble_note = models.TextField("Lesehinweis zur Präambel", blank=True)
    annexes = models.JSONField("Überschriften der Anlagen", default=list)
    rotation_anchor_on = models.DateField("Beginn der ersten Geschäftsführung")
    rotation_years = models.PositiveSmallIntegerField("Dauer der Geschäftsführung in Jahren", default=2)
    meetings_per_year = models.PositiveSmallIntegerField("Sitzungen im Jahr", default=2)
    termination_months = models.PositiveSmallIntegerField("Kündigungsfrist in Monaten", default=6)
    notice_days = models.PositiveSmallIntegerField("Ladungsfrist in Tagen", default=14)
    minutes_days = models.PositiveSmallIntegerField("Protokollfrist in Tagen", default=14)
    municipalities = models.JSONField("Gemeinden (AGS und Name)", default=list)
    source_sha256 = models.CharField("Prüfsumme der Datei", max_length=64, blank=True)

    class Meta:
        verbose_name = "Kooperationsvereinbarung"
        ordering = ["title"]

    class Privacy:
        personal = ("signatories",)
        confidential = ()
        plain = (
            "id", "slug", "number", "kgs", "title", "region", "signed_on", "in_force_on", "introduced_on",
            "legal_basis", "preamble", "preamble_note", "annexes", "rotation_anchor_on", "rotation_years",
            "meetings_per_year", "termination_months", "notice_days", "minutes_days", "municipalities",
            "source_sha256",
        )  # fmt: skip
        keep = "dauerhaft; unterzeichnet und öffentlich"

    def __str__(self) -> str:
        return self.region

    @property
    def municipality_names(self) -> dict[str, str]:
        """The name of each municipality by its AGS, in the order of the file."""
        return {each["ags"]: each["name"] for each in self.municipalities}


class Clause(models.Model):
    """One Punkt of the agreement in a cleaned reading version (1 to 12, 8a to 8f)."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField("Reihenfolge")
    number = models.CharField("Punkt", max_length=5)
    heading = models.CharField("Überschrift", max_length=200, blank=True)
    text = models.TextField("Text")
    reading_note = models.TextField("Lesehinweis", blank=True)

    class Meta:
        verbose_name = "Punkt"
        verbose_name_plural = "Punkte"
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["agreement", "number"], name="clause_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "agreement", "position", "number", "heading", "text", "reading_note")
        keep = "dauerhaft"


class PartnerManager(models.Manager["Partner"]):
    """A partner comes with its authority, which knows name and address."""

    def get_queryset(self) -> models.QuerySet["Partner"]:
        """All partners, each with its authority in the same query."""
        return super().get_queryset().select_related("authority")


class Partner(models.Model):
    """An authority bound by the agreement; `position` is its place in the rotation, from 1.

    What a query reaches through another table needs `select_related("…partner__authority")`.
    """

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="partners")
    authority = models.ForeignKey(Authority, models.RESTRICT, related_name="partners", verbose_name="Behörde")
    position = models.PositiveSmallIntegerField("Reihenfolge in der Geschäftsführung")
    represented_by = models.CharField("vertreten durch", max_length=150)

    objects = PartnerManager()

    class Meta:
        verbose_name = "Kooperationspartner"
        ordering = ["position"]
        base_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(fields=["agreement", "authority"], name="partner_authority_once"),
            models.UniqueConstraint(fields=["agreement", "position"], name="partner_position_once"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "agreement", "authority", "position", "represented_by")
        keep = "dauerhaft"

    def __str__(self) -> str:
        return self.authority.short_name

    @property
    def slug(self) -> str:
        """The short name of the authority in addresses and files."""
        return self.authority.slug

    @property
    def kind(self) -> str:
        """What kind of authority it is, one of `Authority.Kind`."""
        return self.authority.kind

    @property
    def name(self) -> str:
        """The name of the authority today."""
        return self.authority.name

    @property
    def short_name(self) -> str:
        """What the authority is called in a sentence, today."""
        return self.authority.short_name


class ObligationRule(models.Model):
    """Who owes what by when (domain.md 1.y). Occurrences are computed; `reporting` keeps their fulfilment."""

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="obligation_rules")
    code = models.CharField("Kennung", max_length=10)
    clause = models.CharField("Punkt", max_length=5)
    title = models.CharField("Pflicht", max_length=200)
    strength = models.CharField("Verbindlichkeit", max_length=10)
    recurrence = models.CharField("Wiederkehr", max_length=30)
    debtors = ArrayField(models.SlugField(), verbose_name="Verpflichtete", default=list)
    creditor = models.CharField("Empfänger", max_length=100, blank=True)
    responsible_role = models.SlugField("zuständige Rolle")
    month = models.PositiveSmallIntegerField("Monat", null=True, blank=True)
    day = models.PositiveSmallIntegerField("Tag", null=True, blank=True)
    reference = models.CharField("Bezug", max_length=40, blank=True)
    channel = models.CharField("Weg", max_length=20, blank=True)
    policy = models.CharField("Fristregel", max_length=20, blank=True)
    first_year = models.PositiveSmallIntegerField("erstes Jahr", null=True, blank=True)
    last_year = models.PositiveSmallIntegerField("letztes Jahr", null=True, blank=True)
    nil_expected_from = models.DateField("Nullmeldung erwartet ab Stichtag", null=True, blank=True)
    note = models.TextField("Hinweis", blank=True)

    class Meta:
        verbose_name = "Pflicht"
        verbose_name_plural = "Pflichten"
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["agreement", "code"], name="obligation_code_once")]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "agreement", "code", "clause", "title", "strength", "recurrence", "debtors", "creditor",
            "responsible_role", "month", "day", "reference", "channel", "policy", "first_year", "last_year",
            "nil_expected_from", "note",
        )  # fmt: skip
        keep = "dauerhaft"
