"""Authorities: one row each, in however many agreements they are, and what is changed about them from a day on."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q

from kok.codes import choices
from kok.models import Sealed, Sealing
from members.rules.codes import PartnerKind


class Authority(Sealed):
    """An authority such as a county or the LWV. Its row holds the values in force today.

    `kgs`: the Kreisschlüssel of a county or a kreisfreie Stadt, under which it delivers figures; others have none.
    Other days are told by its changes: what a done change replaced is the past, what a planned one brings the future
    (`members.queries.authorities`).
    """

    sealing = Sealing("authorities", "Behörde", needs_key=False)

    slug = models.SlugField("Kurzname", unique=True)
    kind = models.CharField("Art", max_length=20, choices=choices(PartnerKind))
    kgs = models.CharField("Kreisschlüssel", max_length=5, blank=True)
    period = DateRangeField("besteht", default=(None, None))
    name = models.CharField("Name", max_length=150)
    short_name = models.CharField("Kurzbezeichnung", max_length=60)
    street = models.CharField("Straße", max_length=150)
    postal_code = models.CharField("Postleitzahl", max_length=5)
    city = models.CharField("Ort", max_length=100)
    office_name = models.CharField("Geschäftsstelle", max_length=150, blank=True)
    office_email = models.EmailField("E-Mail der Geschäftsstelle", blank=True)
    office_phone = models.CharField("Telefon der Geschäftsstelle", max_length=50, blank=True)
    answers_barriers = models.BooleanField("beantwortet gemeldete Barrieren", default=False)

    class Meta:
        verbose_name = "Behörde"
        verbose_name_plural = "Behörden"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(condition=Q(kgs="") | Q(kgs__regex=r"^[0-9]{5}$"), name="authority_kgs_five_digits"),
            models.UniqueConstraint(fields=["kgs"], condition=~Q(kgs=""), name="authority_kgs_once"),
            models.UniqueConstraint(
                fields=["answers_barriers"], condition=Q(answers_barriers=True), name="authority_one_answers_barriers"
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = (
            "id", "slug", "kind", "kgs", "period", "name", "short_name", "street", "postal_code", "city",
            "office_name", "office_email", "office_phone", "answers_barriers",
        )  # fmt: skip
        keep = "dauerhaft"

    def __str__(self) -> str:
        return self.short_name

    @property
    def address(self) -> tuple[str, str]:
        """Street and town, as on an envelope."""
        return self.street, f"{self.postal_code} {self.city}"


class AuthorityChange(Sealed):
    """Other values of an authority from a day on. `values` and `replaced` hold only the fields that change.

    `replaced` is filled when the change takes effect; a change that is withdrawn before is deleted, one done stays.
    """

    sealing = Sealing("authority-changes", "Änderung einer Behörde", needs_key=False)

    authority = models.ForeignKey(Authority, models.RESTRICT, related_name="changes")
    from_on = models.DateField("gilt ab")
    values = models.JSONField("neue Angaben")
    replaced = models.JSONField("bisherige Angaben", null=True, blank=True)
    done_at = models.DateTimeField("in Kraft gesetzt", null=True, blank=True)

    class Meta:
        verbose_name = "Änderung einer Behörde"
        verbose_name_plural = "Änderungen von Behörden"
        ordering = ["from_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(replaced__isnull=True, done_at__isnull=True)
                | Q(replaced__isnull=False, done_at__isnull=False),
                name="authority_change_done_with_replaced",
            ),
            models.UniqueConstraint(
                fields=["authority", "from_on"],
                condition=Q(done_at__isnull=True),
                name="authority_change_planned_once",
            ),
        ]

    class Privacy:
        personal = ()
        confidential = ()
        plain = ("id", "authority", "from_on", "values", "replaced", "done_at")
        keep = "dauerhaft; es sind die früheren Angaben der Behörde"
