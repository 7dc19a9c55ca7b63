"""Who works together. Periods are half-open ranges; the database refuses two holders of one seat at a time."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from kok.models import User


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
    rotation_anchor_on = models.DateField("Beginn der ersten Geschäftsführung")
    rotation_years = models.PositiveSmallIntegerField("Dauer der Geschäftsführung in Jahren", default=2)
    meetings_per_year = models.PositiveSmallIntegerField("Sitzungen im Jahr", default=2)
    termination_months = models.PositiveSmallIntegerField("Kündigungsfrist in Monaten", default=6)
    notice_days = models.PositiveSmallIntegerField("Ladungsfrist in Tagen", default=14)
    minutes_days = models.PositiveSmallIntegerField("Protokollfrist in Tagen", default=14)
    source_sha256 = models.CharField("Prüfsumme der Datei", max_length=64, blank=True)

    class Meta:
        verbose_name = "Kooperationsvereinbarung"
        ordering = ["title"]

    class Privacy:
        personal = ("signatories",)
        confidential = ()
        plain = (
            "id", "slug", "number", "kgs", "title", "region", "signed_on", "in_force_on", "introduced_on",
            "legal_basis", "preamble", "rotation_anchor_on", "rotation_years", "meetings_per_year",
            "termination_months", "notice_days", "minutes_days", "source_sha256",
        )  # fmt: skip
        keep = "dauerhaft; unterzeichnet und öffentlich"

    def __str__(self) -> str:
        return self.title


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


class Partner(models.Model):
    """An authority bound by the agreement; `position` is its place in the rotation, from 1."""

    class Kind(models.TextChoices):
        LWV = "LWV", "überörtlicher Träger"
        COUNTY = "COUNTY", "Landkreis"
        CITY = "CITY", "kreisfreie Stadt"
        SPECIAL_STATUS_TOWN = "SPECIAL_STATUS_TOWN", "Sonderstatusstadt"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="partners")
    slug = models.SlugField("Kurzname")
    position = models.PositiveSmallIntegerField("Reihenfolge in der Geschäftsführung")
    kind = models.CharField("Art", max_length=20, choices=Kind)
    name = models.CharField("Name", max_length=150)
    short_name = models.CharField("Kurzbezeichnung", max_length=60)
    represented_by = models.CharField("vertreten durch", max_length=150)
    street = models.CharField("Straße", max_length=150)
    postal_code = models.CharField("Postleitzahl", max_length=5)
    city = models.CharField("Ort", max_length=100)

    class Meta:
        verbose_name = "Kooperationspartner"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "slug"], name="partner_slug_once"),
            models.UniqueConstraint(fields=["agreement", "position"], name="partner_position_once"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "agreement", "slug", "position", "kind", "name", "short_name", "represented_by",
            "street", "postal_code", "city",
        )  # fmt: skip
        keep = "dauerhaft"

    def __str__(self) -> str:
        return self.short_name


class Person(models.Model):
    """Somebody who can hold seats. A person may have one account; a seat gives no role.

    `employer` is the slug of the partner that maintains the person ("lwv-hessen" in every agreement).
    """

    employer = models.SlugField("gehört zu", db_index=True)
    family_name = models.CharField("Familienname", max_length=100)
    given_name = models.CharField("Vorname", max_length=100, blank=True)
    email = models.EmailField("Dienstliche E-Mail", blank=True)
    phone = models.CharField("Dienstliches Telefon", max_length=50, blank=True)
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")

    class Meta:
        verbose_name = "Person"
        verbose_name_plural = "Personen"
        ordering = ["family_name", "given_name"]

    class Privacy:
        personal = ("employer", "family_name", "given_name", "email", "phone", "user")
        confidential = ()
        plain = ("id",)
        keep = "12 Monate nach Ausscheiden; in Protokollen bleibt der Name"

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()


class Body(models.Model):
    """A body: the KoK itself (Punkt 5) or one of Anlage 2. All hold meetings in the same way."""

    class Kind(models.TextChoices):
        CONFERENCE = "CONFERENCE", "Kooperationskonferenz"
        ADVISORY_BOARD = "ADVISORY_BOARD", "Beirat"
        QUALITY_CIRCLE = "QUALITY_CIRCLE", "Qualitätszirkel"
        OTHER = "OTHER", "weiteres Gremium"

    class Scope(models.TextChoices):
        CROSS = "CROSS", "zielgruppenübergreifend"
        SPECIFIC = "SPECIFIC", "zielgruppenspezifisch"

    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="bodies")
    slug = models.SlugField("Kurzname")
    kind = models.CharField("Art", max_length=20, choices=Kind)
    scope = models.CharField("Zielgruppe", max_length=10, choices=Scope, default=Scope.CROSS)
    name = models.CharField("Name", max_length=200)
    short_name = models.CharField("Kurzname im Text", max_length=60)
    number_prefix = models.CharField("Nummernkreis", max_length=30, unique=True)
    operator = models.ForeignKey(
        Partner, models.RESTRICT, related_name="+", null=True, blank=True, verbose_name="geführt von"
    )
    period = DateRangeField("besteht")

    class Meta:
        verbose_name = "Gremium"
        verbose_name_plural = "Gremien"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "slug"], name="body_slug_once"),
            models.UniqueConstraint(fields=["agreement"], condition=Q(kind="CONFERENCE"), name="body_one_conference"),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "agreement", "slug", "kind", "scope", "name", "short_name", "number_prefix", "operator", "period",
        )  # fmt: skip
        keep = "dauerhaft"

    def __str__(self) -> str:
        return self.short_name


class Seat(models.Model):
    """A function in a body, sent (or, in an advisory board, looked after) by one partner (Anlage 1)."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="seats")
    partner = models.ForeignKey(Partner, models.CASCADE, related_name="seats")
    function = models.CharField("Funktion", max_length=150)
    unit = models.CharField("Organisationseinheit", max_length=150, blank=True)
    position = models.PositiveSmallIntegerField("Reihenfolge")
    period = DateRangeField("besteht")

    class Meta:
        verbose_name = "Sitz"
        verbose_name_plural = "Sitze"
        ordering = ["partner__position", "position"]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "body", "partner", "function", "unit", "position", "period")
        keep = "dauerhaft"

    def __str__(self) -> str:
        return f"{self.function}, {self.unit}" if self.unit else self.function


class SeatAssignment(models.Model):
    """Who holds a seat, or stands in for its holder, from when to when."""

    class Capacity(models.TextChoices):
        HOLDER = "HOLDER", "Mitglied"
        DEPUTY = "DEPUTY", "Stellvertretung"

    seat = models.ForeignKey(Seat, models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, models.RESTRICT, related_name="assignments")
    capacity = models.CharField("Eigenschaft", max_length=10, choices=Capacity, default=Capacity.HOLDER)
    period = DateRangeField("Zeitraum")

    class Meta:
        verbose_name = "Besetzung"
        verbose_name_plural = "Besetzungen"
        ordering = ["period"]
        constraints = [
            ExclusionConstraint(
                name="seat_one_holder_at_a_time",
                expressions=[
                    ("seat", RangeOperators.EQUAL),
                    ("capacity", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=(
                    "In diesem Zeitraum ist der Sitz schon besetzt. Es wurde nichts geändert. "
                    "Beenden Sie zuerst die bisherige Besetzung oder wählen Sie einen späteren Beginn."
                ),
            ),
            models.CheckConstraint(condition=Q(period__isempty=False), name="seat_assignment_lasts"),
        ]

    class Privacy:
        personal = ("person",)
        confidential = ()
        plain = ("id", "seat", "capacity", "period")
        keep = "dauerhaft, der Name bleibt in Protokollen"


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
            "responsible_role", "month", "day", "reference", "policy", "first_year", "last_year",
            "nil_expected_from", "note",
        )  # fmt: skip
        keep = "dauerhaft"


class RoleAssignment(models.Model):
    """A role of an account for a partner of an agreement; without an agreement for the whole installation."""

    user = models.ForeignKey(User, models.CASCADE, related_name="role_assignments")
    role = models.SlugField("Rolle")
    agreement = models.ForeignKey(Agreement, models.CASCADE, null=True, blank=True, related_name="+")
    partner = models.ForeignKey(Partner, models.CASCADE, null=True, blank=True, related_name="+")
    period = DateRangeField("Zeitraum")

    class Meta:
        verbose_name = "Rolle"
        verbose_name_plural = "Rollen"
        constraints = [
            ExclusionConstraint(
                name="role_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (Coalesce("partner", 0), RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
                violation_error_message=(
                    "Diese Rolle hat das Konto in diesem Zeitraum schon. Es wurde nichts geändert."
                ),
            ),
            models.CheckConstraint(
                condition=Q(partner__isnull=True) | Q(agreement__isnull=False), name="role_partner_needs_agreement"
            ),
        ]

    class Privacy:
        personal = ("user",)
        confidential = ()
        plain = ("id", "role", "agreement", "partner", "period")
        keep = "12 Monate nach Ende"
